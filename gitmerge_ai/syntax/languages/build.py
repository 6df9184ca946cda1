"""Rows of the build family: what builds, deploys and describes machines (`gitmerge-ai[languages]`).

Keys, labelled blocks, named targets and dependencies commute; commands, which run in order, do not.
"""

from gitmerge_ai.syntax.language import Commutative, Language

NIX = Language(
    name="nix",
    grammar="tree_sitter_nix:language",
    extensions=(".nix",),
    signatures={
        "binding": ("attrpath",),
        "inherit": ("attrs",),
        "inherit_from": ("expression", "attrs"),
        "formal": ("name",),
        "variable_expression": (".",),
        "select_expression": (".",),
        "path_expression": (".",),
    },
    commutative=(
        Commutative("binding_set", (("binding", "inherit", "inherit_from"),)),
        Commutative("inherited_attrs", (("identifier",),)),
        Commutative("formals", (("formal",),), separator=","),
        Commutative(
            "list_expression",
            (("variable_expression", "select_expression", "path_expression"),),
        ),
    ),
    atoms=frozenset({"string_expression", "indented_string_expression"}),
    extra=True,
)

_HCL_BLOCKS = (
    *("resource", "data", "variable", "output", "module", "provider", "locals", "moved", "import"),
    *("check", "source", "job", "group", "task", "service", "target"),
)

HCL = Language(
    name="hcl",
    grammar="tree_sitter_hcl:language",
    extensions=(".hcl", ".tf", ".tfvars", ".nomad", ".workflow"),
    signatures={
        "block": (r"~^\w+(\s+\"[^\"]*\")+",),
        "attribute": ("identifier",),
        "object_elem": ("key",),
    },
    commutative=(
        Commutative(
            "body",
            (("attribute",), tuple(f"block[identifier={name}]" for name in _HCL_BLOCKS)),
        ),
        Commutative("object", (("object_elem",),)),
    ),
    atoms=frozenset({"string_lit", "quoted_template", "heredoc_template"}),
    extra=True,
)

CMAKE = Language(
    name="cmake",
    grammar="tree_sitter_cmake:language",
    extensions=(".cmake", ".cmake.in"),
    filenames=("CMakeLists.txt",),
    signatures={
        "function_def": ("function_command/argument_list/argument",),
        "argument": (".",),
        "macro_def": ("macro_command/argument_list/argument",),
        "normal_command": (
            r"~(?i)^(set|option|add_library|add_executable|add_subdirectory|find_package)"
            r"\s*\(\s*[^\s()]+",
        ),
    },
    commutative=(
        Commutative("source_file", (("function_def", "macro_def"),)),
        # Source files; a version, which has a point too, has no letter.
        Commutative("argument_list", (("argument[.=*[a-zA-Z_/]*.[a-zA-Z]*]",),)),
    ),
    comments=frozenset({"line_comment", "bracket_comment"}),
    atoms=frozenset({"quoted_argument", "bracket_argument", "unquoted_argument"}),
    sorted_members=frozenset({"argument"}),
    extra=True,
)

MAKE = Language(
    name="make",
    grammar="tree_sitter_make:language",
    extensions=(".mk", ".mak", ".make"),
    filenames=("Makefile", "GNUmakefile", "Makefile.am", "Makefile.in", "Kbuild"),
    signatures={
        "rule": ("targets",),
        "variable_assignment": ("name", "target_or_pattern"),
        "define_directive": ("name",),
        "include_directive": ("filenames",),
    },
    # The first rule is what `make` makes, but nobody adds one at the top by chance.
    commutative=(Commutative("makefile", (("rule",),)),),
    atoms=frozenset({"shell_text", "raw_text", "text"}),
    extra=True,
)

STARLARK = Language(
    name="starlark",
    grammar="tree_sitter_starlark:language",
    extensions=(".bzl", ".star", ".bazel"),
    filenames=("BUILD", "WORKSPACE", "Tiltfile", "BUCK"),
    signatures={
        "function_definition": ("name",),
        "keyword_argument": ("name",),
        "pair": ("key",),
        "string": (".",),
        "expression_statement": (
            "assignment/left",
            "call/arguments/keyword_argument[name=name]",
            r"~^load\(\s*[\"'][^\"']+",
        ),
    },
    commutative=(
        Commutative(
            "module",
            (
                ("expression_statement[call/function=load]",),
                # Targets: calls of rules that give them a name.
                ("expression_statement[call/arguments/keyword_argument/name=name]",),
                ("function_definition",),
            ),
        ),
        Commutative("argument_list", (("keyword_argument",),), separator=","),
        Commutative("dictionary", (("pair",),), separator=","),
        # Files and labels.
        Commutative(
            "list",
            (("string[.=*[:/.]*]",),),
            separator=",",
        ),
    ),
    atoms=frozenset({"string", "concatenated_string"}),
    indent_sensitive=True,
    sorted_members=frozenset({"string"}),
    extra=True,
)

SYSTEMVERILOG = Language(
    name="systemverilog",
    grammar="tree_sitter_systemverilog:language",
    extensions=(".sv", ".svh", ".v", ".vh"),
    signatures={
        "module_declaration": ("module_ansi_header/name", "module_nonansi_header/name"),
        "class_declaration": ("name",),
        "ansi_port_declaration": ("port_name",),
        "module_instantiation": ("hierarchical_instance/name_of_instance",),
        "named_port_connection": ("port_name",),
        "named_parameter_assignment": ("simple_identifier",),
        "data_declaration": ("list_of_variable_decl_assignments",),
        "continuous_assign": ("list_of_net_assignments/net_assignment*/net_lvalue",),
    },
    commutative=(
        Commutative(
            "module_declaration",
            (("continuous_assign", "always_construct", "module_instantiation"),),
        ),
        Commutative("list_of_port_connections", (("named_port_connection",),), separator=","),
    ),
    comments=frozenset({"one_line_comment", "block_comment"}),
    atoms=frozenset({"string_literal"}),
    extra=True,
)

GROOVY = Language(
    name="groovy",
    grammar="tree_sitter_groovy:language",
    extensions=(".groovy", ".gradle", ".gvy"),
    filenames=("Jenkinsfile",),
    interpreters=("groovy",),
    signatures={
        "import_declaration": (".",),
        "class_declaration": ("name",),
        "method_declaration": ("name", "parameters/formal_parameter*/type"),
        "juxt_function_call": (
            # Of a dependency all but the version: `implementation 'group:name:1.0'`.
            r"~^\w+\s*\(?\s*['\"][^'\":]+:[^'\":]+",
            r"~^id\s*\(?\s*['\"][^'\"]+",
        ),
    },
    commutative=(
        Commutative("program", (("import_declaration",), ("class_declaration",))),
        Commutative("class_body", (("method_declaration",),)),
        Commutative(
            "closure",
            (
                tuple(
                    f"juxt_function_call[name={name}]"
                    for name in ("*mplementation", "api", "*ompileOnly", "*untimeOnly", "*rocessor")
                ),
                ("juxt_function_call[name=id]",),
            ),
        ),
    ),
    comments=frozenset({"line_comment", "block_comment"}),
    atoms=frozenset({"string_literal", "character_literal"}),
    sorted_members=frozenset({"import_declaration"}),
    extra=True,
)

DOCKERFILE = Language(
    name="dockerfile",
    grammar="tree_sitter_dockerfile:language",
    extensions=(".dockerfile",),
    filenames=("Dockerfile", "Containerfile"),
    signatures={
        "env_pair": ("name",),
        "label_pair": ("key",),
        "arg_instruction": ("name",),
        "env_instruction": ("env_pair*/name",),
        "label_instruction": ("label_pair*/key",),
    },
    # Every instruction is a layer on the one before it: only what has no effect on others commutes.
    commutative=(
        Commutative("source_file", (("label_instruction",), ("expose_instruction",))),
        Commutative("label_instruction", (("label_pair",),)),
    ),
    atoms=frozenset({"double_quoted_string", "single_quoted_string", "json_string"}),
    extra=True,
)

DEVICETREE = Language(
    name="devicetree",
    grammar="tree_sitter_devicetree:language",
    extensions=(".dts", ".dtsi", ".overlay", ".keymap"),
    signatures={
        "property": ("name",),
        "node": ("name", "address"),
        "preproc_include": ("path",),
    },
    commutative=(Commutative("node", (("property",), ("node",))),),
    atoms=frozenset({"string_literal"}),
    extra=True,
)

ROWS: tuple[Language, ...] = (
    NIX,
    HCL,
    CMAKE,
    MAKE,
    STARLARK,
    SYSTEMVERILOG,
    GROOVY,
    DOCKERFILE,
    DEVICETREE,
)
