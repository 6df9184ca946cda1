"""Rows of the systems family.

Struct fields of C and C++ do not commute: their order is the layout and what initializers without
names go by. Neither do C's enumerators and Go's constants, whose values follow from their places.
"""

from gitmerge_ai.syntax.language import Commutative, Language

# A function's name is under as many declarators as its result has pointers.
_DECLARATORS = (
    "function_declarator",
    "pointer_declarator/function_declarator",
    "pointer_declarator/pointer_declarator/function_declarator",
)
_PARTS = ("declarator", "parameters/parameter_declaration*/type")
_FUNCTION = tuple(f"{above}/{part}" for above in _DECLARATORS for part in _PARTS)
_VARIABLE = (
    "identifier*",
    "pointer_declarator*/identifier",
    "array_declarator*/declarator",
    "init_declarator*/identifier",
    "init_declarator*/pointer_declarator/identifier",
    "init_declarator*/array_declarator/declarator",
)
_INCLUDES = ("preproc_include",)
_C_DECLARATIONS = (
    "function_definition",
    "declaration",
    "type_definition",
    "struct_specifier",
    "union_specifier",
    "enum_specifier",
    "preproc_def",
    "preproc_function_def",
)
_C_SIGNATURES = {
    "function_definition": _FUNCTION,
    "declaration": (*_FUNCTION, *_VARIABLE),
    "type_definition": ("declarator*",),
    "struct_specifier": ("name",),
    "union_specifier": ("name",),
    "enum_specifier": ("name",),
    "enumerator": ("name",),
    "preproc_def": ("name",),
    "preproc_function_def": ("name",),
    "preproc_include": ("path",),
    "initializer_pair": ("designator*",),
}
_C_SCOPES = (
    "translation_unit",
    "preproc_ifdef",
    "preproc_if",
    "preproc_else",
    "preproc_elif",
    "declaration_list",
)
_C_ATOMS = frozenset({"string_literal", "char_literal", "system_lib_string", "preproc_arg"})

C = Language(
    name="c",
    grammar="tree_sitter_c:language",
    extensions=(".c",),
    signatures={**_C_SIGNATURES, "field_declaration": ("declarator*",)},
    commutative=(
        *(Commutative(scope, (_INCLUDES, _C_DECLARATIONS)) for scope in _C_SCOPES),
        Commutative("initializer_list", (("initializer_pair",),), separator=",", newline=False),
    ),
    atoms=_C_ATOMS,
    sorted_members=frozenset({"preproc_include"}),
)

_CPP_FUNCTION = tuple(
    f"{above}/{part}"
    for above in (*_DECLARATORS, "reference_declarator/function_declarator")
    for part in (
        *_PARTS,
        "parameters/parameter_declaration*/reference_declarator/&&",
        "parameters/optional_parameter_declaration*/type",
        "type_qualifier",
    )
)
_CPP_DECLARATIONS = (
    *_C_DECLARATIONS,
    "class_specifier",
    "template_declaration",
    "alias_declaration",
    "namespace_definition",
    "concept_definition",
)
_CPP_MEMBERS = (
    "function_definition",
    "field_declaration",
    "declaration",
    "template_declaration",
    "friend_declaration",
    "alias_declaration",
    "type_definition",
)

CPP = Language(
    name="cpp",
    grammar="tree_sitter_cpp:language",
    # A .h file may be either; what is C parses as C++ far more often than the reverse.
    extensions=(
        ".cpp",
        ".cc",
        ".cxx",
        ".c++",
        ".hpp",
        ".hh",
        ".hxx",
        ".h++",
        ".h",
        ".inl",
        ".ipp",
        ".tpp",
        ".cu",
        ".cuh",
        ".ino",
    ),
    signatures={
        **_C_SIGNATURES,
        "declaration": (*_CPP_FUNCTION, *_VARIABLE),
        "function_definition": (*_CPP_FUNCTION, "operator_cast/type"),
        "field_declaration": (*_CPP_FUNCTION, "declarator*"),
        "class_specifier": ("name",),
        "alias_declaration": ("name",),
        "concept_definition": ("name",),
        "namespace_definition": ("name",),
        "using_declaration": (".",),
        "friend_declaration": (".",),
        "field_initializer": ("field_identifier", "template_method"),
        "template_declaration": (
            *(f"function_definition/{path}" for path in _CPP_FUNCTION),
            *(f"declaration/{path}" for path in _CPP_FUNCTION),
            "class_specifier/name",
            "struct_specifier/name",
            "alias_declaration/name",
            "concept_definition/name",
        ),
    },
    commutative=(
        *(
            Commutative(scope, (_INCLUDES, ("using_declaration",), _CPP_DECLARATIONS))
            for scope in _C_SCOPES
        ),
        Commutative("field_declaration_list", (_CPP_MEMBERS,)),
        Commutative(
            "field_initializer_list", (("field_initializer",),), separator=",", newline=False
        ),
        Commutative("initializer_list", (("initializer_pair",),), separator=",", newline=False),
    ),
    barriers=frozenset({"access_specifier"}),
    atoms=_C_ATOMS | {"raw_string_literal"},
    sorted_members=frozenset({"preproc_include"}),
)

_GO_DECLARATIONS = (
    "function_declaration",
    "method_declaration",
    "type_declaration",
    "const_declaration",
    "var_declaration",
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
    },
    commutative=(
        Commutative("source_file", (("import_declaration",), _GO_DECLARATIONS)),
        Commutative("import_spec_list", (("import_spec",),)),
        Commutative("type_declaration", (("type_spec", "type_alias"),)),
        Commutative("var_spec_list", (("var_spec",),)),
        Commutative("interface_type", (("method_elem",), ("type_elem",))),
        Commutative("field_declaration_list", (("field_declaration",),)),
        Commutative("literal_value", (("keyed_element",),), separator=",", newline=False),
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
    },
    commutative=(
        Commutative("source_file", (_RUST_USES, _RUST_ITEMS)),
        Commutative("declaration_list", (_RUST_USES, _RUST_ITEMS)),
        Commutative("use_list", separator=",", newline=False),
        Commutative("enum_variant_list", (("enum_variant",),), separator=","),
        Commutative("field_declaration_list", (("field_declaration",),), separator=","),
        Commutative(
            "field_initializer_list",
            (("field_initializer", "shorthand_field_initializer"),),
            separator=",",
            newline=False,
        ),
        Commutative("trait_bounds", separator="+", newline=False),
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
    },
    commutative=(
        Commutative("source_file", (("import_declaration",), _SWIFT_MEMBERS)),
        Commutative("class_body", (_SWIFT_MEMBERS,)),
        Commutative("protocol_body", (_SWIFT_MEMBERS,)),
        Commutative("enum_class_body", (("enum_entry",), _SWIFT_MEMBERS)),
        Commutative(
            "class_declaration", (("inheritance_specifier",),), separator=",", newline=False
        ),
        Commutative("modifiers", (("attribute",),)),
    ),
    barriers=frozenset({"directive"}),
    comments=frozenset({"comment", "multiline_comment"}),
    atoms=frozenset(
        {"line_string_literal", "multi_line_string_literal", "raw_string_literal", "regex_literal"}
    ),
    sorted_members=frozenset({"import_declaration"}),
)

_OBJC_DECLARATIONS = (
    *_C_DECLARATIONS,
    "class_interface",
    "class_implementation",
    "protocol_declaration",
    "class_declaration",
)
_OBJC_MEMBERS = ("method_declaration", "property_declaration", "implementation_definition")
_OBJC_METHOD = ("+", "-", "identifier*")

OBJECTIVE_C = Language(
    name="objective-c",
    grammar="tree_sitter_objc:language",
    extensions=(".m", ".mm"),
    signatures={
        **_C_SIGNATURES,
        "class_interface": ("identifier", "category"),
        "class_implementation": ("identifier", "category"),
        "class_declaration": (".",),
        "protocol_declaration": ("identifier",),
        "method_declaration": _OBJC_METHOD,
        "property_declaration": ("struct_declaration/struct_declarator*",),
        "implementation_definition": (
            *(f"method_definition/{path}" for path in _OBJC_METHOD),
            *(f"function_definition/{path}" for path in _FUNCTION),
            "property_implementation",
        ),
        "module_import": ("path",),
        "dictionary_pair": ("string_literal", "at_expression"),
    },
    commutative=(
        *(
            Commutative(scope, ((*_INCLUDES, "module_import"), _OBJC_DECLARATIONS))
            for scope in _C_SCOPES
        ),
        Commutative("class_interface", (_OBJC_MEMBERS,)),
        Commutative("class_implementation", (_OBJC_MEMBERS,)),
        Commutative("protocol_declaration", (_OBJC_MEMBERS,)),
        Commutative("dictionary_literal", (("dictionary_pair",),), separator=",", newline=False),
        Commutative("initializer_list", (("initializer_pair",),), separator=",", newline=False),
    ),
    atoms=_C_ATOMS,
    sorted_members=frozenset({"preproc_include"}),
    extra=True,
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

ROWS: tuple[Language, ...] = (C, CPP, GO, RUST, SWIFT, OBJECTIVE_C, ZIG)
