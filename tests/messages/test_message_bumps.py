"""What is said of a dependency is so: its name, and the versions that it had and has."""

import pytest

from gitmerge_ai.messages.asking import question
from gitmerge_ai.messages.bumps import Bumps
from gitmerge_ai.messages.conventions import Conventions
from gitmerge_ai.messages.locks import LOCKS, locked
from gitmerge_ai.messages.memory import Asked, Memory
from gitmerge_ai.messages.parts import Part, Summary
from gitmerge_ai.messages.proposing import propose
from gitmerge_ai.messages.question import Question
from gitmerge_ai.messages.words import tokens
from gitmerge_ai.repository.commits import Commit, Footprint

NPM = """@@ -10,3 +10,3 @@
     "node_modules/@types/a": {
-      "version": "1.0.0",
+      "version": "1.1.0",
       "resolved": "https://example.org/a-1.1.0.tgz",
@@ -30,3 +30,3 @@
     "node_modules/deep": {
-      "version": "5.0.0",
+      "version": "6.0.0",
"""
TOML = """@@ -10,3 +10,3 @@
 name = "serde"
-version = "1.0.1"
+version = "1.0.2"
 source = "registry"
"""
YARN = """@@ -1,4 +1,4 @@
-lodash@^4.1.0:
-  version "4.1.0"
+lodash@^4.2.0:
+  version "4.2.0"
"""
GEMS = "@@ -5,1 +5,1 @@\n-    rails (7.0.1)\n+    rails (7.0.2)\n"
PNPM = "@@ -5,1 +5,1 @@\n-  /left@1.2.0:\n+  /left@1.3.0:\n"
COMPOSER = """@@ -5,3 +5,3 @@
             "name": "a/b",
-            "version": "v1.2.0",
+            "version": "v1.3.0",
"""


@pytest.mark.parametrize(
    ("path", "shown", "manifest", "found"),
    [
        ("package-lock.json", NPM, '"@types/a": "^1.0.0"', [("@types/a", "1.0.0", "1.1.0")]),
        ("package-lock.json", NPM, '"deep": "6"', [("deep", "5.0.0", "6.0.0")]),
        ("package-lock.json", NPM, '"deeper": "6"', []),
        ("Cargo.lock", TOML, 'serde = "1"', [("serde", "1.0.1", "1.0.2")]),
        ("uv.lock", TOML, "nothing", [("serde", "1.0.1", "1.0.2")]),
        ("yarn.lock", YARN, '"lodash": "^4"', [("lodash", "4.1.0", "4.2.0")]),
        ("Gemfile.lock", GEMS, 'gem "rails"', [("rails", "7.0.1", "7.0.2")]),
        ("pnpm-lock.yaml", PNPM, '"left": "^1"', [("left", "1.2.0", "1.3.0")]),
        ("composer.lock", COMPOSER, '"a/b": "^1"', [("a/b", "1.2.0", "1.3.0")]),
        ("Cargo.lock", "", "serde", []),
    ],
)
def test_lock_files_tell_of_what_the_manifest_names(path, shown, manifest, found):
    assert path in LOCKS
    parts = locked(shown, path, manifest)
    assert [(part.name, part.before, part.after) for part in parts] == found


def bump(name: str, before: str, after: str) -> Part:
    return Part("bump", "dependency", name, "go.mod", before, after)


@pytest.mark.parametrize(
    ("subject", "is_wrong"),
    [
        ("Bump x.org/net from 0.50.0 to 0.51.0", False),
        ("Bump net to v0.51", False),
        ("Bump x.org/net from 0.51.0 to 0.50.0", True),
        ("Bump x.org/net from 1.24.0 to 1.25.0", True),
        ("Bump other from 0.50.0 to 0.51.0", True),
        ("Bump other to 7.1.2", True),
        ("Bump other", False),
        ("Bump the group with 1 updates", True),
        ("Bump x.org/net from docs", True),
        ("Bump x.org/net to x.org/net", True),
        ("Bump x.org/net to the latest", False),
        ("Update go to 1.25.0", False),
        ("Release 3.1", False),
    ],
)
def test_a_dependency_has_its_own_versions(subject, is_wrong):
    bumps = Bumps([bump("go", "1.24.0", "1.25.0"), bump("x.org/net", "0.50.0", "0.51.0")], ())
    assert bumps.misstates(tokens(subject), 0) == is_wrong
    assert not bumps.misstates(tokens(subject), len(tokens(subject)))


def test_how_many_have_another_version_is_counted():
    history = [
        Commit(f"c{at}", "bot", 0, f"Bump a group with {at} updates", Footprint(("go.mod",)))
        for at in range(2, 20)
    ]
    bumps = tuple(bump(name, "1.0", "1.1") for name in ("knip", "mocha", "yargs"))
    for some, right in ((bumps, {"3"}), (bumps[:1], set())):
        asked = Asked(Footprint(("go.mod",), ("7", "1.1"), ("1.0",)), "bot", bumps=some)
        found = propose(Question(asked, Memory(history), Conventions(), Summary()), 9)
        texts = {each.text for each in found}
        assert {text.split()[-2] for text in texts if "updates" in text} == right
        assert ("Bump a group with 3 updates" in texts) == bool(right)


def test_where_no_version_is_known_none_is_right():
    assert Bumps([bump("a/b", "", "")], ()).misstates(tokens("Bump a/b from 1 to 2"), 0)
    assert not Bumps([bump("a/b", "", "")], ()).misstates(tokens("Bump a/b"), 0)


def test_where_nothing_is_bumped_no_name_is_another_ones():
    assert not Bumps([], ("c",)).is_another("c")
    assert Bumps([bump("a", "1.0", "1.1")], ("c", "version")).is_another("c")
    assert not Bumps([bump("a", "1.0", "1.1")], ("c", "version")).is_another("version")


def test_another_dependency_is_never_named_nor_its_version():
    """All dependencies stand in the file that changed, and all but one in earlier messages."""
    names = "alpha", "beta", "gamma"
    history = [
        Commit(
            f"c{at}",
            "bot",
            0,
            f"build: update dependency {names[at % 3]} to v{at}.2.3",
            Footprint(("package.json",), (names[at % 3], f"{at}.2.3"), (f"{at}.2.2",)),
        )
        for at in range(1, 31)
    ]
    footprint = Footprint(("package.json",), ("delta", "8.7.6", "9.9.9"), ("8.7.5",))
    asked = Asked(
        footprint,
        "bot",
        text="alpha beta gamma delta",
        bumps=(Part("bump", "dependency", "delta", "package.json", "8.7.5", "8.7.6"),),
        untouched=frozenset(names),
    )
    for typed in ("", "build: up", "build: update dependency "):
        found = propose(Question(asked, Memory(history), Conventions(), Summary(), typed), 9)
        assert found[0].text == "build: update dependency delta to v8.7.6"
        assert not any(name in each.text for name in names for each in found)
        assert not any("9.9.9" in each.text for each in found[:3])


@pytest.mark.parametrize(
    ("earlier", "before", "after", "proposed"),
    [
        ("Update b to v1.{}.1", "4.1.2", "4.1.3", "Update d to v4.1.3"),
        ("Update b to v7", "4.1.2", "4.1.3", "Update d to v4.1.3"),
        ("Update b to v7", "4.1.2", "5.0.0", "Update d to v5"),
        ("Update b: 1.{}.0 \u2192 1.{}.1", "4.1.2", "4.1.3", "Update d: 4.1.2 \u2192 4.1.3"),
        ("Update b to 1.{}.0-beta.1", "4.1.2-beta.8", "4.1.2-beta.9", "Update d to 4.1.2-beta.9"),
        ("Bump b from {}.1 to {}.2", "", "", "Bump d"),
        ("Release {}.0.0-rc.1", "20.0.0-rc.1", "20.0.0-rc.2", "Release 20.0.0-rc.2"),
    ],
)
def test_a_version_is_said_as_it_was(earlier, before, after, proposed):
    history = [
        Commit(f"c{at}", "bot", 0, earlier.replace("{}", str(at)), Footprint(("go.mod",)))
        for at in range(1, 20)
    ]
    bumps, others = (bump("d", before, after),), frozenset(("b",))
    asked = Asked(Footprint(("go.mod",)), "bot", bumps=bumps, untouched=others)
    found = propose(Question(asked, Memory(history), Conventions(), Summary()), 99)
    assert proposed in [each.text for each in found]


def test_the_version_that_was_is_not_the_one_that_is():
    history = [
        Commit(f"c{at}", "bot", 0, subject.format(at), Footprint(("package.json",), (f"1.{at}.0",)))
        for at in range(1, 15)
        for subject in ("Prepare release 1.{}.0", "Start work on 1.{}.1-SNAPSHOT")
    ]
    own = Part("bump", "dependency", "version", "package.json", "1.14.1-SNAPSHOT", "1.15.0")
    words = ("1.15.0",), ("1.14.1", "SNAPSHOT")
    asked = Asked(Footprint(("package.json",), *words), "bot", bumps=(own,))
    found = propose(Question(asked, Memory(history), Conventions(), Summary()), 9)
    assert "Prepare release 1.15.0" in [each.text for each in found]
    assert not any("SNAPSHOT" in each.text for each in found)


def test_a_staged_lock_file_is_told_from_its_manifest(plain):
    lock = '{{"packages": {{\n"node_modules/a": {{\n"version": "{}"\n}},\n"node_modules/b": {{\n'
    lock += '"version": "{}"\n}}}}}}\n'
    plain.write({"x/package.json": '{"dependencies": {\n"a": "^1.0.0",\n"c": "^2.0.1"}}\n'})
    plain.commit("one", {"x/package-lock.json": lock.format("1.0.0", "3.0.0")})
    plain.write({"x/package-lock.json": lock.format("1.0.5", "3.1.0")})
    plain.git("add", "-A")
    found = question(plain.path)
    assert found.asked.bumps == (
        Part("bump", "dependency", "a", "x/package-lock.json", "1.0.0", "1.0.5"),
    )
    assert found.asked.untouched == {"c"}


@pytest.mark.parametrize(
    ("typed", "best"),
    [("", "Bump knip"), ("Bump kn", "Bump knip from"), ("Bump knip f", "Bump knip from")],
)
def test_of_hashes_nobody_says_which_but_one_may_go_on(typed, best):
    history = [
        Commit(
            f"c{at}",
            "bot",
            0,
            f"Bump lib{at} from {at}.0 to {at}.1",
            Footprint(("ci.yml",), (f"lib{at}",), (f"lib{at}",)),
        )
        for at in range(20)
    ]
    asked = Asked(
        Footprint(("ci.yml",), ("knip",), ("knip",)), "bot", bumps=(bump("knip", "", ""),)
    )
    found = propose(Question(asked, Memory(history), Conventions(), Summary(), typed), 3)
    assert found[0].text == best
    assert not any(char.isdigit() for each in found for char in each.text)


def test_a_dependency_that_is_said_of_every_change_names_none():
    history = [
        Commit(f"c{at}", "bot", 0, f"[release-tool] prepare 1.{at}.0", Footprint(("pom.xml",)))
        for at in range(9)
    ]
    asked = Asked(
        Footprint(("pom.xml",), ("1.20.0",), ("1.19.0",)),
        "bot",
        bumps=(bump("version", "1.19.0", "1.20.0"),),
        untouched=frozenset(("release-tool",)),
    )
    for typed in ("", "[rele"):
        found = propose(Question(asked, Memory(history), Conventions(), Summary(), typed))
        assert found[0].text == "[release-tool] prepare 1.20.0"


def test_a_dependency_that_many_subjects_name_is_not_said_of_another():
    """Its manifest is another one, so that nothing in this change says that it stays as it is."""
    history = [
        Commit(
            f"{n}",
            "a",
            n,
            "Update Catch9",
            Footprint(("test/CMakeLists.txt",), ("Catch9", f"1.{n}")),
        )
        for n in range(9)
    ]
    footprint = Footprint(("src/CMakeLists.txt",), ("Ogg9", "1.3.6"), ("Ogg9", "1.3.5"))
    asked = Asked(footprint, "a", bumps=(bump("Ogg9", "1.3.5", "1.3.6"),))
    found = propose(Question(asked, Memory(history), Conventions(), Summary()), 9)
    assert found[0].text.startswith("Update Ogg9")
    assert not any("Catch9" in each.text for each in found)
