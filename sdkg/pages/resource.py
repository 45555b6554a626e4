"""The page about one thing: what it is, where the plan says so, what it says, what points at it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyoxigraph as ox

from sdkg.errors import UnknownNameError
from sdkg.graph import KnowledgeGraph
from sdkg.namespaces import DCT, ID, QUERY, RDF, RDFS, SD, SKOS
from sdkg.pages import basis, figures, overview, plans, statements, tree
from sdkg.pages.links import Links, data_of, iri_under
from sdkg.pages.reader import Name, Reader
from sdkg.pages.render import render

FORMATS = (("ttl", "Turtle"), ("jsonld", "JSON-LD"), ("nt", "N-Triples"), ("rdf", "RDF/XML"))
"""The formats of the data about a thing: extension and name; the first two are also files of the site."""

_LEAD = (DCT + "description", SKOS + "definition", RDFS + "comment")
_IN_HEAD = (
    *_LEAD,
    RDF + "type",
    SD + "vindplaats",
    SD + "tussenkop",
    SD + "inPlan",
    SD + "onderdeelVan",
    SD + "valtOnder",
)


def resource_page(
    graph: KnowledgeGraph, iri: str, links: Links, today: date | None = None, shared: Reader | None = None
) -> bytes:
    """The page about a thing.

    Args:
        graph: the knowledge graph.
        iri: the thing.
        links: where pages are; its language is that of the page.
        today: the day for which plans are said to be in force; today unless told otherwise.
        shared: a reader of the same graph, whose look-ups are used again.

    Raises:
        UnknownNameError: the graph does not know the IRI.

    Example:
        >>> from sdkg import load
        >>> from sdkg.pages.links import Served
        >>> b"Participatiewet</h1>" in resource_page(load(), ID + "wet/participatiewet", Served("nl"))
        True
    """
    reader = Reader(graph, links, shared)
    if not is_known(reader, iri):
        raise UnknownNameError(f"The knowledge graph does not know {iri}.")
    kinds = set(reader.kinds(iri))
    blocks, told = _blocks(reader, iri, kinds, today or date.today())
    plan = reader.plan_of(iri)
    stated, following = reader.pointing(iri)
    return render(
        "resource.html",
        links,
        thing=reader.thing(iri),
        iri=iri_under(links, iri),
        lead=_lead(reader, iri),
        plan=reader.thing(plan) if plan and plan != iri else None,
        makers=[reader.thing(one) for one in reader.objects(plan, "opgesteldDoor")] if plan else [],
        place=reader.place_of(iri),
        blocks=blocks,
        outgoing=statements.outgoing(reader, iri, (*_IN_HEAD, *told)),
        incoming=statements.incoming(reader, iri, stated, told),
        inferred=statements.inferred(reader, iri, (SD + "valtOnder", SD + "inPlan", *told)),
        inferred_incoming=statements.inferred_incoming(reader, iri, following),
        formats=_formats(links, iri),
        question=_question(links, iri),
    )


def is_known(reader: Reader, iri: str) -> bool:
    """Whether the graph says anything about an IRI, or points at it."""
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return False
    return bool(reader.lookup.quads(node)) or bool(reader.lookup.quads(None, None, node))


def _lead(reader: Reader, iri: str) -> Name:
    for name in _LEAD:
        found = reader.literal(iri, name)
        if found is not None:
            return Name(found.value, found.language or "")
    return Name("")


def _formats(links: Links, iri: str) -> list[tuple[str, str]]:
    if not iri.startswith(ID) or (iri.startswith(QUERY) and not links.live):
        return []
    return [(name, data_of(links, iri, ext)) for ext, name in FORMATS[: None if links.live else 2]]


def _question(links: Links, iri: str) -> str | None:
    """The page with the form, for the IRI of a saved question."""
    name = iri.removeprefix(QUERY)
    return links.to(f"queries/{name}") if iri.startswith(QUERY) and name and "/" not in name else None


def _blocks(reader: Reader, iri: str, kinds: set[str], today: date) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What this kind of thing has of its own, by template; and the properties that are told with it."""
    blocks: dict[str, Any] = {}
    told: list[str] = []

    def add(name: str, value: Any, *properties: str) -> None:
        blocks[name] = value
        told.extend(SD + prop for prop in properties)

    if "Beleidsplan" in kinds:
        card = plans.plan_card(reader, iri, today)
        add("plan", (card, today), "geldigVan", "geldigTot", "opgesteldDoor", "inPlan", "valtOnder")
        add("tree", tree.tree(reader, iri), "onderdeelVan")
        add("contents", plans.contents(reader, iri), "sectieVan")
        add("holdings", plans.holdings(reader, iri))
    if "Planelement" in kinds:
        add("branch", tree.branch(reader, iri), "onderdeelVan")
        add("figures", figures.figures(reader, iri), "meet", "metingVan")
    if "Beleidsinhoud" in kinds:
        add("basis", basis.basis(reader, iri), *basis.RELATIONS, *basis.FOLLOWING)
    if kinds & {"Gemeente", "Samenwerkingsverband"}:
        add("plans", (plans.plans_of(reader, iri, today), today), "opgesteldDoor")
    if "Grondslag" in kinds:
        add("goals_on", overview.goals_on(reader, iri), *basis.RELATIONS[:-1])
    if "Onderwerp" in kinds:
        add("side_by_side", overview.side_by_side(reader, iri, "heeftOnderwerp"))
    if "Doelgroep" in kinds:
        add("side_by_side", overview.side_by_side(reader, iri, "voorDoelgroep"))
    return blocks, tuple(told)
