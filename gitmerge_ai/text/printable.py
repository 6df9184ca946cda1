"""Texts of others on a terminal: shown as they are, never obeyed."""

UNKNOWN = "\ufffd"


def printable(text: str) -> str:
    """Write a line without what a terminal would take for a command, or cannot encode.

    Args:
        text: a line; tabs stay.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\t" else UNKNOWN for char in text)


def one_line(text: str) -> str:
    """Write a text on one printable line, white space as single spaces."""
    return printable(" ".join(text.split()))
