"""The ontology for people: its classes and properties on one page, each under its own anchor."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from sdkg.graph import KnowledgeGraph
from sdkg.namespaces import ONTOLOGY_IRI, OWL, RDF, RDFS, SD, SKOS
from sdkg.pages.links import Links
from sdkg.pages.reader import Name, Reader, Thing
from sdkg.pages.render import render


@dataclass(frozen=True)
class Term:
    """A class or property: its name, label and definition, examples, and what it is tied to."""

    name: str
    label: str
    definition: Name
    examples: tuple[Name, ...]
    notes: tuple[Name, ...]
    above: tuple[Thing, ...]
    below: tuple[Thing, ...]
    domain: tuple[Thing, ...]
    range: tuple[Thing, ...]


def vocabulary_page(graph: KnowledgeGraph, links: Links, shared: Reader | None = None) -> bytes:
    """The page of the vocabulary.

    Example:
        >>> from sdkg import load
        >>> from sdkg.pages.links import Served
        >>> b'id="Doel"' in vocabulary_page(load(), Served("nl"))
        True
    """
    reader = Reader(graph, links, shared)
    return render(
        "vocabulary.html",
        links,
        title=reader.name(ONTOLOGY_IRI),
        version=reader.text(ONTOLOGY_IRI, OWL + "versionInfo"),
        description=reader.literal(ONTOLOGY_IRI, "http://purl.org/dc/terms/description"),
        sections=[
            ("classes", _terms(reader, "Class")),
            ("object_properties", _terms(reader, "ObjectProperty")),
            ("datatype_properties", _terms(reader, "DatatypeProperty")),
        ],
        ontology=links.file("def.ttl") if not links.live else links.file("def"),
    )


def terms(reader: Reader) -> tuple[list[Term], list[Term]]:
    """The classes, and the properties."""
    return _terms(reader, "Class"), _terms(reader, "ObjectProperty") + _terms(reader, "DatatypeProperty")


def _terms(reader: Reader, kind: str) -> list[Term]:
    found = [iri for iri in reader.subjects(RDF + "type", OWL + kind) if iri.startswith(SD)]
    return sorted((_term(reader, iri) for iri in found), key=lambda term: (term.label.casefold(), term.name))


def _term(reader: Reader, iri: str) -> Term:
    up = (RDFS + "subClassOf", RDFS + "subPropertyOf")
    definition = reader.literal(iri, SKOS + "definition")
    return Term(
        iri.removeprefix(SD),
        reader.name(iri).text,
        Name(definition.value, definition.language or "") if definition is not None else Name(""),
        _texts(reader, iri, SKOS + "example"),
        _texts(reader, iri, SKOS + "scopeNote"),
        tuple(_thing(reader, one) for name in up for one in reader.objects(iri, name)),
        tuple(_thing(reader, one) for name in up for one in sorted(reader.subjects(name, iri)) if one != iri),
        tuple(_thing(reader, one) for one in reader.objects(iri, RDFS + "domain")),
        tuple(_thing(reader, one) for one in reader.objects(iri, RDFS + "range")),
    )


def _thing(reader: Reader, iri: str) -> Thing:
    thing = reader.thing(iri)
    href = "#" + iri.removeprefix(SD) if iri.startswith(SD) else thing.href
    return Thing(iri, thing.name, "", href, True)


def _texts(reader: Reader, iri: str, name: str) -> tuple[Name, ...]:
    found = reader.lookup.objects(ox.NamedNode(iri), name)
    return tuple(Name(t.value, t.language or "") for t in found if isinstance(t, ox.Literal))
