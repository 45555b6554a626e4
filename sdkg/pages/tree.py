"""The goal tree (doelenboom): all of a plan, or the branch on which one element sits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sdkg.pages.reader import Reader, Thing

IN_TREE = ("Visie", "Missie", "Effect", "Thema", "Opgave", "Doel", "Resultaat", "Indicator", "Maatregel")
"""The kinds that make up the tree; the rest of a plan is under its contents."""

DEEPEST = 20
"""How deep a tree may be; a plan that runs in circles ends here."""


@dataclass(frozen=True)
class Node:
    """A node of the tree: the thing, what is under it, and how many things in all."""

    thing: Thing
    children: tuple[Node, ...]
    size: int


@dataclass(frozen=True)
class Branch:
    """Where an element sits: the ways up to the plan, and what is right under it, by kind."""

    ways: tuple[tuple[Thing, ...], ...]
    below: tuple[tuple[str, tuple[Thing, ...]], ...]


def tree(reader: Reader, plan: str) -> tuple[Node, ...]:
    """The goal tree of a plan, from its visions and themes down."""
    return _children(reader, plan, (plan,))


def branch(reader: Reader, iri: str) -> Branch:
    """Where an element sits in the tree of its plan."""
    ways = [tuple(reader.thing(one) for one in way) for way in _ways_up(reader, iri, (iri,))]
    below: dict[str, list[Thing]] = {}
    for child in reader.things(reader.subjects("onderdeelVan", iri)):
        below.setdefault(child.kind, []).append(child)
    return Branch(tuple(ways), tuple((kind, tuple(found)) for kind, found in below.items()))


def _children(reader: Reader, iri: str, above: tuple[str, ...]) -> tuple[Node, ...]:
    if len(above) > DEEPEST:
        return ()
    nodes = []
    for child in reader.things(reader.subjects("onderdeelVan", iri)):
        if child.iri not in above and reader.kind(child.iri) in IN_TREE:
            below = _children(reader, child.iri, (*above, child.iri))
            nodes.append(Node(child, below, sum(node.size for node in below) + len(below)))
    return tuple(nodes)


def _ways_up(reader: Reader, iri: str, seen: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every way from the plan down to what is right above an element."""
    for above in sorted(reader.objects(iri, "onderdeelVan"), key=reader.order):
        if above in seen or len(seen) > DEEPEST:
            continue
        further = [*_ways_up(reader, above, (*seen, above))]
        yield from ((*way, above) for way in further) if further else [(above,)]
