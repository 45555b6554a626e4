"""rdflib, in memory: slow and thorough, and written by others than the engine that ships. The reference."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from sdkg.binding import bind
from sdkg.deadline import within
from sdkg.engines import NO_VALUES, Answer, refuse_outside, with_prefixes
from sdkg.errors import QueryError
from sdkg.reading import Term

_ESCAPE = re.compile(r"\\[uU]")


class Memory:
    """An `sdkg.engines.Engine` over an rdflib Dataset whose default graph is the union of its graphs."""

    name = "rdflib"

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        """Load some quads; takes about four seconds per hundred thousand."""
        from rdflib import Dataset

        buffer = io.BytesIO()
        ox.serialize(quads, buffer, ox.RdfFormat.N_QUADS)
        self._dataset = Dataset(default_union=True)
        self._dataset.parse(data=buffer.getvalue(), format="nquads")

    def query(self, text: str, values: Mapping[str, Term] = NO_VALUES, unset: Collection[str] = ()) -> Answer:
        """See `sdkg.engines.Engine.query`."""
        from pyparsing.exceptions import ParseException

        refuse_outside(text, ("SERVICE", "FROM"))
        if any(_ESCAPE.search(str(value)) for value in values.values()):
            raise QueryError("rdflib takes \\u in a value for an escape. Ask another engine.")
        query = with_prefixes(bind(text, values, unset) if values or unset else text)
        try:
            # in a thread of its own: rdflib keeps errors as values, and they the frames of all who called it
            data, syntax = within(None, lambda: _written(self._dataset.query(query)))
        except ParseException as error:
            raise QueryError(
                f"The query is faulty at line {error.lineno}, column {error.column}: {error.msg}."
            ) from None
        except Exception as error:  # rdflib raises bare Exception for much
            raise QueryError(f"The query cannot be answered: {error}.") from None
        if syntax:
            return [quad.triple for quad in ox.parse(data, format=syntax)]
        return ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)

    def quads(self, s: Term | None, p: ox.NamedNode | None, o: Term | None) -> Iterator[ox.Quad]:
        """See `sdkg.engines.Engine.quads`."""
        from rdflib.util import from_n3

        pattern: Any = [None if term is None else from_n3(str(term)) for term in (s, p, o)]
        found: Iterable[Any] = self._dataset.quads((*pattern, None))
        for quad in found:
            line = " ".join(term.n3() for term in quad) + " ."
            yield next(iter(ox.parse(line.encode(), format=ox.RdfFormat.N_QUADS)))


def _written(result: Any) -> tuple[bytes, ox.RdfFormat | None]:
    if result.type in ("CONSTRUCT", "DESCRIBE"):
        return result.graph.serialize(format="nt", encoding="utf-8"), ox.RdfFormat.N_TRIPLES
    return result.serialize(format="json"), None
