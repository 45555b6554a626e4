"""What the pages ask of the graph: labels, kinds, places and evidence, each looked up once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Concatenate, ParamSpec, TypeVar

import pyoxigraph as ox

from sdkg.derivation import Derivation, Deriver, Lookup, Place, Places
from sdkg.graph import KnowledgeGraph
from sdkg.namespaces import DCT, ID, INFERRED, RDF, RDFS, SD, SKOS, shorten
from sdkg.pages.links import Links, page_of
from sdkg.pages.values import written

NAMING = (SKOS + "prefLabel", RDFS + "label", DCT + "title", "http://xmlns.com/foaf/0.1/name")
"""What a thing is called, the first one first."""

_ABOVE = ("Planelement", "Beleidsinhoud", "Grondslag", "Vindbaar", "Partner", "Begrip", "Gebied")
_EVIDENCE = SD + "bewijstVan"


_R = TypeVar("_R")
_P = ParamSpec("_P")


def _once(method: Callable[Concatenate[Reader, _P], _R]) -> Callable[Concatenate[Reader, _P], _R]:
    """Remember what a method found, for all readers that share; it must not depend on page or language."""
    name = method.__name__

    def find(self: Reader, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        key = (name, args, *kwargs.items())
        held = self._held
        if key not in held:
            held[key] = method(self, *args, **kwargs)
        found: _R = held[key]
        return found

    return find


@dataclass(frozen=True)
class Name:
    """What something is called, and in which language; without one if it has none."""

    text: str
    lang: str = ""


@dataclass(frozen=True)
class Thing:
    """Something with an IRI as a page shows it: its name, its kind, and where its own page is, if any."""

    iri: str
    name: Name
    kind: str
    href: str | None
    ours: bool


@dataclass(frozen=True)
class Spot:
    """A place in a plan: number and heading of the section with its page, the sub-heading, and the plan."""

    section: str
    href: str | None
    heading: str
    plan: Thing | None


class Reader:
    """Reads the graph for pages in one language.

    Args:
        graph: the knowledge graph.
        links: where pages are; its language is that of the labels.
        shared: a reader of the same graph, whose look-ups are used again.
    """

    def __init__(self, graph: KnowledgeGraph, links: Links, shared: Reader | None = None) -> None:
        self.graph, self.links, self.lang = graph, links, links.lang
        self.lookup: Lookup = shared.lookup if shared else Lookup(graph.engine.quads)
        self.deriver: Deriver = shared.deriver if shared else Deriver(self.lookup, graph.rules)
        same = shared is not None and shared.lang == self.lang
        self._names: dict[str, Name] = shared._names if shared and same else {}
        self._orders: dict[str, tuple[str, int, str, str]] = shared._orders if shared and same else {}
        self._held: dict[tuple[object, ...], Any] = shared._held if shared else {}
        self._places = Places(self.lookup)

    # ---- names and kinds

    def name(self, iri: str) -> Name:
        """The name of a thing in the reader's language, else in another, else the end of its IRI."""
        if iri not in self._names:
            self._names[iri] = self._name(iri)
        return self._names[iri]

    def _name(self, iri: str) -> Name:
        for naming in NAMING:
            texts = [t for t in self.lookup.objects(ox.NamedNode(iri), naming) if isinstance(t, ox.Literal)]
            if texts:
                best = min(texts, key=lambda t: (t.language != self.lang, t.language != "nl", t.value))
                return Name(best.value, best.language or "")
        return Name(shorten(iri))

    @_once
    def kind(self, iri: str) -> str:
        """The local name of the class that tells most about a thing; empty for what has none of ours."""
        found = [name for name in self.kinds(iri) if name not in _ABOVE] or [*self.kinds(iri)]
        order = ("Gemeente", "Samenwerkingsverband", "Organisatie", "Organisatiesoort")
        return min(found, key=lambda n: (order.index(n) if n in order else 0, n), default="")

    @_once
    def kinds(self, iri: str) -> list[str]:
        """The local names of the classes of ours that a thing has."""
        types = self.lookup.objects(ox.NamedNode(iri), RDF + "type")
        return [t.value.removeprefix(SD) for t in types if t.value.startswith(SD)]

    def word_for(self, kind: str) -> str:
        """What people call a kind: the label of its class."""
        return self.name(SD + kind).text if kind else ""

    def thing(self, iri: str) -> Thing:
        """A thing as a page shows it."""
        kind = self.kind(iri)
        return Thing(iri, self.name(iri), self.word_for(kind), page_of(self.links, iri), iri.startswith(ID))

    def things(self, iris: Iterable[str]) -> list[Thing]:
        """Things in the order of the plan, then by name."""
        return [self.thing(iri) for iri in sorted(set(iris), key=self.order)]

    def order(self, iri: str) -> tuple[str, int, str, str]:
        """What to sort things by: the plan, the rank in it, the name."""
        if iri not in self._orders:
            plan = self.plan_of(iri) or ""
            rank = self.text(iri, "volgorde")
            name = self.name(iri).text.casefold()
            self._orders[iri] = plan, int(rank) if rank.isdigit() else 0, name, iri
        return self._orders[iri]

    # ---- statements

    @_once
    def objects(self, iri: str, name: str) -> list[str]:
        """The IRIs that a thing has for a property of ours."""
        found = self.lookup.objects(ox.NamedNode(iri), name if ":" in name else SD + name)
        return [t.value for t in found if isinstance(t, ox.NamedNode)]

    @_once
    def subjects(self, name: str, iri: str, kind: str | None = None) -> list[str]:
        """The IRIs of what has a thing for a property of ours; of one kind, if that is asked."""
        prop = ox.NamedNode(name if ":" in name else SD + name)
        triples = self.lookup.triples(None, prop, ox.NamedNode(iri))
        found = [t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode)]
        return [one for one in found if kind is None or kind in self.kinds(one)]

    def literal(self, iri: str, name: str) -> ox.Literal | None:
        """One literal of a property, in the reader's language if there is one."""
        found = self.lookup.objects(ox.NamedNode(iri), name if ":" in name else SD + name)
        texts = [t for t in found if isinstance(t, ox.Literal)]
        return min(texts, key=lambda t: ((t.language or self.lang) != self.lang, t.value), default=None)

    def text(self, iri: str, name: str) -> str:
        """One literal of a property as it stands; empty if there is none."""
        found = self.literal(iri, name)
        return found.value if found is not None else ""

    def written(self, iri: str, name: str) -> str:
        """One literal of a property as people write it; empty if there is none."""
        found = self.literal(iri, name)
        return written(found, self.lang, name) if found is not None else ""

    def quads_of(self, iri: str) -> list[tuple[ox.Triple, bool]]:
        """What a thing says, each once, with whether it is only inferred."""
        return _marked(self.lookup.quads(ox.NamedNode(iri)))

    def pointing(self, iri: str) -> tuple[dict[str, list[str]], dict[str, int]]:
        """What points at a thing: by property the things that state it, and how many more only follow.

        Read in one pass and not kept, as a law may have many thousands.
        """
        stated: dict[str, set[str]] = {}
        following: dict[str, set[str]] = {}
        for quad in self.graph.engine.quads(None, None, ox.NamedNode(iri)):
            if isinstance(quad.subject, ox.NamedNode):
                found = following if _is_inferred(quad) else stated
                found.setdefault(quad.predicate.value, set()).add(quad.subject.value)
        counts = {prop: len(subjects - stated.get(prop, set())) for prop, subjects in following.items()}
        return (
            {prop: sorted(stated[prop]) for prop in sorted(stated)},
            {prop: counts[prop] for prop in sorted(counts) if counts[prop]},
        )

    @_once
    def is_stated(self, triple: ox.Triple) -> bool:
        """Whether a plan or the reference data say it themselves."""
        return bool(self.lookup.stated(triple))

    @_once
    def leaves(self, triple: ox.Triple) -> list[ox.Triple]:
        """What an inferred statement comes down to, without what the ontology says."""
        derivation = self.deriver.derive(triple)
        return list(dict.fromkeys(_leaves(derivation))) if derivation else []

    # ---- plans and places

    @_once
    def plan_of(self, iri: str) -> str | None:
        """The plan that something is part of; a plan is its own."""
        found = [*self.objects(iri, "inPlan"), *self.objects(iri, "sectieVan")]
        if not found:
            for bearer in self.objects(iri, "bewijstVan") + self.subjects("heeftBesluit", iri):
                return self.plan_of(bearer)
        return found[0] if found else (iri if "Beleidsplan" in self.kinds(iri) else None)

    def places(self, triple: ox.Triple) -> list[Spot]:
        """The sections in which the plan says something."""
        return list(dict.fromkeys(self.spot(place) for place in self._sections(triple)))

    @_once
    def _sections(self, triple: ox.Triple) -> list[Place]:
        return [place for place in self._places.of(triple) if place.plan and place.section]

    def place_of(self, iri: str) -> Spot | None:
        """The section in which an element stands."""
        for section in self.objects(iri, "vindplaats"):
            return self.spot(
                Place("", self.plan_of(section) or "", "", section, "", self.text(iri, "tussenkop"))
            )
        return None

    def spot(self, place: Place) -> Spot:
        """A place as a page shows it."""
        label = " ".join(p for p in (self.text(place.section, "nummer"), self.name(place.section).text) if p)
        href = page_of(self.links, place.section)
        return Spot(label, href, place.heading, self.thing(place.plan) if place.plan else None)

    @_once
    def municipalities(self, plan: str) -> list[str]:
        """The municipalities that a plan is of, also those that made it together."""
        makers = self.objects(plan, "opgesteldDoor")
        members = chain.from_iterable(self.objects(maker, "deelnemer") or [maker] for maker in makers)
        return sorted(set(members), key=lambda iri: self.name(iri).text)

    @cached_property
    def plans(self) -> list[str]:
        """All plans, by municipality and period."""
        found = self.subjects(RDF + "type", SD + "Beleidsplan")
        return sorted(found, key=lambda p: (self.makers(p), self.text(p, "geldigVan"), p))

    def makers(self, plan: str) -> str:
        """Who made a plan, in words."""
        return ", ".join(sorted(self.name(maker).text for maker in self.objects(plan, "opgesteldDoor")))

    def valid_until(self, plan: str) -> str:
        """The last day of a plan, with a decision that extended it taken into account."""
        extended = [self.text(decision, "verlengtTot") for decision in self.objects(plan, "heeftBesluit")]
        return max([self.text(plan, "geldigTot"), *extended])


def _marked(quads: Iterable[ox.Quad]) -> list[tuple[ox.Triple, bool]]:
    stated: dict[ox.Triple, bool] = {}
    for quad in quads:
        stated[quad.triple] = stated.get(quad.triple, True) and _is_inferred(quad)
    return list(stated.items())


def _is_inferred(quad: ox.Quad) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(INFERRED)


def _leaves(derivation: Derivation) -> Iterator[ox.Triple]:
    if derivation.premises:
        for premise in derivation.premises:
            yield from _leaves(premise)
    elif not derivation.triple.predicate.value.startswith((RDFS, "http://www.w3.org/2002/07/owl#")):
        yield derivation.triple
