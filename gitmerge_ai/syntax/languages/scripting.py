"""Rows of the scripting family."""

from gitmerge_ai.syntax.language import Language

ROWS: tuple[Language, ...] = ()
