"""Oxigraph in this process: the engine that ships."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

import pyoxigraph as ox

from sdkg.binding import bind
from sdkg.engines import NO_VALUES, Answer, refuse_outside
from sdkg.errors import QueryError
from sdkg.namespaces import PREFIXES, XSD
from sdkg.reading import Term

_POSITION = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): (?P<rest>.*)", re.DOTALL)
_UPDATE = re.compile(
    r"\s*(PREFIX[^\n]*\n|\s)*(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|WITH|ADD|MOVE|COPY)\b", re.IGNORECASE
)


class Embedded:
    """An `sdkg.engines.Engine` over an Oxigraph store.

    Texts go beside the query (SPARQL SEP-0007). IRIs, which a look-up found in the graph itself, numbers and
    dates go into it (`sdkg.binding`): the planner does not look at what is beside the query, and starts at
    the wrong end.
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
        query = bind(text, within) if within else text
        try:
            return self.store.query(
                query,
                prefixes=dict(PREFIXES),
                use_default_graph_as_union=True,
                substitutions={ox.Variable(name): value for name, value in beside.items()},
            )
        except SyntaxError as error:
            raise faulty(str(error.msg), query) from None
        except RuntimeError as error:
            raise QueryError(f"The query cannot be answered: {error}.") from None

    def quads(self, s: Term | None, p: ox.NamedNode | None, o: Term | None) -> Iterable[ox.Quad]:
        """See `sdkg.engines.Engine.quads`."""
        return () if isinstance(s, ox.Literal) else self.store.quads_for_pattern(s, p, o, None)


def _is_text(value: Term) -> bool:
    return isinstance(value, ox.Literal) and value.datatype.value == XSD + "string"


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
    if problem.startswith("expected"):
        rest = source[column - 1 :].split()
        problem = f"'{rest[0]}' is not expected here" if rest else "the query ends too soon"
    return QueryError(
        f"The query is faulty at line {line}, column {column}: {problem}.{hint}\n"
        f"    {source}\n    {' ' * (column - 1)}^"
    )
