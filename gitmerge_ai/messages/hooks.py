"""What the hooks `prepare-commit-msg` and `commit-msg` do: propose a message, look one over.

Called by the scripts in `hooks/` without the command line, which takes long to start. Whatever goes
wrong, and when the time is over, the commit goes on as it would have without them; only what
`gitmerge-ai.messageCheck block` asks for can stop one. What is not needed for doing nothing is
imported when it is needed.
"""

import faulthandler
import gc
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gitmerge_ai.messages import files
from gitmerge_ai.repository.commits import Position, locate, look, messages
from gitmerge_ai.repository.config import ask_matching, number

if TYPE_CHECKING:
    from gitmerge_ai.messages.question import Candidate

PATIENCE, MOST_PATIENCE = 3.0, 120.0
"""Seconds after which a hook gives up, where `gitmerge-ai.messageTimeout` says nothing else, and
the most that it may say."""

BLOCKS = 10
"""Exit status that stops a commit; any other, of an error say, does not."""

READING, ASKING = 0.6, 0.7
"""Of this time, what reading commits that are not in the index, and an endpoint, may take."""

UNASKED, OFFERED = 0.7, 0.3
"""What is put in without being asked for must be so sure: it is committed where somebody leaves the
editor. From the other one on proposals are shown as comments, from which one may be taken."""

SHOWN = 3
"""The proposal and its alternatives."""

FRAMEWORK = "PRE_COMMIT_COMMIT_MSG_SOURCE"
"""Where the pre-commit framework says what git says of the source of a message."""

SETTINGS = (
    r"^(core\.comment(char|string)|commit\.cleanup"
    r"|gitmerge-ai\.(messages|mergemessages|message(check|timeout)|endpoint))$"
)

_NO = ("false", "no", "off", "0", "none")
_YES = ("true", "yes", "on", "1", "")


def main() -> None:
    """Do what a hook was called for: its name and git's arguments are those of the process."""
    gc.disable()  # It is over before there would be much to collect.
    with open(os.devnull, "w") as nowhere:
        # Ends the process even in the midst of something that does not listen to signals.
        faulthandler.dump_traceback_later(PATIENCE, exit=True, file=nowhere)
        status = 0
        with suppress(Exception):
            hook, file, *rest = sys.argv[1:]
            here = Path.cwd()
            source = rest[0] if rest else os.environ.get(FRAMEWORK, "")
            locating, reading = locate(here), ask_matching(SETTINGS, here)
            if hook != "commit-msg" and not source:
                # Most likely there is something to propose; git is at work meanwhile.
                import gitmerge_ai.messages.proposing  # noqa: F401
            settings = reading()
            faulthandler.dump_traceback_later(patience(settings), exit=True, file=nowhere)
            place = locating()
            if place and hook == "commit-msg":
                status = BLOCKS * look_over(here, place, Path(file), settings)
            elif place:
                prepare(here, place, Path(file), source, settings)
        sys.stderr.flush()
        os._exit(status)  # Nobody is waited for: an endpoint's answer, above all.


def patience(settings: Mapping[str, str]) -> float:
    """Give the seconds after which a hook gives up."""
    return number(settings.get("gitmerge-ai.messagetimeout", ""), MOST_PATIENCE, PATIENCE)


def prepare(
    here: Path, place: Position, file: Path, source: str, settings: Mapping[str, str]
) -> None:
    """Put a proposal into a message that is empty, and what was resolved into a merge's, if asked.

    Args:
        here: in the work tree.
        place: where that is.
        file: the message.
        source: what git says it is from, "" where it is from nowhere.
        settings: that `SETTINGS` matches.

    Raises:
        OSError: the file could not be read or written; it is as it was.
    """
    if settings.get("gitmerge-ai.messages", "").lower() in _NO:
        return
    text = files.read(file)
    sign = files.comment_sign(text, settings)
    if source == "merge" and settings.get("gitmerge-ai.mergemessages", "no").lower() in _YES:
        from gitmerge_ai.messages.merges import described

        files.write(file, described(here, text, sign))
    elif files.may_be_filled(place.git_dir, source, text, sign):
        first, others = _proposals(here, place, settings)
        keeps = settings.get("commit.cleanup", "").lower() in files.KEEPING
        offered = [] if keeps else [each.text for each in others]
        subject, body = (first.text, first.body) if first else ("", "")
        files.fill(file, text, subject, offered, sign, body)


def look_over(here: Path, place: Position, file: Path, settings: Mapping[str, str]) -> bool:
    """Say on standard error where a message departs from how messages are written here.

    Args:
        here: in the work tree.
        place: where that is.
        file: the message.
        settings: that `SETTINGS` matches.

    Returns:
        Whether the commit is to be stopped.
    """
    from gitmerge_ai.messages.conventions import READ, conventions, departures

    does = settings.get("gitmerge-ai.messagecheck", "say").lower()
    if does in _NO or files.is_under_way(place.git_dir):
        return False
    text = files.read(file)
    said = files.written(text, files.comment_sign(text, settings))
    if not said.strip():
        return False  # Git itself stops a commit without a message, or was told not to.
    found = list(departures(said, conventions(messages(here, READ)), place.branch))
    for each in found:
        print(f"gitmerge-ai: {each}", file=sys.stderr)
    return bool(found) and does == "block"


def _proposals(
    here: Path, place: Position, settings: Mapping[str, str]
) -> "tuple[Candidate | None, list[Candidate]]":
    """Give what is put into a message, `None` where nothing is sure enough, and what is offered."""
    looking = look(here)  # Git does, while this is imported.
    from gitmerge_ai.messages.asking import ask, question
    from gitmerge_ai.messages.bodies import with_bodies
    from gitmerge_ai.messages.proposing import propose

    time = patience(settings)
    asked = question(here, place=place, budget=READING * time, looking=looking)
    consulted = bool(settings.get("gitmerge-ai.endpoint"))
    found = ask(asked, SHOWN, here, ASKING * time) if consulted else propose(asked, SHOWN)
    if not found or found[0].confidence < OFFERED:
        return None, []
    if found[0].confidence < UNASKED:
        return None, found
    return with_bodies(asked, found[:1])[0], found[1:]


if __name__ == "__main__":
    main()
