"""Languages, parsing and tokens."""
