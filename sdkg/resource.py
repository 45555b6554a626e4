"""The description of one IRI as RDF: what is said of it, what points at it, and what names and places both.

A concise bounded description (https://www.w3.org/submissions/CBD/), and the same for what points at the IRI.
`sdkg.show` tells people the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeGuard

import pyoxigraph as ox

from sdkg.engines import Engine
from sdkg.namespaces import DCT, INFERRED, RDF, RDFS, SD, SKOS

PER_PROPERTY = 250
"""Of what points at a thing, so many statements of each property are in its description."""

_LABELS = tuple(
    ox.NamedNode(iri)
    for iri in (SKOS + "prefLabel", RDFS + "label", DCT + "title", "http://xmlns.com/foaf/0.1/name")
)
_LANGUAGES = (None, "nl", "en")
_EVIDENCE = (SD + "bewijstVan", SD + "bewijstNaar")
_PLACE = SD + "vindplaats"
_PLACING = frozenset(
    (RDF + "type", SD + "inPlan", SD + "sectieVan", SD + "nummer", SD + "geldigVan", SD + "geldigTot")
)
_Node = ox.NamedNode | ox.BlankNode


@dataclass(frozen=True)
class Resource:
    """The description of one IRI.

    Attributes:
        iri: what it is about.
        quads: all of it, each statement once, in the graph that states it, else one that infers it; sorted.
        pointing: by property how many statements point at the IRI, in the graph as a whole.
        shown: how many of those are among `quads`.
    """

    iri: str
    quads: tuple[ox.Quad, ...]
    pointing: Mapping[str, int]
    shown: int

    @property
    def cut(self) -> int:
        """How many of the statements that point at the IRI were left out."""
        return sum(self.pointing.values()) - self.shown


def named(iri: str) -> ox.NamedNode | None:
    """The node of an IRI; `None` for a text that is none.

    Example:
        >>> named("https://example.org/a b") is None
        True
    """
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def is_known(engine: Engine, iri: str) -> bool:
    """Whether the graph says anything of an IRI, or with it.

    Example:
        >>> import sdkg
        >>> is_known(sdkg.load().engine, "https://w3id.org/sociaal-domein/id/wet/jeugdwet")
        True
    """
    node = named(iri)
    return node is not None and (any(engine.quads(node, None, None)) or any(engine.quads(None, None, node)))


def describe(engine: Engine, iri: str, per_property: int = PER_PROPERTY) -> Resource | None:
    """The description of an IRI; `None` if the graph does not know it.

    It holds all that is said of the IRI; what points at it, for each property at most `per_property`
    statements, the stated first; both with their parts; the evidence, sections and plans; and the names,
    in Dutch and English, of all of these.

    Example:
        >>> import sdkg
        >>> found = describe(sdkg.load().engine, "https://w3id.org/sociaal-domein/id/wet/jeugdwet")
        >>> found.cut > 1000
        True
    """
    node = named(iri)
    if node is None:
        return None
    about = _once(engine.quads(node, None, None))
    incoming = _once(engine.quads(None, None, node))
    if not about and not incoming:
        return None
    chosen = list(_first_of_each(incoming, per_property))
    found = [*about.values(), *chosen]
    found += _parts(engine, found, f"{iri}#")
    found += _evidence(engine, chosen)
    found += _places(engine, found, node)
    found += _names(engine, found)
    quads = tuple(sorted(_once(found).values(), key=_order))
    pointing = Counter(triple.predicate.value for triple in incoming)
    return Resource(iri, quads, dict(sorted(pointing.items())), len(chosen))


def _once(quads: Iterable[ox.Quad]) -> dict[ox.Triple, ox.Quad]:
    """Each statement once, in the first graph that states it, or else the first that infers it."""
    found: dict[ox.Triple, ox.Quad] = {}
    for quad in quads:
        held = found.get(quad.triple)
        if held is None or _graph(quad) < _graph(held):
            found[quad.triple] = quad
    return found


def _graph(quad: ox.Quad) -> tuple[bool, str]:
    name = getattr(quad.graph_name, "value", "")
    return name.startswith(INFERRED), name


def _order(quad: ox.Quad) -> tuple[str, str, str]:
    return str(quad.subject), quad.predicate.value, str(quad.object)


def _first_of_each(incoming: Mapping[ox.Triple, ox.Quad], most: int) -> Iterator[ox.Quad]:
    """The first so many statements of each property: the stated, then the inferred, by subject."""
    taken: Counter[str] = Counter()
    for quad in sorted(incoming.values(), key=lambda quad: (_graph(quad)[0], _order(quad))):
        taken[quad.predicate.value] += 1
        if taken[quad.predicate.value] <= most:
            yield quad


def _parts(engine: Engine, quads: Iterable[ox.Quad], prefix: str) -> Iterator[ox.Quad]:
    """What parts say and what leads to them: blank nodes, and IRIs that are the thing's own with a hash."""

    def of(quad: ox.Quad) -> list[_Node]:
        return [term for term in (quad.subject, quad.object) if _is_part(term, prefix)]

    todo = [node for quad in quads for node in of(quad)]
    seen: set[_Node] = set()
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        for quad in [*engine.quads(node, None, None), *engine.quads(None, None, node)]:
            yield quad
            todo += of(quad)


def _is_part(term: object, prefix: str) -> TypeGuard[_Node]:
    return isinstance(term, ox.BlankNode) or (
        isinstance(term, ox.NamedNode) and term.value.startswith(prefix)
    )


def _evidence(engine: Engine, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """All that is said by the evidence nodes (sd:Bewijs) for statements about the thing, or that name it."""
    for node in {quad.subject for quad in quads if quad.predicate.value in _EVIDENCE}:
        yield from engine.quads(node, None, None)


def _places(engine: Engine, quads: Iterable[ox.Quad], topic: _Node) -> Iterator[ox.Quad]:
    """What tells where the places are: sections with their number and plan, plans with their period."""
    held = list(quads)
    sections = {quad.object for quad in held if quad.predicate.value == _PLACE} - {topic}
    placed = [quad for section in sections for quad in _placing(engine, section)]
    yield from placed
    within = (SD + "inPlan", SD + "sectieVan")
    for plan in {quad.object for quad in [*held, *placed] if quad.predicate.value in within} - {topic}:
        yield from _placing(engine, plan)


def _placing(engine: Engine, node: object) -> Iterator[ox.Quad]:
    if isinstance(node, ox.NamedNode):
        yield from (quad for quad in engine.quads(node, None, None) if quad.predicate.value in _PLACING)


def _names(engine: Engine, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    terms = {term for quad in quads for term in (quad.subject, quad.predicate, quad.object)}
    for node in terms:
        if isinstance(node, ox.NamedNode):
            yield from _names_of(engine, node)


def _names_of(engine: Engine, node: ox.NamedNode) -> Iterator[ox.Quad]:
    for property_ in _LABELS:
        for quad in engine.quads(node, property_, None):
            if isinstance(quad.object, ox.Literal) and quad.object.language in _LANGUAGES:
                yield quad
