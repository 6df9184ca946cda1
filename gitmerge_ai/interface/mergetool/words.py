"""What the screens call a merge pattern and a side: words, where the code has short names."""

import re

from gitmerge_ai.text.markers import Region
from gitmerge_ai.values import Labels

_IMPORT = re.compile(r"\s*(import|from|using|use|#\s*include|require)\b")

_PATTERNS = {
    "ours": "ours",
    "theirs": "theirs",
    "base": "base, neither side's change",
    "ours+theirs": "ours, then theirs",
    "theirs+ours": "theirs, then ours",
    "ours-base": "ours without what base had",
    "theirs-base": "theirs without what base had",
    "ours+theirs-base": "ours, then theirs, without what base had",
    "theirs+ours-base": "theirs, then ours, without what base had",
    "merged": "both changes, merged by syntax",
    "merged lines": "both changes, merged line by line",
    "merged adjacent lines": "both changes, merged line by line",
    "merged tokens": "both changes, merged word by word",
    "merged adjacent tokens": "both changes, merged word by word",
    "merged renamed": "both changes, with a side's renames in the other",
    "renamed: ours": "ours, with theirs' renames",
    "renamed: theirs": "theirs, with ours' renames",
    "inserted: ours": "ours, with what theirs added",
    "inserted: theirs": "theirs, with what ours added",
    "joined: ours+theirs": "ours, then theirs, their common ends once",
    "joined: theirs+ours": "theirs, then ours, their common ends once",
    "ours, new of theirs": "ours, then what is new in theirs",
    "theirs, new of ours": "theirs, then what is new in ours",
    "neither": "neither side",
    "union": "both {lines}, none twice",
    "union, theirs first": "both {lines}, theirs first, none twice",
    "union, less deleted": "both {lines}, less what a side deleted",
    "union, theirs first, less deleted": "both {lines}, theirs first, less what a side deleted",
    "union, sorted": "both {lines}, sorted as the file is",
    "edited": "as you wrote it",
    "deleted": "delete it",
    "work tree": "keep it as it stands in the work tree",
    "executable": "executable",
    "not executable": "not executable",
}

_PREFIXES = {
    "lines": "line by line, where both changed: {rest}",
    "adjacent lines": "line by line, where both changed: {rest}",
    "tokens": "word by word, where both changed: {rest}",
    "adjacent tokens": "word by word, where both changed: {rest}",
    "interleaved": "common lines kept, between them: {rest}",
    "interleaved tokens": "common words kept, between them: {rest}",
    "alike lines": "line by line, of alike ones: {rest}",
}


_ANSWERS = {
    "ours": "keep ours' version",
    "theirs": "keep theirs' version",
    "base": "keep base's version, neither side's change",
}


def pattern_in_words(pattern: str, region: Region, *, whole: bool = False) -> str:
    """Say what a pattern does; one without words of its own is given as it is.

    Args:
        pattern: as a `Resolution` has it.
        region: the conflict that it resolves.
        whole: whether it answers what becomes of a whole path.
    """
    if whole and pattern in _ANSWERS:
        return _ANSWERS[pattern]
    lines = "imports" if _only_imports(region) else "sides' lines"
    prefix, _, rest = pattern.partition(": ")
    if rest and prefix in _PREFIXES:
        return _PREFIXES[prefix].format(rest=rest.replace("+", ", then "))
    return _PATTERNS.get(pattern, pattern).format(lines=lines)


def side_names(labels: Labels) -> dict[str, str]:
    """Name the sides as the person knows them: "ours (HEAD)".

    Args:
        labels: of the conflict's markers.
    """
    known = {"ours": labels.ours, "base": labels.base, "theirs": labels.theirs}
    return {
        side: f"{side} ({label})" if label and label != side else side
        for side, label in known.items()
    }


def _only_imports(region: Region) -> bool:
    lines = [line for line in f"{region.ours}\n{region.theirs}".splitlines() if line.strip()]
    return bool(lines) and all(_IMPORT.match(line) for line in lines)
