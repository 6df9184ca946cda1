"""Rows of the scripting family.

Bodies of these languages are statements that run in order, so only what may stand in any order
whenever it stands side by side commutes: definitions with definitions, imports with imports.
"""

from gitmerge_ai.syntax.language import Commutative, Language

_PYTHON_DEFINITIONS = ("function_definition", "class_definition", "decorated_definition")
_PYTHON_IMPORTS = ("import_statement", "import_from_statement")

PYTHON = Language(
    name="python",
    grammar="tree_sitter_python:language",
    extensions=(".py", ".pyi", ".pyw"),
    filenames=("SConstruct", "SConscript", "wscript"),
    interpreters=("python", "python3", "python2"),
    signatures={
        "function_definition": ("name",),
        "class_definition": ("name",),
        "decorated_definition": ("definition/name",),
        "import_statement": ("name*",),
        "import_from_statement": ("module_name",),
        "future_import_statement": ("name*",),
        "dotted_name": (".",),
        "aliased_import": ("name", "alias"),
        "keyword_argument": ("name",),
        "pair": ("key",),
        "type_alias_statement": ("left",),
    },
    commutative=(
        Commutative("module", (_PYTHON_IMPORTS, _PYTHON_DEFINITIONS)),
        Commutative("block", (_PYTHON_IMPORTS, _PYTHON_DEFINITIONS)),
        Commutative(
            "import_from_statement",
            (("dotted_name", "aliased_import"),),
            separator=",",
            newline=False,
        ),
        Commutative("argument_list", (("keyword_argument",),), separator=",", newline=False),
        Commutative("dictionary", (("pair",),), separator=",", newline=False),
        Commutative("set", separator=",", newline=False),
    ),
    atoms=frozenset({"string", "concatenated_string"}),
    indent_sensitive=True,
    sorted_members=frozenset(
        {"import_statement", "import_from_statement", "dotted_name", "aliased_import"}
    ),
)

ROWS: tuple[Language, ...] = (PYTHON,)
