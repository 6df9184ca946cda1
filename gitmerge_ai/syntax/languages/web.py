"""Rows of the web family: JavaScript, TypeScript, HTML, CSS, PHP.

What two people add at one place independently cannot refer to one another, so definitions commute
where the language gives their order no meaning. Statements do not, nor do CSS rules (the cascade),
most HTML elements (the page) or spreads (the last one wins).
"""

from gitmerge_ai.syntax.language import Commutative, Language

_JS_MEMBER = ("name", "get", "set", "static")
_JS_SIGNATURES: dict[str, tuple[str, ...]] = {
    "function_declaration": ("name",),
    "generator_function_declaration": ("name",),
    "class_declaration": ("name",),
    "method_definition": _JS_MEMBER,
    "import_statement": ("source",),
    "import_specifier": ("name", "alias"),
    "export_specifier": ("name", "alias"),
    "export_statement": (
        "declaration/name",
        "declaration/variable_declarator*/name",
        "source",
        "default",
        "export_clause",
    ),
    "lexical_declaration": ("variable_declarator*/name",),
    "variable_declaration": ("variable_declarator*/name",),
    "variable_declarator": ("name",),
    # A key is the same one in quotes and without.
    "pair": (r"key/~[^'\"]+",),
    "shorthand_property_identifier": (".",),
    "shorthand_property_identifier_pattern": (".",),
    "pair_pattern": ("key",),
    "object_assignment_pattern": ("left",),
    "switch_case": ("value",),
    "expression_statement": ("assignment_expression/left",),
}
_JS_DEFINITIONS = (
    "function_declaration",
    "generator_function_declaration",
    "class_declaration",
    "export_statement",
    "lexical_declaration[kind=const]",
    "variable_declaration[variable_declarator/value=require(*]",
)
_JS_LISTS = (
    Commutative(
        "object",
        (("pair", "shorthand_property_identifier", "method_definition"),),
        separator=",",
    ),
    Commutative(
        "object_pattern",
        (("shorthand_property_identifier_pattern", "pair_pattern", "object_assignment_pattern"),),
        separator=",",
    ),
    Commutative("named_imports", (("import_specifier",),), separator=","),
    Commutative("export_clause", (("export_specifier",),), separator=","),
)
_JSX_SIGNATURES: dict[str, tuple[str, ...]] = {
    "jsx_attribute": ("property_identifier", "jsx_namespace_name"),
}
_JSX_LISTS = (
    Commutative("jsx_opening_element", (("jsx_attribute",),)),
    Commutative("jsx_self_closing_element", (("jsx_attribute",),)),
)
_JS_ATOMS = frozenset({"string", "template_string", "regex"})
_JS_COMMENTS = frozenset({"comment", "html_comment"})
_JS_SORTED = frozenset({"import_specifier", "export_specifier"})

JAVASCRIPT = Language(
    name="javascript",
    grammar="tree_sitter_javascript:language",
    extensions=(".js", ".jsx", ".mjs", ".cjs", ".es6"),
    filenames=("Jakefile",),
    interpreters=("node", "nodejs", "deno", "bun"),
    signatures=_JS_SIGNATURES | _JSX_SIGNATURES | {"field_definition": ("property", "static")},
    commutative=(
        Commutative("program", (("import_statement",), _JS_DEFINITIONS)),
        Commutative("statement_block", (("function_declaration",),)),
        Commutative("class_body", (("method_definition", "field_definition"),)),
        *_JS_LISTS,
        *_JSX_LISTS,
    ),
    attached=frozenset({"decorator"}),
    comments=_JS_COMMENTS,
    atoms=_JS_ATOMS | {"jsx_text"},
    sorted_members=_JS_SORTED,
)

_TS_TYPES = (
    "interface_declaration",
    "type_alias_declaration",
    "enum_declaration",
    "abstract_class_declaration",
    "ambient_declaration",
)
_TS_SIGNATURES = _JS_SIGNATURES | {
    "import_statement": ("source", "type"),
    "interface_declaration": ("name",),
    "type_alias_declaration": ("name",),
    "enum_declaration": ("name",),
    "abstract_class_declaration": ("name",),
    "public_field_definition": ("name", "static"),
    "method_signature": _JS_MEMBER,
    "abstract_method_signature": _JS_MEMBER,
    "property_signature": (r"name/~[^'\"]+",),
    "index_signature": ("index_type",),
    "enum_assignment": ("name",),
    "required_parameter": ("identifier",),
    "optional_parameter": ("identifier",),
    "internal_module": ("name",),
    "module": ("name",),
}
_TS_MEMBERS = ("property_signature", "method_signature", "index_signature")
_TS_LISTS = (
    Commutative("program", (("import_statement",), _JS_DEFINITIONS + _TS_TYPES)),
    Commutative("statement_block", (("function_declaration",), ("export_statement", *_TS_TYPES))),
    # A `method_signature` in a class is an overload and stays with its implementation.
    Commutative(
        "class_body",
        (("method_definition", "public_field_definition", "abstract_method_signature"),),
    ),
    Commutative("interface_body", (_TS_MEMBERS,)),
    Commutative("object_type", (_TS_MEMBERS,)),
    # Members without a value are numbered by their place.
    Commutative("enum_body", (("enum_assignment",),), separator=",", distinct=("value",)),
    Commutative("union_type", separator="|"),
    Commutative("implements_clause", separator=","),
    Commutative("extends_type_clause", separator=","),
    *_JS_LISTS,
)

TYPESCRIPT = Language(
    name="typescript",
    grammar="tree_sitter_typescript:language_typescript",
    extensions=(".ts", ".mts", ".cts"),
    interpreters=("ts-node", "tsx"),
    signatures=_TS_SIGNATURES,
    commutative=_TS_LISTS,
    attached=frozenset({"decorator"}),
    comments=_JS_COMMENTS,
    atoms=_JS_ATOMS,
    sorted_members=_JS_SORTED,
)

TSX = Language(
    name="tsx",
    grammar="tree_sitter_typescript:language_tsx",
    extensions=(".tsx",),
    signatures=_TS_SIGNATURES | _JSX_SIGNATURES,
    commutative=_TS_LISTS + _JSX_LISTS,
    attached=frozenset({"decorator"}),
    comments=_JS_COMMENTS,
    atoms=_JS_ATOMS | {"jsx_text"},
    sorted_members=_JS_SORTED,
)


def _elements(*tags: str) -> tuple[tuple[str, ...], ...]:
    return tuple((f"element[start_tag/tag_name={tag}]",) for tag in tags)


HTML = Language(
    name="html",
    grammar="tree_sitter_html:language",
    extensions=(".html", ".htm", ".xhtml"),
    signatures={
        "attribute": ("attribute_name",),
        "element": (
            "start_tag/attribute[attribute_name=id]",
            "self_closing_tag/attribute[attribute_name=id]",
        ),
    },
    commutative=(
        Commutative("element", _elements("li", "option", "tr", "meta")),
        Commutative("start_tag", (("attribute",),)),
        Commutative("self_closing_tag", (("attribute",),)),
    ),
    atoms=frozenset({"quoted_attribute_value", "raw_text", "text", "entity"}),
)

_CSS_PLAIN = (
    *("--*", "color", "display", "position", "width", "height", "min-*", "max-*", "z-index"),
    *("opacity", "visibility", "cursor", "content", "float", "clear", "box-shadow", "box-sizing"),
    *("text-align", "text-transform", "text-overflow", "text-shadow", "text-indent", "white-space"),
    *("letter-spacing", "word-break", "vertical-align", "transform", "transform-origin", "filter"),
    *("pointer-events", "user-select", "order", "object-fit", "resize", "fill", "stroke"),
    *("align-items", "align-content", "align-self", "justify-content", "justify-items"),
    *("justify-self", "will-change", "table-layout", "border-collapse", "border-spacing"),
)
_CSS_LONG = (
    *("top", "right", "bottom", "left", "line-height", "margin-*", "padding-*", "font-size"),
    *("font-weight", "font-style", "font-family", "background-color", "background-image"),
    *("background-size", "background-repeat", "background-position", "flex-direction", "flex-wrap"),
    *("flex-grow", "flex-shrink", "flex-basis", "row-gap", "column-gap", "overflow-x"),
    *("overflow-y", "grid-template-columns", "grid-template-rows"),
)
_CSS_SHORT = (
    *("margin", "padding", "background", "border", "border-radius", "font", "flex", "gap", "grid"),
    *("inset", "outline", "overflow", "transition", "animation", "list-style", "columns"),
    "text-decoration",
)


def _declarations(*properties: str) -> tuple[str, ...]:
    return tuple(f"declaration[property_name={name}]" for name in properties)


CSS = Language(
    name="css",
    grammar="tree_sitter_css:language",
    extensions=(".css",),
    signatures={
        "declaration": ("property_name",),
        "rule_set": ("selectors",),
        "keyframes_statement": ("keyframes_name",),
        "keyframe_block": ("from", "to", "integer_value", "float_value"),
        "import_statement": ("call_expression", "string_value"),
        "media_statement": ("binary_query", "feature_query", "keyword_query"),
    },
    # `margin` and `margin-left` do not commute: no group has a shorthand and what it stands for.
    commutative=(
        Commutative(
            "block",
            (_declarations(*_CSS_PLAIN, *_CSS_LONG), _declarations(*_CSS_PLAIN, *_CSS_SHORT)),
        ),
        Commutative("stylesheet", (("keyframes_statement",),)),
    ),
    comments=frozenset({"comment", "js_comment"}),
    atoms=frozenset({"string_value", "color_value", "integer_value", "float_value"}),
)

_PHP_DEFINITIONS = (
    "function_definition",
    "class_declaration",
    "interface_declaration",
    "trait_declaration",
    "enum_declaration",
)

PHP = Language(
    name="php",
    grammar="tree_sitter_php:language_php",
    extensions=(".php", ".phtml", ".php5", ".php7", ".phpt"),
    interpreters=("php",),
    signatures={
        "function_definition": ("name",),
        "class_declaration": ("name",),
        "interface_declaration": ("name",),
        "trait_declaration": ("name",),
        "enum_declaration": ("name",),
        "method_declaration": ("name",),
        "property_declaration": ("property_element*/name",),
        "const_declaration": ("const_element*/name",),
        "enum_case": ("name",),
        "use_declaration": (".",),
        "namespace_use_declaration": (".",),
        "namespace_use_clause": (".",),
        "namespace_definition": ("name",),
        "simple_parameter": ("name",),
        "property_promotion_parameter": ("name",),
        "array_element_initializer": (r"~^.*?(?=\s*=>)",),
        "case_statement": ("value",),
        "match_conditional_expression": ("conditional_expressions",),
        "expression_statement": ("assignment_expression/left",),
    },
    commutative=(
        Commutative("program", (("namespace_use_declaration",), _PHP_DEFINITIONS)),
        Commutative("compound_statement", (("namespace_use_declaration",), _PHP_DEFINITIONS)),
        Commutative("namespace_use_group", (("namespace_use_clause",),), ","),
        Commutative("class_interface_clause", separator=","),
        Commutative("interface_declaration/base_clause", separator=","),
        Commutative(
            "declaration_list",
            (
                ("method_declaration", "property_declaration", "const_declaration"),
                ("use_declaration",),
            ),
        ),
        Commutative(
            "enum_declaration_list",
            (("method_declaration", "const_declaration"), ("use_declaration",), ("enum_case",)),
        ),
        Commutative(
            "array_creation_expression",
            (("array_element_initializer[.=['\"A-Z]*=>*]",),),
            separator=",",
        ),
    ),
    atoms=frozenset(
        {"string", "encapsed_string", "heredoc", "nowdoc", "shell_command_expression", "text"}
    ),
    sorted_members=frozenset({"namespace_use_declaration", "namespace_use_clause"}),
)

ROWS: tuple[Language, ...] = (JAVASCRIPT, TYPESCRIPT, TSX, HTML, CSS, PHP)
