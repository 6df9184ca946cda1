"""Paths are said in messages as earlier messages said those of their own changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.messages.conventions import Conventions
from gitmerge_ai.messages.memory import Asked, Memory
from gitmerge_ai.messages.parts import Summary
from gitmerge_ai.messages.paths import forms, parts, said
from gitmerge_ai.messages.proposing import propose
from gitmerge_ai.messages.question import Question
from gitmerge_ai.repository.commits import Commit, Footprint

STEPS = st.text("ab.", min_size=1, max_size=4).filter(lambda step: step.strip("."))
PATHS = st.lists(STEPS, min_size=1, max_size=5).map("/".join)


@pytest.mark.parametrize(
    ("word", "path", "other", "said_of_it"),
    [
        (
            "esp32/modmachine",
            "ports/esp32/modmachine.c",
            "ports/rp2/machine_Pin.c",
            "rp2/machine_Pin",
        ),
        (
            "stm32/boards/x",
            "ports/stm32/boards/X/a.h",
            "ports/rp2/boards/Pico/b.h",
            "rp2/boards/Pico",
        ),
        ("docs/library/machine", "docs/library/machine.rst", "docs/a.b.rst", "docs/a.b"),
        ("modmachine.c", "ports/esp32/modmachine.c", "py/mpz.c", "mpz.c"),
        ("modmachine", "ports/esp32/modmachine.c", "py/mpz.c", "mpz"),
        ("core/state", "core/state/a.go", "eth/downloader/b.go", "eth/downloader"),
    ],
)
def test_a_path_is_said_as_another_was(word, path, other, said_of_it):
    assert said(forms(word, [path]), [other]) == [(said_of_it, 1.0)]


@pytest.mark.parametrize(
    ("word", "path"),
    [("odmachine", "ports/modmachine.c"), ("ports/mod", "ports/modmachine.c"), ("x", "a/b.c")],
)
def test_half_a_name_is_no_part_of_a_path(word, path):
    assert not forms(word, [path])


def test_a_path_with_too_few_steps_is_not_said():
    assert said(forms("stm32/boards/x", ["ports/stm32/boards/x/a.h"]), ["py/mpz.c"]) == []


def test_what_more_of_the_paths_have_in_common_is_likelier():
    found = said(forms("core", ["core/a.go"]), ["eth/a.go", "eth/b.go", "rpc/c.go"])
    assert found == [("eth", 2 / 3), ("rpc", 1 / 3)]


@given(PATHS, PATHS)
def test_every_part_has_a_form_that_says_it_again(path, other):
    for part in parts([path]):
        found = forms(part.lower(), [path])
        assert part in {each for each, _ in said(found, [path])}
        assert {each for each, _ in said(found, [other])} <= set(parts([other]))


def test_subjects_begin_with_the_part_of_the_path_that_is_usual_here():
    history = [
        Commit(
            f"c{at}",
            "a",
            0,
            f"port{at}/mod{at}: Fix typo.",
            Footprint((f"src/port{at}/mod{at}.c",)),
        )
        for at in range(20)
    ]
    asked = Asked(Footprint(("src/port77/spi_bus.c",), ("word",)), "a", named=("spi_bus.c",))
    for typed in ("", "port7"):
        found = propose(Question(asked, Memory(history), Conventions(), Summary(), typed))
        assert found[0].text == "port77/spi_bus: Fix typo."
