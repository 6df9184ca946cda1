"""Repositories with a history of messages, made in one go."""

from collections.abc import Iterable, Mapping

from repositories import Repository

AUTHOR = "A U Thor <author@example.com>"
FIRST_DAY = 1_600_000_000


def tell(repo: Repository, history: Iterable[tuple[str, Mapping[str, str | bytes]]]) -> None:
    """Commit messages with their files, a day apart, and check the last one out."""
    lines: list[bytes] = []
    for number, (message, files) in enumerate(history):
        said = message.encode("utf-8", "surrogateescape")
        when = FIRST_DAY + 86_400 * number
        lines.append(f"commit refs/heads/main\ncommitter {AUTHOR} {when} +0000\n".encode())
        lines.append(b"data %d\n%b\n" % (len(said), said))
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            lines.append(b"M 644 inline %b\n" % name.encode())
            lines.append(b"data %d\n%b\n" % (len(data), data))
    done = repo.run("git", "fast-import", "--quiet", "--force", input=b"".join(lines))
    assert done.returncode == 0, done.stderr
    repo.git("reset", "-q", "--hard", "main")
