"""The catalogue: complete, true to the data and the files, and the same every time."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from sdkg.cli import run
from sdkg.errors import InputError, ProjectError
from sdkg.namespaces import ADMS, BASE, DCAT, DCT, EU, FOAF, ID, RDF, SKOS, SPDX, TOOI, VCARD
from sdkg.project import Project
from sdkg.publication.catalogue import CATALOGUE, Catalogue, export_catalogue, make_catalogue
from sdkg.publication.dumps import Dumps
from sdkg.publication.facts import DATA, Facts, values
from sdkg.publication.mqa import Graph
from sdkg.publication.parts import SYNTAXES
from sdkg.publication.score import score
from sdkg.publication.settings import Settings, load_settings
from sdkg.reading import read
from tests.paths import PYTHON, ROOT

TOML = """
[catalogus]
uitgever = "https://identifier.overheid.nl/tooi/id/gemeente/gm0246"
naam = "Gemeente Heerde"
email = "opendata@heerde.example"
telefoon = "0578 69 94 94"
uitgegeven = 2026-01-02
gewijzigd = 2026-03-04
basis_url = "https://data.heerde.example/beleid/"

[[ingetrokken]]
plan = "heerde-2017"
titel = "Kadernota sociaal domein 2017-2021"
gemeente = "heerde"
datum = 2026-05-06
reden = "Opgevolgd door het kaderdocument van 2022."
"""


@pytest.fixture(scope="module")
def made(project: Path) -> Catalogue:
    return make_catalogue(Project.at(project))


@pytest.fixture(scope="module")
def graph_of(made: Catalogue) -> Graph:
    return Graph(made.triples)


def said(graph: Graph, iri: str, predicate: str) -> list[str]:
    return sorted(getattr(value, "value", "") for value in graph.values(ox.NamedNode(iri), predicate))


def names(graph: Graph, cls: str) -> list[str]:
    return [getattr(one, "value", "") for one in graph.of_class(cls)]


def test_it_breaks_no_rule(made: Catalogue) -> None:
    findings = score(made.triples).findings
    assert [f.text() for f in findings if f.severity != "Info"] == []


def test_every_plan_and_every_shared_part_is_a_dataset(graph_of: Graph, project: Path) -> None:
    plans = {path.stem for path in Project.at(project).plan_files}
    expected = plans | {"alles", "referentie", "ontologie", "shapes", "queries"}
    assert {iri.rpartition("/")[2] for iri in names(graph_of, DCAT + "Dataset")} == expected
    assert said(graph_of, CATALOGUE, DCAT + "dataset") == sorted(f"{ID}dataset/{name}" for name in expected)


def test_every_dataset_has_every_file(graph_of: Graph) -> None:
    for iri in names(graph_of, DCAT + "Dataset"):
        assert len(said(graph_of, iri, DCAT + "distribution")) == 2 * len(SYNTAXES)


def test_sizes_checksums_and_types_are_those_of_the_files(graph_of: Graph, project: Path) -> None:
    records = Dumps(Project.at(project)).records()
    told = {name: dump for record in records.values() for name, dump in record.files.items()}
    seen = set()
    for iri in names(graph_of, DCAT + "Distribution"):
        (url,) = said(graph_of, iri, DCAT + "downloadURL")
        name = url.removeprefix(f"{BASE}dumps/")
        seen.add(name)
        (node,) = said(graph_of, iri, SPDX + "checksum")
        assert said(graph_of, iri, DCAT + "byteSize") == [str(told[name].size)]
        assert said(graph_of, node, SPDX + "checksumValue") == [told[name].sha256]
        syntax = next(s for s in SYNTAXES if s.ending == name.removesuffix(".gz").rpartition(".")[2])
        assert said(graph_of, iri, DCAT + "mediaType")[0].endswith("/" + syntax.media_type)
        assert bool(said(graph_of, iri, DCAT + "compressFormat")) == name.endswith(".gz")
    assert seen == set(told)


def test_everything_has_a_title_in_both_languages(graph_of: Graph) -> None:
    for cls in ("Catalog", "Dataset", "DatasetSeries", "DataService", "Distribution"):
        found = graph_of.of_class(DCAT + cls)
        assert found
        for one in found:
            for predicate in (DCT + "title", DCT + "description"):
                languages = {getattr(v, "language", None) for v in graph_of.values(one, predicate)}
                assert languages == {"nl", "en"}, (one, predicate)


def test_the_facts_of_a_plan(graph_of: Graph) -> None:
    heerde = ID + "dataset/heerde-2022"
    assert "Kaderdocument sociaal domein gemeente Heerde 2022-2027" in said(graph_of, heerde, DCT + "title")
    assert said(graph_of, heerde, DCT + "identifier") == [heerde]
    for predicate in (DCT + "publisher", DCT + "creator"):
        assert said(graph_of, heerde, predicate) == [TOOI + "id/gemeente/gm0246"]
    (period,) = said(graph_of, heerde, DCT + "temporal")
    assert said(graph_of, period, DCAT + "startDate") == ["2022-01-01"]
    assert said(graph_of, period, DCAT + "endDate") == ["2027-12-31"]
    assert ID + "gemeente/heerde" in said(graph_of, heerde, DCT + "spatial")
    assert said(graph_of, heerde, "http://www.w3.org/ns/prov#wasDerivedFrom") == [ID + "heerde-2022"]
    assert {f"{EU}data-theme/HEAL", TOOI + "def/thes/top/c_d0463fb7"} <= set(
        said(graph_of, heerde, DCAT + "theme")
    )
    assert {"mantelzorg", "informal care"} <= set(said(graph_of, heerde, DCAT + "keyword"))
    assert "96 doelen" in " ".join(said(graph_of, heerde, DCT + "description"))


def test_a_series_for_each_municipality_and_a_plan_of_three_in_three(graph_of: Graph) -> None:
    found = {iri.rpartition("/")[2] for iri in names(graph_of, DCAT + "DatasetSeries")}
    assert found == {"heemstede", "heerde", "heeze-leende", "leudal", "nederweert", "weert"}
    together = said(graph_of, ID + "dataset/midden-limburg-west-2020", DCAT + "inSeries")
    assert together == [f"{ID}reeks/{name}" for name in ("leudal", "nederweert", "weert")]
    assert len(said(graph_of, ID + "dataset/midden-limburg-west-2020", DCT + "creator")) == 3
    (previous,) = said(graph_of, ID + "dataset/heemstede-2025", DCAT + "prev")
    assert previous == ID + "dataset/heemstede-2019"
    (period,) = said(graph_of, ID + "reeks/heemstede", DCT + "temporal")
    assert said(graph_of, period, DCAT + "startDate") == ["2019-01-01"]
    assert said(graph_of, period, DCAT + "endDate") == ["2028-12-31"]


def test_the_services(graph_of: Graph) -> None:
    found = {iri.rpartition("/")[2] for iri in names(graph_of, DCAT + "DataService")}
    assert found == {"sparql", "api", "bestanden"}
    assert said(graph_of, ID + "dienst/sparql", DCAT + "endpointURL") == [BASE + "sparql"]
    assert said(graph_of, ID + "dienst/api", DCAT + "endpointDescription") == [BASE + "api/v1/openapi.json"]
    assert f"{ID}dataset/shapes" not in said(graph_of, ID + "dienst/sparql", DCAT + "servesDataset")


def test_no_keyword_twice(graph_of: Graph) -> None:
    for one in graph_of.of_class(DCAT + "Dataset"):
        words = [getattr(v, "value", "").lower() for v in graph_of.values(one, DCAT + "keyword")]
        assert len(words) == len(set(words))


def test_every_value_of_a_list_is_described(made: Catalogue, graph_of: Graph) -> None:
    """A validator that has no lists at hand sees what kind of thing every value is."""
    for triple in made.triples:
        iri = getattr(triple.object, "value", "")
        if isinstance(triple.object, ox.NamedNode) and iri.startswith(
            (EU, TOOI + "def/", "http://purl.org/adms/", "https://www.iana.org/")
        ):
            assert said(graph_of, iri, RDF + "type"), iri


def test_no_blank_nodes_and_nothing_of_the_clock(made: Catalogue) -> None:
    for triple in made.triples:
        assert not isinstance(triple.subject, ox.BlankNode)
        assert not isinstance(triple.object, ox.BlankNode)
    days = (DCT + "issued", DCT + "modified")
    ontology = read(ROOT / "ontology" / "sociaal-domein.ttl").triples
    known = {t.object for t in ontology if t.predicate.value in days}
    assert {t.object for t in made.triples if t.predicate.value in days} <= known


def test_the_bytes_are_the_same_in_another_process(project: Path) -> None:
    code = f"from sdkg.cli import run; run(['export', '--catalog', '--project', {str(project)!r}])"
    found = [
        subprocess.run(
            [PYTHON, "-c", code], cwd=ROOT, check=True, capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]  # fmt: skip
    assert len(found[0]) > 10_000
    assert found[0] == found[1]


@pytest.mark.parametrize("format", ["turtle", "nt", "rdfxml", "jsonld", "trig"])
def test_every_format_holds_the_same(project: Path, made: Catalogue, format: str) -> None:  # noqa: A002
    endings = {"turtle": "ttl", "rdfxml": "rdf"}
    syntax = ox.RdfFormat.from_extension(endings.get(format, format))
    data = export_catalogue(Project.at(project), format)
    assert {quad.triple for quad in ox.parse(data, format=syntax)} == set(made.triples)


def test_under_another_base(project: Path) -> None:
    made = make_catalogue(Project.at(project), "https://data.example.nl/")
    iris = {getattr(term, "value", "") for t in made.triples for term in (t.subject, t.object)
            if isinstance(term, ox.NamedNode)}  # fmt: skip
    assert not [iri for iri in iris if iri.startswith(BASE)]
    assert "https://data.example.nl/dumps/alles.ttl" in iris
    assert made.describe("https://data.example.nl/id/dataset/alles")


def test_only_addresses_move_when_served_elsewhere(project: Path) -> None:
    graph = Graph(make_catalogue(Project.at(project), BASE, "http://localhost:8000/").triples)
    (one, *_) = said(graph, ID + "dataset/alles", DCAT + "distribution")
    assert said(graph, one, DCAT + "accessURL")[0].startswith("http://localhost:8000/dumps/alles.")
    assert said(graph, ID + "dienst/sparql", DCAT + "endpointURL") == ["http://localhost:8000/sparql"]


def test_describe(made: Catalogue) -> None:
    for iri in (CATALOGUE, ID + "dataset/heerde-2022", ID + "reeks/heerde", ID + "dienst/sparql"):
        assert made.describe(iri)
        assert iri in made.iris()
    whole = {t.subject.value for t in made.describe(ID + "dataset/heerde-2022#ttl")}  # type: ignore[union-attr]
    assert ID + "dataset/heerde-2022#periode" in whole
    assert made.describe("https://identifier.overheid.nl/tooi/id/gemeente/gm0246") == []
    assert not [iri for iri in made.iris() if "#" in iri]


def test_what_a_publisher_says(own_project: Path) -> None:
    (own_project / "sdkg.toml").write_text(TOML, "utf-8")
    graph = Graph(make_catalogue(Project.at(own_project)).triples)
    gm0246 = TOOI + "id/gemeente/gm0246"
    assert said(graph, CATALOGUE, DCT + "publisher") == [gm0246]
    assert "Gemeente Heerde" in said(graph, gm0246, FOAF + "name")
    assert said(graph, gm0246, DCT + "type") == ["http://purl.org/adms/publishertype/LocalAuthority"]
    (contact,) = said(graph, CATALOGUE, DCAT + "contactPoint")
    assert said(graph, contact, VCARD + "hasEmail") == ["mailto:opendata@heerde.example"]
    assert said(graph, contact, VCARD + "hasTelephone") == ["tel:0578699494"]
    assert said(graph, CATALOGUE, FOAF + "homepage") == ["https://data.heerde.example/beleid/"]
    assert said(graph, ID + "dataset/heerde-2022", DCT + "issued") == ["2026-01-02"]
    found = score(make_catalogue(Project.at(own_project)).triples).findings
    assert [finding.text() for finding in found] == []


def test_a_withdrawn_plan_leaves_a_tombstone(own_project: Path) -> None:
    (own_project / "sdkg.toml").write_text(TOML, "utf-8")
    graph = Graph(make_catalogue(Project.at(own_project)).triples)
    iri = ID + "dataset/heerde-2017"
    assert iri in said(graph, CATALOGUE, DCAT + "dataset")
    assert said(graph, iri, ADMS + "status") == [f"{EU}dataset-status/WITHDRAWN"]
    assert said(graph, f"{iri}#vermelding", ADMS + "status") == ["http://purl.org/adms/status/Withdrawn"]
    assert said(graph, iri, DCT + "modified") == ["2026-05-06"]
    assert said(graph, iri, DCAT + "distribution") == []
    assert "2026-05-06" in " ".join(said(graph, iri, DCT + "description"))
    assert said(graph, iri, DCAT + "inSeries") == [ID + "reeks/heerde"]
    assert said(graph, CATALOGUE, DCT + "modified") == ["2026-05-06"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[catalogus]\nemial = 'x'", "Did you mean email"),
        ("[catalogus]\nemail = 3", "should be a text"),
        ("[catalogus]\nuitgegeven = 'gisteren'", "should be a date"),
        ("[catalogus]\nuitgever = 'https://x.example/'", "not its naam"),
        ("[[ingetrokken]]\nplan = 'x'", "a withdrawn plan needs"),
        ("[andere]\n", "no key 'andere'"),
        (TOML.replace("heerde-2017", "heerde-2022"), "its file is still there"),
    ],
)
def test_settings_that_are_wrong(own_project: Path, text: str, problem: str) -> None:
    (own_project / "sdkg.toml").write_text(text, "utf-8")
    with pytest.raises(ProjectError, match=problem):
        load_settings(Project.at(own_project))


def test_settings_that_are_no_toml(own_project: Path) -> None:
    (own_project / "sdkg.toml").write_text("[catalogus", "utf-8")
    with pytest.raises(InputError, match=r"sdkg\.toml"):
        load_settings(Project.at(own_project))


def test_without_settings(tmp_path: Path) -> None:
    assert load_settings(Project.at(tmp_path)) == Settings()
    assert load_settings(Project.at(tmp_path)).publisher.uitgegeven is None


def test_dates_of_a_plan_itself_go_first(own_project: Path) -> None:
    plan = Project.at(own_project).plan_files[0]
    text = plan.read_text("utf-8")
    day = date(2023, 4, 5).isoformat()
    plan.write_text(
        text.replace("    sd:geldigVan", f'    dct:issued "{day}"^^xsd:date ;\n    sd:geldigVan', 1), "utf-8"
    )
    graph = Graph(make_catalogue(Project.at(own_project)).triples)
    assert said(graph, ID + "dataset/heerde-2022", DCT + "issued") == [day]


def test_the_mapping_of_themes_names_what_exists(project: Path) -> None:
    facts = Facts(Project.at(project))
    mapping = read(DATA / "themas.ttl").triples
    assert mapping
    for triple in mapping:
        assert facts.index.about.get(triple.subject.value), triple  # type: ignore[union-attr]
        assert values().about.get(triple.object.value), triple  # type: ignore[union-attr]
    tops = facts.index.iris(ID + "onderwerp", SKOS + "hasTopConcept")
    assert all(facts.themes([top]) for top in tops)
    assert facts.themes([ID + "onderwerp/armoede"]) == facts.themes([ID + "onderwerp/bestaanszekerheid"])


def test_on_the_command_line(
    project: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    where = ["--project", str(project)]
    assert run(["export", "--catalog", "--format", "nt", *where]) == 0
    assert b"<http://www.w3.org/ns/dcat#Catalog>" in capsysbinary.readouterr().out
    assert run(["export", "--void", *where]) == 0
    assert b"void:Dataset" in capsysbinary.readouterr().out
    assert run(["export", "--dumps", str(tmp_path / "d"), *where]) == 0
    assert re.search(rb"Wrote \d+ dumps", capsysbinary.readouterr().out)
    assert run(["export", "--catalog", "--void", *where]) == 2
    assert b"Choose: --catalog or --void" in capsysbinary.readouterr().err
