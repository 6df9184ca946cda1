"""Prints how long the mergetool takes to open a file and to follow a key, in a real terminal.

    PYTHONPATH=tests/interface python benchmarks/mergetool.py [--lines N] [--repeat N]

A file of 5,000 lines with ten conflicts stands against one of 50 lines with as many: what a long
file costs is the ratio. CPU time is that of the program, wall time is what a person waits.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from terminal import Terminal

CONFLICTS = 10

KEYS = {"next conflict": "n", "next suggestion": "j", "page down": "\x1b[6~"}


def main() -> None:
    """Measure both files and print them side by side."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=5000)
    options.add_argument("--repeat", type=int, default=5)
    asked = options.parse_args()
    measured = {lines: measure(lines, asked.repeat) for lines in (50, asked.lines)}
    short, long = measured.values()
    print(f"{'':18}" + "".join(f"{f'{lines} lines':>24}" for lines in measured) + f"{'ratio':>8}")
    for what in short:
        cells = [
            f"{wall * 1000:7.0f} ms, CPU {cpu * 1000:5.0f}"
            for wall, cpu in (short[what], long[what])
        ]
        ratio = long[what][1] / max(short[what][1], 0.001)
        print(f"{what:18}{cells[0]:>24}{cells[1]:>24}{ratio:8.2f}")


def measure(lines: int, repeat: int) -> dict[str, tuple[float, float]]:
    """Give the median wall and CPU seconds of opening a file and of each key."""
    found: dict[str, list[tuple[float, float]]] = {"open": [], **{what: [] for what in KEYS}}
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder, opened(Path(folder), lines) as (screen, took):
            found["open"].append(took)
            screen.until("suggestions─")
            for what, key in KEYS.items():
                before = screen.text
                start, cpu = time.perf_counter(), cpu_of(screen.pid)
                screen.press(key)
                screen.until(lambda text, before=before: text != before)
                found[what].append((time.perf_counter() - start, cpu_of(screen.pid) - cpu))
    medians = {}
    for what, pairs in found.items():
        walls, cpus = zip(*pairs, strict=True)
        medians[what] = statistics.median(walls), statistics.median(cpus)
    return medians


@contextmanager
def opened(folder: Path, lines: int) -> Iterator[tuple[Terminal, tuple[float, float]]]:
    """Open a conflicted file, and give the terminal and what that took until its first screen."""
    conflicted(folder, lines)
    start = time.perf_counter()
    with Terminal.mergetool(cwd=folder, columns=120, rows=40) as screen:
        screen.until(f"conflict 1 of {CONFLICTS}", "function_")
        yield screen, (time.perf_counter() - start, cpu_of(screen.pid))


def conflicted(folder: Path, lines: int) -> None:
    """Make a repository that is in the middle of a merge with ten conflicts in one file."""
    count = max(CONFLICTS, lines // 5)

    def text(side: str) -> str:
        words = [side if n % (count // CONFLICTS) == 0 else "base" for n in range(count)]
        return "".join(
            f'def function_{n}(a):\n    b = a + {n}\n    return "{word}", b\n\n\n'
            for n, word in enumerate(words)
        )

    def git(*arguments: str, check: bool = True) -> None:
        names = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        subprocess.run(["git", *names, *arguments], cwd=folder, check=check, capture_output=True)

    def commit(side: str) -> None:
        (folder / "file.py").write_text(text(side))
        git("add", "-A")
        git("commit", "-q", "-m", side)

    git("init", "-q", "-b", "main")
    commit("base")
    git("checkout", "-q", "-b", "side")
    commit("theirs")
    git("checkout", "-q", "main")
    commit("ours")
    git("merge", "side", check=False)


def cpu_of(pid: int) -> float:
    """Give the seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
