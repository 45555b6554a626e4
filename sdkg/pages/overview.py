"""Across plans: the goals that rest on a law, partner or framework; the goals about a topic, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from sdkg.namespaces import SD, SKOS
from sdkg.pages.basis import RELATIONS
from sdkg.pages.reader import Reader, Spot, Thing

SHOWN = 200
"""How many goals of one plan are listed."""


@dataclass(frozen=True)
class Resting:
    """A goal, the bearer through which it rests on something (`None`: its own text), and where it says so."""

    goal: Thing
    bearer: Thing | None
    places: tuple[Spot, ...]


@dataclass(frozen=True)
class OfPlan:
    """What one plan says about one law, partner or framework."""

    plan: Thing
    makers: str
    goals: tuple[Resting, ...]
    others: tuple[Resting, ...]
    plan_places: tuple[Spot, ...] | None
    all_goals: int


@dataclass(frozen=True)
class Column:
    """The goals about something of one municipality or partnership, by plan."""

    makers: str
    plans: tuple[tuple[Thing, tuple[Thing, ...]], ...]


def goals_on(reader: Reader, iri: str) -> list[OfPlan]:
    """Per plan, the goals that rest on a law, partner or framework, and the other parts that say so."""
    bearers: dict[str, dict[str, tuple[Spot, ...]]] = {}
    for name in RELATIONS[:-1]:
        for bearer in reader.subjects(name, iri):
            triple = ox.Triple(ox.NamedNode(bearer), ox.NamedNode(SD + name), ox.NamedNode(iri))
            plan = reader.plan_of(bearer)
            if plan and reader.is_stated(triple):
                bearers.setdefault(plan, {}).setdefault(bearer, tuple(reader.places(triple)))
    return [_of_plan(reader, plan, bearers[plan]) for plan in reader.plans if plan in bearers]


def _of_plan(reader: Reader, plan: str, bearers: dict[str, tuple[Spot, ...]]) -> OfPlan:
    goals: dict[str, Resting] = {}
    others = []
    for bearer in sorted(bearers.keys() - {plan}, key=reader.order):
        if reader.kind(bearer) == "Doel":
            goals[bearer] = Resting(reader.thing(bearer), None, bearers[bearer])
        else:
            others.append(Resting(reader.thing(bearer), None, bearers[bearer]))
    for bearer in [b for b in bearers if b != plan]:
        for goal in reader.subjects("valtOnder", bearer, "Doel"):
            goals.setdefault(goal, Resting(reader.thing(goal), reader.thing(bearer), bearers[bearer]))
    ordered = sorted(goals.values(), key=lambda r: reader.order(r.goal.iri))
    return OfPlan(
        reader.thing(plan),
        reader.makers(plan),
        tuple(ordered[:SHOWN]),
        tuple(others),
        bearers.get(plan),
        len(reader.subjects("inPlan", plan, "Doel")) if plan in bearers else 0,
    )


def side_by_side(reader: Reader, iri: str, name: str) -> list[Column]:
    """The goals about a topic or for a target group, narrower ones included, per municipality.

    Args:
        reader: the reader.
        iri: the topic or target group.
        name: the property that leads to it: `heeftOnderwerp` or `voorDoelgroep`.
    """
    goals = {goal for one in _with_narrower(reader, iri) for goal in reader.subjects(name, one, "Doel")}
    if not goals:
        return []
    columns: dict[str, list[tuple[Thing, tuple[Thing, ...]]]] = {}
    for plan in reader.plans:
        found = tuple(reader.things(g for g in goals if reader.plan_of(g) == plan))
        columns.setdefault(reader.makers(plan), []).append((reader.thing(plan), found))
    return [Column(makers, tuple(plans)) for makers, plans in columns.items()]


def _with_narrower(reader: Reader, iri: str) -> list[str]:
    found = [iri]
    for one in found:
        found += [narrower for narrower in reader.subjects(SKOS + "broader", one) if narrower not in found]
    return found
