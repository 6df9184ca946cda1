"""The dependencies that a manifest names, each with its version, whatever the kind of manifest.

Read line by line, by form: a change of versions is to be told, not a manifest to be understood.
"""

import re

MANIFESTS = re.compile(
    r"(^|/)(requirements[^/]*\.(txt|in)|pyproject\.toml|setup\.(cfg|py)|package\.json|Cargo\.toml"
    r"|go\.mod|Gemfile|pom\.xml|build\.gradle(\.kts)?|libs\.versions\.toml|[^/]+\.[cf]sproj"
    r"|Directory\.(Build|Packages)\.props|\.pre-commit-config\.yaml|composer\.json|Dockerfile"
    r"|environment\.ya?ml|pubspec\.yaml|mix\.exs)$"
    r"|(^|/)requirements/|(^|/)\.github/workflows/"
)

BUILDS = re.compile(r"(^|/)(CMakeLists\.txt|[^/]+\.cmake)$")
"""Files that may require dependencies, among all else that a build needs."""

_VERSION = r"v?(?P<version>\d[\w.+-]*)"

_HASH = r"[0-9a-f]{40}"

# An action is known by its repository, whichever of its folders is used.
_USES = r"^\s*-?\s*uses:\s*['\"]?(?P<name>[\w.-]+(?:/[\w.-]+)?)(?:/[\w./-]+)?@"

_FORMS = (
    rf"{_USES}{_HASH}['\"]?\s+#\s*(?:[A-Za-z]+[=: ]\s*)?{_VERSION}",
    rf"{_USES}(?P<version>{_HASH})\b",
    rf"{_USES}{_VERSION}",
    rf"""\bInclude="(?P<name>[^"]+)"\s+Version="[\[(]?{_VERSION}""",
    rf"""^\s*gem\s*\(?['"](?P<name>[^'"]+)['"],\s*['"][~<>=\s]*{_VERSION}""",
    rf"""['"](?P<name>[\w.-]+:[\w.-]+):{_VERSION}['"]""",
    rf"^FROM\s+(?:--\S+\s+)?(?P<name>[\w./-]+):{_VERSION}",
    r"""^[\s"'<-]*(?:require\s+)?(?P<name>@?[A-Za-z][\w./@-]*?)(?:\[[\w, -]+\])?["']?\s*"""
    r"""(?:[@:=~^<>!,{\s"'>]|version)+v?(?P<version>\d+(?:\.\d+)+[\w.+-]*)""",
)
"""A line that names a dependency and its version, the forms that say most of themselves first."""

_NAME = (
    r"<artifactId>(?P<xml>[^<]+)|^\s*-?\s*repo:\s*\S*?(?P<yaml>[\w.-]+?)(?:\.git)?$"
    r"|FetchContent_Declare\s*\(\s*(?P<cmake>[\w.-]+)"
)
_ALONE = rf"^\s*(?:<version>|rev:\s*['\"]?|GIT_TAG\s+\"?){_VERSION}"
"""A line that names a dependency, and one that has the version of the one named before."""


def required(text: bytes) -> dict[str, str]:
    """Give the versions of dependencies by name.

    Args:
        text: of a manifest.
    """
    found: dict[str, str] = {}
    named = ""
    for line in text.decode("utf-8", "replace").splitlines():
        name, alone = re.search(_NAME, line), re.match(_ALONE, line)
        if name:
            named = name["xml"] or name["yaml"] or name["cmake"]
        elif alone and named:
            found[named], named = alone["version"], ""
        elif whole := next(filter(None, (re.search(form, line) for form in _FORMS)), None):
            found[whole["name"]] = whole["version"]
    return found


def is_hash(version: str) -> bool:
    """Whether a version is the name of a commit, which nobody wants to read."""
    return re.fullmatch(_HASH, version) is not None
