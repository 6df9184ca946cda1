"""Files that are sets of lines: what either side added is kept, contradictions are left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.merging import linerules as rules
from gitmerge_ai.merging.linerules import LineSetRule, rule_for
from gitmerge_ai.merging.linesets import resolve_region


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("requirements.txt", rules.REQUIREMENTS),
        ("requirements-dev.in", rules.REQUIREMENTS),
        ("deploy/requirements/base.txt", rules.REQUIREMENTS),
        ("constraints.txt", rules.REQUIREMENTS),
        ("go.mod", rules.GO_MOD),
        ("cmd/go.sum", rules.GO_SUM),
        (".gitignore", rules.IGNORE),
        ("web/.dockerignore", rules.IGNORE),
        (".gitattributes", rules.ATTRIBUTES),
        (".github/CODEOWNERS", rules.OWNERS),
        ("setup.cfg", rules.INI),
        (".editorconfig", rules.INI),
        ("src/main/messages_de.properties", rules.PROPERTIES),
        ("CHANGELOG.md", rules.CHANGELOG),
        ("docs/changes.rst", rules.CHANGELOG),
        ("AUTHORS", rules.NAMES),
        ("notes.txt", None),
        ("main.py", None),
        ("src/history.py", None),
        ("tools/changelog.py", None),
    ],
)
def test_a_path_finds_its_rule(path: str, rule: LineSetRule | None) -> None:
    assert rule_for(path) is rule


@pytest.mark.parametrize(
    ("rule", "base", "ours", "theirs", "expected"),
    [
        pytest.param(
            rules.REQUIREMENTS, "", "redis>=4\n", "celery\n", "redis>=4\ncelery\n", id="additions"
        ),
        pytest.param(rules.REQUIREMENTS, "", "six\n", "six\n", "six\n", id="same-addition"),
        pytest.param(
            rules.REQUIREMENTS, "", "six==1\n", "Six==2\n", None, id="two-pins-of-one-package"
        ),
        pytest.param(
            rules.REQUIREMENTS,
            "Django==3.2\nflask==1.0\n",
            "Django==4.2\nflask==1.0\n",
            "Django==3.2\nflask==2.3\n",
            "Django==4.2\nflask==2.3\n",
            id="neighbours-changed",
        ),
        pytest.param(
            rules.REQUIREMENTS, "a==1\n", "a==2\n", "a==3\n", None, id="one-pin-changed-twice"
        ),
        pytest.param(rules.REQUIREMENTS, "a==1\n", "", "a==3\n", None, id="delete-modify"),
        pytest.param(
            rules.REQUIREMENTS,
            "a==1\nb==1\n",
            "b==1\nc==1\n",
            "a==1\nb==2\n",
            "b==2\nc==1\n",
            id="delete-and-change",
        ),
        pytest.param(
            rules.REQUIREMENTS,
            "",
            "a==1 \\\n    --hash=sha256:11\n",
            "b==1 \\\n    --hash=sha256:22\n",
            "a==1 \\\n    --hash=sha256:11\nb==1 \\\n    --hash=sha256:22\n",
            id="continued-lines",
        ),
        pytest.param(
            rules.REQUIREMENTS,
            "old\n",
            "new\n",
            "other\n",
            None,
            id="one-line-replaced-by-two-others",
        ),
        pytest.param(
            rules.GO_MOD,
            "\tgithub.com/a/b v1.0.0\n",
            "\tgithub.com/a/b v1.1.0\n\tgithub.com/c/d v1.0.0\n",
            "\tgithub.com/a/b v1.0.0\n\tgithub.com/e/f v0.1.0 // indirect\n",
            "\tgithub.com/a/b v1.1.0\n\tgithub.com/c/d v1.0.0\n"
            "\tgithub.com/e/f v0.1.0 // indirect\n",
            id="modules",
        ),
        pytest.param(
            rules.GO_MOD,
            "\ta.io/b v1.0.0\n",
            "\ta.io/b v1.1.0\n",
            "\ta.io/b v1.2.0\n",
            None,
            id="v",
        ),
        pytest.param(rules.GO_MOD, "", ")\n", "\ta.io/b v1.2.0\n", None, id="bracket"),
        pytest.param(
            rules.GO_SUM, "", "a v1 h1:xx=\n", "a v1 h1:yy=\n", None, id="two-sums-of-one-module"
        ),
        pytest.param(rules.IGNORE, "", "*.log\n", "!keep.log\n", None, id="negation"),
        pytest.param(
            rules.IGNORE,
            "",
            "# editors\n.idea/\n",
            "# tools\n.ruff_cache/\n",
            "# editors\n.idea/\n# tools\n.ruff_cache/\n",
            id="comments-stay-with-their-line",
        ),
        pytest.param(
            rules.OWNERS,
            "* @a\n",
            "* @a\n/x @b\n",
            "* @a\n/y @c\n",
            "* @a\n/x @b\n/y @c\n",
            id="own",
        ),
        pytest.param(
            rules.OWNERS,
            "* @a\n/z @z\n",
            "* @b\n/z @z\n",
            "/z @z\n* @a\n/y @c\n",
            None,
            id="other-order",
        ),
        pytest.param(
            rules.INI,
            "",
            "max-line-length = 100\n",
            "[mypy]\nstrict = true\n",
            "max-line-length = 100\n\n[mypy]\nstrict = true\n",
            id="key-and-section",
        ),
        pytest.param(
            rules.INI,
            "",
            "[mypy]\nstrict = true\n",
            "max-line-length = 100\n",
            "max-line-length = 100\n\n[mypy]\nstrict = true\n",
            id="key-before-section",
        ),
        pytest.param(
            rules.INI,
            "",
            "    requests>=2\n",
            "    attrs\n",
            "    requests>=2\n    attrs\n",
            id="items",
        ),
        pytest.param(
            rules.INI, "", "[a]\nx = 1\n", "[a]\ny = 2\n", "[a]\nx = 1\ny = 2\n", id="one-section"
        ),
        pytest.param(rules.INI, "", "[a]\nx = 1\n", "[a]\nx = 2\n", None, id="one-key-two-values"),
        pytest.param(
            rules.PROPERTIES,
            "",
            "a.title=A\\\n  B\n",
            "a.text=C\n",
            "a.title=A\\\n  B\na.text=C\n",
            id="escaped-line-end",
        ),
        pytest.param(
            rules.CHANGELOG,
            "",
            "- Ours, in\n  two lines.\n",
            "- Theirs.\n",
            "- Ours, in\n  two lines.\n- Theirs.\n",
            id="entries",
        ),
        pytest.param(
            rules.CHANGELOG,
            "",
            "### Fixed\n\n- Ours.\n\n",
            "### Fixed\n\n- Theirs.\n\n",
            "### Fixed\n\n- Ours.\n- Theirs.\n\n",
            id="entries-under-one-new-heading",
        ),
        pytest.param(
            rules.CHANGELOG,
            "",
            "## 1.1\n\n- Ours.\n\n",
            "## 1.2\n\n- Theirs.\n\n",
            "## 1.1\n\n- Ours.\n\n## 1.2\n\n- Theirs.\n\n",
            id="two-headings",
        ),
        pytest.param(
            rules.CHANGELOG,
            "Unreleased\n----------\n\n",
            "Unreleased\n----------\n\n* Ours.\n\n",
            "Unreleased\n----------\n\n* Theirs.\n\n",
            "Unreleased\n----------\n\n* Ours.\n* Theirs.\n\n",
            id="underlined-heading",
        ),
        pytest.param(
            rules.CHANGELOG,
            "## Unreleased\n",
            "## 1.0\n",
            "## Unreleased\n- New.\n",
            None,
            id="heading-renamed-under-an-addition",
        ),
        pytest.param(
            rules.CHANGELOG,
            "- A bug.\n",
            "- The bug.\n",
            "- A bad bug.\n",
            None,
            id="one-entry-twice",
        ),
        pytest.param(
            rules.CHANGELOG,
            "",
            "2.0\n===\n\n- A long entry about one thing.\n",
            "2.0 (May)\n=========\n\n- A long entry about one thing.\n",
            None,
            id="one-entry-under-two-headings",
        ),
        pytest.param(
            rules.IGNORE,
            "",
            ".idea\n",
            "\n# Tools\n.cache/\n",
            ".idea\n\n# Tools\n.cache/\n",
            id="blank-line-above-a-comment",
        ),
        pytest.param(
            rules.INI,
            "",
            "    timeout\n",
            "    rerun\n    timeout\n",
            "    rerun\n    timeout\n",
            id="an-addition-that-both-have-keeps-its-place",
        ),
        pytest.param(rules.CHANGELOG, "", "Some prose.\n", "- Entry.\n", None, id="prose"),
        pytest.param(
            rules.NAMES, "", "A <a@x>\r\n", "B <b@x>\r\n", "A <a@x>\r\nB <b@x>\r\n", id="crlf"
        ),
        pytest.param(rules.NAMES, "", "A", "B", "A\nB", id="no-final-newline"),
    ],
)
def test_regions(
    rule: LineSetRule, base: str, ours: str, theirs: str, expected: str | None
) -> None:
    assert resolve_region(rule, base, ours, theirs) == expected


def test_additions_keep_the_order_of_a_sorted_file() -> None:
    found = resolve_region(
        rules.REQUIREMENTS, "", "redis\n", "celery\n", before="attrs\nboto3\n", after="sphinx\n"
    )
    assert found == "celery\nredis\n"


def test_sums_of_other_versions_may_stand_side_by_side() -> None:
    found = resolve_region(
        rules.GO_SUM,
        "b v1 h1:b=\nc v1 h1:c=\n",
        "b v1 h1:b=\nc v2 h1:cc=\n",
        "b v2 h1:bb=\nc v3 h1:ccc=\n",
        before="a v1 h1:a=\n",
        after="d v1 h1:d=\n",
    )
    assert found == "b v2 h1:bb=\nc v2 h1:cc=\nc v3 h1:ccc=\n"


def test_additions_to_an_unsorted_file_stand_ours_first() -> None:
    found = resolve_region(
        rules.REQUIREMENTS, "", "redis\n", "celery\n", before="zope\nboto3\n", after="sphinx\n"
    )
    assert found == "redis\ncelery\n"


lines = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6)


@given(lines, lines, lines)
def test_what_one_side_did_is_in_the_result(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    texts = ["".join(f"{name}\n" for name in side) for side in (base, ours, theirs)]
    found = resolve_region(rules.NAMES, *texts)
    if found is None:
        return
    b, o, t, merged = (set(text.split()) for text in (*texts, found))
    assert merged == (o & t) | (o - b) | (t - b)
    assert len(found.split()) == len(merged)
    kept = [line for line in found.split() if line in o]
    assert kept == [line for line in ours if line in merged]


@given(lines, lines)
def test_a_side_that_did_nothing_does_not_count(base: list[str], side: list[str]) -> None:
    before, after = ("".join(f"{name}\n" for name in text) for text in (base, side))
    for sides in ((before, after, before), (before, before, after)):
        assert resolve_region(rules.NAMES, *sides) in (after, None)
