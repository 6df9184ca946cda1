"""Edits of syntax trees: each operator makes what it is for, in languages of several families."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import texts

from gitmerge_ai.evolution.operators.fingerprint import fingerprint
from gitmerge_ai.evolution.operators.mutator import LONGEST, Mutator
from gitmerge_ai.evolution.operators.reading import Text
from gitmerge_ai.evolution.operators.table import BY_NAME, OPERATORS
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.syntax.tree import Source

PYTHON = """\
def pack(items, room, seen=()):
    \"\"\"Say which fit.\"\"\"
    total = 0
    for item in items:
        if total < 10 and not seen:
            total = total + weigh(item, room)
            continue
        print(item)
    return total
"""

TABLE = "ROWS = [(0, 1), (1, 2), (5, 3)]\n"

GO = """\
package a

func pack(items []int, room int) int {
	total := 0
	for i := 0; i < room; i++ {
		total = total + weigh(items, i)
	}
	return total
}
"""

JAVA = """\
class A {
    int pack(int item, int room) {
        int total = 0;
        if (item < room && !full) {
            total = weigh(item, room);
            note(total);
        }
        return total;
    }
}
"""

SCRIPT = """\
function pack(item, room) {
  let total = 0;
  if (item < room) {
    total = weigh(item, room);
  }
  return total;
}
"""

RUBY = """\
def pack(item, room)
  total = 0
  if item < room
    total = weigh(item, room)
  end
  return total
end
"""

RUST = """\
fn pack(item: i32, room: i32) -> i32 {
    let mut total = 0;
    if item < room {
        total = weigh(item, room);
    }
    return total;
}
"""

TEXTS = {
    "a.py": PYTHON,
    "a.go": GO,
    "A.java": JAVA,
    "a.js": SCRIPT,
    "a.rb": RUBY,
    "a.rs": RUST,
}


def mutator(path: str, text: str = "") -> Mutator:
    row = for_path(path)
    assert row
    return Mutator(row, (text or TEXTS[path]).encode())


def made(path: str, operator: str, text: str = "") -> list[str]:
    """Give all that an operator makes of a text."""
    found = mutator(path, text)
    edits = [ranked.edit for ranked in found.ranked(None, random.Random(1))]
    results = (found.made(edit) for edit in edits if edit.operator == operator)
    return [result.decode() for result in results if result is not None]


@pytest.mark.parametrize(
    ("path", "operator", "old", "new"),
    [
        ("a.py", "change sign", "total < 10", "total <= 10"),
        ("a.py", "change sign", "and not", "or not"),
        ("a.py", "negate", "total < 10 and", "(not (total < 10)) and"),
        ("a.py", "negate", "and not seen", "and seen"),
        ("a.py", "move boundary", "total < 10", "total <= 9"),
        ("a.py", "tune number", "< 10", "< 11"),
        ("a.py", "step", "weigh(item, room)", "weigh(item, room - 1)"),
        ("a.py", "rename", "print(item)", "print(items)"),
        ("a.py", "call other", "print(item)", "weigh(item)"),
        ("a.py", "swap operands", "weigh(item, room)", "weigh(room, item)"),
        ("a.py", "swap operands", "total + weigh(item, room)", "weigh(item, room) + total"),
        ("a.py", "take part", "total + weigh(item, room)", "weigh(item, room)"),
        ("a.py", "replace value", "print(item)", "print(weigh(item, room))"),
        ("a.py", "add term", "print(item)", "print(item - room)"),
        ("a.py", "apply function", "= total + weigh(item, room)",
         "= max(total + weigh(item, room), 0)"),
        ("a.py", "reshape", "in items:", "in items[1:]:"),
        ("a.py", "join condition", "total < 10 and not seen:",
         "(total < 10 or not room) and not seen:"),
        ("a.py", "change condition", "if total < 10 and not seen:", "if not items:"),
        ("a.py", "delete statement", "        print(item)\n", ""),
        ("a.py", "insert statement", "    return total", "    print(item)\n    return total"),
        ("a.py", "replace statement", "            continue", "            print(item)"),
        ("a.py", "assign", "    return total", "    total = room\n    return total"),
        ("a.py", "call method", "    return total", "    items.append(total)\n    return total"),
        ("a.py", "guard", "        print(item)", "        if not room:\n            print(item)"),
        ("a.py", "leave early", "        print",
         "        if not room:\n            break\n        print"),
        ("a.go", "change sign", "i < room", "i <= room"),
        ("a.go", "guard", "\treturn total", "\tif i < room {\n\t\treturn total\n\t}"),
        ("a.go", "rename", "weigh(items, i)", "weigh(items, room)"),
        ("A.java", "negate", "(item < room && !full)", "(!(item < room && !full))"),
        ("A.java", "swap statements", "total = weigh(item, room);\n            note(total);",
         "note(total);\n            total = weigh(item, room);"),
        ("A.java", "apply function", "return total;", "return Math.max(total, 0);"),
        ("a.js", "delete statement", "    total = weigh(item, room);\n", ""),
        ("a.js", "unwrap", "  if (item < room) {\n    total = weigh(item, room);\n  }",
         "  total = weigh(item, room);"),
        ("a.rb", "change sign", "item < room", "item <= room"),
        ("a.rb", "leave early", "  return total",
         "  if item < room\n    return\n  end\n  return total"),
        ("a.rs", "swap operands", "weigh(item, room)", "weigh(room, item)"),
        ("a.rs", "apply function", "return total", "return (total).max(0)"),
    ],
)  # fmt: skip
def test_an_operator_makes_what_it_is_for(path, operator, old, new):
    text = TEXTS[path]
    assert text.count(old) == 1, "the case is ambiguous"
    assert text.replace(old, new) in made(path, operator)


@pytest.mark.parametrize("operator", [operator.name for operator in OPERATORS])
def test_every_operator_keeps_python_valid(operator):
    lent = tuple(Text(for_path("a.py"), PYTHON.encode()).lends())
    text = PYTHON.replace("total", "found").replace(
        "    for", f"    {TABLE}    small = room < 3\n    for"
    )
    found = Mutator(for_path("a.py"), text.encode(), lent)
    ranked = found.ranked(None, random.Random(2))
    edits = [each.edit for each in ranked if each.edit.operator == operator]
    results = [text for edit in edits if (text := found.made(edit)) is not None]
    broken = [text for text in results if not compiles(text)]
    assert results
    assert not broken, broken[0].decode()


def compiles(text: bytes) -> bool:
    try:
        compile(text, "a.py", "exec")
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize(
    ("operator", "new"),
    [
        ("drop element", "(1, 2), (5, 3)"),
        ("drop element", "(0, 1), (1, 2)"),
        ("repeat element", "(5, 3), (0, 1), (1, 2), (5, 3)"),
        ("repeat element", "(0, 1), (1, 2), (5, 3), (1, 2)"),
        ("replace element", "(0, 1), (0, 1), (5, 3)"),
        ("move element", "(1, 2), (5, 3), (0, 1)"),
        ("move element", "(5, 3), (0, 1), (1, 2)"),
        ("swap operands", "(5, 3), (1, 2), (0, 1)"),
        ("tune number", "(0, 1), (1, 3), (5, 3)"),
    ],
)
def test_a_table_is_edited_by_rows(operator, new):
    assert TABLE.replace("(0, 1), (1, 2), (5, 3)", new) in made("a.py", operator, TABLE)


def test_a_row_of_a_table_stays_one():
    found = Mutator(for_path("a.json"), b"[[0, 1], [1, 2], [5, 3]]")
    edits = [each.edit for each in found.ranked(None, random.Random(1))]
    results = [json.loads(text) for edit in edits if (text := found.made(edit)) is not None]
    assert len(results) > 30
    assert all(len(row) == 2 for rows in results for row in rows)


def test_an_only_statement_is_not_just_taken_away():
    text = "def first(a):\n    if a:\n        call(a)\n    return a\n"
    assert text.replace("call(a)", "pass") in made("a.py", "delete statement", text)


def test_line_ends_stay_as_they_are():
    for operator in ("delete statement", "insert statement", "guard"):
        for text in made("a.py", operator, PYTHON.replace("\n", "\r\n")):
            assert text.count("\n") == text.count("\r\n")
            assert "\r\n\r\n" not in text


def test_what_stands_beside_a_statement_stays():
    text = "def first(a):\n    call(a)  # why\n    return a\n"
    assert text.replace("call(a)", "") in made("a.py", "delete statement", text)


def test_what_stands_behind_a_return_is_left_alone():
    text = "def first(a):\n    return a\n    call(a, 1)\n"
    found = mutator("a.py", text)
    assert {each.edit.line for each in found.ranked(None, random.Random(1))} == {2}


def test_lines_do_not_grow_without_end():
    name = b"x" * (LONGEST - len("    return "))
    found = mutator("a.py", PYTHON.replace("return total", f"return {name.decode()}"))
    edits = [each.edit for each in found.ranked(None, random.Random(1)) if each.edit.line == 9]
    results = [text for edit in edits if (text := found.made(edit)) is not None]
    assert results
    assert max(len(line) for text in results for line in text.split(b"\n")) <= LONGEST
    assert len(results) < len(edits)


def test_only_suspect_lines_are_edited():
    found = mutator("a.py")
    ranked = found.ranked({5: 1.0, 6: 0.5}, random.Random(1))
    assert {each.edit.line for each in ranked} == {5, 6}
    best = {line: max(e.weight for e in ranked if e.edit.line == line) for line in (5, 6)}
    assert best[5] > best[6]


def test_equal_chances_give_equal_lists():
    first, second = (mutator("a.py").ranked(None, random.Random(7)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("path", "text", "other", "equal"),
    [
        ("a.py", "a = f(1, 2)\n", "\na = f( 1,2 )\n\n", True),
        ("a.py", "if a:\n    b()\nc()\n", "if a:\n    b()\n    c()\n", False),
        ("a.py", "a = 'x y'\n", "a = 'xy'\n", False),
        ("a.js", "if (a) { b(); }\n", "if (a)\n{\n  b();\n}\n", True),
        ("a.js", "a(1, 2);\n", "a(2, 1);\n", False),
    ],
)
def test_a_fingerprint_is_of_what_runs(path, text, other, equal):
    row = for_path(path)
    prints = [fingerprint(row, each.encode()) for each in (text, other)]
    assert (prints[0] == prints[1]) is equal


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([text for text in texts() if text.row]), st.integers())
def test_what_is_drawn_parses_no_worse_in_any_language(text, seed):
    rng = random.Random(seed)
    found = Mutator(text.row, text.text.encode())
    edit = found.draw(rng.choice, None, rng)
    result = found.made(edit) if edit else None
    if edit and result is not None:
        assert edit.operator in BY_NAME
        sources = [Source(text.row, each) for each in (text.text.encode(), result)]
        assert sources[1].error_count() <= sources[0].error_count()
        assert fingerprint(text.row, result) != fingerprint(text.row, text.text.encode())


FIRST_FIT = """\
def pack(items, capacity):
    bins = []
    for item in items:
        for i, room in enumerate(bins):
            if item <= room:
                bins[i] -= item
                break
        else:
            bins.append(capacity - item)
    return len(bins)
"""

CHOICE = """\
def choose(item, rooms):
    return next((n for n, room in enumerate(rooms) if item <= room), None)
"""


@pytest.mark.parametrize(
    ("text", "call", "found"),
    [
        (FIRST_FIT, "pack([5, 6, 4, 5], 10)", {2, 3}),
        (CHOICE, "choose(4, [5, 3, 4])", {0, 2}),
    ],
)
def test_what_a_loop_takes_first_can_become_what_is_best(text, call, found):
    results = made("a.py", "put in order", text)
    assert any("rank = room - item\n" in result for result in results)
    assert {ran(result, call) for result in results} - {None} >= found


COUNTING = """\
def choose(item, rooms):
    n = 0
    while n < len(rooms):
        if item <= rooms[n]:
            return n
        n += 1
    return None if n == len(rooms) else -1
"""

SEARCHING = """\
def choose(item, rooms):
    n = 0
    while n < len(rooms) and rooms[n] < item:
        n = n + 1
    if n == len(rooms):
        return None
    return n
"""


@pytest.mark.parametrize("text", [COUNTING, SEARCHING])
def test_a_loop_that_counts_takes_the_best_too_and_counts_to_the_end_if_there_is_none(text):
    results = made("a.py", "put in order", text)
    assert all("while" not in result for result in results)
    assert {ran(result, "choose(4, [6, 3, 4])") for result in results} >= {0, 2}
    for result in results:
        names = {}
        exec(result, names)
        assert names["choose"](9, [6, 3, 4]) is None
    other = text.replace("n < len(rooms)", "n != len(rooms)")
    assert not made("a.py", "put in order", other)


def ran(text, call):
    names = {}
    exec(text, names)
    try:
        return eval(call, names)
    except (NameError, UnboundLocalError, TypeError):
        return None


def test_an_order_is_changed_not_made_twice():
    once = made("a.py", "put in order", CHOICE)[0]
    again = made("a.py", "put in order", once)
    assert again
    assert all(text.count("sorted(ranked)") == 1 for text in again)


def test_a_comparison_is_narrowed_by_what_it_leaves_over():
    results = made("a.py", "narrow", FIRST_FIT)
    assert results
    assert all("if item <= room and " in result for result in results)
    assert any("room - item" in result for result in results)
    assert {ran(result, "pack([5, 6, 4, 5], 10)") for result in results} - {None} >= {3, 4}
