"""Rows of the web family."""

from gitmerge_ai.syntax.language import Language

ROWS: tuple[Language, ...] = ()
