"""Oxigraph in this process: the engine that ships."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

import pyoxigraph as ox

from sdkg.binding import bind, tokens
from sdkg.engines import NO_VALUES, Answer, refuse_outside
from sdkg.errors import Place, QueryError
from sdkg.namespaces import PREFIXES, XSD
from sdkg.reading import Term

_POSITION = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): (?P<rest>.*)", re.DOTALL)
_MARKS = [(prefix, f"{prefix}:") for prefix in PREFIXES]
_WORD = re.compile(r"[A-Za-z0-9]+")
_UPDATE = re.compile(
    r"\s*(PREFIX[^\n]*\n|\s)*(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|WITH|ADD|MOVE|COPY)\b", re.IGNORECASE
)


class Embedded:
    """An `sdkg.engines.Engine` over an Oxigraph store.

    Texts go beside the query (SPARQL SEP-0007). IRIs, which a look-up found in the graph itself, numbers,
    dates and single words go into it (`sdkg.binding`): the planner does not look at what is beside the
    query, and starts at the wrong end.
    """

    name = "oxigraph"

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def query(
        self,
        text: str,
        values: Mapping[str, Term] = NO_VALUES,
        unset: Collection[str] = (),  # noqa: ARG002
    ) -> Answer:
        """See `sdkg.engines.Engine.query`."""
        if "SERVICE" in text.upper():
            refuse_outside(text, ("SERVICE",))
        beside = {name: value for name, value in values.items() if _is_text(value)}
        within = {name: value for name, value in values.items() if name not in beside}
        return evaluate(self.store, bind(text, within) if within else text, beside)

    def quads(self, s: Term | None, p: ox.NamedNode | None, o: Term | None) -> Iterable[ox.Quad]:
        """See `sdkg.engines.Engine.quads`."""
        return () if isinstance(s, ox.Literal) else self.store.quads_for_pattern(s, p, o, None)


def evaluate(
    store: ox.Store,
    query: str,
    beside: Mapping[str, Term] = NO_VALUES,
    default: Sequence[str] = (),
    named: Sequence[str] = (),
    base: str | None = None,
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """The answer of a store to a query.

    Args:
        store: what to ask.
        query: SPARQL 1.1; the prefixes of the project need no PREFIX.
        beside: values by name of their variable.
        default: the graphs that are the default graph together.
        named: the graphs that GRAPH sees. If neither is given, the query says it with FROM; if that does not
            either, the default graph is all graphs together and GRAPH sees each (SPARQL 1.1 Protocol, 2.1.4).
        base: what relative IRIs of the query are relative to.

    Raises:
        QueryError: the query is faulty, or cannot be answered.
    """
    try:
        graphs: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(iri) for iri in default]
        seen: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri) for iri in named]
    except ValueError as error:
        raise QueryError(f"A graph is named by an absolute IRI: {error}.") from None
    given = bool(default or named)
    try:
        return store.query(
            query,
            base_iri=base,
            prefixes=_named_in(query),
            use_default_graph_as_union=not given and not _says_from(query),
            default_graph=graphs if given else None,
            named_graphs=seen if given else None,
            substitutions={ox.Variable(name): value for name, value in beside.items()},
        )
    except SyntaxError as error:
        raise faulty(str(error.msg), query) from None
    except RuntimeError as error:
        raise QueryError(f"The query cannot be answered: {error}.") from None


def _named_in(query: str) -> dict[str, str]:
    """The prefixes of the project that a query may use: fewer cost the engine less."""
    return {prefix: PREFIXES[prefix] for prefix, mark in _MARKS if mark in query}


def _says_from(query: str) -> bool:
    """Whether a query names its own dataset: the engine would put the union of all graphs in its place."""
    if "FROM" not in query.upper():
        return False
    head = (token for token in tokens(query) if token.region == "head")
    return any(token.kind == "word" and token.text.upper() == "FROM" for token in head)


def _is_text(value: Term) -> bool:
    """Whether a value is a text of more than a word: a choice, as "ja", is no text."""
    if not isinstance(value, ox.Literal) or value.datatype.value != XSD + "string":
        return False
    return _WORD.fullmatch(value.value) is None


def faulty(message: str, query: str) -> QueryError:
    """The error for a query that does not parse: where, what is wrong, and the line itself."""
    found = _POSITION.search(message)
    if not found:
        return QueryError(f"The query is faulty: {message}.")
    line, column = int(found["line"]), int(found["column"])
    source = (query.splitlines()[line - 1 : line] or [""])[0]
    hint = ""
    if _UPDATE.match(query):
        hint = " The store is read-only: updates are not possible; change the files and run 'sdkg build'."
    problem = found["rest"].strip().rstrip(".")
    stranger = _undeclared(query, line, column)
    if stranger is not None:
        line, column, prefix = stranger
        source = (query.splitlines()[line - 1 : line] or [""])[0]
        problem = f"the prefix '{prefix}:' is not declared"
    elif problem.startswith("expected"):
        rest = source[column - 1 :].split()
        problem = f"'{rest[0]}' is not expected here" if rest else "the query ends too soon"
    error = QueryError(
        f"The query is faulty at line {line}, column {column}: {problem}.{hint}\n"
        f"    {source}\n    {' ' * (column - 1)}^"
    )
    error.place = Place(None, line, column)
    return error


def _undeclared(query: str, line: int, column: int) -> tuple[int, int, str] | None:
    """The first prefix that a query uses and nobody declares, before the place where the engine stopped."""
    declared = {"_", *PREFIXES, *re.findall(r"PREFIX\s+([\w.-]*)\s*:", query, re.IGNORECASE)}
    for token in tokens(query):
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and prefix not in declared:
            at = query.count("\n", 0, token.start) + 1
            start = token.start - query.rfind("\n", 0, token.start)
            return (at, start, prefix) if (at, start) <= (line, column) else None
    return None
