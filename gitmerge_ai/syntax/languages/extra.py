"""Rows of the extra family: rarer languages, whose grammars `gitmerge-ai[languages]` brings.

Where a grammar makes siblings of what belongs together (Dart's signatures and bodies, equations of
a Haskell function), the definitions do not commute: one of another name could come between them.
"""

from gitmerge_ai.syntax.language import Commutative, Language

HASKELL = Language(
    name="haskell",
    grammar="tree_sitter_haskell:language",
    extensions=(".hs", ".hsc", ".hs-boot"),
    signatures={
        "import": ("module", "qualified", "alias"),
        "import_name": (".",),
        "export": (".",),
        "data_type": ("name",),
        "newtype": ("name",),
        "class": ("name",),
        "instance": ("name", "patterns"),
        "signature": ("name",),
        "field": ("name",),
        "data_constructor": ("constructor/name",),
    },
    commutative=(
        Commutative("imports", (("import",),)),
        Commutative("import_list", (("import_name",),), separator=","),
        Commutative("exports", (("export",),), separator=","),
        Commutative("deriving/tuple", separator=","),
        Commutative("declarations", (("instance",), ("data_type", "newtype", "class"))),
    ),
    comments=frozenset({"comment", "haddock"}),
    atoms=frozenset({"literal", "pragma"}),
    sorted_members=frozenset({"import", "import_name"}),
    extra=True,
)

_OCAML_ITEMS = (
    *("value_definition", "type_definition", "module_definition", "exception_definition"),
    *("external", "value_specification", "class_definition", "module_type_definition"),
)

_OCAML_SIGNATURES: dict[str, tuple[str, ...]] = {
    "value_definition": ("let_binding*/pattern",),
    "type_definition": ("type_binding*/name",),
    "module_definition": ("module_binding*/module_name",),
    "exception_definition": ("constructor_declaration/constructor_name",),
    "value_specification": ("value_name",),
    "open_module": ("module",),
    "constructor_declaration": ("constructor_name",),
    "field_declaration": ("field_name",),
    "match_case": ("pattern", "guard"),
}

_OCAML_LISTS = (
    Commutative("compilation_unit", (_OCAML_ITEMS,)),
    Commutative("structure", (_OCAML_ITEMS,)),
    Commutative("signature", (_OCAML_ITEMS,)),
)

OCAML = Language(
    name="ocaml",
    grammar="tree_sitter_ocaml:language_ocaml",
    extensions=(".ml",),
    interpreters=("ocaml",),
    signatures=_OCAML_SIGNATURES,
    commutative=_OCAML_LISTS,
    attached=frozenset({"attribute"}),
    atoms=frozenset({"string", "quoted_string"}),
    extra=True,
)

OCAML_INTERFACE = Language(
    name="ocaml-interface",
    grammar="tree_sitter_ocaml:language_ocaml_interface",
    extensions=(".mli",),
    signatures=_OCAML_SIGNATURES,
    commutative=_OCAML_LISTS,
    attached=frozenset({"attribute"}),
    atoms=frozenset({"string", "quoted_string"}),
    extra=True,
)

ELIXIR = Language(
    name="elixir",
    grammar="tree_sitter_elixir:language",
    extensions=(".ex", ".exs"),
    interpreters=("elixir",),
    signatures={
        "call": (
            r"~^(def\w*)\s+[\w.?!]+",
            r"~^(alias|import|use|require)\s+[\w.]+",
            r"~^(test|describe|field|has_many|belongs_to)\s*\(?\s*[\":]\w[^\"\n,]*",
        ),
        "pair": ("key",),
        "tuple": (r"~^\{\s*:\w+",),
    },
    commutative=(
        Commutative(
            "do_block",
            (
                ("call[target=def*]",),
                ("call[target=alias]",),
                ("call[target=import]",),
                ("call[target=test]", "call[target=describe]"),
            ),
        ),
        Commutative("source", (("call[target=defmodule]",),)),
        Commutative("keywords", (("pair",),), separator=","),
        # Dependencies in `mix.exs`: `{:name, "~> 1.0"}`.
        Commutative("list", (("tuple[atom]",),), separator=","),
    ),
    # `@doc` and `@spec` belong to the function after them.
    attached=frozenset({"unary_operator"}),
    atoms=frozenset({"string", "charlist", "sigil", "alias"}),
    extra=True,
)

DART = Language(
    name="dart",
    grammar="tree_sitter_dart:language",
    extensions=(".dart",),
    signatures={
        "import_or_export": (r"~['\"].*?['\"]",),
        "class_definition": ("name",),
        "enum_declaration": ("name",),
        "enum_constant": ("name",),
        "named_argument": ("label",),
        "pair": ("key",),
    },
    commutative=(
        Commutative("program", (("import_or_export",), ("class_definition", "enum_declaration"))),
        Commutative("set_or_map_literal", (("pair",),), separator=","),
        Commutative("arguments", (("named_argument",),), separator=","),
    ),
    comments=frozenset({"comment", "documentation_comment"}),
    atoms=frozenset({"string_literal"}),
    sorted_members=frozenset({"import_or_export"}),
    extra=True,
)

SOLIDITY = Language(
    name="solidity",
    grammar="tree_sitter_solidity:language",
    extensions=(".sol",),
    signatures={
        "function_definition": ("name", "parameter*/type"),
        "modifier_definition": ("name",),
        "event_definition": ("name",),
        "error_declaration": ("name",),
        "struct_declaration": ("name",),
        "enum_declaration": ("name",),
        "contract_declaration": ("name",),
        "interface_declaration": ("name",),
        "library_declaration": ("name",),
        "state_variable_declaration": ("name",),
        "struct_member": ("name",),
        "import_directive": ("source", "import_name*"),
    },
    # State variables, struct members and enum values have a layout, so they do not commute.
    commutative=(
        Commutative(
            "source_file",
            (
                ("import_directive",),
                ("contract_declaration", "interface_declaration", "library_declaration"),
            ),
        ),
        Commutative(
            "contract_body",
            (
                ("function_definition",),
                ("modifier_definition",),
                ("event_definition",),
                ("error_declaration",),
            ),
        ),
    ),
    atoms=frozenset({"string", "hex_string_literal", "unicode_string_literal"}),
    extra=True,
)

FORTRAN = Language(
    name="fortran",
    grammar="tree_sitter_fortran:language",
    extensions=(".f90", ".f95", ".f03", ".f08", ".f", ".for", ".ftn"),
    signatures={
        "subroutine": ("subroutine_statement/name",),
        "function": ("function_statement/name",),
        "module": ("module_statement/name",),
        "program": ("program_statement/name",),
        "use_statement": ("module_name",),
        "derived_type_definition": ("derived_type_statement/type_name",),
    },
    commutative=(
        Commutative("internal_procedures", (("subroutine", "function"),)),
        Commutative("translation_unit", (("subroutine", "function", "module"),)),
    ),
    atoms=frozenset({"string_literal"}),
    extra=True,
)

JULIA = Language(
    name="julia",
    grammar="tree_sitter_julia:language",
    extensions=(".jl",),
    interpreters=("julia",),
    signatures={
        "function_definition": ("signature",),
        "macro_definition": ("signature",),
        "struct_definition": ("type_head",),
        "module_definition": ("name",),
        "using_statement": (".",),
        "import_statement": (".",),
    },
    commutative=tuple(
        Commutative(
            parent,
            (
                ("using_statement", "import_statement"),
                ("function_definition", "macro_definition"),
            ),
        )
        for parent in ("source_file", "module_definition")
    ),
    comments=frozenset({"line_comment", "block_comment"}),
    atoms=frozenset({"string_literal", "command_literal", "prefixed_string_literal"}),
    extra=True,
)

POWERSHELL = Language(
    name="powershell",
    grammar="tree_sitter_powershell:language",
    extensions=(".ps1", ".psm1", ".psd1"),
    interpreters=("pwsh",),
    signatures={
        "function_statement": ("function_name",),
        "class_statement": ("simple_name",),
        "class_property_definition": ("variable",),
        "hash_entry": ("key_expression",),
        "script_parameter": ("variable",),
    },
    commutative=(
        Commutative("statement_list", (("function_statement",), ("class_statement",))),
        Commutative("hash_literal_body", (("hash_entry",),)),
    ),
    atoms=frozenset({"expandable_string_literal", "verbatim_string_characters"}),
    extra=True,
)

PERL = Language(
    name="perl",
    grammar="tree_sitter_perl:language",
    extensions=(".pl", ".pm", ".t", ".psgi"),
    filenames=("cpanfile", "Makefile.PL"),
    interpreters=("perl",),
    signatures={
        "subroutine_declaration_statement": ("name",),
        "package_statement": ("name",),
        "use_statement": (".",),
    },
    commutative=(
        Commutative("source_file", (("use_statement",), ("subroutine_declaration_statement",))),
    ),
    comments=frozenset({"comment", "pod"}),
    atoms=frozenset({"string_literal", "interpolated_string_literal", "quoted_regexp"}),
    extra=True,
)

ROWS: tuple[Language, ...] = (
    HASKELL,
    OCAML,
    OCAML_INTERFACE,
    ELIXIR,
    DART,
    SOLIDITY,
    FORTRAN,
    JULIA,
    POWERSHELL,
    PERL,
)
