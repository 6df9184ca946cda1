"""The dependencies that a lock file has in another version, of those that its project asked for.

Read off the lines that changed, each with the line above it, for lock files are long. A lock file
tells of hundreds of dependencies; a person updates those that the manifest beside it names.
"""

import re
from collections.abc import Iterator, Mapping

from gitmerge_ai.messages.parts import Part

LOCKS: Mapping[str, str] = {
    "package-lock.json": "package.json",
    "npm-shrinkwrap.json": "package.json",
    "yarn.lock": "package.json",
    "pnpm-lock.yaml": "package.json",
    "Cargo.lock": "Cargo.toml",
    "poetry.lock": "pyproject.toml",
    "uv.lock": "pyproject.toml",
    "pdm.lock": "pyproject.toml",
    "Gemfile.lock": "Gemfile",
    "composer.lock": "composer.json",
}
"""By the name of a lock file, the manifest that stands beside it."""

_VERSION = r"(?P<version>\d[\w.+-]*)"

_BOTH = (
    rf"    (?P<name>[\w.-]+) \({_VERSION}\)$",  # Gemfile.lock
    rf"\s+'?/?(?P<name>@?[\w./-]+)@{_VERSION}(?:\(.*\))?'?:$",  # pnpm-lock.yaml
)
_NAME = (
    r'\s*"node_modules/(?P<name>(?:@[\w.-]+/)?[\w.-]+)": \{$',  # package-lock.json
    r'name = "(?P<name>[^"]+)"$',  # Cargo.lock, poetry.lock, uv.lock, pdm.lock
    r'\s*"name": "(?P<name>[^"]+)",$',  # composer.lock
    r'"?(?P<name>@?[\w./-]+)@[^:]*:$',  # yarn.lock
)
_ALONE = rf"\s*\"?version\"?(?: = |: | )\"?v?{_VERSION}\"?,?$"
"""A line with a dependency and its version; those with one of them."""


def locked(shown: str, path: str, manifest: str) -> Iterator[Part]:
    """Give the dependencies that a manifest names and its lock file has in another version.

    Where nothing that it names has, but one other dependency alone does, that one is given.

    Args:
        shown: the change of the lock file as git shows it, a line of context around.
        path: of the lock file.
        manifest: the text of the manifest.
    """
    sides: dict[str, dict[str, str]] = {"-": {}, "+": {}}
    name = ""
    for line in shown.splitlines():
        sign, text = line[:1], line[1:]
        if sign == "@":
            name = ""
        elif both := _first(_BOTH, text):
            sides.get(sign, {})[both["name"]] = both["version"]
        elif named := _first(_NAME, text):
            name = named["name"]
        elif name and sign in sides and (alone := re.match(_ALONE, text)):
            sides[sign][name] = alone["version"]
    before, after = sides["-"], sides["+"]
    moved = [each for each in after if before.get(each, after[each]) != after[each]]
    direct = [each for each in moved if _is_in(each, manifest)]
    for each in direct or (moved if len(moved) == 1 else []):
        yield Part("bump", "dependency", each, path, before[each], after[each])


def _first(forms: tuple[str, ...], line: str) -> re.Match[str] | None:
    return next(filter(None, (re.match(form, line) for form in forms)), None)


def _is_in(name: str, manifest: str) -> bool:
    return re.search(rf"(?<![\w@/.-]){re.escape(name)}(?![\w/.-])", manifest) is not None
