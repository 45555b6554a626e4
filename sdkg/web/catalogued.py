"""The graph that knows a thing: that of the store, or the catalogue for what is about the data themselves."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import Response

from sdkg.graph import KnowledgeGraph
from sdkg.pages.catalogued import catalogue_graph
from sdkg.web.asking import ask, ask_published
from sdkg.web.jobs import Desk
from sdkg.web.publishing import catalogue_of

FOLDERS = ("catalogus", "dataset", "reeks", "dienst")
"""What the paths of things start with that only the catalogue knows."""

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
        triples = catalogue_of(desk).triples
        _made[desk.graph] = catalogue_graph(desk.graph.project, triples, desk.settings.data_base)
    return _made[desk.graph]
