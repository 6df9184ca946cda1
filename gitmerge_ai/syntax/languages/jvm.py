"""Rows of the jvm family."""

from gitmerge_ai.syntax.language import Language

ROWS: tuple[Language, ...] = ()
