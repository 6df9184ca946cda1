"""What a change does, in the words that a repository's messages use.

A phrase says only what the syntax trees show; why something was done is not known here.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from gitmerge_ai.messages.conventions import Conventions
from gitmerge_ai.messages.parts import Part, Summary
from gitmerge_ai.messages.wholes import MOSTLY, covering, heads

VERBS = {
    "add": ("add", "added"),
    "remove": ("remove", "removed"),
    "rename": ("rename", "renamed"),
    "move": ("move", "moved"),
    "replace": ("replace", "replaced"),
    "signature": ("change", "changed"),
    "change": ("update", "updated"),
    "bump": ("bump", "bumped"),
    "reformat": ("reformat", "reformatted"),
}
"""For each action the verb, imperative and past."""

TYPES = {
    "tests": ("test", "tests"),
    "docs": ("docs", "doc"),
    "formatting": ("style", "refactor"),
    "dependencies": ("build", "deps", "chore"),
    "renames": ("refactor", "chore"),
}
"""For what a change is on the whole, the types of conventional commits that may name it."""

SURE = {
    "bump": 0.15,
    "replace": 0.15,
    "rename": 0.15,
    "move": 0.12,
    "add": 0.1,
    "remove": 0.1,
    "signature": 0.08,
}
"""How sure a phrase about an action is to say the point of a change that has one such part."""

LEAST_SURE = 0.04

MOST_FOLDERS = 3
"""Folders that are named, where not all files of a change are in one."""

WHOLE = ("folder", "copyright year")
"""What is told by itself, beside the files that have the same done to them."""

PICTOGRAMS = {
    "add": (":sparkles:", "\u2728"),
    "remove": (":fire:", "\U0001f525"),
    "rename": (":truck:", "\U0001f69a"),
    "move": (":truck:", "\U0001f69a"),
    "replace": (":recycle:", "\u267b"),
    "signature": (":recycle:", "\u267b"),
    "change": (":recycle:", "\u267b"),
    "bump": (":arrow_up:", "\u2b06"),
    "reformat": (":art:", "\U0001f3a8"),
    "tests": (":white_check_mark:", "\u2705"),
    "docs": (":memo:", "\U0001f4dd"),
}
"""For what a change does, or is on the whole, the pictogram, by its name and as itself."""


def phrases(summary: Summary, known: Conventions, ticket: str = "") -> Iterator[tuple[str, float]]:
    """Give subjects for a change and how sure each is, the most telling first.

    Where subjects begin with a ticket or a pictogram and there is no fitting one, none is given.

    Args:
        summary: what the change does.
        known: how the repository writes.
        ticket: that the branch is for.
    """
    if known.ticket and not ticket:
        return
    for action, whole in dict.fromkeys(map(_group, summary.parts)):
        parts = [part for part in summary.parts if _group(part) == (action, whole)]
        if summary.nature == "formatting":
            action = "reformat"
        sure = SURE.get(action, LEAST_SURE) / len(parts)
        verb = VERBS[action][known.tense == "past"]
        begun, named = _begun(action, summary, known, ticket), _object(action, parts)
        if named and begun is not None:
            phrase = styled(f"{verb} {named}", summary, known)
            yield f"{begun}{phrase}", max(sure, LEAST_SURE)


def _group(part: Part) -> tuple[str, bool]:
    """Give what parts that are told together have in common."""
    return part.action, part.kind in WHOLE


def _begun(action: str, summary: Summary, known: Conventions, ticket: str) -> str | None:
    """Give what stands before the words: ticket and pictogram, `None` if one is wanted in vain."""
    sign = ""
    if known.gitmoji:
        fitting = (*PICTOGRAMS.get(summary.nature, ()), *PICTOGRAMS[action])
        sign = next((each for each in fitting if each in known.pictograms), "")
        if not sign:
            return None
        sign += " "
    return (known.ticket_form.format(ticket) if known.ticket else "") + sign


def styled(phrase: str, summary: Summary, known: Conventions) -> str:
    """Dress a phrase as a subject: type and scope, capital, full stop."""
    kind = _type(summary, known)
    if known.conventional and kind:
        return f"{kind}{_scope(summary, known)}: {phrase}"
    if known.capital or (known.capital is None and known.tense is None):
        phrase = phrase[0].upper() + phrase[1:]
    return f"{phrase}." if known.stop else phrase


def _object(action: str, parts: Sequence[Part]) -> str:
    first = parts[0]
    called = list(dict.fromkeys(map(_name, parts)))
    if len(parts) > 2 or len(called) < len(parts):
        return _many(action, parts)
    names = " and ".join(called)
    if len(parts) == 1 and first.action == action:
        return _ONE.get(action, _named)(first)
    return f"the signature of {names}" if action == "signature" else names


def _named(part: Part) -> str:
    return f"the copyright year to {part.name}" if part.kind == "copyright year" else _name(part)


def _moved(part: Part) -> str:
    if part.kind == "file":
        return f"{_name(part)} to {part.path.rpartition('/')[0] or 'the top folder'}"
    return f"{part.before if part.kind == 'folder' else part.name} to {part.path}"


def _renamed(part: Part) -> str:
    if part.kind in ("file", "folder"):
        return " to ".join(path.rpartition("/")[2] for path in (part.before, part.path))
    return f"{part.before} to {part.name}"


def _bumped(part: Part) -> str:
    ends = (("from", part.before), ("to", part.after))
    return _name(part) + "".join(f" {word} {version}" for word, version in ends if version)


_ONE: dict[str, Callable[[Part], str]] = {
    "bump": _bumped,
    "replace": lambda part: f"{part.before} with {part.name}",
    "rename": _renamed,
    "move": _moved,
    "signature": lambda part: f"the signature of {_name(part)}",
}
"""How one part is named behind the verb, by its action."""


def _many(action: str, parts: Sequence[Part]) -> str:
    """Name the parts of a large change by what they have in common."""
    if action == "bump":
        return f"{len(parts)} dependencies"
    kinds = {part.kind for part in parts}
    noun = _plural(kinds.pop()) if len(kinds) == 1 else "declarations"
    paths = list(dict.fromkeys(part.path for part in parts))
    if noun == "files":
        return _files(action, parts)
    return f"{len(parts)} {noun}{f' in {paths[0]}' if len(paths) == 1 else _where(paths)}"


def _files(action: str, parts: Sequence[Part]) -> str:
    """Name files by their ending, or by where they are, came from, or went to, "" by nothing."""
    endings = {(_ending(part.before), _ending(part.path)) for part in parts}
    if action == "rename" and len(endings) == 1:
        ((before, after),) = endings
        if before and after and before != after:
            return f"{before} files to {after}"
    if action == "move":
        ways = {heads(part.before, part.path) for part in parts}
        (before, after) = ways.pop() if len(ways) == 1 else ("", "")
        if before and after and not after.startswith(f"{before}/"):
            return f"{len(parts)} files from {before} to {after}"
        place = after or covering([part.path for part in parts])
        within = place and place == covering([part.before for part in parts])
        return place and f"{len(parts)} files {'in' if within else 'to'} {place}"
    where = _where([part.path for part in parts])
    ending = {_ending(part.path) for part in parts}
    kind = f" {ending.pop()}" if len(ending) == 1 and "" not in ending else ""
    return f"{len(parts)}{kind} files{where}" if kind or where else ""


def _where(paths: Sequence[str]) -> str:
    """Say which folder holds all paths, or which few do, "" where they are everywhere."""
    inside = covering(paths)
    if inside:
        return f" in {inside}"
    tops = Counter(path.partition("/")[0] if "/" in path else "" for path in paths)
    named = [top for top, _ in tops.most_common()]
    if "" in named or not 1 < len(named) <= MOST_FOLDERS:
        return ""
    return f" in {', '.join(named[:-1])} and {named[-1]}"


def _ending(path: str) -> str:
    name = path.rpartition("/")[2]
    return f".{name.rpartition('.')[2]}" if "." in name[1:] else ""


def _plural(noun: str) -> str:
    return noun + ("es" if noun.endswith("s") else "s")


def _name(part: Part) -> str:
    return part.name.rpartition("/")[2] if part.kind == "file" else part.name


def _type(summary: Summary, known: Conventions) -> str | None:
    """Choose a type that is in use; a change of code may be of any, so only additions are sure."""
    wanted = TYPES.get(summary.nature, ())
    added = sum(part.action == "add" for part in summary.parts)
    if not wanted and added and 2 * added >= len(summary.parts):
        wanted = ("feat",)
    return next(
        (each for each in wanted if each in known.types), "refactor" if not wanted else None
    )


def _scope(summary: Summary, known: Conventions) -> str:
    places = Counter(step for part in summary.parts for step in set(part.path.split("/")[:-1]))
    found = [each for each in known.scopes if places[each] >= MOSTLY * len(summary.parts)]
    return f"({found[0]})" if len(found) == 1 else ""
