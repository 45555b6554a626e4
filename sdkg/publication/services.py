"""The rest of a catalogue: the data services, the series of each municipality, and the publishers."""

from __future__ import annotations

import pyoxigraph as ox

from sdkg.catalog import Text
from sdkg.namespaces import DCAT, DCT, EU, FOAF, ID, RDFS, TOOI
from sdkg.publication.datasets import SERVICES, Publication
from sdkg.publication.facts import Body, Plan
from sdkg.publication.parts import SHAPES

_PUBLIC = f"{EU}access-right/PUBLIC"
_TYPES = "http://purl.org/adms/publishertype/"


def services(about: Publication) -> None:
    """Describe the endpoint, the API of the saved queries, and the place where the files are."""
    held = [name for name in about.records if name != SHAPES]
    _service(
        about, "sparql", "sparql", "sparql", "https://www.w3.org/TR/sparql11-protocol/", held,
        Text("SPARQL-endpoint", "SPARQL endpoint"),
        Text("Elke vraag in SPARQL 1.1 aan alle plannen samen, met een beschrijving van de dienst.",
             "Any question in SPARQL 1.1 to all plans together, with a service description."),
    )  # fmt: skip
    _service(
        about, "api", "api/v1/queries", "api/v1/openapi.json", "https://spec.openapis.org/oas/v3.1.0", held,
        Text("API van de opgeslagen vragen", "API of the saved queries"),
        Text("De opgeslagen vragen als API, met parameters, in JSON en CSV.",
             "The saved queries as an API, with parameters, in JSON and CSV."),
    )  # fmt: skip
    _service(
        about, "bestanden", "dumps", "void", "https://www.w3.org/TR/void/", list(about.records),
        Text("Bestanden", "Files"),
        Text("Alle bestanden van deze catalogus, beschreven in VoID.",
             "All files of this catalogue, described in VoID."),
    )  # fmt: skip


def _service(
    about: Publication, name: str, path: str, description: str, standard: str, held: list[str],
    title: Text, text: Text,
) -> None:  # fmt: skip
    said, iri = about.said, SERVICES + name
    said.a(iri, DCAT + "DataService")
    said.add(iri, DCT + "title", title)
    said.add(iri, DCT + "description", text)
    said.add(iri, DCT + "identifier", ox.Literal(iri))
    said.a(about.served + path, RDFS + "Resource")
    said.a(about.served + description, RDFS + "Resource")
    said.add(iri, DCAT + "endpointURL", about.served + path)
    said.add(iri, DCAT + "endpointDescription", about.served + description)
    said.add(iri, DCAT + "servesDataset", *(f"{ID}dataset/{one}" for one in held))
    said.add(iri, DCAT + "theme", f"{EU}data-theme/SOCI", f"{EU}data-theme/GOVE")
    said.add(iri, DCAT + "keyword", Text("sociaal domein", "social domain"), title)
    said.add(iri, DCT + "accessRights", _PUBLIC)
    said.add(iri, DCT + "license", about.settings.publisher.licentie)
    said.add(iri, DCT + "rights", about.rights())
    said.add(iri, DCT + "language", f"{EU}language/NLD", f"{EU}language/ENG")
    said.add(iri, DCT + "conformsTo", standard)
    about.responsible(iri, about.publisher, [about.publisher])
    about.document(iri, FOAF + "page", f"{about.served}doc/dienst/{name}")
    said.add(ID + "catalogus", DCAT + "service", iri)


def series(about: Publication) -> None:
    """Describe the plans of each municipality as a series."""
    said = about.said
    of: dict[Body, list[Plan]] = {}
    for plan in about.plans.values():
        for body in dict.fromkeys(plan.bodies):
            of.setdefault(body, []).append(plan)
    for body in sorted(about.bodies.values(), key=lambda one: one.iri):
        iri = f"{ID}reeks/{body.slug}"
        plans = of.get(body, [])
        gone = [one.datum for one in about.settings.withdrawn if one.gemeente == body.slug]
        said.a(iri, DCAT + "DatasetSeries")
        said.add(iri, DCT + "title", _of(body, "Beleidsplannen sociaal domein van", "Social policy plans of"))
        said.add(
            iri,
            DCT + "description",
            _of(
                body,
                "De beleidsplannen voor het sociaal domein, na elkaar en naast elkaar, van",
                "The policy plans for the social domain, one after and beside the other, of",
            ),
        )
        about.responsible(iri, about.settings.publisher.uitgever or body.agent, [])
        about.period(iri, plans)
        about.places(iri, [body])
        said.add(iri, DCT + "accrualPeriodicity", f"{EU}frequency/{about.settings.publisher.frequentie}")
        said.add(
            iri, DCT + "issued", min(filter(None, (p.issued or about.issued for p in plans)), default=None)
        )
        said.add(iri, DCT + "modified", max([*gone, *(p.modified or about.modified for p in plans)]))


def agents(about: Publication) -> None:
    """Describe who publishes and who made plans."""
    said, own = about.said, about.settings.publisher
    for body in about.bodies.values():
        _agent(
            about, body.agent, Text(f"Gemeente {body.name}", f"Municipality of {body.name}"), "LocalAuthority"
        )
    known = own.uitgever.startswith(f"{TOOI}id/gemeente/")
    name = Text(about.publisher_name("nl"), about.publisher_name("en"))
    if about.publisher not in about.bodies:
        _agent(about, about.publisher, name, "LocalAuthority" if known else own.soort)
    said.a(about.publisher, FOAF + "Organization")


def _agent(about: Publication, iri: str, name: Text, kind: str) -> None:
    about.said.a(iri, FOAF + "Agent")
    about.said.add(iri, FOAF + "name", name)
    about.said.add(iri, DCT + "type", _TYPES + kind)


def _of(body: Body, nl: str, en: str) -> Text:
    return Text(f"{nl} {body.name}", f"{en} {body.name}")
