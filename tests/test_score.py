"""The score: every point can be lost, every rule can be broken, and what to fix first is told."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from sdkg.cli import run
from sdkg.errors import EndpointError, InputError
from sdkg.export import serialize
from sdkg.namespaces import ADMS, BASE, DCAT, DCT, EU, FOAF, ID, PREFIXES, RDF, SHACL
from sdkg.project import Project
from sdkg.publication.catalogue import CATALOGUE, make_catalogue
from sdkg.publication.mqa import DIMENSIONS, Graph, measure, rating
from sdkg.publication.reach import Asked, Served, Unasked
from sdkg.publication.score import SHAPES, Score, read_catalogue, score
from sdkg.publication.serving import served_urls
from sdkg.reading import read

SH = SHACL
FREE = Served(())
Triples = list[ox.Triple]


@pytest.fixture(scope="module")
def ours(project: Path) -> Triples:
    return list(make_catalogue(Project.at(project)).triples)


@pytest.fixture(scope="module")
def small(ours: Triples) -> Triples:
    """The catalogue with one dataset: as varied, and quick to check."""
    others = [f"{ID}dataset/{name}" for name in ("alles", "referentie", "shapes", "queries", "ontologie")]
    others += [f"{ID}dataset/{name}" for name in ("heemstede-2019", "heemstede-2025", "heeze-leende-2024")]
    others.append(f"{ID}dataset/midden-limburg-west-2020")
    keep = []
    for triple in ours:
        ends = [getattr(t, "value", "").partition("#")[0] for t in (triple.subject, triple.object)]
        if not any(end in others for end in ends):
            keep.append(triple)
    return keep


def reach_of(triples: Triples) -> Served:
    return Served({t.object.value for t in triples if t.predicate.value == DCAT + "accessURL"})  # type: ignore[union-attr]


def test_ours_has_them_all(ours: Triples, project: Path) -> None:
    found = score(ours, Served(served_urls(Project.at(project))))
    assert found.points == found.maximum == 405
    assert rating(found.points) == "Excellent"
    assert [finding.severity for finding in found.findings if finding.severity != "Info"] == []
    assert {fix.severity for fix in found.fixes()} == {"Info"}


def test_the_points_there_are() -> None:
    found = measure(Graph([]), Unasked())
    for name, most in DIMENSIONS.items():
        assert sum(metric.maximum for metric in found if metric.dimension == name) == most
    assert sum(DIMENSIONS.values()) == 405


def test_an_empty_catalogue_has_none() -> None:
    assert score([], FREE).points == 0


@pytest.mark.parametrize(
    ("predicate", "lost"),
    [
        (DCAT + "keyword", {"keyword": 30}),
        (DCAT + "theme", {"theme": 30}),
        (DCT + "spatial", {"spatial": 20}),
        (DCT + "temporal", {"temporal": 20}),
        (DCAT + "accessURL", {"accessURL answers": 50}),
        (DCAT + "downloadURL", {"downloadURL": 20, "downloadURL answers": 30}),
        (DCT + "format", {"format": 20, "format and mediaType from list": 10, "non-proprietary": 20,
                          "machine-readable": 20}),
        (DCAT + "mediaType", {"mediaType": 10, "format and mediaType from list": 10}),
        (DCT + "license", {"licence": 20, "licence from list": 10}),
        (DCT + "accessRights", {"accessRights": 10, "accessRights from list": 5}),
        (DCAT + "contactPoint", {"contactPoint": 20}),
        (DCT + "publisher", {"publisher": 10}),
        (DCT + "rights", {"rights": 5}),
        (DCAT + "byteSize", {"byteSize": 5}),
        (DCT + "issued", {"issued": 5}),
        (DCT + "modified", {"modified": 5}),
    ],
)  # fmt: skip
def test_every_point_can_be_lost(small: Triples, predicate: str, lost: dict[str, int]) -> None:
    left = [triple for triple in small if triple.predicate.value != predicate]
    found = {metric.name: metric.lost for metric in measure(Graph(left), reach_of(small))}
    assert {name: points for name, points in found.items() if points} == lost


@pytest.mark.parametrize(
    ("predicate", "value", "lost"),
    [
        (DCT + "format", EU + "file-type/PDF",
         {"non-proprietary", "machine-readable"}),
        (DCT + "format", EU + "file-type/XLSX", {"non-proprietary"}),
        (DCT + "format", EU + "file-type/HTML", {"machine-readable"}),
        (DCT + "format", "https://example.org/CSV", {"format and mediaType from list"}),
        (DCAT + "mediaType", "https://www.iana.org/assignments/media-types/text/turtel",
         {"format and mediaType from list"}),
        (DCT + "license", "https://example.org/licentie", {"licence from list"}),
        (DCT + "accessRights", "https://example.org/publiek", {"accessRights from list"}),
        (DCAT + "accessURL", "https://example.org/weg", {"accessURL answers"}),
        (DCAT + "downloadURL", "https://example.org/weg", {"downloadURL answers"}),
    ],
)  # fmt: skip
def test_a_value_of_no_list_loses_points(small: Triples, predicate: str, value: str, lost: set[str]) -> None:
    files = {t.subject for t in small if t.predicate.value == DCAT + "accessURL"}
    files |= {t.subject for t in small if t.predicate.value == DCAT + "accrualPeriodicity"}
    changed = [
        ox.Triple(t.subject, t.predicate, ox.NamedNode(value)) if t.predicate.value == predicate else t
        for t in small
    ]
    found = {metric.name: metric.lost for metric in measure(Graph(changed), reach_of(small))}
    assert {name for name, points in found.items() if points} == lost


def test_a_licence_may_say_which_it_equals(small: Triples) -> None:
    mine = ox.NamedNode("https://example.org/licentie")
    known = ox.NamedNode("http://publications.europa.eu/resource/authority/licence/CC0")
    changed = [
        ox.Triple(t.subject, t.predicate, mine) if t.predicate.value == DCT + "license" else t for t in small
    ]
    same = ox.Triple(mine, ox.NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch"), known)
    assert not any(m.lost for m in measure(Graph([*changed, same]), reach_of(small)))


def test_a_share_of_the_points(ours: Triples) -> None:
    """One dataset of ten without keywords: a tenth of the points."""
    one = ox.NamedNode(ID + "dataset/heerde-2022")
    left = [t for t in ours if not (t.subject == one and t.predicate.value == DCAT + "keyword")]
    (metric,) = [m for m in measure(Graph(left), FREE) if m.name == "keyword"]
    assert metric.points == pytest.approx(27)
    assert metric.failing == (str(one),)


def shapes() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for triple in read(SHAPES).triples:
        if isinstance(triple.subject, ox.NamedNode):
            said = found.setdefault(triple.subject.value, {})
            said.setdefault(triple.predicate.value, []).append(getattr(triple.object, "value", ""))
    return found


def broken(triples: Triples) -> set[str]:
    return {finding.shape for finding in score(triples, FREE).findings}


def with_parameter(name: str) -> set[str]:
    return {iri for iri, said in shapes().items() if SH + name in said}


def test_every_shape_says_what_is_wrong_in_both_languages() -> None:
    messages: dict[object, set[str | None]] = {}
    for triple in read(SHAPES).triples:
        if triple.predicate.value == SH + "message" and isinstance(triple.object, ox.Literal):
            messages.setdefault(triple.subject, set()).add(triple.object.language)
    assert len(messages) == len(shapes()) > 80
    assert all(languages == {"nl", "en"} for languages in messages.values())


def test_every_shape_can_be_broken(small: Triples) -> None:
    """Bare things break what asks for something; doubled and strange values the rest."""
    bare = {RDF + "type", DCAT + "dataset", DCT + "publisher", DCAT + "contactPoint", DCT + "temporal"}
    found = broken([t for t in small if t.predicate.value in bare])
    nothing = broken([t for t in small if t.predicate.value == RDF + "type"])
    missing = {iri for iri in with_parameter("minCount") if iri not in found | nothing}
    assert missing == set()
    strange = ox.NamedNode("urn:x-vreemd")
    doubled = small + [
        ox.Triple(t.subject, t.predicate, strange) for t in small if t.predicate.value != RDF + "type"
    ]
    seen = broken(doubled)
    assert with_parameter("maxCount") - seen == set()
    assert with_parameter("pattern") - seen == set()
    left = shapes().keys() - found - nothing - seen
    assert {iri.rpartition("#")[2] for iri in left} <= {"Dataset-thema-van-de-eu",
                                                        "Distributie-mediatype-bij-download",
                                                        "Licentie-van-de-lijst"}  # fmt: skip


@pytest.mark.parametrize(
    ("predicate", "value", "shape"),
    [
        (DCAT + "theme", "https://identifier.overheid.nl/tooi/def/thes/top/c_d0463fb7",
         "Dataset-thema-van-de-eu"),
        (DCAT + "mediaType", None, "Distributie-mediatype-bij-download"),
        (DCT + "license", "https://example.org/licentie", "Licentie-van-de-lijst"),
    ],
)  # fmt: skip
def test_rules_of_more_than_one_property(
    small: Triples, predicate: str, value: str | None, shape: str
) -> None:
    changed = [t for t in small if t.predicate.value != predicate]
    if value is not None:
        changed += [ox.Triple(t.subject, t.predicate, ox.NamedNode(value)) for t in small
                    if t.predicate.value == predicate]  # fmt: skip
    assert shape in {iri.rpartition("#")[2] for iri in broken(changed)}


def test_a_withdrawn_dataset_needs_no_files(small: Triples) -> None:
    iri = ox.NamedNode(ID + "dataset/heerde-2022")
    without = {DCAT + "distribution", ADMS + "status"}
    left = [t for t in small if t.subject != iri or t.predicate.value not in without]
    assert any(shape.endswith("Dataset-distributie") for shape in broken(left))
    gone = ox.NamedNode("http://publications.europa.eu/resource/authority/dataset-status/WITHDRAWN")
    assert not any(
        shape.endswith("Dataset-distributie")
        for shape in broken([*left, ox.Triple(iri, ox.NamedNode(ADMS + "status"), gone)])
    )


def test_a_broken_rule_costs_points_and_says_how_many(ours: Triples, project: Path) -> None:
    one = ox.NamedNode(ID + "dataset/heerde-2022")
    left = [t for t in ours if not (t.subject == one and t.predicate.value == DCT + "identifier")]
    found = score(left, Served(served_urls(Project.at(project))))
    assert found.points == pytest.approx(402)
    first = found.fixes()[0]
    assert (first.severity, first.count) == ("Violation", 1)
    assert first.points == pytest.approx(3)
    assert first.example == one.value


def test_what_brings_most_comes_first(small: Triples) -> None:
    drop = {DCT + "rights", DCAT + "keyword", DCT + "temporal"}
    fixes = score([t for t in small if t.predicate.value not in drop], reach_of(small)).fixes()
    points = [fix.points for fix in fixes]
    assert points == sorted(points, reverse=True)
    assert [fix.points for fix in fixes[:3]] == [30, 20, 5]
    assert "dcat:keyword" in fixes[0].advice.nl


def test_who_does_not_ask_says_so(small: Triples) -> None:
    found = score(small)
    assert found.points == 325
    assert "--ask" in found.text()


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(405 if "get" in self.path else 200 if "hier" in self.path else 404)
        self.end_headers()

    def do_GET(self) -> None:
        turtle = self.path == "/catalog"
        self.send_response(200 if turtle or "get" in self.path else 404)
        self.send_header("Content-Type", "text/turtle; charset=utf-8" if turtle else "text/html")
        self.end_headers()
        self.wfile.write(b"<urn:a> a <http://www.w3.org/ns/dcat#Catalog> ." if turtle else b"<p>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_asking(web: str) -> None:
    urls = [f"{web}/hier", f"{web}/get", f"{web}/weg", "http://127.0.0.1:9/", "urn:x"]
    assert list(Asked().answers(urls).values()) == [True, True, False, False, False]
    assert Asked({BASE: f"{web}/hier/"}).answers([BASE + "dumps/x.ttl"]) == {BASE + "dumps/x.ttl": True}


def test_a_catalogue_at_an_address(web: str) -> None:
    assert len(read_catalogue(f"{web}/catalog")) == 1
    with pytest.raises(InputError, match="text/html"):
        read_catalogue(f"{web}/get")
    with pytest.raises(EndpointError):
        read_catalogue(f"{web}/weg")


@pytest.mark.parametrize("format", ["turtle", "nt", "rdfxml", "jsonld", "trig", "nq"])
def test_any_syntax(small: Triples, tmp_path: Path, format: str) -> None:  # noqa: A002
    ending = {"turtle": "ttl", "rdfxml": "rdf"}.get(format, format)
    path = tmp_path / f"catalog.{ending}"
    path.write_bytes(serialize((ox.Quad(t.subject, t.predicate, t.object) for t in small), format))
    assert set(read_catalogue(str(path))) == set(small)


def test_a_catalogue_of_others_with_blank_nodes(tmp_path: Path) -> None:
    path = tmp_path / "other.ttl"
    prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("dcat", "dct"))
    path.write_text(
        prefixes + "<urn:d> a dcat:Dataset ; dct:title 'Bomen' ; dcat:keyword 'bomen' ;"
        " dcat:distribution [ a dcat:Distribution ; dct:format 'CSV' ; dcat:accessURL <urn:x> ] .",
        "utf-8",
    )
    found = score(read_catalogue(str(path)))
    points = {metric.name: metric.points for metric in found.metrics}
    assert (points["keyword"], points["format"], points["non-proprietary"]) == (30, 20, 20)
    assert points["format and mediaType from list"] == points["DCAT-AP"] == 0
    assert any("dct:license" in fix.advice.nl for fix in found.fixes())


def test_on_the_command_line(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "score.json"
    assert run(["score", "--format", "json", "-o", str(out), "--project", str(project)]) == 0
    told = json.loads(out.read_text("utf-8"))
    assert told["points"] == 405
    assert set(told["dimensions"]) == set(DIMENSIONS)
    assert run(["score", "--harvest", "--project", str(project)]) == 0
    assert "10 datasets on 1 pages, 0 problems" in capsys.readouterr().out
    assert run(["score", str(tmp_path / "weg.ttl")]) == 2


def test_the_text_tells_dimensions_and_fixes(small: Triples) -> None:
    found: Score = score([t for t in small if t.predicate.value != DCAT + "keyword"], reach_of(small))
    dutch, english = found.text("nl"), found.text("en")
    assert "375 of 405" in dutch
    assert "+30.0  Geef elke dataset dcat:keyword" in dutch
    assert "+30.0  Give every dataset dcat:keyword" in english
    assert "DCAT-AP-NL 3.0: 0 violations, 1 warnings" in english


def test_a_name_of_a_publisher_is_asked_of_its_datasets(small: Triples) -> None:
    left = [t for t in small if t.predicate.value != FOAF + "name"]
    found = score(left, reach_of(small))
    assert {m.name: m.lost for m in found.metrics if m.lost} == {"DCAT-AP": 30}
    assert CATALOGUE
