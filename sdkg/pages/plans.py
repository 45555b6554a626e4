"""What a plan holds: period, makers, contents; and what a municipality has: its plans and themes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sdkg.pages.reader import Reader, Thing
from sdkg.pages.values import day

ELEMENTS = (
    "Visie",
    "Missie",
    "Effect",
    "Thema",
    "Opgave",
    "Doel",
    "Resultaat",
    "Indicator",
    "Maatregel",
    "Principe",
    "Trend",
    "Meting",
    "Begrotingspost",
    "Bron",
)
"""The kinds of elements, from broad to narrow."""


@dataclass(frozen=True)
class PlanCard:
    """A plan in short: its period, whether it is in force on the day of asking, its makers, its themes."""

    thing: Thing
    start: str
    end: str
    valid: bool
    makers: tuple[Thing, ...]
    municipalities: tuple[Thing, ...]
    themes: tuple[Thing, ...]


@dataclass(frozen=True)
class Entry:
    """A section in the table of contents, with how many elements stand in it."""

    thing: Thing
    number: str
    count: int
    below: tuple[Entry, ...]


@dataclass(frozen=True)
class Holding:
    """The elements of one kind in a plan."""

    kind: str
    things: tuple[Thing, ...]


def plan_card(reader: Reader, plan: str, today: date) -> PlanCard:
    """A plan in short."""
    start, end = reader.text(plan, "geldigVan"), reader.valid_until(plan)
    return PlanCard(
        reader.thing(plan),
        _day(reader, start),
        _day(reader, end),
        bool(start) and start <= today.isoformat() <= end,
        tuple(reader.thing(maker) for maker in reader.objects(plan, "opgesteldDoor")),
        tuple(reader.thing(one) for one in reader.municipalities(plan)),
        tuple(reader.things(reader.subjects("inPlan", plan, "Thema"))),
    )


def contents(reader: Reader, plan: str) -> tuple[Entry, ...]:
    """The table of contents of a plan."""
    sections = reader.things(reader.subjects("sectieVan", plan))
    above = {s.iri: next(iter(reader.objects(s.iri, "bovensectie")), "") for s in sections}

    def below(parent: str, depth: int) -> tuple[Entry, ...]:
        found = [s for s in sections if above[s.iri] == parent] if depth else []
        return tuple(
            Entry(s, reader.text(s.iri, "nummer"), _count(reader, s.iri), below(s.iri, depth - 1))
            for s in found
        )

    return below("", 10)


def holdings(reader: Reader, plan: str) -> list[Holding]:
    """The elements of a plan by kind."""
    by_kind: dict[str, list[str]] = {}
    for one in reader.subjects("inPlan", plan):
        by_kind.setdefault(reader.kind(one), []).append(one)
    return [
        Holding(reader.word_for(kind), tuple(reader.things(by_kind[kind])))
        for kind in ELEMENTS
        if kind in by_kind
    ]


def plans_of(reader: Reader, municipality: str, today: date) -> list[PlanCard]:
    """The plans of a municipality, also those made together; or the plans of a partnership."""
    return [
        plan_card(reader, plan, today)
        for plan in reader.plans
        if municipality in reader.municipalities(plan)
        or municipality in reader.objects(plan, "opgesteldDoor")
    ]


def with_plans(reader: Reader) -> list[Thing]:
    """The municipalities that have a plan, by name."""
    found = {one for plan in reader.plans for one in reader.municipalities(plan)}
    return [reader.thing(iri) for iri in sorted(found, key=lambda iri: reader.name(iri).text)]


def _count(reader: Reader, section: str) -> int:
    return sum(1 for one in reader.subjects("vindplaats", section) if reader.kind(one) != "Bewijs")


def _day(reader: Reader, text: str) -> str:
    return day(date.fromisoformat(text), reader.lang) if text else ""
