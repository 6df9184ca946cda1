"""What languages write differently, as templates: negation, choice, guards, known functions.

A row for each that differs from C; what can be read off the grammar stands in `reading` instead.
"""

from typing import NamedTuple

from gitmerge_ai.syntax.language import Language


class Dialect(NamedTuple):
    """How a language writes what operators make.

    `{e}` is the expression at hand, `{n}` a name in scope, `{c}` a number, `{x}` another
    expression, `{q}` a condition, `{body}` statements.

    negation, conjunction, disjunction, choice: of expressions. within: that one is between two
    others. nothing, truths: constants. growths: further templates of numbers; shapes: of other
    values. guard: a statement that runs its body on a condition. leave: statements that end a
    function or a turn of a loop. test: a comparison as a condition. idle: the statement that does
    nothing. statement: what ends one. assign: a name gets a value.
    methods: calls that change what they are called on, with an argument `{n}` and a receiver `{r}`.
    orders: what collects the `{n}` of `{e}` as `ranked` by a rank `{x}`, a tab a level, and in its
    last line begins a loop through them, sorted; then the same for those on a condition.
    """

    negation: str = "!{e}"
    conjunction: str = "{e} && {q}"
    disjunction: str = "{e} || {q}"
    choice: str = "{q} ? {e} : {x}"
    within: str = "{c} < {e} && {e} < {x}"
    nothing: str = "null"
    truths: tuple[str, str] = ("true", "false")
    growths: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    guard: str = "if ({q}) {{\n{body}\n}}"
    leave: tuple[str, ...] = ("return;", "break;", "continue;")
    test: str = "{e}"
    idle: str = ""
    statement: str = ";"
    assign: str = "{n} = {e}"
    methods: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()


_C = Dialect(nothing="NULL")
_MATH = ("Math.max({e}, {x})", "Math.min({e}, {x})", "Math.abs({e})")
_JVM = _C._replace(nothing="null", growths=_MATH)
_SCRIPT = _JVM._replace(
    growths=(*_MATH, "Math.sqrt({e})", "{e} ** {c}"),
    shapes=("[{e}]", "{e}.slice({n})", "{e}.slice(0, {n})"),
    methods=("{r}.push({n})", "{r}.add({n})", "{r}.pop()"),
)
_BARE = _C._replace(
    nothing="nil",
    guard="if {q} {{\n{body}\n}}",
    leave=("return", "break", "continue"),
    statement="",
)
_PYTHON = Dialect(
    negation="not {e}",
    conjunction="{e} and {q}",
    disjunction="{e} or {q}",
    choice="{e} if {q} else {x}",
    within="{c} < {e} < {x}",
    nothing="None",
    truths=("True", "False"),
    growths=("max({e}, {x})", "min({e}, {x})", "abs({e})", "{e} ** {c}", "{e} // {c}"),
    shapes=(
        *("[{e}]", "{e}[{n}:]", "{e}[:{n}]", "{e}[1:]", "{e}[:-1]", "list({e})", "sorted({e})"),
        *("len({e})", "set({e})", "{e}[{n}]", "{e} + {n}", "{n} + {e}"),
    ),
    guard="if {q}:\n{body}",
    leave=("return", "break", "continue"),
    idle="pass",
    statement="",
    methods=("{r}.append({n})", "{r}.add({n})", "{r}.update({n})", "{r}.remove({n})", "{r}.pop()"),
    orders=(
        "ranked = []\nfor {n} in {e}:\n"
        "\trank = {x}\n\tranked.append((rank, len(ranked), {n}))\n"
        "for _, _, {n} in sorted(ranked)",
        "ranked = []\nfor {n} in {e}:\n\tif {q}:\n"
        "\t\trank = {x}\n\t\tranked.append((rank, len(ranked), {n}))\n"
        "for _, _, {n} in sorted(ranked)",
    ),
)
_RUBY = _BARE._replace(
    choice="({q} ? {e} : {x})",
    growths=("[{e}, {x}].max", "[{e}, {x}].min", "({e}).abs", "{e} ** {c}"),
    shapes=("[{e}]", "{e}[{n}..]", "{e}[0...{n}]"),
    guard="if {q}\n{body}\nend",
    leave=("return", "break", "next"),
    methods=("{r} << {n}", "{r}.pop"),
)
_LUA = _BARE._replace(
    negation="not {e}",
    conjunction="{e} and {q}",
    disjunction="{e} or {q}",
    choice="({q}) and {e} or {x}",
    within="{c} < {e} and {e} < {x}",
    growths=("math.max({e}, {x})", "math.min({e}, {x})", "math.abs({e})", "{e} ^ {c}"),
    guard="if {q} then\n{body}\nend",
    leave=("return", "break"),
)

_ROWS: dict[str, Dialect] = {
    "bash": _BARE._replace(
        guard="if {q}; then\n{body}\nfi",
        negation="! {e}",
        choice="",
        leave=("return", "break", "continue"),
        test="(( {e} ))",
        assign="{n}=${e}",
    ),
    "sql": _C._replace(
        negation="NOT {e}",
        conjunction="{e} AND {q}",
        disjunction="{e} OR {q}",
        choice="CASE WHEN {q} THEN {e} ELSE {x} END",
        within="{e} BETWEEN {c} AND {x}",
        nothing="NULL",
        growths=("ABS({e})", "COALESCE({e}, {x})"),
        guard="",
        leave=(),
    ),
    "elixir": _BARE._replace(
        choice="(if {q}, do: {e}, else: {x})",
        growths=("max({e}, {x})", "min({e}, {x})", "abs({e})"),
        guard="if {q} do\n{body}\nend",
        leave=(),
    ),
    "powershell": _C._replace(
        negation="-not {e}",
        conjunction="{e} -and {q}",
        disjunction="{e} -or {q}",
        choice="",
        nothing="$null",
        leave=("return", "break", "continue"),
        statement="",
    ),
    "python": _PYTHON,
    "starlark": _PYTHON,
    "ruby": _RUBY,
    "lua": _LUA,
    "cpp": _C._replace(nothing="nullptr", growths=("std::max({e}, {x})", "std::min({e}, {x})")),
    "objective-c": _C._replace(nothing="nil", truths=("YES", "NO")),
    "java": _JVM,
    "groovy": _JVM,
    "csharp": _JVM._replace(growths=tuple(text.replace(".m", ".M") for text in _MATH)),
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "tsx": _SCRIPT,
    "php": _JVM._replace(growths=("max({e}, {x})", "min({e}, {x})", "abs({e})", "{e} ** {c}")),
    "dart": _JVM._replace(growths=("max({e}, {x})", "min({e}, {x})")),
    "go": _BARE._replace(choice="", growths=("max({e}, {x})", "min({e}, {x})")),
    "rust": _BARE._replace(
        nothing="None",
        choice="if {q} {{ {e} }} else {{ {x} }}",
        growths=("({e}).max({x})", "({e}).min({x})", "({e}).abs()"),
        leave=("return;", "break;", "continue;"),
        statement=";",
    ),
    "swift": _BARE._replace(growths=("max({e}, {x})", "min({e}, {x})", "abs({e})")),
    "kotlin": _BARE._replace(
        nothing="null",
        choice="if ({q}) {e} else {x}",
        growths=("maxOf({e}, {x})", "minOf({e}, {x})"),
        guard=_C.guard,
    ),
    "scala": _BARE._replace(
        nothing="null",
        choice="if ({q}) {e} else {x}",
        growths=("math.max({e}, {x})", "math.min({e}, {x})", "math.abs({e})"),
        guard=_C.guard,
        leave=("return",),
    ),
}


def dialect(row: Language) -> Dialect:
    """Give the dialect of a language, C's where it has no row."""
    return _ROWS.get(row.name, _C)
