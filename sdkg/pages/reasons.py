"""The reasons behind a row, for people: each statement down to the section that says it."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from sdkg.derivation import Place
from sdkg.namespaces import ONTOLOGY_IRI, shorten
from sdkg.pages.reader import Name, Reader, Spot, Thing
from sdkg.pages.statements import Item, property_name
from sdkg.pages.values import written
from sdkg.pages.words import say
from sdkg.rows import Row
from sdkg.why import Explainer, Reasons, Statement


@dataclass(frozen=True)
class Step:
    """A statement with where it is stated; or with the rule and the statements it follows from."""

    subject: Item
    property: str
    value: Item
    places: tuple[Spot, ...]
    plan: Thing | None
    elsewhere: str
    rule: str
    premises: tuple[Step, ...]


@dataclass(frozen=True)
class Reasoned:
    """Why a row is in the answer: what it rests on, what must be absent, and what only names things."""

    steps: tuple[Step, ...]
    absent: tuple[tuple[str, ...], ...]
    naming: int


def reasons_of(reader: Reader, sparql: str, row: Row) -> Reasoned:
    """The reasons behind a row.

    Args:
        reader: the reader.
        sparql: the query that gave the row, with its parameters bound.
        row: the row.
    """
    explainer = Explainer(sparql, reader.graph.engine.quads, reader.graph.rules)
    reasons = explainer.explain(dict(zip(row.columns, row.terms, strict=True)))
    telling = [statement for statement in reasons.statements if not statement.naming]
    return Reasoned(
        tuple(_step(reader, reasons, statement) for statement in telling),
        tuple(_gap(reader, pattern) for gap in reasons.absent for pattern in gap.alternatives),
        len(reasons.statements) - len(telling),
    )


def _step(reader: Reader, reasons: Reasons, statement: Statement) -> Step:
    s, p, o = statement.triple
    spots = [place for place in statement.stated if place.section]
    plan = next((place.plan for place in statement.stated if place.plan), "")
    return Step(
        _item(reader, s),
        property_name(reader, p.value),
        _item(reader, o),
        tuple(reader.spot(place) for place in spots),
        reader.thing(plan) if plan else None,
        "" if plan or not statement.stated else _shared(reader, statement.stated[0]),
        reasons.rule(statement.rule, reader.lang) if statement.rule else "",
        tuple(_step(reader, reasons, premise) for premise in statement.premises),
    )


def _shared(reader: Reader, place: Place) -> str:
    return say("ontology_rows" if "/ontology/" in place.graph else "reference_rows", reader.lang)


def _item(reader: Reader, term: object) -> Item:
    if isinstance(term, ox.NamedNode):
        return Item(reader.thing(term.value), Name(""))
    if isinstance(term, ox.Literal):
        return Item(None, Name(written(term, reader.lang), term.language or ""))
    return Item(None, Name("…"))


def _gap(reader: Reader, patterns: object) -> tuple[str, ...]:
    """Patterns that match nothing, in words."""
    assert isinstance(patterns, tuple | list)  # noqa: S101
    return tuple(" ".join(_word(reader, term) for term in pattern) for pattern in patterns)


def _word(reader: Reader, term: object) -> str:
    if isinstance(term, ox.NamedNode):
        is_term = term.value.startswith(ONTOLOGY_IRI) or ":" in shorten(term.value)
        return property_name(reader, term.value) if is_term else reader.name(term.value).text
    return str(getattr(term, "value", term))
