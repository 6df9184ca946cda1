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
        ),
        Commutative("argument_list", (("keyword_argument",),), separator=","),
        Commutative("dictionary", (("pair",),), separator=","),
        Commutative("set", separator=","),
        Commutative("except_clause/tuple", separator=","),
        # Elsewhere than behind `except` no tuple has a name.
        Commutative("as_pattern/tuple", separator=","),
    ),
    atoms=frozenset({"string", "concatenated_string"}),
    indent_sensitive=True,
    sorted_members=frozenset(
        {"import_statement", "import_from_statement", "dotted_name", "aliased_import"}
    ),
)


_RUBY_DEFINITIONS = ("method", "singleton_method", "class", "module", "singleton_class")
_RUBY_DECLARATIONS = (
    *("include", "extend", "attr_*", "scope", "has_many", "has_one", "belongs_to", "validates"),
    *("has_and_belongs_to_many", "delegate", "has_secure_password", "alias_method"),
)
_RUBY_IMPORTS = ("require*", "autoload", "load")
_RUBY_DEPENDENCIES = ("gem", "pod", "brew", "cask", "tap")


def _calls(*methods: str) -> tuple[str, ...]:
    return tuple(f"call[method={name}]" for name in methods)


_RUBY_BODY = (
    _RUBY_DEFINITIONS,
    _calls(*_RUBY_IMPORTS),
    _calls(*_RUBY_DEPENDENCIES),
    _calls("add_*dependency"),
    _calls(*_RUBY_DECLARATIONS),
)

RUBY = Language(
    name="ruby",
    grammar="tree_sitter_ruby:language",
    extensions=(".rb", ".rake", ".gemspec", ".ru", ".podspec", ".jbuilder", ".rbi", ".thor"),
    filenames=(
        *("Gemfile", "Rakefile", "Guardfile", "Capfile", "Vagrantfile", "Podfile", "Brewfile"),
        *("Fastfile", "Appfile", "Dangerfile", "Berksfile", "Thorfile", "Puppetfile"),
    ),
    interpreters=("ruby", "jruby", "rake"),
    signatures={
        "method": ("name",),
        "singleton_method": ("object", "name"),
        "class": ("name",),
        "module": ("name",),
        "singleton_class": ("value",),
        "pair": ("key",),
        "assignment": ("left",),
        "keyword_parameter": ("name",),
        "optional_parameter": ("name",),
        "when": ("pattern*",),
        # Of a declaration only the name of what it declares: not its version or its options.
        "call": (
            r"~^(require\w*|gem|pod|brew|cask|tap|has_\w+|belongs_to|scope|delegate)\b"
            r"[\s(]+['\":]?[^'\",\s)]+",
            r"~^\w+\.add_\w*dependency\b[\s(]+['\"][^'\"]+",
        ),
    },
    commutative=(
        Commutative("program", _RUBY_BODY),
        Commutative("body_statement", _RUBY_BODY),
        Commutative("block_body", _RUBY_BODY),
        Commutative("hash", (("pair",),), separator=","),
        Commutative("argument_list", (("pair",),), separator=","),
    ),
    atoms=frozenset({"string", "regex", "subshell", "heredoc_body", "delimited_symbol"}),
)

LUA = Language(
    name="lua",
    grammar="tree_sitter_lua:language",
    extensions=(".lua", ".rockspec", ".wlua"),
    filenames=(".luacheckrc",),
    interpreters=("lua", "luajit", "texlua"),
    signatures={
        "function_declaration": ("name",),
        "variable_declaration": ("assignment_statement/variable_list", "variable_list"),
        "assignment_statement": ("variable_list",),
        "field": ("name",),
    },
    commutative=(
        Commutative(
            "chunk",
            (
                ("function_declaration",),
                ("variable_declaration[assignment_statement/expression_list=require*]",),
            ),
        ),
        Commutative("block", (("function_declaration",),)),
        Commutative("table_constructor", (("field[name]",),), separator=","),
    ),
    atoms=frozenset({"string"}),
)

BASH = Language(
    name="bash",
    grammar="tree_sitter_bash:language",
    extensions=(".sh", ".bash", ".zsh", ".ksh", ".bats", ".ebuild", ".envrc"),
    filenames=(
        *(".bashrc", ".bash_profile", ".bash_aliases", ".profile", ".zshrc", ".zshenv"),
        *(".zprofile", "PKGBUILD", "APKBUILD"),
    ),
    interpreters=("bash", "sh", "dash", "zsh", "ksh", "ash"),
    signatures={
        "function_definition": ("name",),
        "variable_assignment": ("name",),
        "declaration_command": ("variable_assignment*/name", "variable_name*"),
        "case_item": ("value*",),
        "command": (r"~^alias\s+[^=\s]+",),
    },
    commutative=(
        Commutative("program", (("function_definition",), ("command[name=alias]",))),
        Commutative("compound_statement", (("function_definition",),)),
    ),
    atoms=frozenset(
        {"string", "raw_string", "ansi_c_string", "heredoc_body", "regex", "translated_string"}
    ),
)

ROWS: tuple[Language, ...] = (PYTHON, RUBY, LUA, BASH)
