"""Rows of C and its family: C, C++ and Objective-C.

Struct fields do not commute: their order is the layout and what initializers without names go by.
Neither do enumerators whose values follow from their places, nor cases that fall through.
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
    "case_statement": ("value",),
}
_C_SCOPES = (
    "translation_unit",
    "preproc_ifdef",
    "preproc_if",
    "preproc_else",
    "preproc_elif",
    "declaration_list",
)
_C_CASES = tuple(
    f"case_statement[{end}]"
    for end in (
        "break_statement",
        "return_statement",
        "continue_statement",
        "goto_statement",
        "compound_statement/break_statement",
        "compound_statement/return_statement",
    )
)
_C_ENUMERATORS = Commutative(
    "enumerator_list", (("enumerator[value]",),), separator=",", distinct=("value",)
)
_C_SWITCH = Commutative("switch_statement/compound_statement", (_C_CASES,))
_C_ATOMS = frozenset({"string_literal", "char_literal", "system_lib_string", "preproc_arg"})

C = Language(
    name="c",
    grammar="tree_sitter_c:language",
    extensions=(".c",),
    signatures={**_C_SIGNATURES, "field_declaration": ("declarator*",)},
    commutative=(
        *(Commutative(scope, (_INCLUDES, _C_DECLARATIONS)) for scope in _C_SCOPES),
        _C_ENUMERATORS,
        _C_SWITCH,
        Commutative("initializer_list", (("initializer_pair",),), separator=","),
    ),
    atoms=_C_ATOMS,
    sorted_members=frozenset({"preproc_include"}),
)

_CPP_DECLARATORS = (*_DECLARATORS, "reference_declarator/function_declarator")
_CPP_FUNCTION = tuple(
    f"{above}/{part}"
    for above in _CPP_DECLARATORS
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
    *(f"field_declaration[{declarator}]" for declarator in _CPP_DECLARATORS),
    "field_declaration[storage_class_specifier=static]",
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
        # Data members of a class are not what its initializers without names go by.
        Commutative(
            "class_specifier/field_declaration_list", ((*_CPP_MEMBERS, "field_declaration"),)
        ),
        Commutative("field_declaration_list", (_CPP_MEMBERS,)),
        _C_ENUMERATORS,
        _C_SWITCH,
        Commutative("field_initializer_list", (("field_initializer",),), separator=","),
        Commutative("initializer_list", (("initializer_pair",),), separator=","),
    ),
    atoms=_C_ATOMS | {"raw_string_literal"},
    sorted_members=frozenset({"preproc_include"}),
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
        Commutative("dictionary_literal", (("dictionary_pair",),), separator=","),
        Commutative("initializer_list", (("initializer_pair",),), separator=","),
    ),
    atoms=_C_ATOMS,
    sorted_members=frozenset({"preproc_include"}),
    extra=True,
)

ROWS: tuple[Language, ...] = (C, CPP, OBJECTIVE_C)
