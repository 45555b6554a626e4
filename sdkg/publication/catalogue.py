"""The catalogue of what a project publishes, in DCAT-AP-NL 3.0 (https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/).

Everything in it comes from the data, from the dumps themselves, and from `sdkg.toml`; nothing from the clock.
A catalogue, a dataset series per municipality, a dataset per plan and for what plans share, a distribution
for each file, and the data services. Every thing has an IRI under `id:`; parts of it have a fragment of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from sdkg.catalog import Text
from sdkg.export import serialize
from sdkg.namespaces import BASE, DCAT, DCT, EU, FOAF, ID, SKOS, TOOI
from sdkg.project import Project
from sdkg.publication.datasets import Publication, dataset, tombstone
from sdkg.publication.dumps import Dumps, Record
from sdkg.publication.facts import Facts, values
from sdkg.publication.services import agents, series, services
from sdkg.publication.settings import load_settings
from sdkg.publication.statements import under

CATALOGUE = ID + "catalogus"


@dataclass(frozen=True)
class Catalogue:
    """A catalogue: its triples, and the IRIs of its datasets."""

    triples: tuple[ox.Triple, ...]
    base_url: str = BASE

    def describe(self, iri: str) -> list[ox.Triple]:
        """All about one thing of the catalogue: a dataset with its distributions, period and record.

        Args:
            iri: the IRI of the catalogue, a dataset, series or service; a fragment does not matter.

        Returns:
            An empty list if the catalogue does not know it.

        Example:
            >>> made = make_catalogue(Project.at("."))
            >>> made.describe(ID + "niets")
            []
        """
        root = iri.partition("#")[0]
        if not root.startswith(ID.replace(BASE, self.base_url)):
            return []
        return [t for t in self.triples if _about(t.subject) == root]

    def iris(self) -> list[str]:
        """What has an IRI of its own in the catalogue, sorted; parts of a thing are not listed."""
        own = ID.replace(BASE, self.base_url)
        return sorted({iri for t in self.triples for iri in [_about(t.subject)] if _listed(iri, own)})


def make_catalogue(
    project: Project, base_url: str = BASE, served_url: str = "", records: Mapping[str, Record] | None = None
) -> Catalogue:
    """The catalogue of a project; writes the dumps that are not there yet, to tell their sizes.

    Args:
        project: the project.
        base_url: what our IRIs start with.
        served_url: where files and services are; else `basis_url` of `sdkg.toml`, else `base_url`.
        records: what is known of the dumps, if it is known already.

    Raises:
        InputError, QueryError: a file cannot be read, or a query is faulty.
        ProjectError: `sdkg.toml` is wrong.
        StoreError: the dumps cannot be written.

    Example:
        >>> any(t.object.value.endswith("id/dataset/heerde-2022")
        ...     for t in make_catalogue(Project.at(".")).triples)
        True
    """
    settings = load_settings(project)
    own = settings.publisher.basis_url if base_url == BASE else ""
    facts = Facts(project)
    known = dict(records or Dumps(project, base_url).records())
    publication = Publication(facts, settings, known, served_url or own or base_url)
    return Catalogue(tuple(under(_triples(publication), base_url)), base_url)


def describe(project: Project, iri: str, base_url: str = BASE, served_url: str = "") -> list[ox.Triple]:
    """All that the catalogue of a project says about one thing in it; nothing if it is not in there.

    Raises:
        InputError, QueryError, ProjectError, StoreError: as `make_catalogue`.

    Example:
        >>> len(describe(Project.at("."), ID + "reeks/heerde")) > 5
        True
    """
    return make_catalogue(project, base_url, served_url).describe(iri)


def export_catalogue(
    project: Project,
    format: str = "turtle",  # noqa: A002
    base_url: str = BASE,
    records: Mapping[str, Record] | None = None,
) -> bytes:
    """The catalogue of a project in one of `sdkg.formats.GRAPHS`: the same bytes for the same data.

    Raises:
        InputError, QueryError, ProjectError, StoreError: as `make_catalogue`.

    Example:
        >>> export_catalogue(Project.at("."), "nt").count(b"<http://www.w3.org/ns/dcat#Catalog> .")
        1
    """
    return write_catalogue(make_catalogue(project, base_url, records=records), format)


def write_catalogue(made: Catalogue, format: str) -> bytes:  # noqa: A002
    """A catalogue in one of `sdkg.formats.GRAPHS`."""
    return serialize((ox.Quad(t.subject, t.predicate, t.object) for t in made.triples), format)


def _triples(about: Publication) -> list[ox.Triple]:
    said = about.said
    plans = about.plans
    for name in about.records:
        dataset(about, name)
    for gone in about.settings.withdrawn:
        tombstone(about, gone)
    series(about)
    agents(about)
    services(about)
    _catalogue(about, [plan.modified for plan in plans.values()])
    return [*said.triples, *_values(said.triples)]


def _catalogue(about: Publication, days: Iterable[date | None]) -> None:
    said, publisher = about.said, about.settings.publisher
    name = Text(about.publisher_name("nl"), about.publisher_name("en"))
    nl = publisher.titel or f"Catalogus van {name.nl}"
    said.a(CATALOGUE, DCAT + "Catalog")
    said.add(CATALOGUE, DCT + "title", Text(nl, publisher.titel_en or f"Catalogue of {name.en}"))
    said.add(
        CATALOGUE,
        DCT + "description",
        Text(
            "Beleidsplannen van gemeenten in het sociaal domein als linked data, met alles wat nodig is om "
            "ze te lezen, te bevragen en te controleren.",
            "Policy plans of Dutch municipalities in the social domain as linked data, with all that is "
            "needed to read, query and check them.",
        ),
    )
    said.add(CATALOGUE, DCT + "identifier", ox.Literal(CATALOGUE))
    about.responsible(CATALOGUE, about.publisher, [about.publisher])
    said.add(CATALOGUE, DCT + "language", f"{EU}language/NLD", f"{EU}language/ENG")
    said.add(CATALOGUE, DCT + "license", publisher.licentie)
    said.add(CATALOGUE, DCT + "rights", about.rights())
    said.add(CATALOGUE, DCAT + "themeTaxonomy", f"{EU}data-theme", f"{TOOI}def/thes/top")
    said.add(CATALOGUE, DCT + "spatial", f"{EU}country/NLD")
    about.period(CATALOGUE, about.plans.values())
    said.add(CATALOGUE, DCT + "issued", about.issued)
    gone = [one.datum for one in about.settings.withdrawn]
    said.add(CATALOGUE, DCT + "modified", max([about.modified, *gone, *filter(None, days)]))
    about.document(CATALOGUE, FOAF + "homepage", about.served)


def _values(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """What is known of the values of prescribed lists that are used, and of their lists."""
    used = {t.object.value for t in triples if isinstance(t.object, ox.NamedNode)}
    known = values()
    for iri in sorted(used & known.about.keys()):
        used |= set(known.iris(iri, SKOS + "inScheme")) | set(known.iris(iri, DCT + "type"))
    used |= {scheme for iri in used for scheme in known.iris(iri, SKOS + "inScheme")}
    for iri in sorted(used & known.about.keys()):
        yield from (t for t in known.triples(iri) if t.predicate.value != SKOS + "note")


def _about(subject: object) -> str:
    return subject.value.partition("#")[0] if isinstance(subject, ox.NamedNode) else ""


def _listed(iri: str, own: str) -> bool:
    local = iri.removeprefix(own)
    return local != iri and (local == "catalogus" or local.split("/")[0] in ("dataset", "reeks", "dienst"))
