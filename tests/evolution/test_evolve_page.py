"""The page of a run: whole, closed to the outside, and as it behaves in a browser."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from graphs import PLAN, begun, child, crowd
from hypothesis import given
from hypothesis import strategies as st
from pages import Page
from repositories import Repository, gitmerge_ai

from gitmerge_ai.evolution.graph import Graph, Move, event, people
from gitmerge_ai.evolution.values import Change, Evaluation, Objective
from gitmerge_ai.interface.evolve import layout
from gitmerge_ai.interface.evolve.page import page

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

STEAL = "document.title='stolen'"
EVIL = f'</script><script>{STEAL}</script><img src=x onerror="{STEAL}">'

in_browser = pytest.mark.skipif(not BROWSER, reason="there is no Chromium")


@pytest.fixture
def graph(plain: Repository) -> Graph:
    """Give a run in which everything that agents or people may write is hostile."""
    objectives = (*PLAN.objectives, Objective("speed", "./time"))
    graph = begun(plain, PLAN._replace(goal=f"fewer {EVIL}", objectives=objectives))
    graph.record(graph.base, Evaluation("passed", {"bins": 9.0, "speed": 1.0}))
    one = child(graph, 8.0, moves=[Move("island-0/a", None, None)])
    moves = [Move("island-1/b", None, None), Move("best", None, None)]
    two = child(graph, 7.0, [one.commit], moves=moves, text=f"pack = 7  # {EVIL} ${{x}} \u2028\n")
    change = Change({"x.html": EVIL.encode()}, EVIL, EVIL)
    evil = graph.commit([two.commit, one.commit], change, "m\n", agent=EVIL, island=7)
    graph.record(evil, Evaluation("failed", behaviour=EVIL, feedback=f"{EVIL}\x1b[0m\ud800"))
    graph.annotate(two.commit, event("comment", by=EVIL, text=EVIL))
    people.prune(graph, child(graph, 5.0).commit, "me")
    return graph


def browse(tmp_path: Path, text: str, script: Sequence[str], address: str = "") -> Any:
    """Open a page in a browser, run expressions in it, and give what they say."""
    assert BROWSER
    ran = "".join(f"said.push(({each}));" for each in script)
    probe = (
        "<script>const said = []; const $ = (at) => document.querySelector(at);"
        f"try {{ {ran} }} catch (error) {{ said.push(String(error)); }}"
        "const out = document.createElement('output'); out.id = 'said';"
        "out.textContent = JSON.stringify(said); document.body.append(out);</script></body>"
    )
    file = tmp_path / "page.html"
    file.write_text(text.replace("</body>", probe), encoding="utf-8")
    command = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1400,900"]
    done = subprocess.run(
        [*command, f"file://{file}{address}"], capture_output=True, check=True, timeout=120
    )
    words = Page(done.stdout.decode()).texts["output"]
    return json.loads("".join(words))


def test_the_page_needs_nothing_else_and_is_whole(graph: Graph) -> None:
    text = page(graph)
    found = Page(text)
    assert found.open == []
    assert found.references == []
    assert text.count("<script") == 2
    assert "<img" not in text
    assert "url(" not in text
    assert "default-src 'none'" in text
    assert {"run", "Phylogeny", "Scores over time"} <= {
        words for each in ("h1", "h2") for words in found.texts[each]
    }


def test_the_command_writes_it(graph: Graph, plain: Repository) -> None:
    done = gitmerge_ai("evolve", "graph", "--html", "run.html", cwd=plain.path)
    assert (done.returncode, done.stdout) == (0, b"written to run.html\n")
    assert plain.read("run.html") == page(graph)
    done = gitmerge_ai("evolve", "graph", "--html", "no/run.html", cwd=plain.path)
    assert done.returncode == 2


@in_browser
def test_it_works_in_a_browser(graph: Graph, tmp_path: Path) -> None:
    best = graph.best or ""
    first = graph.individuals[best].individual.parents[0]
    choose = (
        "(() => { const it = $('[name=operator]'); it.selectedIndex = 1;"
        " it.dispatchEvent(new Event('change', {bubbles: true})); return it.value; })()"
    )
    key = (
        "(() => { $('#graph').dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft'}));"
        " return $('#details code').textContent; })()"
    )
    pixels = (
        "[...document.querySelectorAll('canvas')].map((it) => new Set(new Uint32Array("
        "it.getContext('2d').getImageData(0, 0, it.width, it.height).data.buffer)).size > 9)"
    )
    said = browse(
        tmp_path,
        page(graph),
        [
            "document.documentElement.dataset.ready",
            "$('#details code').textContent",
            "$('#details').textContent",
            "[...document.querySelectorAll('pre .add')].map((it) => it.textContent).join('')",
            pixels,
            "$('#count').textContent",
            choose,
            "$('#count').textContent",
            key,
            "[...document.querySelectorAll('[data-commit]')].map((it) => it.textContent)",
            "document.title",
            "document.images.length",
        ],
    )
    ready, commit, words, added, drawn, count, operator, filtered, parent, listed, title, images = (
        said
    )
    assert (ready, commit, drawn) == ("true", best, [True, True])
    assert EVIL in words
    assert added == f"+pack = 7  # {EVIL} ${{x}} \u2028"
    assert count == "5 of 5"
    assert (operator, filtered) == (EVIL, "1 of 5")
    assert parent == first
    assert listed == [best[:10], first[:10], graph.plan.base[:10]], "a pruned one is not listed"
    assert (title, images) == ("Run run", 0)


@in_browser
def test_thousands_open_at_once(plain: Repository, tmp_path: Path) -> None:
    graph = crowd(plain, 500)
    text = page(graph)
    assert len(text) < 1_000_000
    time = (
        "(() => { const start = performance.now(); $('[data-zoom=\"0\"]').click();"
        " return performance.now() - start; })()"
    )
    commit = max(graph.individuals)
    count, found, took = browse(
        tmp_path,
        text,
        ["$('#count').textContent", "$('#details code').textContent", time],
        f"#{commit}",
    )
    assert count == "501 of 501"
    assert found == commit
    assert took < 2000


@given(st.lists(st.floats(-50, 50), max_size=30))
def test_rows_are_one_apart_and_as_near_as_can_be(wished: list[float]) -> None:
    wished.sort()
    placed = layout.spread(wished)
    assert all(b - a > 1 - 1e-6 for a, b in pairwise(placed))
    assert abs(sum(placed) - sum(wished)) < 1e-6, "nobody is pushed aside more than others"
    if all(b - a >= 1 for a, b in pairwise(wished)):
        assert placed == pytest.approx(wished)


def test_everybody_has_a_row(plain: Repository) -> None:
    graph = crowd(plain, 60)
    known = sorted(
        (each.individual for each in graph.individuals.values()), key=lambda each: each.generation
    )
    placed = layout.rows(known)
    assert placed.keys() == graph.individuals.keys()
    places = {(each.generation, round(placed[each.commit], 3)) for each in known}
    assert len(places) == 61
