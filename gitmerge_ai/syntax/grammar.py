"""The grammars themselves: loading a language's wheel, and what a grammar says of itself.

What a text's tree looks like to a merge is `tree.py`'s.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType

from tree_sitter import Language as Grammar
from tree_sitter import Parser, Query

OWN_EXTRAS = {"tree_sitter_cmake": "cmake"}
"""Grammars that the extra `languages` leaves out, and the extra that has them."""


class MissingGrammar(Exception):
    """The wheel of a language is not installed; the message names it."""


@cache
def parser(grammar: str) -> Parser:
    """Load a grammar, once.

    Args:
        grammar: as in `Language.grammar`.

    Raises:
        MissingGrammar: the language's wheel is not installed.
    """
    module, _, function = grammar.partition(":")
    try:
        found: Callable[[], object] = getattr(_binding(module), function or "language")
    except ModuleNotFoundError as error:
        wheel = module.replace("_", "-")
        extra = OWN_EXTRAS.get(module)
        more = f"gitmerge-ai[{extra}]" if extra else "gitmerge-ai[languages] for all of them"
        raise MissingGrammar(f"no grammar: install {wheel}, or {more}") from error
    return Parser(Grammar(found()))


@cache
def _binding(module: str) -> ModuleType:
    """Import the compiled part of a grammar's wheel.

    Alone where that works: the wheel's own module imports what reads query files, which takes
    longer than a parse.
    """
    package = PathFinder.find_spec(module)
    places = package.submodule_search_locations if package else None
    compiled = PathFinder.find_spec(f"{module}._binding", places) if places else None
    if compiled is None or compiled.loader is None:
        return import_module(module)
    binding = module_from_spec(compiled)
    compiled.loader.exec_module(binding)
    return binding


@cache
def keywords(grammar: str) -> frozenset[str]:
    """Give the words that a grammar has for itself.

    Raises:
        MissingGrammar: the language's wheel is not installed.
    """
    found = parser(grammar).language
    if found is None:
        return frozenset()
    kinds = range(found.node_kind_count)
    names = (found.node_kind_for_id(k) for k in kinds if not found.node_kind_is_named(k))
    return frozenset(name for name in names if name and name.isalpha())


@cache
def kind_query(grammar: str, kinds: frozenset[str]) -> Query | None:
    """Make the query that finds nodes of these kinds, None if there are none."""
    language = parser(grammar).language
    if language is None or not kinds:
        return None
    return Query(language, "\n".join(f"({kind}) @found" for kind in sorted(kinds)))
