"""VoID: what the whole and each part holds, in numbers (https://www.w3.org/TR/void/).

Every number is counted on the dump it describes, so it holds for stated triples only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from sdkg.catalog import Text
from sdkg.export import serialize
from sdkg.namespaces import BASE, DCT, FOAF, FORMATS, ID, ONTOLOGY_IRI, RDF, SD, VOID
from sdkg.project import Project
from sdkg.publication.dumps import Dumps, Record
from sdkg.publication.facts import Facts
from sdkg.publication.parts import ALL, ONTOLOGY, SHAPES, SYNTAXES, together
from sdkg.publication.parts import parts as parts_of
from sdkg.publication.settings import load_settings
from sdkg.publication.statements import Statements, under
from sdkg.publication.statistics import TARGETS, Statistics
from sdkg.publication.texts import TITLES

DOCUMENT = BASE + "void"
_SYNTAX = {"ttl": "Turtle", "nt": "N-Triples", "rdf": "RDF_XML", "jsonld": "JSON-LD", "trig": "TriG"}


def make_void(
    project: Project, base_url: str = BASE, served_url: str = "", records: Mapping[str, Record] | None = None
) -> list[ox.Triple]:
    """The VoID description of a project: the whole and each part, with partitions and linksets.

    Args:
        project: the project.
        base_url: what our IRIs start with.
        served_url: where files and services are, as for `sdkg.publication.catalogue.make_catalogue`.
        records: what is known of the dumps, if it is known already.

    Raises:
        InputError, QueryError, ProjectError, StoreError: as `make_catalogue`.

    Example:
        >>> triples = make_void(Project.at("."))
        >>> sum(t.predicate.value == VOID + "sparqlEndpoint" for t in triples) > 1
        True
    """
    publisher = load_settings(project).publisher
    served = served_url or (publisher.basis_url if base_url == BASE else "") or base_url
    facts = Facts(project)
    records = records or Dumps(project, base_url).records()
    said = Statements()
    _document(said, served)
    inside = {part.name for part in together(parts_of(project))}
    for record in records.values():
        _dataset(said, record, served, publisher.licentie, record.part != SHAPES)
        plan = facts.plan(record) if record.about else None
        title = Text(plan.title, plan.title) if plan else TITLES[record.part]
        said.add(ID + "dataset/" + record.part, DCT + "title", title)
        _examples(said, record)
        if record.part in inside:
            said.add(f"{ID}dataset/{ALL}", VOID + "subset", f"{ID}dataset/{record.part}")
    return list(under(said.triples, base_url))


def export_void(
    project: Project,
    format: str = "turtle",  # noqa: A002
    base_url: str = BASE,
    records: Mapping[str, Record] | None = None,
) -> bytes:
    """The VoID description of a project in one of `sdkg.formats.GRAPHS`: the same bytes for the same data.

    Raises:
        InputError, QueryError, ProjectError, StoreError: as `make_void`.

    Example:
        >>> b"void:triples" in export_void(Project.at("."))
        True
    """
    triples = make_void(project, base_url, records=records)
    return serialize((ox.Quad(t.subject, t.predicate, t.object) for t in triples), format)


def _document(said: Statements, served: str) -> None:
    said.a(DOCUMENT, VOID + "DatasetDescription")
    said.add(
        DOCUMENT,
        DCT + "title",
        Text("Beschrijving van de datasets (VoID)", "Description of the datasets (VoID)"),
    )
    said.add(DOCUMENT, FOAF + "primaryTopic", f"{ID}dataset/{ALL}")
    said.add(f"{ID}dataset/{ALL}", FOAF + "homepage", served)


def _dataset(said: Statements, record: Record, served: str, licence: str, at_endpoint: bool) -> None:
    iri, found = f"{ID}dataset/{record.part}", record.statistics
    said.a(iri, VOID + "Dataset")
    said.add(iri, DCT + "license", licence)
    said.add(iri, VOID + "sparqlEndpoint", served + "sparql" if at_endpoint else None)
    said.add(iri, VOID + "dataDump", *(f"{served}dumps/{name}" for name in record.files))
    said.add(iri, VOID + "feature", *(FORMATS + _SYNTAX[syntax.ending] for syntax in SYNTAXES))
    said.add(iri, VOID + "uriSpace", ox.Literal(f"{ID}{record.part}/" if record.about else ID))
    said.add(iri, VOID + "rootResource", ID + record.part if record.about else None)
    _numbers(said, iri, found)
    _partitions(said, iri, found)
    _linksets(said, iri, found)
    said.add(iri, VOID + "vocabulary", *_vocabularies([*found.properties, *found.classes]))


def _numbers(said: Statements, iri: str, found: Statistics) -> None:
    said.add(iri, VOID + "triples", found.triples)
    said.add(iri, VOID + "entities", found.entities)
    said.add(iri, VOID + "distinctSubjects", found.subjects)
    said.add(iri, VOID + "distinctObjects", found.objects)
    said.add(iri, VOID + "classes", len(found.classes))
    said.add(iri, VOID + "properties", len(found.properties))


def _partitions(said: Statements, iri: str, found: Statistics) -> None:
    for name, number in found.classes.items():
        part = f"{iri}#klasse-{_local(name)}"
        said.add(iri, VOID + "classPartition", part)
        said.add(part, VOID + "class", name)
        said.add(part, VOID + "entities", number)
    for name, number in found.properties.items():
        part = f"{iri}#eigenschap-{_local(name)}"
        said.add(iri, VOID + "propertyPartition", part)
        said.add(part, VOID + "property", name)
        said.add(part, VOID + "triples", number)


def _linksets(said: Statements, iri: str, found: Statistics) -> None:
    for target, links in found.links.items():
        for predicate, number in links.items():
            if predicate == RDF + "type":
                continue
            linkset, other = f"{iri}#links-{target}-{_local(predicate)}", f"{ID}dataset/{ALL}#doel-{target}"
            said.a(linkset, VOID + "Linkset")
            said.add(iri, VOID + "subset", linkset)
            said.add(linkset, VOID + "linkPredicate", predicate)
            said.add(linkset, VOID + "subjectsTarget", iri)
            said.add(linkset, VOID + "objectsTarget", other)
            said.add(linkset, VOID + "triples", number)
            said.a(other, VOID + "Dataset")
            said.add(other, VOID + "uriSpace", ox.Literal(TARGETS[target]))


def _examples(said: Statements, record: Record) -> None:
    """Resources to look at first: the plan itself, and kinds of thing that readers come for."""
    if record.about:
        said.add(f"{ID}dataset/{record.part}", VOID + "exampleResource", ID + record.part)
        said.add(f"{ID}dataset/{ALL}", VOID + "exampleResource", ID + record.part)
    elif record.part == ONTOLOGY:
        said.add(f"{ID}dataset/{record.part}", VOID + "exampleResource", SD + "Doel", ONTOLOGY_IRI)


def _vocabularies(terms: Iterable[str]) -> list[str]:
    return sorted({term[: max(term.rfind("/"), term.rfind("#")) + 1] for term in terms})


def _local(iri: str) -> str:
    """A name for a term within the description: prefix and local name, as two vocabularies share names."""
    from sdkg.namespaces import shorten

    short = shorten(iri)
    return short.replace(":", "-") if short != iri else iri.rpartition("/")[2].replace("#", "-")
