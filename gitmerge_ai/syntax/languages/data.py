"""Rows of the data family: JSON, YAML, TOML, XML, SQL, Markdown.

Keys of a mapping commute; items of a sequence do not, but for those whose order is known to mean
nothing (requirements in TOML, dependencies and resources in XML).
"""

from gitmerge_ai.syntax.language import Commutative, Language

JSON = Language(
    name="json",
    grammar="tree_sitter_json:language",
    extensions=(
        *(".json", ".jsonc", ".json5", ".webmanifest", ".geojson", ".har", ".code-workspace"),
        *(".topojson", ".avsc", ".jsonld"),
    ),
    filenames=(
        *(
            ".babelrc",
            ".eslintrc",
            ".jshintrc",
            ".prettierrc",
            ".swcrc",
            ".bowerrc",
            ".watchmanconfig",
        ),
    ),
    signatures={
        "pair": ("key",),
        "object": ('pair[key="id"]', 'pair[key="name"]'),
    },
    commutative=(Commutative("object", (("pair",),), separator=","),),
    atoms=frozenset({"string"}),
    sorted_members=frozenset({"pair"}),
)

YAML = Language(
    name="yaml",
    grammar="tree_sitter_yaml:language",
    extensions=(".yaml", ".yml", ".cff", ".clang-format", ".clang-tidy", ".clangd", ".eyaml"),
    signatures={
        "block_mapping_pair": (r"key/~[^'\"]+",),
        "flow_pair": (r"key/~[^'\"]+",),
        "block_sequence_item": (
            "block_node/block_mapping/block_mapping_pair[key=id]",
            "block_node/block_mapping/block_mapping_pair[key=name]",
        ),
    },
    commutative=(
        Commutative("block_mapping", (("block_mapping_pair",),)),
        Commutative("flow_mapping", (("flow_pair",),), separator=","),
    ),
    atoms=frozenset({"plain_scalar", "single_quote_scalar", "double_quote_scalar", "block_scalar"}),
    indent_sensitive=True,
)

_TOML_KEY = ("bare_key", "quoted_key", "dotted_key")

TOML = Language(
    name="toml",
    grammar="tree_sitter_toml:language",
    extensions=(".toml",),
    filenames=("Pipfile",),
    signatures={
        "pair": _TOML_KEY,
        "table": _TOML_KEY,
        "table_array_element": (*_TOML_KEY, "pair[bare_key=name]", "pair[bare_key=id]"),
        # What is required, without the version: `"requests[socks]>=2; …"` is `requests[socks]`.
        "string": (r"~\w([^<>=~!;@\"']*\w)?",),
    },
    # A `[[table]]` does not commute with a `[table]`, which may be a part of the one before it.
    commutative=(
        Commutative("document", (("pair",), ("table",), ("table_array_element",))),
        Commutative("table", (("pair",),)),
        Commutative("table_array_element", (("pair",),)),
        Commutative("inline_table", (("pair",),), separator=","),
        # Options of a command line begin with a dash and keep their order.
        Commutative("array", (("string[.=?[!-]*]",),), separator=","),
    ),
    atoms=frozenset({"string"}),
    sorted_members=frozenset({"string"}),
)

_XML_NAMED = ("name", "id", "key", "Include", "Update", "Remove", "android:name", "xml:id")
_XML_PARTS = ("groupId", "artifactId", "classifier", "type", "id")
_XML_SETS = (
    *("dependency", "plugin", "exclusion", "module", "repository", "pluginRepository", "profile"),
    *("PackageReference", "PackageVersion", "ProjectReference", "Reference", "Using", "bean"),
    *("string", "plurals", "color", "dimen", "integer", "bool", "uses-permission", "uses-feature"),
    *("activity", "service", "receiver", "provider", "meta-data", "testcase", "data", "resheader"),
)


def _elements(*names: str) -> tuple[str, ...]:
    parts = (("STag/Name", name) for name in names)
    empty = (("EmptyElemTag/Name", name) for name in names)
    return tuple(f"element[{path}={name}]" for path, name in (*parts, *empty))


XML = Language(
    name="xml",
    grammar="tree_sitter_xml:language_xml",
    extensions=(
        *(".xml", ".pom", ".csproj", ".vbproj", ".fsproj", ".vcxproj", ".props", ".targets"),
        *(
            ".xsd",
            ".xsl",
            ".xslt",
            ".svg",
            ".resx",
            ".config",
            ".nuspec",
            ".wsdl",
            ".xaml",
            ".plist",
        ),
        *(".axml", ".fxml", ".iml", ".rss", ".atom", ".storyboard", ".xib", ".ui", ".qrc", ".xlf"),
    ),
    signatures={
        "Attribute": ("Name",),
        "element": (
            *(f"STag/Attribute[Name={name}]/AttValue" for name in _XML_NAMED),
            *(f"EmptyElemTag/Attribute[Name={name}]/AttValue" for name in _XML_NAMED),
            *(f"content/element[STag/Name={name}]/content" for name in _XML_PARTS),
            r"~^<module>[^<]*",
            # Properties as Maven and MSBuild have them.
            "STag[Name=*.*]/Name",
            "STag[Name=*Version]/Name",
        ),
    },
    commutative=(
        Commutative("STag", (("Attribute",),)),
        Commutative("EmptyElemTag", (("Attribute",),)),
        Commutative("content", (_elements(*_XML_SETS), _elements("*.*", "*Version"))),
    ),
    comments=frozenset({"Comment"}),
    atoms=frozenset({"AttValue", "CharData", "CDSect"}),
)

SQL = Language(
    name="sql",
    grammar="tree_sitter_sql:language",
    extensions=(".sql", ".ddl", ".pgsql", ".psql"),
    signatures={
        "column_definition": ("name",),
        "statement": (
            "create_table/object_reference",
            "create_view/object_reference",
            "create_index/column",
            "create_function/object_reference",
            "create_type/object_reference",
        ),
        "term": ("alias",),
        "assignment": ("left",),
    },
    commutative=(Commutative("column_definitions", (("column_definition",),), separator=","),),
    comments=frozenset({"comment", "marginalia"}),
    atoms=frozenset({"literal"}),
)

MARKDOWN = Language(
    name="markdown",
    grammar="tree_sitter_markdown:language",
    extensions=(".md", ".markdown", ".mdown", ".mkd"),
    signatures={
        "section": ("atx_heading/heading_content", "setext_heading/heading_content"),
        "link_reference_definition": ("link_label",),
    },
    # Items of a numbered list do not commute: their numbers would be wrong.
    commutative=(
        Commutative("section", (("section",), ("link_reference_definition",))),
        Commutative("document", (("section",),)),
        Commutative(
            "list",
            (
                ("list_item[list_marker_minus]",),
                ("list_item[list_marker_star]",),
                ("list_item[list_marker_plus]",),
            ),
        ),
        Commutative("pipe_table", (("pipe_table_row",),)),
    ),
    comments=frozenset(),
    atoms=frozenset({"minus_metadata", "plus_metadata", "html_block"}),
    indent_sensitive=True,
)

ROWS: tuple[Language, ...] = (JSON, YAML, TOML, XML, SQL, MARKDOWN)
