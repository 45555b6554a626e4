"""Terms into a query: what goes to an engine that has no way of its own to be given values.

Most SPARQL 1.1 engines take nothing but text. So a parameter that was given becomes, token by token of the
SPARQL grammar and never by searching in the text,

* in WHERE, the term itself, written by the RDF library that also reads it;
* in the projection, grouping and order of a sub-select, nothing;
* at the end of WHERE, `BIND(term AS ?parameter)`, so that SELECT, GROUP BY and ORDER BY still see it.

That is what SPARQL SEP-0007 asks of substitution, in SPARQL 1.1. `misuses` lists where a query uses a
parameter in a way in which this cannot be done; saved queries are checked for it when they are loaded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sdkg.reading import Term

_TOKEN = re.compile(
    r"""(?P<blank>\s+|\#[^\n]*)"""
    r'''|(?P<string>"""(?:[^\\"]|\\.|"(?!""))*"""|\'\'\'(?:[^\\']|\\.|'(?!''))*\'\'\''''
    r"""|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')"""
    r"""|(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)"""
    r"""|(?P<variable>[?$]\w+)"""
    r"""|(?P<name>[^\W\d][\w-]*(?:\.[\w-]+)*:[\w%:-]*(?:\.[\w%:-]+)*|:[\w-]+)"""
    r"""|(?P<word>@?[^\W\d][\w-]*)"""
    r"""|(?P<mark>.)""",
    re.DOTALL,
)
_NEVER = "urn:sdkg:open"
_CLAUSES = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET")


_LONG = 20_000
"""The tokens of a query of fewer characters are kept: whoever asks for them asks again."""


@dataclass(frozen=True)
class Token:
    """A token of a query: its kind, text and offset; `region` is `head` (before WHERE), `where` or `tail`.

    `listed` is the clause of a sub-select in which a variable stands by itself: SELECT, GROUP or ORDER;
    `nested` tells that it is somewhere in a sub-select.
    """

    kind: str
    text: str
    start: int
    region: str = ""
    listed: str = ""
    nested: bool = False


def tokens(query: str) -> list[Token]:
    """The tokens of a query (SPARQL 1.1, section 19.8), blanks and comments too.

    Example:
        >>> [token.text for token in tokens('ASK{?s <p> "}"}') if token.kind == "variable"]
        ['?s']
    """
    return list(_tokens(query) if len(query) < _LONG else _in_regions(_TOKEN.finditer(query)))


@lru_cache(maxsize=64)
def _tokens(query: str) -> tuple[Token, ...]:
    return tuple(_in_regions(_TOKEN.finditer(query)))


def _in_regions(found: Iterator[re.Match[str]]) -> Iterator[Token]:
    region, round_depth, clauses, selects = "head", 0, [""], [False]
    for match in found:
        kind, text = str(match.lastgroup), match[0]
        word = text.upper() if kind == "word" else ""
        if text == "(":
            round_depth += 1
        elif text == ")":
            round_depth -= 1
        elif text == "{" and kind == "mark":
            region = "where" if region == "head" else region
            clauses.append("")
            selects.append(False)
        elif text == "}" and kind == "mark" and len(clauses) > 1:
            clauses.pop()
            selects.pop()
            region = "tail" if len(clauses) == 1 else region
        elif word in ("SELECT", *_CLAUSES):
            clauses[-1] = word
            selects[-1] = selects[-1] or (word == "SELECT" and region == "where")
        elif word in ("WHERE", "OPTIONAL", "FILTER", "BIND", "VALUES", "UNION"):
            clauses[-1] = ""
        inside = len(clauses) > 1 and round_depth == 0 and kind == "variable"
        listed = clauses[-1] if inside else ""
        yield Token(kind, text, match.start(), region, listed, any(selects))


def bind(query: str, values: Mapping[str, Term], unset: Collection[str] = ()) -> str:
    """A query with terms in the place of its parameters.

    Args:
        query: a SPARQL 1.1 query; its `#+` header is left out of what comes back.
        values: term by name of the parameter.
        unset: parameters that were not given; they stay variables. One that only stands in expressions is
            named in a pattern that never matches, because some engines refuse a variable that no pattern has.

    Example:
        >>> import pyoxigraph as ox
        >>> print(bind("SELECT ?s ?w { ?s ?p ?w }", {"w": ox.Literal('"}')}))
        SELECT ?s ?w { ?s ?p "\\"}" BIND("\\"}" AS ?w) }
    """
    template = _template(query, frozenset((*values, *unset)))
    terms = {name: str(term) for name, term in values.items()}
    written = list(template.texts)
    for index, name, listed in template.slots:
        if name in terms:
            written[index] = "" if listed else terms[name]
    idle = [name for name in unset if name in template.idle]
    written[template.start] += "".join(f" OPTIONAL {{ <{_NEVER}> <{_NEVER}> ?{name} }}" for name in idle)
    written[template.end] = "".join(f"BIND({term} AS ?{name}) " for name, term in terms.items()) + "}"
    return "".join(written).strip()


@dataclass(frozen=True)
class _Template:
    """A query cut into texts: those that a term replaces, and where its WHERE starts and ends."""

    texts: tuple[str, ...]
    slots: tuple[tuple[int, str, bool], ...]
    idle: frozenset[str]
    start: int
    end: int


@lru_cache(maxsize=256)
def _template(query: str, names: frozenset[str]) -> _Template:
    body = "\n".join(line for line in query.splitlines() if not line.startswith("#+"))
    found = tokens(body)
    start = next(index for index, token in enumerate(found) if token.region == "where")
    end = max(index for index, token in enumerate(found) if token.region == "where") + 1
    slots = [
        (index, token.text[1:], bool(token.listed))
        for index, token in enumerate(found)
        if token.kind == "variable" and token.region == "where" and token.text[1:] in names
    ]
    idle = frozenset(_only_in_expressions(found[start:end], names))
    return _Template(tuple(token.text for token in found), tuple(slots), idle, start, end)


def _only_in_expressions(where: Sequence[Token], names: Collection[str]) -> list[str]:
    """Those of some variables that stand in brackets only: in FILTER, BIND and the like."""
    depth, in_patterns = 0, set()
    for token in where:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.kind == "variable" and depth == 0:
            in_patterns.add(token.text[1:])
    return [name for name in names if name not in in_patterns]


def misuses(query: str, parameters: Collection[str], beside: Collection[str] = ()) -> list[tuple[int, str]]:
    """Where a query uses a parameter in a way that no term can take its place: offset and what is wrong.

    `beside` are those whose value is given beside the text: that does not reach into a sub-select.

    Example:
        >>> misuses("SELECT ?w { ?s ?p ?o FILTER(BOUND(?w)) }", ["w"])[0][1]
        'BOUND(?w) is not the same in all engines; write COALESCE(... = ?w, true)'
    """
    found = [token for token in tokens(query) if token.kind != "blank"]
    problems = []
    for index, token in enumerate(found):
        if token.kind == "variable" and token.text[1:] in parameters:
            problem = _misuse(found, index, beside)
            problems += [(token.start, problem)] if problem else []
    for name in parameters:
        used = {token.region for token in found if token.kind == "variable" and token.text[1:] == name}
        if "where" not in used:
            problems.append((0, f"parameter '{name}' is not used in WHERE"))
        elif "head" not in used:
            problems.append((0, f"parameter '{name}' is not among the columns; add ?{name} to SELECT"))
    return problems


def _misuse(found: Sequence[Token], index: int, beside: Collection[str]) -> str | None:
    """What is wrong with the use of a parameter at one place."""
    token, before = found[index], [t.text.upper() for t in found[max(index - 2, 0) : index]]
    if before[-1:] == ["AS"]:
        return f"{token.text} is a parameter; give the result another name"
    if token.nested and token.text[1:] in beside:
        return f"{token.text} does not reach into a sub-select; compare it outside"
    if token.listed == "GROUP" and _alone(found, index):
        return f"{token.text} is a parameter; group by something else too"
    if before == ["BOUND", "("]:
        advice = f"write COALESCE(... = {token.text}, true)"
        return f"BOUND({token.text}) is not the same in all engines; {advice}"
    if _in_values(found[:index]):
        return f"{token.text} is a parameter; compare it in a FILTER, not in VALUES"
    return None


def _alone(found: Sequence[Token], index: int) -> bool:
    """Whether a variable is all that a sub-select groups by: a term there would make a group of nothing."""
    return found[index - 1].text.upper() == "BY" and not found[index + 1].listed


def loose_variables(query: str) -> list[tuple[int, str]]:
    """The variables that no pattern, BIND, VALUES or sub-select gives a value: offset of first use, and name.

    Such a variable is a parameter, or a slip.

    Example:
        >>> loose_variables("SELECT ?s { ?s ?p ?o FILTER(?o < ?top) }")
        [(33, 'top')]
    """
    found = [token for token in tokens(query) if token.kind != "blank"]
    depth, given = 0, set()
    used: dict[str, int] = {}
    for index, token in enumerate(found):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.kind != "variable":
            continue
        name = token.text[1:]
        used.setdefault(name, token.start)
        is_target = found[index - 1].text.upper() == "AS"
        if is_target or (token.region == "where" and (depth == 0 or _in_values(found[:index]))):
            given.add(name)
    return [(start, name) for name, start in used.items() if name not in given]


def columns_of(query: str) -> list[str]:
    """The names of the columns of a SELECT, in order; none for `SELECT *` and other forms of query.

    Example:
        >>> columns_of("SELECT DISTINCT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }")
        ['s', 'n']
    """
    head = [token for token in tokens(query) if token.region == "head" and token.kind != "blank"]
    depth, columns = 0, []
    for before, token in zip(["", *(t.text.upper() for t in head)], head, strict=False):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.kind == "variable" and (depth == 0 or (depth == 1 and before == "AS")):
            columns.append(token.text[1:])
    return columns


def _in_values(before: Sequence[Token]) -> bool:
    """Whether what comes next is in the variable list of VALUES."""
    for token in reversed(before):
        if token.text.upper() == "VALUES":
            return True
        if token.kind != "variable" and token.text != "(":
            return False
    return False
