"""What the syntax trees show of a change."""

import pytest

from gitmerge_ai.messages.asking import summary
from gitmerge_ai.messages.conventions import Conventions
from gitmerge_ai.messages.parts import Part, Summary
from gitmerge_ai.messages.phrasing import phrases
from gitmerge_ai.repository.commits import look

CODE = (
    "def first(a):\n    b = a + 1\n    return b\n\n\ndef second(a):\n    c = a * 2\n    return c\n"
)
METHODS = "    def run(self):\n        a = self.a + 1\n        return a\n"
PINNED = f"jobs:\n  - uses: some/action@{'1f' * 20}\n"
THIRD = "\n\ndef third(a):\n    return a\n"


def of(repo, before, after):
    repo.commit("before", {"keep": "", **before})
    for name in before.keys() - after.keys():
        repo.git("rm", "-q", name)
    repo.write(after)
    repo.git("add", "-A")
    return summary(repo.path, None, look(repo.path)().files)


@pytest.mark.parametrize(
    ("before", "after", "phrase"),
    [
        ({"a.py": CODE}, {"a.py": CODE + THIRD}, "add third"),
        ({"a.py": CODE + THIRD}, {"a.py": CODE}, "remove third"),
        ({"a.py": CODE}, {"a.py": CODE.replace("second", "other")}, "rename second to other"),
        (
            {"a.py": CODE},
            {"a.py": CODE.replace("second(a)", "second(a, k)")},
            "change the signature of second",
        ),
        ({"a.py": CODE}, {"a.py": CODE.replace("a * 2", "a * 3")}, "update second"),
        ({"a.py": CODE + THIRD, "b.py": ""}, {"a.py": CODE, "b.py": THIRD}, "move third to b.py"),
        ({"old.py": CODE}, {"new.py": CODE}, "rename old.py to new.py"),
        (
            {"requirements.txt": "one==1.0\ntwo==2.0\n"},
            {"requirements.txt": "one==1.1\ntwo==2.0\n"},
            "bump one from 1.0 to 1.1",
        ),
        (
            {"package.json": '{"dependencies": {\n  "left": "^1.0.0",\n  "b": "2.0.0"\n}}\n'},
            {"package.json": '{"dependencies": {\n  "left": "^1.2.0",\n  "b": "2.0.0"\n}}\n'},
            "bump left from 1.0.0 to 1.2.0",
        ),
        (
            {"a.py": "class A:\n" + METHODS + "\n\nclass B:\n" + METHODS},
            {"a.py": "class A:\n" + METHODS.replace("+ 1", "+ 2") + "\n\nclass B:\n" + METHODS},
            "update run",
        ),
        (
            {"a.py": "@given(1)\n" + CODE},
            {"a.py": "@given(2)\n" + CODE.replace("a + 1", "a + 2")},
            "update first",
        ),
        (
            {"a.py": "def f(\n    a,\n    b,\n):\n    return a\n"},
            {"a.py": "def f(\n    a,\n    c,\n):\n    return a\n"},
            "change the signature of f",
        ),
        (
            {"A.java": "class A {\n  int f(int a) {\n    return a;\n  }\n}\n"},
            {"A.java": "class A {\n  long f(int a) {\n    return a;\n  }\n}\n"},
            "change the signature of f",
        ),
        (
            {"a.rs": "fn f() -> u8 {\n    1\n}\n"},
            {"a.rs": "fn f() -> u8 {\n    1\n}\n\nstruct S {\n    a: u8,\n}\n"},
            "add S",
        ),
        (
            {"a.ts": "class A {\n  f() {\n    return 1;\n  }\n}\n"},
            {"a.ts": "class B {\n  f() {\n    return 1;\n  }\n}\n"},
            "rename A to B",
        ),
        (
            {"go.mod": "module m\n\nrequire (\n\texample.org/a v1.2.3\n)\n"},
            {"go.mod": "module m\n\nrequire (\n\texample.org/a v1.3.0\n)\n"},
            "bump example.org/a from 1.2.3 to 1.3.0",
        ),
        (
            dict.fromkeys((".github/workflows/a.yml", ".github/workflows/b.yml"), PINNED),
            dict.fromkeys(
                (".github/workflows/a.yml", ".github/workflows/b.yml"),
                PINNED.replace("1f" * 20, "2e" * 20),
            ),
            "bump some/action",
        ),
        ({"a.bin": b"\0\1"}, {"a.bin": b"\0\2"}, "update a.bin"),
        ({"a.js": "f(1,2);\n"}, {"a.js": "f(1, 2);\n"}, "reformat a.js"),
    ],
)
def test_a_change_in_words(plain, before, after, phrase):
    found = of(plain, before, after)
    said = [text for text, _ in phrases(found, Conventions(tense="imperative", capital=False))]
    assert said[0] == phrase


@pytest.mark.parametrize(
    ("known", "ticket", "said"),
    [
        (Conventions(ticket=True, ticket_form="[{}] "), "AB-7", ["[AB-7] Add f"]),
        (Conventions(ticket=True), "", []),
        (Conventions(gitmoji=True, pictograms=frozenset({"\u2728"})), "", ["\u2728 Add f"]),
        (Conventions(gitmoji=True, pictograms=frozenset({":bug:"})), "", []),
        (Conventions(stop=True, tense="past"), "AB-7", ["added f."]),
    ],
)
def test_it_is_said_as_others_say_it_or_not_at_all(known, ticket, said):
    parts = Summary((Part("add", "function", "f", "a.py"),))
    assert [text for text, _ in phrases(parts, known, ticket)] == said


@pytest.mark.parametrize(
    ("name", "nature"),
    [
        ("tests/test_a.py", "tests"),
        ("docs/a.md", "docs"),
        ("requirements.txt", "dependencies"),
        ("src/a.py", "code"),
    ],
)
def test_what_a_change_is_on_the_whole(plain, name, nature):
    assert of(plain, {name: "a = 1\n"}, {name: "b = 2\n"}).nature == nature


def test_indentation_in_python_is_no_formatting(plain):
    before = "if a:\n    b()\n    c()\n"
    after = "if a:\n    b()\nc()\n"
    assert of(plain, {"a.py": before}, {"a.py": after}).nature == "code"


def test_a_large_change_is_told_by_its_parts(plain):
    files = {f"src/m{number}.py": f"x = {number}\n" for number in range(60)}
    found = of(plain, {}, files)
    said = [text for text, _ in phrases(found, Conventions(tense="imperative", capital=False))]
    assert said[0] == "add src"


def test_nothing_staged_is_nothing(plain):
    plain.commit("before", {"a": "1\n"})
    assert summary(plain.path, None, look(plain.path)().files).parts == ()


def moved(names, before, after):
    return {f"{before}/{n}.py": text for n, text in names.items()}, {
        f"{after}/{n}.py": text for n, text in names.items()
    }


PAGES = {f"m{n}": f"value{n} = {n}\nother{n} = {n}\n" for n in range(60)}
EVERYWHERE = {f"a/{n}.c": f"STATIC int f{n};\n" for n in range(60)}
BARE = {f"m{n}": f"value{n}\n" for n in range(60)}
YEARS = {f"{'ab'[n % 2]}/{n}.c": f"// Copyright 2024 Me\nint f{n};\n" for n in range(60)}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (*moved(PAGES, "old", "new"), "rename old to new"),
        (*moved(PAGES, "old", "lib/new"), "move old to lib/new"),
        ({"old/x": "", **moved(PAGES, "old", "")[0]}, {"old/x": "", **moved(PAGES, "", "new")[1]},
         "move 60 files from old to new"),
        (moved(PAGES, "a", "")[0], {}, "remove a"),
        ({"a/x": "", **moved(PAGES, "a", "")[0]}, {"a/x": ""}, "remove 60 .py files in a"),
        ({f"a/{n}.old": t for n, t in PAGES.items()}, {f"a/{n}.new": t for n, t in PAGES.items()},
         "rename .old files to .new"),
        (EVERYWHERE, {n: t.lower() for n, t in EVERYWHERE.items()}, "replace STATIC with static"),
        (YEARS, {n: t.replace("2024", "2025") for n, t in YEARS.items()},
         "update the copyright year to 2025"),
        (YEARS, {n: f"{t}int g{n};\n" for n, t in YEARS.items()}, "update 60 .c files in a and b"),
        (BARE, {n: f"{t}x = {n}\n" for n, t in BARE.items()}, None),
    ],
)  # fmt: skip
def test_what_many_files_have_in_common(plain, before, after, said):
    found = of(plain, before, after)
    told = [text for text, _ in phrases(found, Conventions(tense="imperative", capital=False))]
    assert (told or [None])[0] == said
