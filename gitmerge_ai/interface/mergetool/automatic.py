"""The mergetool without a screen: takes what is confident enough, and asks nothing."""

from collections.abc import Mapping

from gitmerge_ai.interface.mergetool.ranking import Means, Request, confident, rank
from gitmerge_ai.interface.mergetool.saving import Files, SaveError
from gitmerge_ai.interface.mergetool.session import Document, Place, Session
from gitmerge_ai.repository import index
from gitmerge_ai.resolving.journal import remembering
from gitmerge_ai.resolving.journal.remembering import placed, remember
from gitmerge_ai.values import Resolution


def run(files: Files, least: float, means: Means) -> list[str]:
    """Take the best suggestion of every conflict where it is confident enough, and write it.

    Args:
        files: what was read.
        least: the confidence that it takes.
        means: what ranking goes by.

    Returns:
        A line for each file.
    """
    session = Session.begin(tuple(each.item for each in files.loaded))
    report = []
    for at, item in enumerate(session.items):
        if not isinstance(item, Document):
            report.append(f"{item.path}: {item.title}: left for you")
            continue
        ranking = rank(Request(item, session.choices[at], tuple(session.decided()), means))
        found = confident(ranking, session.choices[at], least)
        chosen: dict[Place, Resolution | None] = {(at, slot): r for slot, r in found.items()}
        session = session.decide(chosen)
        if not found:
            report.append(f"{item.path}: nothing is confident enough")
            continue
        try:
            report.append(files.save(at, session.choices))
        except SaveError as error:
            report.append(str(error))
        else:
            _remember(files, at, found, session.choices[at].count(None))
    return report


def _remember(files: Files, at: int, found: Mapping[int, Resolution], left: int) -> None:
    """Add to the journal what nobody was asked about, where there is one."""
    loaded = files.loaded[at]
    if files.root is None or loaded.data is None:
        return
    git_dir = index.open_repository(files.root).path.rstrip("/")
    one = loaded.unmerged
    base = index.checked_out(files.root, one.path, one.base) if one and one.base else None
    resolutions = placed(loaded.data, loaded.file.read_bytes(), found, base)
    place = remembering.Place(files.root, git_dir, loaded.item.path)
    remember(place, "mergetool", loaded.data, resolutions, left, loaded.unmerged)
