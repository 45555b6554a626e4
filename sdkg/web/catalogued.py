"""The graph that knows a thing: that of the store, or the catalogue for what is about the data themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from sdkg.engines.embedded import Embedded
from sdkg.graph import KnowledgeGraph
from sdkg.namespaces import BASE, GRAPH
from sdkg.web.asking import ask, ask_published
from sdkg.web.jobs import Desk
from sdkg.web.publishing import catalogue_of

FOLDERS = ("catalogus", "dataset", "reeks", "dienst")
"""What the paths of things start with that only the catalogue knows."""

_CATALOGUE = ox.NamedNode(GRAPH + "catalogus")
_Term = TypeVar("_Term")
_made: WeakKeyDictionary[KnowledgeGraph, KnowledgeGraph] = WeakKeyDictionary()


async def ask_about(request: Request, job: str, path: str, **arguments: Any) -> Response:
    """As `ask`, about a thing by the path of its IRI; if the catalogue knows it, when that can be made."""
    asking = ask_published if path.partition("/")[0] in FOLDERS else ask
    return await asking(request, job, path=path, **arguments)


def graph_for(desk: Desk, path: str) -> KnowledgeGraph:
    """The graph to look in for a thing, by the path of its IRI below `ID`.

    The catalogue takes a while to make the first time, so it is asked for nothing else.

    Example:
        >>> import sdkg
        >>> from sdkg.web.settings import Settings
        >>> desk = Desk(sdkg.load(), Settings())
        >>> graph_for(desk, "wet/jeugdwet") is desk.graph, graph_for(desk, "catalogus") is desk.graph
        (True, False)
    """
    if path.partition("/")[0] not in FOLDERS:
        return desk.graph
    if desk.graph not in _made:
        store = ox.Store()
        store.bulk_extend(_quads(desk))
        _made[desk.graph] = KnowledgeGraph(desk.graph.project, Embedded(store))
    return _made[desk.graph]


def _quads(desk: Desk) -> Iterator[ox.Quad]:
    """The catalogue with the identifiers that the store has, whatever those that are served are."""
    served = desk.settings.data_base
    for triple in catalogue_of(desk).triples:
        subject, value = _ours(triple.subject, served), _ours(triple.object, served)
        yield ox.Quad(subject, triple.predicate, value, _CATALOGUE)


def _ours(term: _Term, served: str) -> _Term:
    if isinstance(term, ox.NamedNode) and term.value.startswith(served):
        return cast(_Term, ox.NamedNode(BASE + term.value.removeprefix(served)))
    return term
