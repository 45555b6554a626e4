"""Data behind every IRI: described in full, told apart from documents, and given as the client asks."""

from __future__ import annotations

import contextlib
import http.client
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox
import pytest
import rdflib

import sdkg
from sdkg.engines.memory import Memory
from sdkg.namespaces import BASE, DCT, FOAF, ID, INFERRED, RDF, RDFS, SD, SKOS, VOID
from sdkg.resource import describe, is_known
from sdkg.web.offers import GRAPHS
from tests.paths import ROOT
from tests.servers import PATIENT
from tests.servers import sdkg as serving

MEASURE = "heerde-2022/maatregel-integrale-toegang-stip"
LAW = "wet/participatiewet"
ENGLISH_HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PARSERS = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}


def node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def parsed(answer: httpx.Response, name: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(answer.content, format=PARSERS[name])}


# ---- what a description holds


def small_store() -> ox.Store:
    text = f"""
      @prefix sd: <{SD}> . @prefix skos: <{SKOS}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
      <{BASE}graph/instances/p> {{
        <{ID}a> skos:prefLabel "A"@nl, "A in English"@en, "A auf Deutsch"@de ; sd:inPlan <{ID}p> ;
          sd:vindplaats <{ID}p/s> ; sd:deel [ sd:waarde 1 ; sd:deel [ sd:waarde 2 ] ], <{ID}a#stuk> .
        <{ID}a#stuk> sd:waarde 3 .
        <{ID}b> sd:steuntOp <{ID}a> ; skos:prefLabel "B"@nl ; sd:waarde 4 .
        <{ID}c> sd:onder [ sd:wijst <{ID}a> ] .
        <{ID}e> a sd:Bewijs ; sd:bewijstVan <{ID}b> ; sd:bewijstNaar <{ID}a> ; sd:vindplaats <{ID}p/t> .
        <{ID}p/s> a sd:Sectie ; skos:prefLabel "S"@nl ; sd:nummer "1.2" ; sd:sectieVan <{ID}p> ;
          sd:volgorde 3 .
        <{ID}p/t> skos:prefLabel "T"@nl ; sd:nummer "9" ; sd:sectieVan <{ID}p> .
        <{ID}p> a sd:Beleidsplan ; skos:prefLabel "P"@nl ; sd:geldigVan "2022-01-01" ; sd:lacune "x" .
        sd:steuntOp <{RDFS}label> "rests on"@en .
      }}
      <{INFERRED}p> {{ <{ID}a> sd:afgeleid <{ID}p> ; sd:inPlan <{ID}p> . <{ID}d> sd:steuntOp <{ID}a> }}"""
    store = ox.Store()
    store.load(text, format=ox.RdfFormat.TRIG)
    return store


def said(quads: tuple[ox.Quad, ...], about: str) -> set[str]:
    return {
        str(q.predicate.value).removeprefix(SD).removeprefix(SKOS)
        for q in quads
        if q.subject == node(ID + about)
    }


def test_description_holds_what_is_said_and_all_that_names_and_places_it() -> None:
    found = describe(Memory(small_store()), ID + "a")
    assert found is not None
    texts = {q.object.value for q in found.quads if isinstance(q.object, ox.Literal)}
    assert {"1", "2", "3"} <= texts, "blank nodes and parts, to the end"
    assert {"A", "A in English", "B", "S", "T", "P", "rests on"} <= texts
    assert not {"4", "x"} & texts, "what others say of themselves is theirs"
    assert said(found.quads, "p/s") == {RDF + "type", "nummer", "prefLabel", "sectieVan"}
    assert said(found.quads, "b") == {"steuntOp", "prefLabel"}
    assert "onder" in said(found.quads, "c"), "from what points here by a blank node, back to an IRI"
    assert {"bewijstVan", "bewijstNaar", "vindplaats"} <= said(found.quads, "e")
    assert "nummer" in said(found.quads, "p/t"), "the section of the evidence"
    assert found.cut == 0


def test_stated_and_inferred_are_told_apart_and_nothing_comes_twice() -> None:
    found = describe(Memory(small_store()), ID + "a")
    assert found is not None
    triples = [quad.triple for quad in found.quads]
    assert len(triples) == len(set(triples))
    graphs = {q.predicate.value: q.graph_name.value for q in found.quads if q.subject == node(ID + "a")}  # type: ignore[union-attr]
    assert graphs[SD + "inPlan"] == BASE + "graph/instances/p"
    assert graphs[SD + "afgeleid"] == INFERRED + "p"


def test_of_a_hub_the_stated_come_first_and_the_rest_is_counted() -> None:
    found = describe(Memory(small_store()), ID + "a", per_property=1)
    assert found is not None
    pointing = [q.subject for q in found.quads if q.predicate == node(SD + "steuntOp")]
    assert pointing == [node(ID + "b")]
    assert (found.pointing[SD + "steuntOp"], found.cut) == (2, 1)


def test_order_depends_on_nothing_but_the_graph(graph: sdkg.KnowledgeGraph) -> None:
    found = describe(graph.engine, ID + LAW)
    assert found == describe(sdkg.KnowledgeGraph(graph.project).engine, ID + LAW)
    assert found is not None
    written = [(str(q.subject), q.predicate.value, str(q.object)) for q in found.quads]
    assert written == sorted(written)


@pytest.mark.parametrize(
    "iri", ["", "niets", ID + "heerde-2022/", ID + "a b", ID + "<", ID + "\x00", ID + "é"]
)
def test_what_the_graph_does_not_know(graph: sdkg.KnowledgeGraph, iri: str) -> None:
    assert not is_known(graph.engine, iri)
    assert describe(graph.engine, iri) is None


# ---- from a thing to a document


@pytest.mark.parametrize(
    ("accept", "place"),
    [
        (ENGLISH_HTML, f"doc/{MEASURE}"),
        ("*/*", f"doc/{MEASURE}"),
        ("text/turtle", f"data/{MEASURE}.ttl"),
        ("application/ld+json, text/html;q=0.5", f"data/{MEASURE}.jsonld"),
        ("application/n-triples", f"data/{MEASURE}.nt"),
        ("application/rdf+xml", f"data/{MEASURE}.rdf"),
        ("application/trig", f"data/{MEASURE}.trig"),
    ],
)
def test_thing_sees_other(client: httpx.Client, address: str, accept: str, place: str) -> None:
    answer = client.get(f"id/{MEASURE}", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["location"]) == (303, address + place)
    assert "accept" in answer.headers["vary"].lower()


def test_format_in_the_address_comes_before_accept(client: httpx.Client, address: str) -> None:
    answer = client.get(f"id/{MEASURE}?format=ttl", headers={"Accept": ENGLISH_HTML})
    assert answer.headers["location"] == f"{address}data/{MEASURE}.ttl"
    wrong = client.get(f"id/{MEASURE}?format=docx")
    assert wrong.status_code == 400
    assert "ttl" in wrong.json()["candidates"]


def test_nothing_that_fits_is_406(client: httpx.Client) -> None:
    for path in (f"id/{MEASURE}", f"data/{MEASURE}", "def", "shapes", "graph/queries"):
        answer = client.get(path, headers={"Accept": "image/png"})
        assert answer.status_code == 406, path
        assert "text/turtle" in answer.json()["available"]


@pytest.mark.parametrize(
    "path", [f"id/{MEASURE}", f"data/{MEASURE}.ttl", f"data/{MEASURE}", "graph/queries", "def"]
)
def test_head_answers_as_get_without_a_body(client: httpx.Client, path: str) -> None:
    head, get = (
        client.head(path, headers={"Accept": "text/turtle"}),
        client.get(path, headers={"Accept": "text/turtle"}),
    )
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers.get("link") == get.headers.get("link")


@pytest.mark.parametrize(
    "path",
    [
        "/id/niets",
        "/id/",
        "/id/heerde-2022/",
        "/id//heerde-2022",
        "/id/../etc/passwd",
        "/id/%2e%2e/%2e%2e/etc/passwd",
        "/id/a%20b",
        "/id/%00",
        "/id/%ff%fe",
        "/id/%3Cscript%3E",
        "/id/%22%3E%0d%0aX-Evil:%201",
        "/id/" + "x" * 5000,
        "/id/wet/jeugdwet%23x",
        "/id/wet/%F0%9F%92%A9",
        "/data/niets.ttl",
        "/data/../../../etc/passwd.ttl",
        "/data/.ttl",
        "/data/%0a.nt",
        "/graph/niets",
        "/graph/..%2f..%2fetc.ttl",
        "/graph/%3C%3E",
        "/def.exe",
        "/def/9.9.9",
        "/def/%3E",
        "/shapes.docx",
    ],
)
def test_hostile_paths_are_not_found(address: str, path: str) -> None:
    """Sent as they are: clients would tidy them up."""
    where = urlsplit(address)
    assert where.hostname is not None
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=20)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    connection.putheader("Accept", "text/turtle")
    connection.endheaders()
    with contextlib.closing(connection), connection.getresponse() as answer:
        assert answer.status in (400, 404), answer.read()
        assert "X-Evil" not in answer.headers


def test_percent_encoding_of_what_needs_none_is_the_same_thing(client: httpx.Client, address: str) -> None:
    answer = client.get("id/heerde%2D2022", headers={"Accept": "text/turtle"})
    assert answer.headers["location"] == f"{address}data/heerde-2022.ttl"


# ---- data


@pytest.mark.parametrize("name", GRAPHS)
def test_every_format_says_the_same(client: httpx.Client, name: str) -> None:
    answer = client.get(f"data/{MEASURE}.{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == GRAPHS[name].media_type
    assert parsed(answer, name) == parsed(client.get(f"data/{MEASURE}.nt"), "nt")


def test_trig_tells_stated_from_inferred(client: httpx.Client) -> None:
    quads = list(ox.parse(client.get(f"data/{MEASURE}.trig").content, format=ox.RdfFormat.TRIG))
    graphs = {quad.predicate.value: str(quad.graph_name) for quad in quads}
    assert INFERRED in graphs[SD + "erftSteunOp"]
    assert "graph/instances/heerde/heerde-2022" in graphs[SD + "uitgevoerdDoor"]


def test_thing_and_documents_are_told_apart(client: httpx.Client, address: str) -> None:
    triples = parsed(client.get(f"data/{MEASURE}.ttl"), "ttl")
    thing = node(ID + MEASURE)
    for document in (node(f"{address}data/{MEASURE}"), node(f"{address}doc/{MEASURE}")):
        assert ox.Triple(thing, node(FOAF + "isPrimaryTopicOf"), document) in triples
        assert ox.Triple(document, node(FOAF + "primaryTopic"), thing) in triples
    about = {t.predicate.value for t in triples if t.subject == node(f"{address}data/{MEASURE}")}
    assert {DCT + "license", VOID + "inDataset", DCT + "hasFormat"} <= about


def test_links_lead_to_the_thing_the_page_and_every_other_format(client: httpx.Client, address: str) -> None:
    answer = client.get(f"data/{MEASURE}.ttl")
    links = answer.headers["link"]
    assert f'<{address}id/{MEASURE}>; rel="describes"' in links
    assert f'<{ID}{MEASURE}>; rel="cite-as"' in links
    assert f'<{address}doc/{MEASURE}>; rel="alternate"; type="text/html"' in links
    for name in GRAPHS:
        here = f'<{address}data/{MEASURE}.{name}>; rel="alternate"; type="{GRAPHS[name].plain_type}"'
        assert (here in links) == (name != "ttl")
    assert answer.links["license"]["url"].startswith("https://creativecommons.org/publicdomain/zero/")


def test_links_of_a_hub_lead_to_the_rest(client: httpx.Client) -> None:
    triples = parsed(client.get(f"data/{LAW}.nt"), "nt")
    rest = [t.object for t in triples if t.predicate == node(RDFS + "seeAlso") and "sparql?" in str(t.object)]
    assert len(rest) == 1
    assert f"%3C{ID.replace(':', '%3A').replace('/', '%2F')}" in str(rest[0])
    comments = {t.object.value for t in triples if "rdfs:seeAlso" in str(t.object)}  # type: ignore[union-attr]
    assert len(comments) == 2


def test_data_without_an_ending_is_negotiated(client: httpx.Client) -> None:
    answer = client.get(f"data/{MEASURE}", headers={"Accept": "application/ld+json"})
    assert answer.headers["content-type"] == "application/ld+json"
    assert "accept" in answer.headers["vary"].lower()


def test_what_only_the_catalogue_knows_answers_too(client: httpx.Client, address: str) -> None:
    for path in ("catalogus", "dataset/heerde-2022"):
        there = client.get(f"id/{path}", headers={"Accept": "text/turtle"})
        assert there.headers["location"] == f"{address}data/{path}.ttl"
        triples = parsed(client.get(there.headers["location"]), "ttl")
        assert (
            ox.Triple(node(ID + path), node(FOAF + "isPrimaryTopicOf"), node(f"{address}data/{path}"))
            in triples
        )
        assert {t.predicate.value for t in triples if t.subject == node(ID + path)} >= {DCT + "title"}
    assert client.get("id/dataset/niets").status_code == 404


# ---- graphs, vocabulary, shapes


def test_graph_of_a_file_keeps_literals_as_written(client: httpx.Client) -> None:
    file = ROOT / "instances/heerde/heerde-2022.ttl"
    assert client.get("graph/instances/heerde/heerde-2022.ttl").content == file.read_bytes()
    triples = parsed(client.get("graph/instances/heerde/heerde-2022.nt"), "nt")
    assert triples == {quad.triple for quad in ox.parse(path=str(file))}


def test_inferred_graph_comes_from_the_store(client: httpx.Client, graph: sdkg.KnowledgeGraph) -> None:
    answer = client.get("graph/afgeleid/heerde-2022", headers={"Accept": "application/n-quads"})
    held = graph.store.quads_for_pattern(None, None, None, node(INFERRED + "heerde-2022"))
    assert set(ox.parse(answer.content, format=ox.RdfFormat.N_QUADS)) == set(held)


def test_every_named_graph_answers(client: httpx.Client, graph: sdkg.KnowledgeGraph) -> None:
    for name in graph.store.named_graphs():
        assert isinstance(name, ox.NamedNode)
        answer = client.get(name.value.removeprefix(BASE), headers={"Accept": "application/n-triples"})
        assert answer.status_code == 200, name
        assert answer.content


def test_vocabulary_is_the_file_in_its_version(client: httpx.Client) -> None:
    file = (ROOT / "ontology/sociaal-domein.ttl").read_bytes()
    wanted = {"Accept": "text/turtle"}
    version = next(
        str(quad.object.value)
        for quad in ox.parse(file, format=ox.RdfFormat.TURTLE)
        if quad.predicate.value.endswith("versionIRI")
    )
    for path in ("def", "def.ttl", version.removeprefix(BASE)):
        answer = client.get(path, headers=wanted)
        assert (answer.status_code, answer.content) == (200, file), path
    assert client.get("def", headers={"Accept": "application/rdf+xml"}).content.startswith(b"<?xml")


def test_shapes_are_those_of_the_files(client: httpx.Client) -> None:
    answer = client.get("shapes", headers={"Accept": "text/turtle"})
    files = [ox.parse(path=str(path)) for path in sorted((ROOT / "shapes").glob("*.ttl"))]
    assert len(parsed(answer, "ttl")) == sum(len({quad.triple for quad in file}) for file in files)
    assert client.get("shapes.nt").headers["content-type"] == "application/n-triples"
    page = client.get("shapes", headers={"Accept": ENGLISH_HTML})
    assert page.headers["content-type"].startswith("text/html")
    assert 'id="volgorde-vorm"' in page.text


# ---- another base, and other people's clients


@pytest.fixture(scope="module")
def elsewhere(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Under the address of a proxy, with the data under it too."""
    folder = tmp_path_factory.mktemp("elsewhere")
    proxied = serving(project, folder, *PATIENT, "--base-url", "https://data.example.nl/sd", "--rebase-data")
    with proxied as site, httpx.Client(base_url=site.url, timeout=120) as found:
        yield found


def test_another_base_moves_links_and_with_rebase_data_the_identifiers(elsewhere: httpx.Client) -> None:
    base = "https://data.example.nl/sd/"
    turtle = {"Accept": "text/turtle"}
    assert elsewhere.get(f"id/{MEASURE}", headers=turtle).headers["location"] == f"{base}data/{MEASURE}.ttl"
    for path in (
        f"data/{MEASURE}.nt",
        f"data/{LAW}.nt",
        "graph/instances/referentie/wetten.nt",
        "def.nt",
        "shapes.nt",
    ):
        answer = elsewhere.get(path)
        triples = parsed(answer, "nt")
        iris = {t.value for triple in triples for t in (triple.subject, triple.predicate, triple.object)
                if isinstance(t, ox.NamedNode)}  # fmt: skip
        assert not [iri for iri in iris if iri.startswith(BASE)], path
        assert any(iri.startswith(base) for iri in iris), path
    assert f"<{base}id/{MEASURE}>" in elsewhere.get(f"data/{MEASURE}.nt").headers["link"]


def test_another_base_holds_for_the_catalogue(elsewhere: httpx.Client) -> None:
    triples = parsed(elsewhere.get("data/dataset/heerde-2022.nt"), "nt")
    about = {
        t.predicate.value
        for t in triples
        if t.subject == node("https://data.example.nl/sd/id/dataset/heerde-2022")
    }
    assert {DCT + "title", FOAF + "isPrimaryTopicOf"} <= about


def test_without_rebase_data_identifiers_stay(client: httpx.Client, address: str) -> None:
    subjects = {t.subject for t in parsed(client.get(f"data/{MEASURE}.nt"), "nt")}
    assert node(ID + MEASURE) in subjects
    assert node(f"{address}id/{MEASURE}") not in subjects


def test_rdflib_gets_a_graph(address: str) -> None:
    found = rdflib.Graph().parse(f"{address}id/{MEASURE}")
    assert found.value(rdflib.URIRef(ID + MEASURE), rdflib.URIRef(SD + "inPlan")) == rdflib.URIRef(
        ID + "heerde-2022"
    )


def test_curl_gets_what_it_asks_for(address: str) -> None:
    command = ["curl", "-sLf", "-H", "Accept: application/ld+json", f"{address}id/{MEASURE}"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert {q.triple for q in ox.parse(done.stdout, format=ox.RdfFormat.JSON_LD)}


def test_sparqlwrapper_gets_the_rest_of_a_hub(address: str) -> None:
    from SPARQLWrapper import JSON, SPARQLWrapper

    wrapper = SPARQLWrapper(f"{address}sparql", returnFormat=JSON)
    wrapper.setQuery(f"SELECT (COUNT(*) AS ?n) {{ ?s ?p <{ID}{LAW}> }}")
    answer = wrapper.query().convert()
    assert int(answer["results"]["bindings"][0]["n"]["value"]) > 1000  # type: ignore[index, call-overload]
