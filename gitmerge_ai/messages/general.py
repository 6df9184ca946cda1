"""What commit messages say anywhere: n-grams counted over many repositories, as plain numbers.

It knows how words go on where a repository's own history has never said so. What belongs to one
change (a version, a ticket, a name) stands in it as a kind of token only. The counts are made by
`gitmerge_ai.training.messages.counting`.
"""

import gzip
import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from gitmerge_ai.shipped import folder

FILE = "messages-general.json.gz"
FORMAT = 1

ORDER = 3
"""Tokens of the longest n-gram."""

VARIETY = 1.5
"""How much weight the different tokens that followed a context leave to shorter contexts."""

LEAST = 1e-7


class General:
    """Counts of n-grams of contexts, as `words.context` gives them."""

    def __init__(
        self, tokens: Sequence[str], counts: Sequence[int], grams: dict[str, Sequence[int]]
    ) -> None:
        """Take the counts.

        Args:
            tokens: all that are known, as they are written most often.
            counts: of each token.
            grams: for each context, numbers of tokens joined by spaces: how often it was there,
                how many different tokens followed, then tokens and how often they followed.
        """
        self._tokens = tokens
        self._total = sum(counts) or 1
        self._counts = counts
        self._grams = grams
        self._number = {token.lower(): number for number, token in enumerate(tokens)}
        self._sorted = sorted(self._number)
        self._known: dict[tuple[int, ...], Mapping[str, float]] = {}

    def following(self, context: Sequence[str]) -> Mapping[str, float]:
        """Give tokens that could follow others and how probable each is; the rest is unknown.

        Interpolated as by Witten and Bell (1991).

        Args:
            context: the tokens before, as `words.context` gives them.
        """
        numbers = tuple(self._number.get(token, -1) for token in context[1 - ORDER :])
        if numbers not in self._known:
            self._known[numbers] = self._interpolated(numbers)
        return self._known[numbers]

    def _interpolated(self, numbers: tuple[int, ...]) -> dict[str, float]:
        shares: dict[int, float] = {}
        for length in range(1, len(numbers) + 1):
            found = self._grams.get(" ".join(map(str, numbers[-length:])))
            if not found:
                break
            there, variety, *pairs = found
            left = VARIETY * variety / (VARIETY * variety + there)
            shares = {number: share * left for number, share in shares.items()}
            for number, count in zip(pairs[::2], pairs[1::2], strict=True):
                base = 0.0 if shares.get(number) else left**length * self._counts[number]
                shares[number] = shares.get(number, base / self._total) + (1 - left) * count / there
        return {self._tokens[number]: share for number, share in shares.items()}

    def beginning(self, stem: str) -> Iterator[tuple[str, float]]:
        """Give the tokens that begin like a word and how probable each is anywhere.

        Args:
            stem: in lower case.
        """
        at = bisect_left(self._sorted, stem)
        while at < len(self._sorted) and self._sorted[at].startswith(stem):
            number = self._number[self._sorted[at]]
            yield self._tokens[number], self._counts[number] / self._total
            at += 1

    def share(self, token: str) -> float:
        """Say how probable a token is anywhere, in lower case; never zero."""
        number = self._number.get(token)
        return LEAST if number is None else self._counts[number] / self._total


NOTHING = General((), (), {})


@lru_cache(maxsize=1)
def shipped() -> General:
    """Read the counts that ship; none where they cannot be read."""
    try:
        return read(folder("models") / FILE)
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return NOTHING


def read(file: Path) -> General:
    """Read what `write` wrote.

    Raises:
        OSError: there is no file, or it is damaged.
        ValueError: it is damaged, or of another format.
    """
    found = json.loads(gzip.decompress(file.read_bytes()))
    if found["format"] != FORMAT:
        raise ValueError(f"{file}: format {found['format']} is not {FORMAT}")
    return General(found["tokens"], found["counts"], found["grams"])


def write(
    tokens: Sequence[str], counts: Sequence[int], grams: dict[str, Sequence[int]], file: Path
) -> None:
    """Write counts as `General` takes them; the same counts give the same bytes."""
    said = {"format": FORMAT, "tokens": tokens, "counts": counts, "grams": grams}
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    file.write_bytes(gzip.compress(text.encode(), mtime=0))
