"""Rows of the extra family."""

from gitmerge_ai.syntax.language import Language

ROWS: tuple[Language, ...] = ()
