"""The agent that asks a model, against a server on this machine: what it asks, takes and spends."""

import json

import pytest
from contexts import PLAN, context
from endpoints import Reply, Server, gives, serving

from gitmerge_ai.evolution.agents.endpoint import Price, asking, named
from gitmerge_ai.evolution.agents.relevance import parts_of, relevant
from gitmerge_ai.evolution.values import Change
from gitmerge_ai.resolving.endpoint import Endpoint

GOOD = """\
Use best fit.
pack.py
<<<<<<< SEARCH
    return first_fit(items)
=======
    return best_fit(items)
>>>>>>> REPLACE
"""
FREE = Price()
BETTER = {"pack.py": b"def pack(items):\n    return best_fit(items)\n"}


def in_turn(server: Server, *answers: str, read: int = 100, written: int = 10) -> Reply:
    """Answer with one text after the other."""

    def body(text: str) -> bytes:
        usage = {"prompt_tokens": read, "completion_tokens": written}
        return json.dumps({"choices": [{"message": {"content": text}}], "usage": usage}).encode()

    return lambda handler: gives(body(answers[len(server.asked) - 1]))(handler)


def asked(*answers: str, price: Price = FREE, **told: object) -> tuple[Change | None, Server]:
    with serving(gives(b"")) as server:
        server.reply = in_turn(server, *answers)
        agent = asking(Endpoint(server.url, "small", timeout=30), price)
        return agent(context(**told)), server  # type: ignore[arg-type]


def test_carries_out_what_the_model_says() -> None:
    change, server = asked(GOOD, feedback="E  2 bins too many", comments=("try best fit",))
    assert change == Change(BETTER, "endpoint:small", "Use best fit", 110, 0.0)
    question = server.asked[0]["messages"][1]["content"]
    for told in (PLAN.goal, "2 bins too many", "try best fit", "def pack(items)", "other.py"):
        assert told in question


def test_a_malformed_answer_is_thrown_away_and_asked_again() -> None:
    change, server = asked("Sure!", GOOD.replace("first", "worst"), GOOD, price=Price(1, 10))
    assert change is not None
    assert change.files == BETTER
    assert change.tokens == 330
    assert change.money == pytest.approx(3 * (100 + 100) / 1e6)
    told = [each["messages"][-1]["content"] for each in server.asked]
    assert "no SEARCH/REPLACE block" in told[1]
    assert "does not stand in it" in told[2]


def test_gives_up_and_says_what_that_cost() -> None:
    change, server = asked("a", "b", "c")
    assert change is not None
    assert (change.files, change.tokens, len(server.asked)) == ({}, 330, 3)


def test_what_was_tried_is_not_proposed_again() -> None:
    other = GOOD.replace("best_fit", "next_fit")
    change, _ = asked(GOOD, other, seen=(BETTER,))
    assert change is not None
    assert b"next_fit" in (change.files["pack.py"] or b"")


@pytest.mark.parametrize("path", ["../pack.py", ".git/hooks/x.py", "tests/test_pack.py", "/x.py"])
def test_no_file_is_written_that_must_not_be(path: str) -> None:
    answer = f"{path}\n<<<<<<< SEARCH\n=======\nx = 1\n>>>>>>> REPLACE\n"
    change, _ = asked(answer, answer, answer)
    assert change is not None
    assert not change.files


def test_the_budget_is_kept() -> None:
    change, server = asked(GOOD, tokens_left=50)
    assert change is None
    assert not server.asked
    _, server = asked(GOOD, tokens_left=5000)
    assert server.asked[0]["max_tokens"] < 5000
    change, server = asked(GOOD, price=Price(0, 1000), money_left=0.1)
    assert server.asked[0]["max_tokens"] == 100
    assert asked(GOOD, price=Price(1000, 0), money_left=0.01)[0] is None


def test_a_server_that_fails_is_no_change() -> None:
    with serving(gives(b"down", 500)) as server:
        assert asking(Endpoint(server.url), Price())(context()) is None


def test_reads_models_and_prices() -> None:
    assert named("qwen") == ("qwen", Price())
    assert named("vendor/model@0.5/1.5") == ("vendor/model", Price(0.5, 1.5))
    with pytest.raises(ValueError, match="prices"):
        named("m@-1/2")


def test_shows_what_the_goal_is_about() -> None:
    files = {f"f{n}.py": f"def other{n}():\n    return {n}\n" * 20 for n in range(50)}
    files["deep/bins.py"] = "import os\n\n\ndef packBins(items):\n    return items\n"
    found = relevant(files, "use fewer bins", {}, 200)
    assert [(part.path, part.line) for part in found] == [("deep/bins.py", 1), ("deep/bins.py", 4)]
    suspected = relevant(files, "use fewer bins", {"f7.py": {1: 0.9}}, 800)
    assert {part.path for part in suspected} == {"f7.py", "deep/bins.py"}


def test_parts_are_the_whole_file() -> None:
    text = "a\n\nb\n" + "    c\n" * 200 + "\nd"
    found = list(parts_of("f", text))
    assert "".join(part.text for part in found) == text
    assert [part.line for part in found][:2] == [1, 3]
    assert not list(parts_of("f", ""))
