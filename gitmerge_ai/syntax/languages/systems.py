"""Rows of the systems family."""

from gitmerge_ai.syntax.language import Language

ROWS: tuple[Language, ...] = ()
