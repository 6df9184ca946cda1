"""Rows of the data family."""

from gitmerge_ai.syntax.language import Language

ROWS: tuple[Language, ...] = ()
