"""What the data say of themselves: the facts that a catalogue is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from sdkg.catalog import Text
from sdkg.namespaces import DCT, FOAF, ID, ONTOLOGY_IRI, OWL, RDF, SCHEMA, SD, SKOS, TOOI
from sdkg.project import Project
from sdkg.publication.dumps import Record
from sdkg.reading import read

DATA = Path(__file__).parent / "data"
VALUES = DATA / "waardelijsten.ttl"
_THEMES = DATA / "themas.ttl"

_Object = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Index:
    """Triples, to look up what is said of something."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.about: dict[str, dict[str, list[_Object]]] = {}
        for triple in triples:
            if isinstance(triple.subject, ox.NamedNode):
                said = self.about.setdefault(triple.subject.value, {})
                said.setdefault(triple.predicate.value, []).append(triple.object)

    def iris(self, subject: str, predicate: str) -> list[str]:
        """The IRIs that something has for a property, sorted."""
        found = self.about.get(subject, {}).get(predicate, [])
        return sorted(term.value for term in found if isinstance(term, ox.NamedNode))

    def text(self, subject: str, predicate: str, language: str = "") -> str:
        """A literal that something has for a property, in a language; else any; else an empty text."""
        literals = self.literals(subject, predicate)
        wanted = [term.value for term in literals if (term.language or "") == language]
        return min(wanted or [term.value for term in literals], default="")

    def literals(self, subject: str, predicate: str) -> list[ox.Literal]:
        """The literals that something has for a property."""
        found = self.about.get(subject, {}).get(predicate, [])
        return [term for term in found if isinstance(term, ox.Literal)]

    def day(self, subject: str, predicate: str) -> date | None:
        """A date that something has for a property."""
        text = self.text(subject, predicate)
        return date.fromisoformat(text[:10]) if text else None

    def triples(self, subject: str) -> Iterator[ox.Triple]:
        """All that is said of something."""
        for predicate, values in self.about.get(subject, {}).items():
            for value in values:
                yield ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)


@dataclass(frozen=True)
class Body:
    """An organisation that makes plans: its IRI, the one TOOI gives it (if any), and its name."""

    iri: str
    tooi: str
    name: str

    @property
    def slug(self) -> str:
        """The last part of its IRI."""
        return self.iri.rpartition("/")[2]

    @property
    def agent(self) -> str:
        """The IRI that others know it by."""
        return self.tooi or self.iri


@dataclass(frozen=True)
class Plan:
    """What a plan says of itself. `bodies` are the municipalities it is of, also if made together."""

    iri: str
    title: str
    description: str
    begin: date | None
    end: date | None
    author: str
    bodies: tuple[Body, ...]
    topics: tuple[str, ...]
    predecessors: tuple[str, ...]
    pages: tuple[str, ...]
    issued: date | None
    modified: date | None


class Facts:
    """The facts of a project: of its reference data, its ontology and, by their records, its plans.

    Raises:
        InputError: a file cannot be read.
    """

    def __init__(self, project: Project) -> None:
        files = [*project.reference_files, project.core_ontology]
        self.index = Index(triple for path in files for triple in read(path).triples)
        self.version = self.index.text(ONTOLOGY_IRI, OWL + "versionInfo")
        self.publisher = next(iter(self.index.iris(ONTOLOGY_IRI, DCT + "publisher")), ID + "catalogus")
        self.themes_of = Index(read(_THEMES).triples)

    def name(self, iri: str, language: str = "nl") -> str:
        """What something is called."""
        names = (
            self.index.text(iri, predicate, language) for predicate in (SKOS + "prefLabel", FOAF + "name")
        )
        return next(filter(None, names), iri.rpartition("/")[2])

    def text(self, iri: str) -> Text:
        """What something is called, in both languages."""
        return Text(self.name(iri, "nl"), self.name(iri, "en"))

    def body(self, iri: str) -> Body:
        """A municipality or partnership."""
        same = [other for other in self.index.iris(iri, SCHEMA + "sameAs") if other.startswith(TOOI)]
        return Body(iri, next(iter(same), ""), self.name(iri))

    def plan(self, record: Record) -> Plan:
        """What a plan says of itself, from the record of its dump."""
        said = Index(q.triple for q in ox.parse(record.about, format=ox.RdfFormat.N_TRIPLES))
        iri = ID + record.part
        author = next(iter(said.iris(iri, SD + "opgesteldDoor")), "")
        return Plan(
            iri=iri,
            title=said.text(iri, SKOS + "prefLabel", "nl") or record.part,
            description=said.text(iri, DCT + "description", "nl"),
            begin=said.day(iri, SD + "geldigVan"),
            end=said.day(iri, SD + "geldigTot"),
            author=author,
            bodies=tuple(self._municipalities(author)),
            topics=tuple(said.iris(iri, SD + "heeftOnderwerp")),
            predecessors=tuple(said.iris(iri, SD + "opvolgerVan")),
            pages=tuple(said.iris(iri, SCHEMA + "url")),
            issued=said.day(iri, DCT + "issued"),
            modified=said.day(iri, DCT + "modified"),
        )

    def themes(self, topics: Iterable[str]) -> list[str]:
        """The themes of the EU and of TOOI that topics fall under; a narrower one follows the broader."""
        found: set[str] = set()
        for topic in topics:
            found |= self._themes(topic, frozenset())
        return sorted(found)

    def _themes(self, topic: str, seen: frozenset[str]) -> set[str]:
        own = self.themes_of.iris(topic, SKOS + "broadMatch")
        if own or topic in seen:
            return set(own)
        above = self.index.iris(topic, SKOS + "broader")
        return {theme for one in above for theme in self._themes(one, seen | {topic})}

    def _municipalities(self, author: str) -> Iterator[Body]:
        if not author:
            return
        members = self.index.iris(author, SD + "deelnemer")
        for iri in members or [author]:
            if SD + "Gemeente" in self.index.iris(iri, RDF + "type") or not members:
                yield self.body(iri)


@cache
def values() -> Index:
    """What is known of the values of the prescribed lists.

    Example:
        >>> values().text("http://publications.europa.eu/resource/authority/access-right/PUBLIC", \
SKOS + "prefLabel", "nl")
        'publiek'
    """
    return Index(read(VALUES).triples)
