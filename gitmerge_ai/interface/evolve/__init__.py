"""A run to look at: figures, lines for a terminal, and a page."""
