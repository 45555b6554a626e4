"""What a thing says and what points at it: grouped by property, named for people, bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from sdkg.namespaces import RDF, RDFS, SD, SKOS, shorten
from sdkg.pages.reader import Name, Reader, Spot, Thing
from sdkg.pages.values import written
from sdkg.pages.words import INCOMING, LANGUAGES, PROPERTIES

SHOWN, FOLDED = 25, 500
"""How many values a list shows at once, and how many more it can unfold; beyond those a query gives all."""

BASIS = frozenset(
    SD + name
    for name in ("noemt", "steuntOp", "steuntOpWet", "steuntOpPartner", "steuntOpKader", "uitgevoerdDoor")
)
HIDDEN = frozenset(
    {
        SKOS + "prefLabel",
        RDFS + "label",
        SD + "volgorde",
        SD + "bewijstVan",
        SD + "bewijstNaar",
        SD + "bewijstRelatie",
    }
)
"""Properties that a page shows in another way: as its title, its order, its places."""


@dataclass(frozen=True)
class Item:
    """One value: a thing or a text, and where the plan says so if that is elsewhere than the thing itself."""

    thing: Thing | None
    text: Name
    places: tuple[Spot, ...] = ()
    plan: Thing | None = None
    because: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Fact:
    """A stated statement that an inferred one comes down to."""

    subject: Thing
    property: str
    value: Item


@dataclass(frozen=True)
class Group:
    """The values of one property: some at once, more to unfold; `query` finds all of a list cut short."""

    name: str
    href: str | None
    shown: tuple[Item, ...]
    folded: tuple[Item, ...]
    total: int
    query: str | None = None


def property_name(reader: Reader, iri: str, incoming: bool = False) -> str:
    """What people call a property, or what points at a thing by it."""
    short, which = shorten(iri), LANGUAGES.index(reader.lang)
    if incoming and short in INCOMING:
        return INCOMING[short][which]
    if short in PROPERTIES:
        return PROPERTIES[short][which]
    name = reader.name(iri).text
    return f"← {name}" if incoming else name


def outgoing(reader: Reader, iri: str, told: Iterable[str] = ()) -> list[Group]:
    """What a thing states itself, without what the page tells elsewhere (`told`, IRIs of properties)."""
    left_out = HIDDEN | frozenset(told)
    values: dict[str, list[Item]] = {}
    for triple, inferred in reader.quads_of(iri):
        prop = triple.predicate.value
        if inferred or prop in left_out or (prop == RDF + "type" and not _is_ours(triple.object)):
            continue
        places = elsewhere(reader, triple) if prop.startswith(SD) else ()
        values.setdefault(prop, []).append(item(reader, triple, places))
    return [
        _group(reader, iri, prop, found) for prop, found in sorted(values.items(), key=_first_things_first)
    ]


def incoming(
    reader: Reader, iri: str, subjects: Mapping[str, list[str]], told: Iterable[str] = ()
) -> list[Group]:
    """What states something that points at a thing, without what the page tells elsewhere.

    Args:
        reader: the reader.
        iri: the thing.
        subjects: what points at it, by property (see `Reader.pointing`).
        told: properties that are told elsewhere.
    """
    left_out = HIDDEN | frozenset(told)
    groups = []
    for prop, found in subjects.items():
        if prop in left_out:
            continue
        kept = found[: SHOWN + FOLDED] if reader.links.live else found
        items = [_pointing(reader, one, prop, iri) for one in sorted(kept, key=reader.order)]
        groups.append(_group(reader, iri, prop, items, len(found), incoming=True))
    return groups


def inferred(reader: Reader, iri: str, told: Iterable[str] = ()) -> list[Group]:
    """What follows about a thing, each with the stated statements it comes down to."""
    left_out = HIDDEN | frozenset(told)
    values: dict[str, list[Item]] = {}
    for triple, is_inferred in reader.quads_of(iri):
        if not is_inferred or triple.predicate.value in left_out:
            continue
        facts = tuple(_fact(reader, leaf) for leaf in reader.leaves(triple) if leaf != triple)
        made = item(reader, triple, ())
        values.setdefault(triple.predicate.value, []).append(Item(made.thing, made.text, because=facts))
    return [
        _group(reader, iri, prop, found) for prop, found in sorted(values.items(), key=_first_things_first)
    ]


def inferred_incoming(
    reader: Reader, iri: str, counts: Mapping[str, int]
) -> list[tuple[str, int, str | None]]:
    """How many inferred statements point at a thing: name of the property, number, where to see all."""
    return [
        (property_name(reader, prop, incoming=True), count, _query(reader, iri, prop, incoming=True))
        for prop, count in counts.items()
    ]


def item(reader: Reader, triple: ox.Triple, places: Iterable[Spot]) -> Item:
    """The object of a statement as a value."""
    term = triple.object
    if isinstance(term, ox.NamedNode):
        return Item(reader.thing(term.value), Name(""), tuple(places))
    if isinstance(term, ox.Literal):
        local = shorten(triple.predicate.value).rpartition(":")[2]
        if local == "url":
            return Item(_address(reader, term.value), Name(""), tuple(places))
        return Item(None, Name(written(term, reader.lang, local), term.language or ""), tuple(places))
    return Item(None, Name("…"), tuple(places))


def elsewhere(reader: Reader, triple: ox.Triple) -> tuple[Spot, ...]:
    """Where the plan says something, if that is not where the subject itself stands."""
    assert isinstance(triple.subject, ox.NamedNode)  # noqa: S101 (pages are about IRIs)
    own = reader.objects(triple.subject.value, "vindplaats")
    evidence = reader.subjects("bewijstVan", triple.subject.value)
    if own and not evidence:
        return ()
    if not isinstance(triple.object, ox.NamedNode):
        return ()
    if not any(triple.object.value in reader.objects(e, "bewijstNaar") for e in evidence):
        return ()
    return tuple(reader.places(triple))


def _address(reader: Reader, address: str) -> Thing:
    from sdkg.pages.links import page_of

    return Thing(address, Name(address), "", page_of(reader.links, address), False)


def _pointing(reader: Reader, subject: str, prop: str, iri: str) -> Item:
    plan = reader.plan_of(subject)
    own_plan = plan in (subject, iri) or plan == reader.plan_of(iri)
    places: list[Spot] = []
    if prop in BASIS:
        places = reader.places(ox.Triple(ox.NamedNode(subject), ox.NamedNode(prop), ox.NamedNode(iri)))
    return Item(
        reader.thing(subject), Name(""), tuple(places), reader.thing(plan) if plan and not own_plan else None
    )


def _fact(reader: Reader, triple: ox.Triple) -> Fact:
    assert isinstance(triple.subject, ox.NamedNode)  # noqa: S101
    return Fact(
        reader.thing(triple.subject.value),
        property_name(reader, triple.predicate.value),
        item(reader, triple, reader.places(triple)),
    )


def _group(
    reader: Reader, iri: str, prop: str, items: list[Item], total: int | None = None, incoming: bool = False
) -> Group:
    total = len(items) if total is None else total
    if not incoming:
        items = sorted(items, key=lambda i: _by_name(reader, i))
    # one or two more are not worth a fold
    shown = SHOWN if len(items) > SHOWN + 2 else len(items)
    fold = items[shown:] if not reader.links.live else items[shown : shown + FOLDED]
    left = total > shown + len(fold)
    query = _query(reader, iri, prop, incoming) if left else None
    href = reader.thing(prop).href if prop.startswith(SD) else None
    return Group(property_name(reader, prop, incoming), href, tuple(items[:shown]), tuple(fold), total, query)


def _query(reader: Reader, iri: str, prop: str, incoming: bool) -> str | None:
    """The query page with all values of a property."""
    if not reader.links.live:
        return None
    triple = f"?ding <{prop}> <{iri}>" if incoming else f"<{iri}> <{prop}> ?ding"
    named = "OPTIONAL { ?ding skos:prefLabel ?naam }"
    text = f"SELECT DISTINCT ?ding ?naam {{\n  {triple}\n  {named}\n}}\nORDER BY ?naam"
    return reader.links.to("query", query=text)


def _by_name(reader: Reader, value: Item) -> tuple[object, ...]:
    if value.thing is None:
        return (value.text.lang != reader.lang, value.text.text)
    return (not value.thing.ours, *reader.order(value.thing.iri))


_ORDER = (RDF + "type", "http://purl.org/dc/terms/description", SKOS + "definition", SKOS + "altLabel")


def _first_things_first(pair: tuple[str, list[Item]]) -> tuple[int, bool, str]:
    prop = pair[0]
    return _ORDER.index(prop) if prop in _ORDER else len(_ORDER), not prop.startswith(SD), prop


def _is_ours(term: object) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(SD)
