"""The `#+` header of a saved query: YAML in SPARQL comments, read strictly; every fault with file and line.

    #+ summary: Welke doelen ...?            the question, in Dutch
    #+ description: ...
    #+ tags: [grondslag]                     the first is the group (`GROUPS`)
    #+ en: {summary: "Which goals ...?", description: ...}
    #+ parameters:
    #+   wet: {type: Wet, required: true, example: Participatiewet, label: {nl: ..., en: ...}}
    #+ columns:
    #+   doel: {nl: ..., en: ...}

The form is that of grlc (https://github.com/CLARIAH/grlc), which shows `summary`, `description` and `tags`,
with parameters declared apart from the text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sdkg.binding import columns_of, loose_variables, misuses

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node

HEADER = "#+"
GROUPS: Mapping[str, tuple[str, str]] = {
    "grondslag": ("Grondslag: wetten en kaders", "Legal basis and frameworks"),
    "partners": ("Partners", "Partners"),
    "doelenboom": ("Doelenboom", "Goal tree"),
    "meten": ("Meten en streven", "Measuring and targets"),
    "doelgroepen": ("Doelgroepen", "Target groups"),
    "onderwerpen": ("Onderwerpen over gemeenten heen", "Topics across municipalities"),
    "geld": ("Geld", "Money"),
    "tijd": ("Tijd", "Time"),
    "lacunes": ("Lacunes", "Gaps"),
    "herkomst": ("Herkomst", "Provenance"),
}
"""The groups of questions, in the order in which they are listed: name in Dutch and in English."""

PATTERNS: Mapping[str, str] = {
    "text": r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*",
    "number": r"[+-]?[0-9]+(\.[0-9]+)?",
    "year": r"[0-9]{4}",
    "date": r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
    "choice": r".*",
}
"""The types of a parameter that is a value, with the form of what they take; other types are classes."""

DATATYPES: Mapping[str, str] = {
    "text": "string",
    "number": "decimal",
    "year": "integer",
    "date": "date",
    "choice": "string",
}
"""The XML Schema datatype of what they take."""

RESERVED = frozenset(
    (
        "name",
        "timeout",
        "limit",
        "offset",
        "lang",
        "engine",
        "endpoint",
        "format",
        "output",
        "project",
        "why",
        "show",
        "help",
        "row",
    )
)
"""What no parameter may be called: the command line, Python and the API have it for themselves."""

_KEYS = {
    "": ("summary", "description", "tags", "en", "columns", "parameters"),
    "en": ("summary", "description"),
    "parameter": ("type", "label", "example", "required", "default", "options"),
    "text": ("nl", "en"),
}
_OPTIONAL = {"parameters", "required", "default", "options"}
NOTHING = "geen"
"""The one variable that may have no value, to say "no value" with: `IF(?aantal > 0, ?som, ?geen)`."""

_NAME = re.compile(r"[a-z][A-Za-z0-9]*")

Fault = tuple[int, str]
"""The line (from 1) and what is wrong there."""


def parse_header(text: str) -> tuple[dict[str, Any], list[Fault]]:
    """The header of a query as plain texts, lists and mappings, and all that is wrong with the query file.

    With faults, what is returned beside them is not to be used.

    Example:
        >>> parse_header("SELECT * { ?s ?p ?o }")[1]
        [(1, "there is no '#+' header; add summary, description, tags, en and columns")]
    """
    import yaml

    lines = text.splitlines()
    source = "\n".join(line[2:].removeprefix(" ") if line.startswith(HEADER) else "" for line in lines)
    try:
        node = yaml.compose(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return {}, [(line, f"the header is not YAML: {error.problem}")]
    if not isinstance(node, yaml.MappingNode):
        return {}, [(1, "there is no '#+' header; add summary, description, tags, en and columns")]
    faults = sorted(_faults(node))
    if faults:
        return {}, faults
    header: dict[str, Any] = _plain(node)
    return header, sorted(_against_query(header, text))


def _plain(node: Node) -> Any:
    import yaml

    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return node.value


def _faults(top: MappingNode) -> Iterator[Fault]:
    parts = {key.value: (key, value) for key, value in top.value}
    yield from _keys(top, "")
    checks: Mapping[str, Callable[[Node], Iterator[Fault]]] = {
        "summary": _text,
        "description": _text,
        "tags": _list,
        "en": lambda node: _mapping(node, "en"),
        "columns": lambda node: _each(node, "text"),
        "parameters": lambda node: _each(node, "parameter"),
    }
    for name, check in checks.items():
        if name in parts:
            yield from check(parts[name][1])


def _keys(node: MappingNode, what: str) -> Iterator[Fault]:
    known, seen = _KEYS[what], set()
    for key, _ in node.value:
        if key.value not in known:
            near = difflib.get_close_matches(key.value, known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"use {', '.join(known)}"
            yield _line(key), f"unknown key '{key.value}'; {hint}"
        elif key.value in seen:
            yield _line(key), f"'{key.value}' stands twice"
        seen.add(key.value)
    for key in known:
        if key not in seen | _OPTIONAL:
            yield _line(node), f"'{key}' is missing"


def _mapping(node: Node, what: str) -> Iterator[Fault]:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        yield _line(node), f"write {{{': ..., '.join(_KEYS[what])}: ...}} here"
        return
    yield from _keys(node, what)
    for key, value in node.value:
        if key.value == "label":
            yield from _mapping(value, "text")
        elif key.value == "options":
            yield from _list(value)
        else:
            yield from _text(value)
    if what == "parameter":
        yield from _values(node)


def _each(node: Node, what: str) -> Iterator[Fault]:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        yield _line(node), "write a name and what it is per line"
        return
    seen = set()
    for key, value in node.value:
        if not _NAME.fullmatch(str(key.value)) or key.value in seen:
            yield _line(key), f"'{key.value}' is no name for a variable, or stands twice"
        seen.add(key.value)
        yield from _mapping(value, what)


def _values(parameter: MappingNode) -> Iterator[Fault]:
    """Whether the type, the choices, the default and the example of a parameter go together."""
    found = {key.value: value for key, value in parameter.value}
    kind, plain = getattr(found.get("type"), "value", ""), _plain(parameter)
    options = plain.get("options", [])
    if (kind == "choice") != bool(options):
        yield _line(parameter), "'options' go with 'type: choice', and the other way round"
    if plain.get("required", "false") not in ("true", "false"):
        yield _line(found["required"]), "'required' is true or false"
    for key in ("default", "example"):
        value = plain.get(key)
        if not isinstance(value, str) or kind not in PATTERNS:
            continue
        if (options and value not in options) or not re.fullmatch(PATTERNS[kind], value, re.DOTALL):
            yield (
                _line(found[key]),
                f"'{value}' is no {kind}" + (f": use {', '.join(options)}" * bool(options)),
            )


def _text(node: Node) -> Iterator[Fault]:
    import yaml

    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        yield _line(node), "a text belongs here"


def _list(node: Node) -> Iterator[Fault]:
    import yaml

    if not isinstance(node, yaml.SequenceNode) or not node.value:
        yield _line(node), "a list belongs here: [one, two]"
        return
    for item in node.value:
        yield from _text(item)


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _against_query(header: Mapping[str, Any], text: str) -> Iterator[Fault]:
    """Where header and SPARQL do not agree: parameters, and columns."""
    parameters = list(header.get("parameters", {}))

    def line_of(offset: int) -> int:
        return text.count("\n", 0, offset) + 1

    texts = [
        name for name, spec in header.get("parameters", {}).items() if spec["type"] in ("text", "choice")
    ]
    for offset, problem in misuses(text, parameters, texts):
        name = re.search(r"parameter '(\w+)'", problem)
        yield (_line_with(text, name[1]) if name and not offset else line_of(offset)), problem
    for offset, loose in loose_variables(text):
        if loose not in (*parameters, NOTHING):
            yield line_of(offset), f"?{loose} is in no pattern and is no parameter; declare it or correct it"
    for name in parameters:
        if name.lower() in RESERVED:
            yield _line_with(text, name), f"a parameter cannot be called '{name}'; choose another name"
    yield from _columns(header, text)


def _columns(header: Mapping[str, Any], text: str) -> Iterator[Fault]:
    columns, declared = columns_of(text), list(header["columns"])
    for name in columns:
        if name not in declared:
            yield _line_with(text, "columns"), f"column ?{name} is not described under 'columns'"
    for name in declared:
        if columns and name not in columns:
            yield (
                _line_with(text, name, last=True),
                f"'{name}' is described under 'columns', but SELECT has no ?{name}",
            )


def _line_with(text: str, key: str, last: bool = False) -> int:
    """The first or the last header line that starts with a key; 1 if there is none."""
    numbers = [
        number for number, line in enumerate(text.splitlines(), 1) if re.match(rf"#\+\s*{key}\s*:", line)
    ]
    return numbers[-1 if last else 0] if numbers else 1
