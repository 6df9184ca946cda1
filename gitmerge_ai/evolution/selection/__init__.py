"""Who has children, who is crossed with whom, and who of the children lives."""

from collections.abc import Mapping

from gitmerge_ai.evolution.selection.evogit import EvoGit
from gitmerge_ai.evolution.selection.islands import Islands
from gitmerge_ai.evolution.selection.strategy import Strategy

STRATEGIES: Mapping[str, Strategy] = {"islands": Islands(), "evogit": EvoGit()}
"""By the name that a plan gives."""
