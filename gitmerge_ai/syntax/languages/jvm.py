"""Rows of the jvm family, and C#, which is nearest to it.

Members of a type commute with members of any kind: what two sides add without knowing of each
other cannot depend on its place. Initializer blocks run in order and stay where they are, and so
do visibility modifiers, of which a declaration can have only one.
"""

from gitmerge_ai.syntax.language import Commutative, Language

_JAVA_TYPES = (
    "class_declaration",
    "interface_declaration",
    "enum_declaration",
    "record_declaration",
    "annotation_type_declaration",
)
_JAVA_MEMBERS = (
    "field_declaration",
    "constant_declaration",
    "method_declaration",
    "constructor_declaration",
    "compact_constructor_declaration",
    "annotation_type_element_declaration",
    *_JAVA_TYPES,
)
# A case that does not fall through into the next one; arrows never do.
_JAVA_CASES = (
    *(
        f"switch_block_statement_group[{end}]"
        for end in (
            "break_statement",
            "return_statement",
            "throw_statement",
            "continue_statement",
            "block/break_statement",
            "block/return_statement",
        )
    ),
    *(
        f"switch_rule[switch_label/{constant}]"
        for constant in (
            "identifier",
            "field_access",
            "string_literal",
            "character_literal",
            "decimal_integer_literal",
        )
    ),
)
_JAVA_PARAMETERS = ("parameters/formal_parameter*/type", "parameters/spread_parameter")

_JAVA_MODIFIERS = ("annotation", "marker_annotation", "static", "final", "synchronized")

JAVA = Language(
    name="java",
    grammar="tree_sitter_java:language",
    extensions=(".java",),
    signatures={
        **dict.fromkeys(_JAVA_TYPES, ("name",)),
        "method_declaration": ("name", *_JAVA_PARAMETERS),
        "constructor_declaration": ("name", *_JAVA_PARAMETERS),
        "compact_constructor_declaration": ("name",),
        "annotation_type_element_declaration": ("name",),
        "field_declaration": ("declarator*/name",),
        "constant_declaration": ("declarator*/name",),
        "enum_constant": ("name",),
        "import_declaration": (".",),
        "annotation": ("name",),
        "marker_annotation": ("name",),
        "element_value_pair": ("key",),
        "module_declaration": ("name",),
        "requires_module_directive": ("module",),
        "exports_module_directive": ("package",),
        "opens_module_directive": ("package",),
        "uses_module_directive": ("type",),
        "provides_module_directive": ("provided",),
        "switch_block_statement_group": ("switch_label*",),
        "switch_rule": ("switch_label",),
    },
    commutative=(
        Commutative("program", (("import_declaration",), _JAVA_TYPES)),
        Commutative("class_body", (_JAVA_MEMBERS,)),
        Commutative("interface_body", (_JAVA_MEMBERS,)),
        Commutative("annotation_type_body", (_JAVA_MEMBERS,)),
        Commutative("enum_body_declarations", (_JAVA_MEMBERS,)),
        Commutative("switch_block", (_JAVA_CASES,)),
        Commutative("enum_body", (("enum_constant",),), separator=","),
        Commutative(
            "module_body",
            (
                (
                    "requires_module_directive",
                    "exports_module_directive",
                    "opens_module_directive",
                    "uses_module_directive",
                    "provides_module_directive",
                ),
            ),
        ),
        Commutative(
            "modifiers",
            # Either of two visibilities, but never both.
            tuple((*_JAVA_MODIFIERS, word) for word in ("public", "private", "protected")),
        ),
        Commutative("type_list", separator=","),
        Commutative("throws", separator=","),
        Commutative("catch_type", separator="|"),
        Commutative("type_bound", separator="&"),
        Commutative("annotation_argument_list", (("element_value_pair",),), separator=","),
        Commutative("element_value_array_initializer", separator=","),
    ),
    comments=frozenset({"line_comment", "block_comment"}),
    atoms=frozenset({"string_literal", "character_literal"}),
    sorted_members=frozenset({"import_declaration"}),
)

_KOTLIN_MEMBERS = (
    "function_declaration",
    "property_declaration",
    "class_declaration",
    "object_declaration",
    "companion_object",
    "secondary_constructor",
    "type_alias",
)
# Of two conditions that may hold together the first counts; constants never do.
_KOTLIN_CASES = (
    # No comparison: `x > LIMIT` begins with a small letter.
    "when_entry[condition=[A-Z]*[A-Z]]",
    *(f"when_entry[condition={'[0-9]' * digits}]" for digits in range(1, 5)),
    *(f"when_entry[condition/{constant}]" for constant in ("string_content", "user_type")),
)
_KOTLIN_PARAMETERS = tuple(
    f"function_value_parameters/parameter*/{kind}"
    for kind in ("user_type", "nullable_type", "function_type")
)

KOTLIN = Language(
    name="kotlin",
    grammar="tree_sitter_kotlin:language",
    extensions=(".kt", ".kts"),
    signatures={
        "class_declaration": ("name",),
        "object_declaration": ("name",),
        "companion_object": ("companion",),
        # The first type is what an extension function extends, or what a plain one returns.
        "function_declaration": ("name", "user_type", *_KOTLIN_PARAMETERS),
        "secondary_constructor": ("constructor", *_KOTLIN_PARAMETERS),
        "property_declaration": (
            "user_type",
            "variable_declaration/identifier",
            "multi_variable_declaration",
        ),
        "type_alias": ("type",),
        "enum_entry": ("identifier",),
        "when_entry": ("condition",),
        "import": (".",),
        "annotation": ("use_site_target", "user_type", "constructor_invocation/user_type"),
    },
    commutative=(
        Commutative("source_file", (("import",), _KOTLIN_MEMBERS)),
        Commutative("class_body", (_KOTLIN_MEMBERS,)),
        Commutative("enum_class_body", (("enum_entry",), _KOTLIN_MEMBERS), separator=","),
        Commutative("modifiers", (("annotation", "function_modifier", "inheritance_modifier"),)),
        Commutative("delegation_specifiers", separator=","),
        Commutative("when_expression", (_KOTLIN_CASES,)),
        # What one entry is for, ranges and types too: any of it will do.
        Commutative("when_entry", (("condition",),), separator=","),
    ),
    comments=frozenset({"line_comment", "block_comment"}),
    atoms=frozenset({"string_literal", "multiline_string_literal", "character_literal"}),
    sorted_members=frozenset({"import"}),
)

_SCALA_DEFINITIONS = (
    "function_definition",
    "function_declaration",
    "val_definition",
    "val_declaration",
    "var_definition",
    "var_declaration",
    "type_definition",
    "class_definition",
    "object_definition",
    "trait_definition",
    "enum_definition",
    "given_definition",
    "extension_definition",
    "package_object",
)
_SCALA_BODIES = ("compilation_unit", "template_body", "with_template_body")

SCALA = Language(
    name="scala",
    grammar="tree_sitter_scala:language",
    extensions=(".scala", ".sc", ".sbt"),
    interpreters=("scala",),
    signatures={
        "function_definition": ("name", "parameters*/parameter*/type"),
        "function_declaration": ("name", "parameters*/parameter*/type"),
        "val_definition": ("pattern",),
        "val_declaration": ("name*",),
        "var_definition": ("pattern",),
        "var_declaration": ("name*",),
        "type_definition": ("name",),
        "class_definition": ("name",),
        "object_definition": ("name",),
        "trait_definition": ("name",),
        "enum_definition": ("name",),
        "package_object": ("name",),
        "given_definition": ("name", "return_type"),
        "extension_definition": ("parameters*",),
        "simple_enum_case": ("name",),
        "full_enum_case": ("name",),
        "enum_case_definitions": ("simple_enum_case*/name", "full_enum_case/name"),
        "import_declaration": ("path*", "namespace_wildcard"),
        "export_declaration": ("path*", "namespace_wildcard"),
        "annotation": ("name",),
        "assignment_expression": ("left",),
        "case_clause": ("pattern", "guard"),
    },
    commutative=(
        *(
            Commutative(
                body, (("import_declaration",), ("export_declaration",), _SCALA_DEFINITIONS)
            )
            for body in _SCALA_BODIES
        ),
        Commutative("enum_body", (("enum_case_definitions",), _SCALA_DEFINITIONS)),
        Commutative("enum_case_definitions", (("simple_enum_case",),), separator=","),
        Commutative("namespace_selectors", separator=","),
        Commutative("derives_clause", separator=","),
        Commutative("arguments", (("assignment_expression",),), separator=","),
        *(
            Commutative(
                cases,
                (("case_clause[case_class_pattern]",),),
                distinct=("case_class_pattern/type",),
            )
            for cases in ("case_block", "indented_cases")
        ),
        *(Commutative(kind, (("annotation",),)) for kind in _SCALA_DEFINITIONS[:13]),
    ),
    comments=frozenset({"comment", "block_comment"}),
    atoms=frozenset({"string", "interpolated_string_expression", "character_literal"}),
    indent_sensitive=True,
    sorted_members=frozenset({"import_declaration"}),
)

_CSHARP_TYPES = (
    "class_declaration",
    "struct_declaration",
    "interface_declaration",
    "enum_declaration",
    "record_declaration",
    "delegate_declaration",
)
_CSHARP_MEMBERS = (
    *_CSHARP_TYPES,
    "field_declaration",
    "property_declaration",
    "event_field_declaration",
    "event_declaration",
    "indexer_declaration",
    "constructor_declaration",
    "destructor_declaration",
    "method_declaration",
    "operator_declaration",
    "conversion_operator_declaration",
)

CSHARP = Language(
    name="csharp",
    grammar="tree_sitter_c_sharp:language",
    extensions=(".cs", ".csx"),
    signatures={
        **dict.fromkeys(_CSHARP_TYPES, ("name", "type_parameters")),
        "namespace_declaration": ("name",),
        "field_declaration": ("variable_declaration/variable_declarator*/name",),
        "event_field_declaration": ("variable_declaration/variable_declarator*/name",),
        "property_declaration": ("explicit_interface_specifier", "name"),
        "event_declaration": ("explicit_interface_specifier", "name"),
        "indexer_declaration": ("explicit_interface_specifier", "parameters/parameter*/type"),
        "constructor_declaration": ("name", "modifier*/static", "parameters/parameter*/type"),
        "destructor_declaration": ("name",),
        "method_declaration": (
            "explicit_interface_specifier",
            "name",
            "type_parameters",
            "parameters/parameter*/type",
        ),
        "operator_declaration": ("operator", "parameters/parameter*/type"),
        "conversion_operator_declaration": ("type", "parameters/parameter*/type"),
        "enum_member_declaration": ("name",),
        "using_directive": (".",),
        "extern_alias_directive": (".",),
        "attribute_list": (".",),
        "attribute": ("name",),
        "accessor_declaration": ("name",),
        "assignment_expression": ("left",),
        "argument": ("name",),
        "switch_section": ("constant_pattern",),
        "switch_expression_arm": ("constant_pattern",),
    },
    commutative=(
        Commutative("compilation_unit", (("using_directive",), _CSHARP_MEMBERS)),
        Commutative("declaration_list", (("using_directive",), _CSHARP_MEMBERS)),
        Commutative("enum_member_declaration_list", separator=",", distinct=("value",)),
        Commutative(
            "switch_body",
            (
                (
                    "switch_section[break_statement]",
                    "switch_section[return_statement]",
                    "switch_section[throw_statement]",
                ),
            ),
        ),
        Commutative(
            "switch_expression", (("switch_expression_arm[constant_pattern]",),), separator=","
        ),
        Commutative("argument_list", (("argument[name]",),), separator=","),
        Commutative("base_list", separator=","),
        Commutative(
            "type_parameter_constraints_clause",
            (("type_parameter_constraint[type]",),),  # `new()` is the last one.
            separator=",",
        ),
        Commutative("attribute_list", (("attribute",),), separator=","),
        Commutative("initializer_expression", (("assignment_expression",),), separator=","),
        Commutative("accessor_list"),
        *(Commutative(kind, (("attribute_list",),)) for kind in _CSHARP_MEMBERS),
    ),
    atoms=frozenset(
        {
            "string_literal",
            "verbatim_string_literal",
            "raw_string_literal",
            "interpolated_string_expression",
            "character_literal",
        }
    ),
    sorted_members=frozenset({"using_directive"}),
)

ROWS: tuple[Language, ...] = (JAVA, KOTLIN, SCALA, CSHARP)
