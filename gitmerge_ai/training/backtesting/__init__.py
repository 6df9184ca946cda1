"""How the tool would have done on the merges of a history."""
