"""The home page, and the register: everything that has a page, by kind and name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sdkg.errors import UnknownNameError
from sdkg.graph import KnowledgeGraph
from sdkg.name_index import fold
from sdkg.namespaces import RDF, SD
from sdkg.pages import plans
from sdkg.pages.links import Links
from sdkg.pages.questions import by_group
from sdkg.pages.reader import Reader, Thing
from sdkg.pages.render import render

REGISTERS = (
    "Beleidsplan",
    "Gemeente",
    "Samenwerkingsverband",
    "Wet",
    "Organisatie",
    "Organisatiesoort",
    "Beleidskader",
    "Onderwerp",
    "Doelgroep",
    "Gebied",
    *plans.ELEMENTS,
)
"""The kinds that have a register, in the order in which they are listed."""

FIRST = (
    "doelen-op-wet-en-partner",
    "onderwerp-per-gemeente",
    "indicatoren-met-nulmeting-en-streefwaarde",
    "doelen-zonder-indicator",
    "wetten-over-plannen-heen",
    "vergelijk-twee-gemeenten",
)
"""The questions on the home page, those of them that the project has."""

MOST = 3000
"""How many names one register lists."""


@dataclass(frozen=True)
class Register:
    """A kind with how many things of it there are."""

    kind: str
    word: str
    count: int


def home_page(
    graph: KnowledgeGraph, links: Links, today: date | None = None, shared: Reader | None = None
) -> bytes:
    """The home page.

    Example:
        >>> from sdkg import load
        >>> from sdkg.pages.links import Served
        >>> b"Heerde" in home_page(load(), Served("nl"))
        True
    """
    reader = Reader(graph, links, shared)
    today = today or date.today()
    saved = graph.queries
    return render(
        "home.html",
        links,
        municipalities=[(one, plans.plans_of(reader, one.iri, today)) for one in plans.with_plans(reader)],
        today=today,
        questions=[saved[name] for name in FIRST if name in saved] or [*saved.values()][: len(FIRST)],
        count=len(saved),
        registers=_registers(reader),
        groups=by_group(graph, links.lang),
    )


def register_page(graph: KnowledgeGraph, kind: str, links: Links, shared: Reader | None = None) -> bytes:
    """The register of a kind; that of all kinds if `kind` is empty.

    Raises:
        UnknownNameError: there is no register of that kind.
    """
    names = {name.lower(): name for name in REGISTERS}
    if kind and kind not in names:
        raise UnknownNameError(f"There is no register of {kind}. There is: {', '.join(names)}.")
    reader = Reader(graph, links, shared)
    if not kind:
        return render("registers.html", links, registers=_registers(reader))
    found = [reader.thing(iri) for iri in _of_kind(reader, names[kind])]
    letters: dict[str, list[tuple[Thing, Thing | None]]] = {}
    for thing in sorted(found, key=lambda t: (fold(t.name.text), t.iri))[:MOST]:
        first = fold(thing.name.text)[:1].upper()
        plan = reader.plan_of(thing.iri)
        entry = (thing, reader.thing(plan) if plan and plan != thing.iri else None)
        letters.setdefault(first if first.isalpha() else "0\N{EN DASH}9", []).append(entry)
    return render(
        "register.html", links, word=reader.word_for(names[kind]), letters=letters, total=len(found)
    )


def _registers(reader: Reader) -> list[Register]:
    found = (Register(kind.lower(), reader.word_for(kind), len(_of_kind(reader, kind))) for kind in REGISTERS)
    return [register for register in found if register.count]


def _of_kind(reader: Reader, kind: str) -> list[str]:
    """Its things, without those of a narrower kind that has a register of its own."""
    found = reader.subjects(RDF + "type", SD + kind)
    return [iri for iri in found if reader.kind(iri) == kind]
