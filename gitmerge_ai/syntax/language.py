"""What a language is to the merge: one row of data.

A row names the grammar and says which lists are sets and what identifies their members. It holds
no code: `syntax/tree.py` reads `grammar`, `atoms`, `comments`, `attached` and `signatures`;
`merging/` reads the rest. A language without a row still merges by lines and tokens.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Commutative(NamedTuple):
    """A parent whose children may stand in any order.

    parent: the node kind that holds the list (`class_body`, `object`, `import_list`, …), with the
        kind above it and a slash where it is a list only there (`attribute/token_tree`). Of two
        rules that fit, the first counts.
    children: groups of child kinds (or fields), each by name or with what it has to hold, as
        `call[method=require]` (`syntax/paths.py`). Members of one group commute with one another
        and with nothing else, so that none crosses what is not named here (C++'s access specifiers,
        Ruby's `private`); `("*",)` is every named child. Two sides that both insert children
        of one group at one place give both, ours first (or in order, where the file's list is
        sorted).
    separator: what stands between members ("," or "" where white space does).
    distinct: paths to what two additions must not have alike: enumerators' values.
    """

    parent: str
    children: tuple[tuple[str, ...], ...] = (("*",),)
    separator: str = ""
    distinct: tuple[str, ...] = ()


class Language(NamedTuple):
    """One row of the table.

    name: as in `git config gitmerge-ai.languages` and the `gitmerge-ai-language` attribute.
    grammar: module of the wheel and the function that gives the grammar,
        "tree_sitter_java:language".
    extensions, filenames, interpreters: which paths are of this language (extension with the dot;
        whole file names; names in a `#!` line).
    signatures: for a node kind, the paths (`syntax/paths.py`) to what identifies it among its
        siblings. E.g. Java's `"method_declaration": ("name", "parameters/formal_parameter*/type")`.
        Two siblings with one kind and one signature are versions of one declaration; a result has
        only one of them.
    commutative: see `Commutative`.
    attached: node kinds, comments aside, that belong to the sibling after them (Rust's attributes,
        decorators where the grammar makes them siblings).
    comments: kinds of comment nodes.
    atoms: node kinds that are one token to the merge: strings, template text, regular expressions.
        Leaves always are.
    indent_sensitive: white space at line starts is syntax (Python, YAML).
    sorted_members: child kinds (imports, dependencies) that are put in order where their
        neighbours in the file already stand in order.
    extra: True for grammars that come with `pip install gitmerge-ai[languages]`.
    """

    name: str
    grammar: str
    extensions: tuple[str, ...]
    filenames: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    signatures: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    commutative: tuple[Commutative, ...] = ()
    attached: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset({"comment"})
    atoms: frozenset[str] = frozenset()
    indent_sensitive: bool = False
    sorted_members: frozenset[str] = frozenset()
    extra: bool = False
