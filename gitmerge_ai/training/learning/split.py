"""Which repositories train, which validate, which test: by repository, never by conflict.

The table names what is held out; whatever else is mined is for training. A repository's forks and
mirrors go by its own name.
"""

from enum import Enum
from pathlib import Path


class Part(Enum):
    """A part of the split.

    `VALID` chooses among models and calibrates them; `TEST` is looked at for figures only.
    """

    TRAIN = "train"
    VALID = "valid"
    TEST = "test"


HELD_OUT: dict[str, Part] = {
    **dict.fromkeys(
        (
            "micropython/micropython",
            "SFML/SFML",
            "NLog/NLog",
            "gin-gonic/gin",
            "tendermint/tendermint",
            "antlr/antlr4",
            "qos-ch/logback",
            "mochajs/mocha",
            "parse-community/parse-server",
            "scrapy/scrapy",
            "tokio-rs/tokio",
            "palantir/tslint",
        ),
        Part.VALID,
    ),
    **dict.fromkeys(
        (
            "libav/libav",
            "OpenRCT2/OpenRCT2",
            "AutoMapper/AutoMapper",
            "JamesNK/Newtonsoft.Json",
            "traefik/traefik",
            "ReactiveX/RxJava",
            "eclipse-vertx/vert.x",
            "Automattic/mongoose",
            "mitmproxy/mitmproxy",
            "pytest-dev/pytest",
            "rust-lang/rust-clippy",
            "diem/diem",
            "ReactiveX/rxjs",
            "apollographql/apollo-client",
        ),
        Part.TEST,
    ),
}
"""By owner and name; nine languages in each part."""


def part_of(name: str) -> Part:
    """Tell the part of a repository.

    Args:
        name: as its folder is called: `owner/name`, or with another sign between the two.
    """
    known = {other.replace("/", ""): part for other, part in HELD_OUT.items()}
    plain = "".join(sign for sign in name if sign not in "/+_ ")
    return known.get(plain, Part.TRAIN)


def parts(folder: Path) -> dict[Part, list[Path]]:
    """Sort a folder's prepared repositories into the parts of the split."""
    found: dict[Part, list[Path]] = {part: [] for part in Part}
    for file in sorted(folder.glob("*.npz")):
        if not file.name.startswith("part-"):
            found[part_of(file.stem)].append(file)
    return found
