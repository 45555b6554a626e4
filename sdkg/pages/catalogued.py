"""The catalogue as a graph to read pages from: what it tells of is not in the store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar, cast

import pyoxigraph as ox

from sdkg.engines.embedded import Embedded
from sdkg.graph import KnowledgeGraph
from sdkg.namespaces import BASE, GRAPH
from sdkg.project import Project

_CATALOGUE = ox.NamedNode(GRAPH + "catalogus")
_Term = TypeVar("_Term")


def catalogue_graph(project: Project, triples: Iterable[ox.Triple], base: str = BASE) -> KnowledgeGraph:
    """The graph of a catalogue, with the identifiers that the store has.

    Args:
        project: whose catalogue it is.
        triples: the catalogue (see `sdkg.publication.catalogue.make_catalogue`).
        base: what our IRIs start with in it.

    Example:
        >>> node = ox.NamedNode("https://example.org/id/catalogus")
        >>> found = catalogue_graph(Project.at("."), [ox.Triple(node, node, node)], "https://example.org/")
        >>> [quad.subject.value for quad in found.engine.quads(None, None, None)]
        ['https://w3id.org/sociaal-domein/id/catalogus']
    """
    store = ox.Store()
    store.bulk_extend(
        ox.Quad(_ours(t.subject, base), t.predicate, _ours(t.object, base), _CATALOGUE) for t in triples
    )
    return KnowledgeGraph(project, Embedded(store))


def _ours(term: _Term, base: str) -> _Term:
    if isinstance(term, ox.NamedNode) and term.value.startswith(base):
        return cast(_Term, ox.NamedNode(BASE + term.value.removeprefix(base)))
    return term
