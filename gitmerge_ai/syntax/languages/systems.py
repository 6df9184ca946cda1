"""Rows of the systems family: Go, Rust, Swift and Zig.

Constants whose values follow from their places do not commute. Cases of a switch commute where they
cannot fall through, arms of a match where they cannot overlap.
"""

from gitmerge_ai.syntax.language import Commutative, Language

_GO_DECLARATIONS = (
    "function_declaration",
    "method_declaration",
    "type_declaration",
    "const_declaration",
    "var_declaration",
)
_GO_LITERALS = (
    "interpreted_string_literal",
    "raw_string_literal",
    "rune_literal",
    "int_literal",
    "float_literal",
    "selector_expression",
)
_GO_CONSTANTS = tuple(f"const_spec[value/{literal}]" for literal in _GO_LITERALS)
_GO_CASES = tuple(
    f"expression_case[value/{constant}]" for constant in (*_GO_LITERALS, "identifier")
)

GO = Language(
    name="go",
    grammar="tree_sitter_go:language",
    extensions=(".go",),
    signatures={
        "function_declaration": ("name",),
        "method_declaration": ("receiver/parameter_declaration/type", "name"),
        "type_declaration": ("type_spec/name", "type_alias/name"),
        # A block is known by its first member, and all import blocks are alike.
        "const_declaration": ("const_spec/name",),
        "var_declaration": ("var_spec/name", "var_spec/type", "var_spec_list/var_spec/name"),
        "import_declaration": ("import_spec/path", "import_spec_list/("),
        "import_spec": ("path",),
        "type_spec": ("name",),
        "type_alias": ("name",),
        "const_spec": ("name*",),
        # What is assigned to `_` is told apart by its type.
        "var_spec": ("name*", "type"),
        "field_declaration": ("name*",),
        "method_elem": ("name",),
        "keyed_element": ("key",),
        "expression_case": ("value",),
        "type_case": ("type*",),
    },
    commutative=(
        Commutative("source_file", (("import_declaration",), _GO_DECLARATIONS)),
        Commutative("import_spec_list", (("import_spec",),)),
        Commutative("type_declaration", (("type_spec", "type_alias"),)),
        Commutative("const_declaration", (_GO_CONSTANTS,), distinct=("value",)),
        Commutative("expression_switch_statement", (_GO_CASES,)),
        Commutative(
            "expression_case/expression_list",
            ((*_GO_LITERALS, "identifier"),),
            separator=",",
        ),
        # A value fits one pointer type only, but maybe several interfaces.
        Commutative("type_switch_statement", (("type_case[pointer_type]",),)),
        Commutative("var_spec_list", (("var_spec",),)),
        Commutative("interface_type", (("method_elem",), ("type_elem",))),
        Commutative("field_declaration_list", (("field_declaration",),)),
        Commutative("literal_value", (("keyed_element",),), separator=","),
    ),
    atoms=frozenset({"interpreted_string_literal", "raw_string_literal", "rune_literal"}),
    sorted_members=frozenset({"import_spec"}),
)

_RUST_ITEMS = (
    "mod_item",
    "function_item",
    "function_signature_item",
    "struct_item",
    "enum_item",
    "union_item",
    "trait_item",
    "impl_item",
    "const_item",
    "static_item",
    "type_item",
    "associated_type",
)
_RUST_LITERALS = ("string_literal", "integer_literal", "char_literal")
_RUST_ARMS = tuple(
    f"match_arm[pattern/{pattern}]"
    for pattern in (
        "scoped_identifier",
        "tuple_struct_pattern",
        "struct_pattern",
        *_RUST_LITERALS,
    )
)
_RUST_USES = ("use_declaration", "extern_crate_declaration")

RUST = Language(
    name="rust",
    grammar="tree_sitter_rust:language",
    extensions=(".rs",),
    interpreters=("rust-script", "cargo"),
    signatures={
        **{kind: ("name",) for kind in _RUST_ITEMS if kind != "impl_item"},
        "impl_item": ("trait", "type"),
        "macro_definition": ("name",),
        "extern_crate_declaration": (".",),
        # A list of names is known by where they come from.
        "use_declaration": (
            "visibility_modifier",
            "scoped_use_list/path",
            "scoped_identifier",
            "identifier",
            "use_as_clause",
            "use_wildcard",
        ),
        "field_declaration": ("name",),
        "enum_variant": ("name",),
        "field_initializer": ("field",),
        "shorthand_field_initializer": (".",),
        "where_predicate": ("left",),
        "match_arm": ("pattern",),
    },
    commutative=(
        Commutative("source_file", (_RUST_USES, _RUST_ITEMS)),
        Commutative("declaration_list", (_RUST_USES, _RUST_ITEMS)),
        Commutative("use_list", separator=","),
        Commutative("enum_variant_list", (("enum_variant",),), separator=",", distinct=("value",)),
        Commutative("field_declaration_list", (("field_declaration",),), separator=","),
        Commutative(
            "field_initializer_list",
            (("field_initializer", "shorthand_field_initializer"),),
            separator=",",
        ),
        Commutative("trait_bounds", separator="+"),
        # Two arms for one variant may overlap.
        Commutative(
            "match_block",
            (_RUST_ARMS,),
            distinct=("pattern/tuple_struct_pattern/type", "pattern/struct_pattern/type"),
        ),
        # Lists of derives and lints; elsewhere a token tree is the arguments of any macro.
        Commutative("attribute/token_tree", (("identifier",),), separator=","),
        Commutative("where_clause", (("where_predicate",),), separator=","),
    ),
    attached=frozenset({"attribute_item"}),
    comments=frozenset({"line_comment", "block_comment"}),
    atoms=frozenset({"string_literal", "raw_string_literal", "char_literal"}),
    sorted_members=frozenset({"use_declaration"}),
)

_SWIFT_MEMBERS = (
    "function_declaration",
    "property_declaration",
    "class_declaration",
    "protocol_declaration",
    "typealias_declaration",
    "init_declaration",
    "deinit_declaration",
    "subscript_declaration",
    "protocol_function_declaration",
    "protocol_property_declaration",
    "associatedtype_declaration",
)
_SWIFT_PARAMETERS = (
    "parameter*/external_name",
    "parameter*/name",
    "parameter*/user_type",
    "parameter*/optional_type",
    "parameter*/array_type",
)

_SWIFT_CONSTANTS = ("simple_identifier", "integer_literal", "line_string_literal")
_SWIFT_CASES = (
    "switch_entry[switch_pattern=.*]",
    *(f"switch_entry[switch_pattern/pattern/{literal}]" for literal in _SWIFT_CONSTANTS[1:]),
)

SWIFT = Language(
    name="swift",
    grammar="tree_sitter_swift:language",
    extensions=(".swift",),
    interpreters=("swift",),
    signatures={
        "function_declaration": ("name", *_SWIFT_PARAMETERS),
        "protocol_function_declaration": ("name", *_SWIFT_PARAMETERS),
        "init_declaration": ("init", *_SWIFT_PARAMETERS),
        "deinit_declaration": ("deinit",),
        "subscript_declaration": ("subscript", *_SWIFT_PARAMETERS),
        "property_declaration": ("name*",),
        "protocol_property_declaration": ("name",),
        # Extensions of one type are told apart by what they conform to.
        "class_declaration": ("declaration_kind", "name", "inheritance_specifier"),
        "protocol_declaration": ("name",),
        "typealias_declaration": ("name",),
        "associatedtype_declaration": ("name",),
        "enum_entry": ("name*",),
        "import_declaration": (".",),
        "inheritance_specifier": (".",),
        "attribute": ("user_type",),
        "switch_entry": ("switch_pattern",),
    },
    commutative=(
        Commutative("source_file", (("import_declaration",), _SWIFT_MEMBERS)),
        Commutative("class_body", (_SWIFT_MEMBERS,)),
        Commutative("protocol_body", (_SWIFT_MEMBERS,)),
        Commutative("enum_class_body", (("enum_entry",), _SWIFT_MEMBERS)),
        Commutative("class_declaration", (("inheritance_specifier",),), separator=","),
        Commutative("modifiers", (("attribute",),)),
        # What one case is for, ranges too: any of it will do.
        Commutative("switch_entry", (("switch_pattern",),), separator=","),
        Commutative(
            "switch_statement",
            (_SWIFT_CASES,),
            distinct=tuple(f"switch_pattern*/pattern/{constant}" for constant in _SWIFT_CONSTANTS),
        ),
    ),
    comments=frozenset({"comment", "multiline_comment"}),
    atoms=frozenset(
        {"line_string_literal", "multi_line_string_literal", "raw_string_literal", "regex_literal"}
    ),
    sorted_members=frozenset({"import_declaration"}),
)

_ZIG_DECLARATIONS = ("variable_declaration", "function_declaration", "test_declaration")

ZIG = Language(
    name="zig",
    grammar="tree_sitter_zig:language",
    extensions=(".zig", ".zon"),
    signatures={
        "variable_declaration": ("identifier",),
        "function_declaration": ("name",),
        "test_declaration": ("string", "identifier"),
        "container_field": ("name",),
        "field_initializer": ("name",),
    },
    commutative=(
        Commutative("source_file", (_ZIG_DECLARATIONS,)),
        Commutative("struct_declaration", (_ZIG_DECLARATIONS,)),
        Commutative("enum_declaration", (_ZIG_DECLARATIONS,)),
        Commutative("union_declaration", (_ZIG_DECLARATIONS,)),
    ),
    atoms=frozenset({"string", "multiline_string", "character"}),
    extra=True,
)

ROWS: tuple[Language, ...] = (GO, RUST, SWIFT, ZIG)
