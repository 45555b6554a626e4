"""What a plan or element rests on: by its own text, through what is above it, or as part of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from sdkg.namespaces import SD
from sdkg.pages.reader import Reader, Spot, Thing

RELATIONS = ("uitgevoerdDoor", "steuntOpWet", "steuntOpPartner", "steuntOpKader", "noemt")
"""The stated relations with a law, partner or framework, the one that says most first."""


FOLLOWING = ("steuntOp", "erftSteunOp", "planSteuntOp")
"""What follows from those; told with the bearer from which it follows."""


@dataclass(frozen=True)
class Support:
    """One law, partner or framework: by which relation, through which bearer, and where the plan says so."""

    on: Thing
    relation: str
    bearer: Thing | None
    places: tuple[Spot, ...]


@dataclass(frozen=True)
class Basis:
    """All that something rests on: what the text or what is above says, and what the plan as a whole says."""

    near: tuple[Support, ...]
    plan: tuple[Support, ...]


def basis(reader: Reader, iri: str) -> Basis:
    """What a plan or element rests on."""
    near = list(_stated(reader, iri, None))
    plan = reader.plan_of(iri)
    told = {support.on.iri for support in near}
    for above in _above(reader, iri):
        if above != plan:
            near += [s for s in _stated(reader, above, reader.thing(above)) if s.on.iri not in told]
    told |= {support.on.iri for support in near}
    of_plan = _stated(reader, plan, reader.thing(plan)) if plan and plan != iri else ()
    return Basis(tuple(near), tuple(s for s in of_plan if s.on.iri not in told))


def _stated(reader: Reader, iri: str, bearer: Thing | None) -> Iterator[Support]:
    done = set()
    for name in RELATIONS if bearer is None else RELATIONS[:-1]:
        for on in reader.things(reader.objects(iri, name)):
            triple = ox.Triple(ox.NamedNode(iri), ox.NamedNode(SD + name), ox.NamedNode(on.iri))
            if on.iri in done or not reader.is_stated(triple):
                continue
            done.add(on.iri)
            yield Support(on, reader.name(SD + name).text, bearer, tuple(reader.places(triple)))


def _above(reader: Reader, iri: str) -> list[str]:
    """What an element stands under, the nearest first; without what inference adds."""
    found: list[str] = []
    level = [iri]
    while level:
        level = [a for one in level for a in sorted(reader.objects(one, "onderdeelVan")) if a not in found]
        level = [one for one in dict.fromkeys(level) if one != iri]
        found += level
    return found
