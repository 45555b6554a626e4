"""Indicators with their baseline, target and measurements; and figures that stand by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from sdkg.namespaces import ID
from sdkg.pages.reader import Name, Reader, Thing
from sdkg.pages.words import say

_BASELINE, _TARGET = ID + "waarde/nulmeting", ID + "waarde/streefwaarde"


@dataclass(frozen=True)
class Figure:
    """One figure as people write it, with what it is about."""

    thing: Thing
    value: str
    sort: str
    population: Name
    area: Thing | None
    when: str


@dataclass(frozen=True)
class Measured:
    """An indicator, its kind, and its figures."""

    thing: Thing
    sort: str
    baselines: tuple[Figure, ...]
    targets: tuple[Figure, ...]
    others: tuple[Figure, ...]


@dataclass(frozen=True)
class Figures:
    """What shows the progress of something: indicators, and figures about it itself."""

    indicators: tuple[Measured, ...]
    figures: tuple[Figure, ...]


def figures(reader: Reader, iri: str) -> Figures:
    """The indicators that measure something or stand under it, and the figures about it itself."""
    indicators = [
        *reader.subjects("meet", iri),
        *(i for i in reader.subjects("onderdeelVan", iri) if reader.kind(i) == "Indicator"),
    ]
    own = [figure(reader, thing) for thing in reader.things(reader.subjects("metingVan", iri))]
    return Figures(tuple(_measured(reader, thing) for thing in reader.things(indicators)), tuple(own))


def _measured(reader: Reader, indicator: Thing) -> Measured:
    sorts = reader.objects(indicator.iri, "indicatorsoort")
    by_sort: dict[str, list[Figure]] = {}
    for thing in reader.things(reader.subjects("metingVan", indicator.iri)):
        sort = next(iter(reader.objects(thing.iri, "metingsoort")), "")
        key = sort if sort in (_BASELINE, _TARGET) else ""
        by_sort.setdefault(key, []).append(figure(reader, thing))
    groups = (tuple(by_sort.get(key, ())) for key in (_BASELINE, _TARGET, ""))
    return Measured(indicator, reader.name(sorts[0]).text if sorts else "", *groups)


def figure(reader: Reader, thing: Thing) -> Figure:
    """A figure as people write it."""
    iri = thing.iri
    sorts, areas = reader.objects(iri, "metingsoort"), reader.objects(iri, "gebied")
    population = reader.literal(iri, "populatie")
    return Figure(
        thing=thing,
        value=_value(reader, iri),
        sort=reader.name(sorts[0]).text if sorts else "",
        population=Name(population.value, population.language or "") if population is not None else Name(""),
        area=reader.thing(areas[0]) if areas else None,
        when=_when(reader, iri),
    )


def _when(reader: Reader, iri: str) -> str:
    found = (reader.written(iri, name) for name in ("datum", "jaar", "peilmoment"))
    return next((text for text in found if text), "")


def _value(reader: Reader, iri: str) -> str:
    """The value of a figure in words: bound or direction, number, unit, recurrence."""
    amount = reader.written(iri, "waarde")
    if not amount and reader.written(iri, "waardeVan"):
        amount = f"{reader.written(iri, 'waardeVan')}\N{EN DASH}{reader.written(iri, 'waardeTot')}"
    parts = [
        _label(reader, iri, "richting"),
        _label(reader, iri, "grens"),
        say("approximately", reader.lang) if reader.text(iri, "ongeveer") == "true" and amount else "",
        _with_unit(reader, iri, amount),
        reader.written(iri, "herhaling"),
    ]
    return " ".join(part for part in parts if part)


def _with_unit(reader: Reader, iri: str, amount: str) -> str:
    unit = next(iter(reader.objects(iri, "eenheid")), "")
    if not amount or not unit:
        return amount
    if unit == ID + "waarde/een-op-de":
        return f"{reader.name(unit).text} {amount}"
    if unit == ID + "waarde/euro":
        return f"€ {amount}"
    return f"{amount}%" if unit == ID + "waarde/procent" else f"{amount} {_unit_word(reader, unit)}".strip()


def _unit_word(reader: Reader, unit: str) -> str:
    return "" if unit == ID + "waarde/aantal" else reader.name(unit).text


def _label(reader: Reader, iri: str, name: str) -> str:
    return next((reader.name(one).text for one in reader.objects(iri, name)), "")
