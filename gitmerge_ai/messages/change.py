"""What a change does, as a person would list it: what was added, removed, renamed, moved, bumped.

Read off the syntax trees of the files before and after, within bounds of size and number. Of more
files than that each counts by its path, and by what it has in common with the others. How it is put
into words is not known here.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

from gitmerge_ai.merging.declared import Declaration, declarations
from gitmerge_ai.messages.manifests import BUILDS, MANIFESTS, is_hash, required
from gitmerge_ai.messages.parts import Part, Summary
from gitmerge_ai.messages.wholes import is_covered, replaced
from gitmerge_ai.repository.commits import ChangedFile
from gitmerge_ai.syntax.grammar import MissingGrammar
from gitmerge_ai.syntax.language import Language
from gitmerge_ai.syntax.languages import for_path
from gitmerge_ai.syntax.tree import Source

MOST_FILES = 40
LARGEST_FILE = 200_000
MOST_TEXT = 1_000_000
"""Files whose texts are looked at, bytes of one, and bytes of all that names are looked for in."""

TESTS = re.compile(
    r"(^|/)(tests?|spec|__tests__)/|(^|/)test_|[_.-](test|spec|tests)\.|Tests?\.\w+$"
)
DOCS = re.compile(
    r"(^|/)docs?/|\.(md|rst|adoc|txt)$|(^|/)(README|CHANGE|LICENSE|AUTHORS)[^/]*$", re.I
)


def looked_at(files: Sequence[ChangedFile]) -> Sequence[ChangedFile]:
    """Give the files whose texts are looked at; of very many, some from everywhere among them."""
    step = max(1.0, len(files) / MOST_FILES)
    return [files[int(at * step)] for at in range(min(len(files), MOST_FILES))]


def summarise(
    files: Sequence[ChangedFile], contents: Mapping[str, bytes], folders: Sequence[Part] = ()
) -> Summary:
    """Say what a change does.

    Args:
        files: that it changes.
        contents: of the blobs of `looked_at`, by name; files whose blobs are left out count by
            their path alone.
        folders: those that came, went or moved as a whole.
    """
    if not files:
        return Summary()
    all_of_it = len(files) <= MOST_FILES
    read = [_File.read(file, contents, all_of_it) for file in looked_at(files)]
    bumps = chain.from_iterable(_bumps(each) for each in read)
    # What several manifests require is one dependency.
    once = {(part.name, part.before, part.after): part for part in bumps}
    parts = [*once.values(), *folders, *_renames(files)]
    whole = {file.path for file in files if file.was is None or file.gone}
    inside = [p for p in _declared(read) if p.path not in whole or p.action in ("move", "rename")]
    parts += [*inside, *_whole_files(files, {part.path for part in inside})]
    parts = [part for part in parts if not any(is_covered(part, each) for each in folders)]
    if not all_of_it and (everywhere := replaced((each.before, each.after) for each in read)):
        rest = (part for part in parts if (part.action, part.kind) != ("change", "file"))
        parts = [everywhere, *rest]
    order = {action: at for at, action in enumerate(_TELLING)}
    told = tuple(sorted(parts, key=lambda part: order[part.action]))
    text = b"\n".join(side for file in read for side in (file.before, file.after))[:MOST_TEXT]
    shown = text.decode("utf-8", "replace")
    untouched = chain.from_iterable(_untouched(each) for each in read)
    return Summary(told, _nature(files, read), shown, frozenset(untouched))


_TELLING = ("bump", "replace", "rename", "move", "add", "remove", "signature", "change")


class _File(NamedTuple):
    """A changed file, its texts and its declarations before and after, by their place."""

    file: ChangedFile
    row: Language | None
    before: bytes
    after: bytes
    old: Mapping[tuple[str, ...], tuple[Declaration, bytes]]
    new: Mapping[tuple[str, ...], tuple[Declaration, bytes]]
    required: Sequence[tuple[str, str, str]]

    @classmethod
    def read(cls, file: ChangedFile, contents: Mapping[str, bytes], parsed: bool = True) -> "_File":
        before, after = (contents.get(blob or "", b"") for blob in (file.before, file.after))
        row = for_path(file.path)
        old, new = (_found(row, text) if parsed else {} for text in (before, after))
        return cls(file, row, before, after, old, new, _required(file.path, before, after))


def _required(path: str, before: bytes, after: bytes) -> list[tuple[str, str, str]]:
    """Give what a manifest requires before and after, with both versions."""
    if not (MANIFESTS.search(path) or BUILDS.search(path)):
        return []
    old, new = required(before), required(after)
    return [(name, old[name], version) for name, version in new.items() if name in old]


def _found(row: Language | None, text: bytes) -> dict[tuple[str, ...], tuple[Declaration, bytes]]:
    """Give the declarations of a text, each with its lines.

    By what it is, the names around it, its own, and how many of that name there are before.
    """
    if row is None or not text or len(text) > LARGEST_FILE:
        return {}
    try:
        source = Source(row, text)
    except MissingGrammar:
        return {}
    lines = text.splitlines()
    found: dict[tuple[str, ...], tuple[Declaration, bytes]] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    around: list[Declaration] = []
    for one in declarations(source):
        while around and one.lines.start >= around[-1].lines.stop:
            around.pop()
        place = (one.word, *(each.name for each in around), one.name)
        inside = b"\n".join(lines[one.lines.start : one.lines.stop])
        found[*place, str(counts[place])] = one, inside
        counts[place] += 1
        around.append(one)
    return found


def _bumps(file: _File) -> Iterator[Part]:
    """Give the dependencies that have another version in a manifest."""
    for name, old, version in file.required:
        if old != version:
            told = ("" if is_hash(each) else each for each in (old, version))
            yield Part("bump", "dependency", name, file.file.path, *told)


def _untouched(file: _File) -> Iterator[str]:
    """Give the dependencies that have the same version in a manifest as before."""
    return (name for name, old, version in file.required if old == version)


def _renames(files: Sequence[ChangedFile]) -> Iterator[Part]:
    for file in files:
        if file.was and file.was != file.path:
            same = file.was.rpartition("/")[2] == file.path.rpartition("/")[2]
            yield Part("move" if same else "rename", "file", file.path, file.path, file.was)


def _whole_files(files: Sequence[ChangedFile], told: set[str]) -> Iterator[Part]:
    """Give the files that came, went, or changed in a way that nothing else tells."""
    for file in files:
        if file.was is None:
            yield Part("add", "file", file.path, file.path)
        elif file.gone:
            yield Part("remove", "file", file.path, file.path)
        elif file.path not in told and file.was == file.path:
            yield Part("change", "file", file.path, file.path)


def _declared(files: Sequence[_File]) -> Iterator[Part]:
    """Give what became of declarations, over all files; what is inside another is left out."""
    added = [(f, *f.new[key]) for f in files for key in f.new if key not in f.old]
    removed = [(f, *f.old[key]) for f in files for key in f.old if key not in f.new]
    for file, one, text in added:
        match = next((r for r in removed if _is_moved((file, one, text), r)), None)
        if match:
            removed.remove(match)
            was, old, _ = match
            moved = old.name == one.name
            before = was.file.path if moved else old.name
            action = "move" if moved else "rename"
            yield Part(action, one.word, one.name, file.file.path, before)
        elif not _is_inside(one, [other for f, other, _ in added if f is file]):
            yield Part("add", one.word, one.name, file.file.path)
    for file, one, _ in removed:
        if not _is_inside(one, [other for f, other, _ in removed if f is file]):
            yield Part("remove", one.word, one.name, file.file.path)
    for file in files:
        yield from _changed(file)


def _is_moved(
    added: tuple[_File, Declaration, bytes], removed: tuple[_File, Declaration, bytes]
) -> bool:
    """Whether a declaration is the one that went, under another name or in another file."""
    (file, one, text), (was, old, before) = added, removed
    if one.word != old.word or (file is was) == (one.name == old.name):
        return False
    inside, inside_before = (b"".join(each.split(b"\n", 1)[1:]) for each in (text, before))
    return bool(inside.strip()) and inside.split() == inside_before.split()


def _is_inside(one: Declaration, others: Sequence[Declaration]) -> bool:
    return any(
        other is not one and other.lines.start <= one.lines.start < other.lines.stop
        for other in others
    )


def _changed(file: _File) -> Iterator[Part]:
    """Give the innermost declarations that stayed and are not what they were."""
    pairs = [(file.new[k], file.old[k]) for k in file.new if k in file.old]
    edited = ((now, was) for now, was in pairs if now[1] != was[1])
    changed = [(now, was) for now, was in edited if now[1].split() != was[1].split()]
    for now, was in changed:
        holds = any(now[0] is not n[0] and n[0].lines.start in now[0].lines for n, _ in changed)
        if _head(now[1]) != _head(was[1]):
            yield Part("signature", now[0].word, now[0].name, file.file.path)
        elif not holds:
            yield Part("change", now[0].word, now[0].name, file.file.path)


def _head(declaration: bytes) -> list[bytes]:
    """Give what a declaration says before its body; what stands above it does not count."""
    taken: list[bytes] = []
    depth, above = 0, False
    for line in declaration.split(b"\n"):
        above = above or (depth == 0 and line.lstrip().startswith(_ABOVE))
        depth += sum(map(line.count, (b"(", b"["))) - sum(map(line.count, (b")", b"]")))
        taken += [] if above else [line]
        if depth <= 0 and not above:
            break
        above = above and depth > 0
    return b" ".join(taken).rstrip(b" {").split()


_ABOVE = (b"@", b"#", b"//", b"/*", b"*")
"""What begins a decorator, an attribute or a comment."""


def _nature(files: Sequence[ChangedFile], read: Sequence[_File]) -> str:
    paths = [file.path for file in files]
    if all(f.was and f.was != f.path and f.before == f.after for f in files):
        return "renames"
    if all(_is_formatting(each) for each in read):
        return "formatting"
    for nature, form in (("tests", TESTS), ("dependencies", MANIFESTS), ("docs", DOCS)):
        if all(form.search(path) for path in paths):
            return nature
    return "code"


def _is_formatting(file: _File) -> bool:
    """Whether only white space without a meaning differs."""
    if not file.before or not file.after or file.row is None:
        return False
    if b"".join(file.before.split()) != b"".join(file.after.split()):
        return False
    if file.row.indent_sensitive:
        lines = zip_longest(_indented(file.before), _indented(file.after))
        return all(before == after for before, after in lines)
    return True


def _indented(text: bytes) -> Iterator[tuple[int, bytes]]:
    lines = (line.expandtabs() for line in text.splitlines() if line.strip())
    return ((len(line) - len(line.lstrip()), b"".join(line.split())) for line in lines)
