"""The keys of the mergetool: one table, from which the bindings, the footer and `?` are made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """A key, the action it runs ("" where that depends on the key), its word in the footer (""
    for none there), what it does, and how it is shown where its name is no good for that."""

    keys: str
    action: str
    label: str
    does: str
    shown: str = ""


KEYS = (
    Key("n", "move(1)", "next", "next conflict"),
    Key("p,N", "move(-1)", "prev", "conflict before", "p"),
    Key("right_square_bracket", "move_item(1)", "", "next file", "]"),
    Key("left_square_bracket", "move_item(-1)", "", "file before", "["),
    Key("down,j", "select(1)", "", "next suggestion; the preview follows", "down, j"),
    Key("up,k", "select(-1)", "", "suggestion before", "up, k"),
    Key("enter", "accept", "take", "take the selected suggestion", "⏎"),
    Key("1-9", "", "", "take suggestion 1 to 9"),
    Key("o", "take('ours')", "ours", "take ours"),
    Key("t", "take('theirs')", "theirs", "take theirs"),
    Key("b", "take('ours+theirs')", "both", "take both, ours first"),
    Key("B", "take('theirs+ours')", "", "take both, theirs first"),
    Key("a", "take('base')", "", "take the base (ancestor): neither side's change"),
    Key("equals_sign", "everywhere", "", "take the selection for all equal conflicts", "="),
    Key("c", "confident", "", "take the best suggestion wherever it is confident enough"),
    Key("e", "edit", "edit", "edit the selection in $EDITOR"),
    Key("i", "edit_here", "", "edit the selection in place"),
    Key("x", "reopen", "", "leave the conflict open again"),
    Key("u,ctrl+z", "undo", "undo", "undo", "u"),
    Key("r,ctrl+r,ctrl+y", "redo", "", "redo", "r"),
    Key("w", "whence", "", "where both sides' lines come from: author, date, subject"),
    Key("pagedown,space", "scroll(1)", "", "scroll the file down", "page down"),
    Key("pageup", "scroll(-1)", "", "scroll the file up", "page up"),
    Key("z", "zoom", "", "make the focused part as large as the screen, and back"),
    Key("s", "save", "save", "write this file and go to the next"),
    Key("S", "save_all", "", "write all files"),
    Key("q", "leave", "quit", "quit; what is not written is kept for next time"),
    Key("question_mark", "help", "help", "these keys", "?"),
)
