"""The datasets of a catalogue: of each plan and each shared part, with their files, series and publishers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pyoxigraph as ox

from sdkg import __version__
from sdkg.catalog import Text
from sdkg.formats import Syntax
from sdkg.namespaces import (
    ADMS,
    BASE,
    DCAT,
    DCATAP,
    DCT,
    EU,
    FOAF,
    IANA,
    ID,
    ONTOLOGY_IRI,
    PROV,
    RDFS,
    SCHEMA,
    SD,
    SKOS,
    SPDX,
    VCARD,
)  # fmt: skip
from sdkg.publication.dumps import Dump, Record
from sdkg.publication.facts import Body, Facts, Plan
from sdkg.publication.parts import ONTOLOGY, QUERIES, SHAPES, SYNTAXES, file_type_iri, media_type_iri
from sdkg.publication.settings import Settings, Withdrawn
from sdkg.publication.statements import Statements, literal
from sdkg.publication.texts import COUNTED, DESCRIPTIONS, KEYWORDS, TITLES, sentence

PROFILE = "https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/"
SHAPES_IRI = BASE + "shapes"
SERVICES = ID + "dienst/"
_PUBLIC = f"{EU}access-right/PUBLIC"
CONFORMS = {
    ONTOLOGY: "https://www.w3.org/TR/owl2-profiles/",
    SHAPES: "https://www.w3.org/TR/shacl/",
    QUERIES: "https://www.w3.org/TR/sparql11-query/",
}
"""What the parts that are no data conform to; the others conform to the ontology and the shapes."""


@dataclass
class Publication:
    """What a catalogue is made from, and what is said in it so far; `served` is where its files are."""

    facts: Facts
    settings: Settings
    records: dict[str, Record]
    served: str
    said: Statements = field(default_factory=Statements)
    bodies: dict[str, Body] = field(default_factory=dict)

    @cached_property
    def plans(self) -> dict[str, Plan]:
        """The plans by name."""
        return {name: self.facts.plan(record) for name, record in self.records.items() if record.about}

    @property
    def publisher(self) -> str:
        """Who publishes, unless a plan has a municipality of its own."""
        return self.settings.publisher.uitgever or self.facts.publisher

    @property
    def issued(self) -> date | None:
        """When it was first published."""
        own = self.settings.publisher.uitgegeven
        return own or self.facts.index.day(ONTOLOGY_IRI, DCT + "issued")

    @property
    def modified(self) -> date:
        """When it was last changed."""
        own = self.settings.publisher.gewijzigd or self.facts.index.day(ONTOLOGY_IRI, DCT + "modified")
        return own or self.issued or date.min

    def publisher_name(self, language: str) -> str:
        """What the publisher is called."""
        return self.settings.publisher.naam or self.facts.name(self.facts.publisher, language)

    def responsible(self, subject: str, publisher: str, creators: Sequence[str]) -> None:
        """Say who publishes and made something, and who answers questions about it."""
        self.said.add(subject, DCT + "publisher", publisher)
        self.said.add(subject, DCT + "creator", *creators)
        self.said.add(subject, DCAT + "contactPoint", contact(self))

    def document(self, subject: str, predicate: str, url: str) -> None:
        """Say that something has a page."""
        self.said.add(subject, predicate, url)
        self.said.a(url, FOAF + "Document")

    def standard(self, subject: str, iri: str, title: Text) -> None:
        """Say that something keeps to a standard."""
        self.said.add(subject, DCT + "conformsTo", iri)
        self.said.a(iri, DCT + "Standard")
        self.said.add(iri, DCT + "title", title)

    def rights(self) -> str:
        """The statement of rights of everything that is published."""
        iri = ID + "catalogus#rechten"
        rights = Text(
            self.facts.index.text(ONTOLOGY_IRI, DCT + "rights", "nl"),
            self.facts.index.text(ONTOLOGY_IRI, DCT + "rights", "en"),
        )
        if self.settings.publisher.licentie != Settings().publisher.licentie:
            rights = Text("Zie de licentie.", "See the licence.")
        self.said.a(iri, DCT + "RightsStatement")
        self.said.add(iri, RDFS + "label", rights)
        return iri

    def period(self, subject: str, plans: Iterable[Plan]) -> None:
        """Say which period something is about: that of some plans together."""
        found = list(plans)
        begin = min(filter(None, (plan.begin for plan in found)), default=None)
        end = max(filter(None, (plan.end for plan in found)), default=None)
        self.span(subject, begin, end)

    def span(self, subject: str, begin: date | None, end: date | None) -> None:
        """Say which period something is about; nothing if neither day is known."""
        if begin or end:
            iri = f"{subject}#periode"
            self.said.add(subject, DCT + "temporal", iri)
            self.said.a(iri, DCT + "PeriodOfTime")
            self.said.add(iri, DCAT + "startDate", begin)
            self.said.add(iri, DCAT + "endDate", end)

    def places(self, subject: str, bodies: Iterable[Body]) -> None:
        """Say which municipalities something is about; the country is the place the value lists know."""
        self.said.add(subject, DCT + "spatial", f"{EU}country/NLD")
        for body in bodies:
            self.said.add(subject, DCT + "spatial", body.iri)
            self.said.a(body.iri, DCT + "Location")
            self.said.add(body.iri, SKOS + "prefLabel", ox.Literal(body.name, language="nl"))
            self.said.add(body.iri, SCHEMA + "sameAs", body.tooi)
            for shape in ("bbox", "centroid"):
                for value in self.facts.index.literals(body.iri, DCAT + shape):
                    self.said.add(body.iri, DCAT + shape, value)


def contact(about: Publication) -> str:
    """Who answers questions, as a vCard (W3C, vCard Ontology)."""
    said, own = about.said, about.settings.publisher
    iri = ID + "catalogus#contact"
    said.a(iri, VCARD + "Kind", VCARD + "Organization")
    said.add(iri, VCARD + "fn", ox.Literal(own.contact or about.publisher_name("nl"), language="nl"))
    said.add(iri, VCARD + "hasEmail", f"mailto:{own.email}" if own.email else None)
    number = "".join(sign for sign in own.telefoon if sign.isdigit() or sign == "+")
    said.add(iri, VCARD + "hasTelephone", f"tel:{number}" if number else None)
    said.add(iri, VCARD + "hasURL", own.contactpagina or about.served)
    return iri


def dataset(about: Publication, name: str) -> None:
    """Describe a part of the project as a dataset, with a distribution for each of its files."""
    record = about.records[name]
    iri = f"{ID}dataset/{name}"
    plan = about.plans.get(name)
    about.said.a(iri, DCAT + "Dataset", DCAT + "Resource")
    if plan:
        _plan(about, iri, plan, record)
    else:
        _shared(about, iri, name)
    themes = about.facts.themes(plan.topics if plan else _all_topics(about))
    issued, modified = _days(about, plan)
    _common(about, iri, themes, "COMPLETED")
    about.said.add(iri, DCT + "issued", issued)
    about.said.add(iri, DCT + "modified", modified)
    digest8 = record.files[f"{name}.nt"].sha256[:8]
    version = about.facts.version if name == ONTOLOGY else __version__
    about.said.add(iri, DCAT + "version", ox.Literal(f"{version}+{digest8}"))
    _standards(about, iri, name)
    for syntax in SYNTAXES:
        for file in (f"{name}.{syntax.ending}", f"{name}.{syntax.ending}.gz"):
            _distribution(about, iri, syntax, record.files[file])
    _entry(about, iri, issued, modified, "Completed")


def _plan(about: Publication, iri: str, plan: Plan, record: Record) -> None:
    said, names = about.said, _and(plan.bodies)
    years = f"{plan.begin.year if plan.begin else ''}-{plan.end.year if plan.end else ''}".strip("-")
    said.add(iri, DCT + "title", Text(plan.title, f"Social policy plan of {names} {years}".strip()))
    counted = [sentence(record.statistics.classes.get(SD + c, 0), text) for c, text in COUNTED.items()]
    counts = [text for text in counted if not text.nl.startswith("0 ")]
    said.add(
        iri,
        DCT + "description",
        Text(
            f"{plan.description} Als linked data: {', '.join(t.nl for t in counts)}, "
            "elk met de plaats in het plan.".strip(),
            f"The policy plan “{plan.title}” of {names} as linked data: "
            f"{', '.join(t.en for t in counts)}, each with its place in the plan.",
        ),
    )
    _keywords(about, iri, [about.facts.text(topic) for topic in plan.topics])
    for body in plan.bodies:
        about.bodies[body.agent] = body
        said.add(iri, DCAT + "keyword", ox.Literal(body.name, language="nl"))
        said.add(iri, DCAT + "inSeries", f"{ID}reeks/{body.slug}")
    about.responsible(
        iri, publisher_of(about, plan), [body.agent for body in plan.bodies] or [about.publisher]
    )
    about.period(iri, [plan])
    about.places(iri, plan.bodies)
    _origin(about, iri, plan)
    for other in plan.predecessors:
        if other.removeprefix(ID) in about.plans:
            said.add(iri, DCAT + "prev", f"{ID}dataset/{other.removeprefix(ID)}")
    about.document(iri, DCAT + "landingPage", f"{about.served}doc/{plan.iri.removeprefix(ID)}")
    for page in plan.pages:
        about.document(iri, FOAF + "page", page)


def _shared(about: Publication, iri: str, name: str) -> None:
    said = about.said
    said.add(iri, DCT + "title", TITLES[name])
    said.add(iri, DCT + "description", DESCRIPTIONS[name])
    _keywords(about, iri, [])
    about.responsible(iri, about.publisher, [about.publisher])
    about.period(iri, about.plans.values())
    about.places(iri, [])
    about.document(iri, DCAT + "landingPage", about.served + ("def" if name == ONTOLOGY else ""))


def _common(about: Publication, iri: str, themes: Iterable[str], status: str) -> None:
    said = about.said
    said.add(iri, DCT + "identifier", ox.Literal(iri))
    said.add(iri, DCT + "accessRights", _PUBLIC)
    said.add(iri, DCT + "language", f"{EU}language/NLD")
    said.add(iri, DCAT + "theme", f"{EU}data-theme/SOCI", *themes)
    said.add(iri, DCT + "accrualPeriodicity", f"{EU}frequency/{about.settings.publisher.frequentie}")
    said.add(iri, ADMS + "status", f"{EU}dataset-status/{status}")
    about.document(iri, FOAF + "page", f"{about.served}doc/{iri.removeprefix(ID)}")
    said.add(ID + "catalogus", DCAT + "dataset", iri)


def _keywords(about: Publication, iri: str, topics: Iterable[Text]) -> None:
    """Say what a dataset is about; each word once in all languages, as CKAN takes no tag twice."""
    seen: set[str] = set()
    for text in (*KEYWORDS, *topics):
        for word, language in ((text.nl, "nl"), (text.en, "en")):
            if word.lower() not in seen:
                seen.add(word.lower())
                about.said.add(iri, DCAT + "keyword", ox.Literal(word, language=language))


def _standards(about: Publication, subject: str, name: str) -> None:
    if name in CONFORMS:
        title = {ONTOLOGY: "OWL 2 RL", SHAPES: "SHACL", QUERIES: "SPARQL 1.1"}[name]
        about.standard(subject, CONFORMS[name], Text(title, title))
        return
    about.standard(subject, ONTOLOGY_IRI, TITLES[ONTOLOGY])
    about.standard(subject, SHAPES_IRI, TITLES[SHAPES])


def _origin(about: Publication, iri: str, plan: Plan) -> None:
    """Where a dataset comes from: the plan, whose sections its statements name."""
    said, origin = about.said, f"{iri}#herkomst"
    said.add(iri, PROV + "wasDerivedFrom", plan.iri, *plan.pages)
    said.a(plan.iri, PROV + "Entity")
    said.add(plan.iri, RDFS + "label", ox.Literal(plan.title, language="nl"))
    said.add(iri, DCT + "provenance", origin)
    said.a(origin, DCT + "ProvenanceStatement")
    said.add(
        origin,
        RDFS + "label",
        Text(
            f"Ontleend aan {plan.title}; elke uitspraak noemt de sectie van het plan waarin zij staat.",
            f"Taken from {plan.title}; every statement names the section of the plan that it stands in.",
        ),
    )


def _distribution(about: Publication, owner: str, syntax: Syntax, file: Dump) -> None:
    said = about.said
    zipped = file.name.endswith(".gz")
    iri = f"{owner}#{syntax.ending}{'-gz' if zipped else ''}"
    url = f"{about.served}dumps/{file.name}"
    name = f"{syntax.media_type}{' (gzip)' if zipped else ''}"
    said.add(owner, DCAT + "distribution", iri)
    said.a(iri, DCAT + "Distribution")
    said.add(iri, DCT + "title", Text(f"{file.name}: {name}", f"{file.name}: {name}"))
    said.add(
        iri,
        DCT + "description",
        Text(f"Het hele bestand als {name}.", f"The whole file as {name}."),
    )
    said.a(url, RDFS + "Resource")
    said.add(iri, DCAT + "accessURL", url)
    said.add(iri, DCAT + "downloadURL", url)
    said.add(iri, DCAT + "mediaType", media_type_iri(syntax))
    said.add(iri, DCAT + "compressFormat", f"{IANA}application/gzip" if zipped else None)
    said.add(iri, DCT + "format", file_type_iri(syntax))
    said.add(iri, DCAT + "byteSize", literal(str(file.size), "nonNegativeInteger"))
    said.add(iri, SPDX + "checksum", f"{iri}-sha256")
    said.a(f"{iri}-sha256", SPDX + "Checksum")
    said.add(f"{iri}-sha256", SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
    said.add(f"{iri}-sha256", SPDX + "checksumValue", literal(file.sha256, "hexBinary"))
    _terms_of_use(about, iri, owner.removeprefix(f"{ID}dataset/"))


def _terms_of_use(about: Publication, iri: str, name: str) -> None:
    said = about.said
    issued, modified = _days(about, about.plans.get(name))
    said.add(iri, DCT + "license", about.settings.publisher.licentie)
    said.add(iri, DCT + "rights", about.rights())
    said.add(iri, DCT + "language", f"{EU}language/NLD")
    said.add(iri, DCT + "issued", issued)
    said.add(iri, DCT + "modified", modified)
    said.add(iri, DCATAP + "availability", f"{EU}planned-availability/STABLE")
    said.add(iri, DCAT + "accessService", SERVICES + ("bestanden" if name == SHAPES else "sparql"))
    _standards(about, iri, name)


def _entry(about: Publication, iri: str, issued: date | None, modified: date, status: str) -> None:
    """The record of a dataset: what the catalogue says about its own entry, such as in which language."""
    said, entry = about.said, f"{iri}#vermelding"
    said.add(ID + "catalogus", DCAT + "record", entry)
    said.a(entry, DCAT + "CatalogRecord")
    said.add(entry, FOAF + "primaryTopic", iri)
    said.add(entry, DCT + "language", f"{EU}language/NLD", f"{EU}language/ENG")
    said.add(entry, DCT + "issued", issued)
    said.add(entry, DCT + "modified", modified)
    said.add(entry, ADMS + "status", f"http://purl.org/adms/status/{status}")
    said.add(entry, DCT + "conformsTo", PROFILE)


def tombstone(about: Publication, gone: Withdrawn) -> None:
    """Keep the entry of a plan that was withdrawn: a harvester deletes what just disappears."""
    said, iri = about.said, f"{ID}dataset/{gone.plan}"
    body = about.facts.body(f"{ID}gemeente/{gone.gemeente}")
    about.bodies[body.agent] = body
    said.a(iri, DCAT + "Dataset", DCAT + "Resource")
    said.add(
        iri,
        DCT + "title",
        Text(f"{gone.titel} (ingetrokken)", f"Social policy plan of {body.name} (withdrawn)"),
    )
    day = gone.datum.isoformat()
    said.add(
        iri,
        DCT + "description",
        Text(
            f"Ingetrokken op {day}. {gone.reden} Er zijn geen bestanden meer.",
            f"Withdrawn on {day}. {gone.reden_en or 'The Dutch text says why.'} There are no files any more.",
        ),
    )
    _keywords(about, iri, [])
    about.responsible(iri, about.settings.publisher.uitgever or body.agent, [body.agent])
    about.places(iri, [body])
    about.span(iri, gone.van, gone.tot)
    _common(about, iri, [], "WITHDRAWN")
    said.add(iri, DCT + "issued", about.issued)
    said.add(iri, DCT + "modified", gone.datum)
    _standards(about, iri, gone.plan)
    about.document(iri, DCAT + "landingPage", f"{about.served}doc/dataset/{gone.plan}")
    said.add(iri, DCAT + "inSeries", f"{ID}reeks/{body.slug}")
    _entry(about, iri, about.issued, gone.datum, "Withdrawn")


def publisher_of(about: Publication, plan: Plan) -> str:
    """Who publishes a plan: whom `sdkg.toml` names, else its one municipality, else who publishes all."""
    one = plan.bodies[0] if len(plan.bodies) == 1 else None
    return about.settings.publisher.uitgever or (one.tooi if one and one.tooi else about.publisher)


def _days(about: Publication, plan: Plan | None) -> tuple[date | None, date]:
    if plan is None:
        return about.issued, about.modified
    return plan.issued or about.issued, plan.modified or about.modified


def _all_topics(about: Publication) -> list[str]:
    return sorted({topic for plan in about.plans.values() for topic in plan.topics})


def _and(bodies: Sequence[Body]) -> str:
    names = [body.name for body in bodies]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
