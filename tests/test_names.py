"""Patterns of file names: the quick way says what `fnmatch` says."""

from fnmatch import fnmatchcase

from hypothesis import example, given
from hypothesis import strategies as st

from gitmerge_ai.text.names import matches


@given(st.text("ab.\n", max_size=6), st.text("ab.*?[]\n", max_size=6))
@example("a", "a*a")
@example("ab", "a*b")
@example("ab", "*")
def test_matches_as_fnmatch_does(name: str, pattern: str) -> None:
    assert matches(name, pattern) is fnmatchcase(name, pattern)
