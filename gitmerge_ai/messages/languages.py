"""Which language a message is in, by its script and by the small words that only one language has.

Most messages are too short to tell; then nothing is said. What is usual in a repository is not
known here.
"""

import re
from collections import Counter

_SMALL_WORDS = {
    "English": "the and for with from when of to is not that this by an as are be it on at",
    "German": "und der die das für mit nicht von auf bei ein eine einen wird zu beim aus den dem",
    "French": "le la les des pour dans avec une du et sur pas est aux au en un ne",
    "Spanish": "el la los las para con una del y por en se un al que",
    "Portuguese": "os para com uma da dos não em na ao um que",
    "Italian": "il lo la di con una del della che nel non un dei alla",
    "Dutch": "het een voor met van niet bij naar en op te",
    "Polish": "dla nie na się jest oraz przy po od",
}

# None of them is an English word too, for messages in any language quote English.
_SPEAKS = {
    word: [language for language, words in _SMALL_WORDS.items() if word in words.split()]
    for words in _SMALL_WORDS.values()
    for word in words.split()
}

_WORD = re.compile(r"[^\W\d_]+")

_FOREIGN_SHARE = 0.3
"""Letters of another script from which on a message is written in it; code in it is Latin."""

ENOUGH = 2
"""Small words that tell a language."""


def language(text: str) -> str | None:
    """Say which language a text is in, or which script if it is not Latin; `None` if unknown."""
    if not text.isascii():
        scripts = Counter(_script(letter) for letter in text if letter.isalpha())
        most, latin = scripts.total(), scripts.pop("Latin", 0)
        if scripts and most - latin >= _FOREIGN_SHARE * most:
            return f"{scripts.most_common(1)[0][0]} script"
    votes = small_words(text)
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < ENOUGH:
        return None
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] > ranked[1][1] else None


def small_words(text: str) -> Counter[str]:
    """Count the small words of each language in a text."""
    known = [word for word in _WORD.findall(text.lower()) if word in _SPEAKS]
    return Counter(language for word in known for language in _SPEAKS[word])


def _script(letter: str) -> str:
    import unicodedata  # for what is not plain ASCII only

    name = unicodedata.name(letter, "LATIN").split()[0]
    return "Chinese or Japanese" if name in ("CJK", "HIRAGANA", "KATAKANA") else name.title()
