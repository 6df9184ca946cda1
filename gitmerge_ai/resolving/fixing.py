"""Puts right what `check` found, as far as there is one way only to do it.

A conflict that was left in a file is settled as `resolve` would, and the second of two equal
declarations taken out. A file is written only if its work tree is as staged and nothing else is
found wrong with the outcome; what was lost or brought back is the person's to decide.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from gitmerge_ai.merging.problems import Candidate, Problem, problems
from gitmerge_ai.repository.index import RepositoryError, add
from gitmerge_ai.repository.line_merge import replace
from gitmerge_ai.resolving.unfinished import How, Versions, resolve
from gitmerge_ai.text import encoding
from gitmerge_ai.text.lines import split


def fixed(root: Path, candidates: Sequence[Candidate], found: Sequence[Problem]) -> Iterator[str]:
    """Write and stage the files that can be put right, and give their paths.

    Args:
        root: of the work tree.
        candidates: the files.
        found: what is wrong with them.
    """
    for candidate in candidates:
        wrong = [problem for problem in found if problem.path == candidate.path]
        file = root / candidate.path
        if not wrong or candidate.result is None or not _as_staged(file, candidate.result):
            continue
        data = put_right(candidate, wrong)
        if data is None:
            continue
        try:
            replace(str(file), data)
            add(root, candidate.path)
        except (OSError, RepositoryError):
            continue  # It is reported as wrong, as it still is.
        yield candidate.path


def put_right(candidate: Candidate, wrong: Sequence[Problem]) -> bytes | None:
    """Give the content of a file without some of what is wrong, `None` if that cannot be.

    Args:
        candidate: the file.
        wrong: what was found in it.
    """
    data = candidate.result or b""
    if any(problem.kind == "marker" for problem in wrong):
        versions: Versions | None = None
        if candidate.merged and candidate.ours is not None and candidate.theirs is not None:
            versions = (candidate.base or b"", candidate.ours, candidate.theirs)
        how = How(candidate.path, candidate.marker_size, candidate.language)
        outcome = resolve(data, versions, how)
        data = outcome.data if outcome.data is not None and not outcome.left else data
    else:
        data = _without_doubled(data, wrong)
    before = {(problem.kind, problem.text) for problem in wrong}
    after = {(p.kind, p.text) for p in problems([candidate._replace(result=data)])}
    return data if after < before else None


def _without_doubled(data: bytes, wrong: Sequence[Problem]) -> bytes:
    """Take out every declaration that stands a second time, word for word."""
    decoded = encoding.decode(data)
    lines = split(decoded.text)
    for problem in sorted(wrong, key=lambda problem: -problem.line):
        if problem.kind != "doubled" or problem.loss is None:
            continue
        text = problem.loss.text
        first = problem.line - 1
        last = first + len(split(text))
        if "".join(lines[first:last]) != text or text not in "".join(lines[:first]):
            continue
        while first and not lines[first - 1].strip():
            first -= 1
        del lines[first:last]
    return encoding.encode(decoded._replace(text="".join(lines)))


def _as_staged(file: Path, staged: bytes) -> bool:
    return file.is_file() and not file.is_symlink() and file.read_bytes() == staged
