"""The classifier's vocabulary: cuts words into numbered pieces, by the `tokenizers` library."""

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer


class Vocabulary:
    """A tokenizer read from a file, without its own idea of truncation or padding."""

    def __init__(self, file: Path) -> None:
        """Read a `tokenizer.json`.

        Raises:
            Exception: the library cannot read it.
        """
        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.start = self._id("[CLS]")
        self.end = self._id("[SEP]")
        self.mask = self._id("[MASK]")

    def _id(self, piece: str) -> int:
        found = self._tokenizer.token_to_id(piece)
        if found is None:
            raise ValueError(f"the vocabulary has no {piece}")
        return int(found)

    def __len__(self) -> int:
        return int(self._tokenizer.get_vocab_size())

    def __call__(self, words: Sequence[str]) -> list[list[int]]:
        """Give the pieces of each word."""
        pieces: list[list[int]] = [[] for _ in words]
        if words:
            # A lone surrogate stands for a byte of no known code; the library takes none.
            readable = [word.encode("utf-8", "replace").decode() for word in words]
            found = self._tokenizer.encode(readable, is_pretokenized=True, add_special_tokens=False)
            for piece, word in zip(found.ids, found.word_ids, strict=True):
                if word is not None:
                    pieces[word].append(piece)
        return pieces
