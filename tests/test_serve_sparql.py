"""The endpoint as clients see it: formats, errors, caching, other clients' libraries."""

from __future__ import annotations

import csv
import gzip
import http.client
import io
import socket
import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from sdkg.web.security import CONTENT_SECURITY_POLICY
from tests.servers import Site

PLANS = "SELECT ?plan { ?plan a sd:Beleidsplan } ORDER BY ?plan"
FIVE = 5
LARGE = "SELECT ?s ?label { ?s skos:prefLabel ?label } ORDER BY ?s ?label LIMIT 500"


def received(site: Site, data: bytes) -> bytes:
    """What comes back for bytes sent as they are."""
    with socket.create_connection(site.address, timeout=20) as sock:
        sock.sendall(data)
        parts = iter(lambda: sock.recv(65536), b"")
        return b"".join(parts)


def test_rows_in_json(site: Site) -> None:
    reply = site.query(PLANS, Accept="application/sparql-results+json")
    assert reply.headers["content-type"] == "application/sparql-results+json"
    assert len(reply.json()["results"]["bindings"]) == FIVE


def test_rows_in_xml(site: Site) -> None:
    reply = site.query(PLANS, Accept="application/sparql-results+xml")
    assert reply.media_type == "application/sparql-results+xml"
    assert len(ET.fromstring(reply.body).findall(".//{*}result")) == FIVE  # noqa: S314


def test_rows_in_csv_and_tsv(site: Site) -> None:
    reply = site.query(PLANS, Accept="text/csv")
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(list(csv.reader(io.StringIO(reply.body.decode())))) == FIVE + 1
    reply = site.query(PLANS, Accept="text/tab-separated-values")
    assert reply.body.decode().splitlines()[0] == "?plan"


@pytest.mark.parametrize(
    "accept",
    [
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
        "application/trig",
        "application/n-quads",
    ],
)
@pytest.mark.parametrize("query", ["DESCRIBE wet:jeugdwet", "CONSTRUCT { ?s a ?c } { ?s a ?c } LIMIT 50"])
def test_graphs(site: Site, accept: str, query: str) -> None:
    reply = site.query(query, Accept=accept)
    assert (reply.status, reply.media_type) == (200, accept)
    found = ox.RdfFormat.from_media_type(accept)
    assert found is not None
    assert len(list(ox.parse(reply.body, format=found))) > 3


def test_turtle_declares_what_it_uses_in_order(site: Site) -> None:
    lines = site.query("DESCRIBE wet:jeugdwet").body.decode().splitlines()
    declared = [line for line in lines if line.startswith("@prefix")]
    assert declared == sorted(declared)
    assert "@prefix wet: <https://w3id.org/sociaal-domein/id/wet/> ." in declared
    assert not any("csvw" in line for line in declared)


def test_yes_or_no(site: Site) -> None:
    assert site.query("ASK { ?plan a sd:Beleidsplan }").json()["boolean"] is True
    assert site.query("ASK { ?plan a sd:Niets }").json()["boolean"] is False


def test_a_plain_media_type_of_json_gets_json(site: Site) -> None:
    assert site.query(PLANS, Accept="application/json").headers["content-type"] == "application/json"


def test_a_link_can_name_a_format(site: Site) -> None:
    reply = site.ask("/sparql?" + urlencode({"query": PLANS, "format": "csv"}), Accept="text/html")
    assert reply.media_type == "text/csv"
    assert site.ask("/sparql?" + urlencode({"query": PLANS, "format": "other"})).status == 200


@pytest.mark.parametrize(("query", "accept"), [(PLANS, "text/turtle"), ("DESCRIBE wet:jeugdwet", "text/csv")])
def test_nothing_fits(site: Site, query: str, accept: str) -> None:
    reply = site.query(query, Accept=accept)
    assert (reply.status, reply.media_type) == (406, "application/problem+json")
    assert reply.json()["offers"]


def test_all_graphs_are_the_default_graph_and_from_narrows(site: Site) -> None:
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"

    def number(source: str) -> int:
        rows = site.query(count.format(source)).json()["results"]["bindings"]
        return int(rows[0]["n"]["value"])

    graph = "https://w3id.org/sociaal-domein/graph/instances/referentie/wetten"
    assert 0 < number(f"FROM <{graph}>") < number("")
    assert number(f"FROM NAMED <{graph}>") == 0
    assert number("FROM <http://example.org/elsewhere>") == 0


def test_relative_iris_are_relative_to_the_endpoint(site: Site) -> None:
    reply = site.query("SELECT (<x> AS ?iri) {}", Accept="text/csv")
    assert reply.body.decode().splitlines()[1] == f"{site.url}/x"


@pytest.mark.parametrize(
    ("query", "line", "column"), [("SELECT ?s {\n  ?s ?p }", 2, 9), ("SELECT ?s { ?s nope:x ?o }", 1, 15)]
)
def test_a_faulty_query(site: Site, query: str, line: int, column: int) -> None:
    reply = site.query(query)
    assert (reply.status, reply.media_type) == (400, "application/problem+json")
    told = reply.json()
    assert (told["status"], told["line"]) == (400, line)
    assert abs(told["column"] - column) <= 2


def test_an_undeclared_prefix_is_named(site: Site) -> None:
    told = site.query("SELECT ?s { ?s\n nope:x ?o }").json()
    assert told["detail"].endswith("the prefix 'nope:' is not declared.")
    assert (told["line"], told["column"]) == (2, 2)


@pytest.mark.parametrize(
    "target",
    [
        "/sparql?query=%FF",
        "/sparql?query=ASK%7B%7D&default-graph-uri=no%20iri",
        "/sparql?default-graph-uri=http://example.org/",
        "/sparql?" + "&".join(f"x{number}=1" for number in range(300)),
        "/sparql?query=",
    ],
)
def test_bad_requests(site: Site, target: str) -> None:
    reply = site.ask(target)
    assert (reply.status, reply.media_type) == (400, "application/problem+json")
    assert "/" not in reply.json()["detail"] or "http" in reply.json()["detail"]


def test_unknown_addresses_and_methods(site: Site) -> None:
    assert site.ask("/niets/hier").json()["status"] == 404
    assert site.ask("/sparql", "DELETE").status == 405
    assert "traceback" not in site.ask("/niets/hier").body.decode().lower()


@pytest.mark.parametrize(
    "data",
    [
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"NONSENSE\r\n\r\n",
        b"GET /sparql?query=ASK{} HTTP/1.1\r\nHost: x\r\nAccept: \xff\xfe\r\nConnection: close\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: nine\r\n\r\n",
    ],
)
def test_what_is_no_http(site: Site, data: bytes) -> None:
    back = received(site, data)
    assert back.startswith(b"HTTP/1.1 4"), back
    assert b"application/problem+json" in back
    assert site.query("ASK {}").status == 200


def test_too_large_a_request(site: Site) -> None:
    body = b"SELECT * { " + b" " * 1_000_000 + b"}"
    reply = site.ask("/sparql", "POST", body, Content_Type="application/sparql-query")
    assert (reply.status, reply.json()["limit"]) == (413, 1_000_000)


def test_endless_headers(site: Site) -> None:
    back = received(site, b"GET / HTTP/1.1\r\n" + b"X: " + b"y" * 1_200_000)
    assert back.startswith(b"HTTP/1.1 400")


def test_head_and_options(site: Site) -> None:
    got, head = site.query(PLANS), site.query(PLANS, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    assert head.headers["etag"] == got.headers["etag"]
    options = site.ask("/sparql", "OPTIONS")
    assert (options.status, options.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")


def test_pages_of_other_hosts_may_ask(site: Site) -> None:
    preflight = site.ask(
        "/sparql",
        "OPTIONS",
        Origin="https://example.org",
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers="content-type",
    )
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]
    for reply in (preflight, site.query(PLANS), site.query("SELECT")):
        assert reply.headers["access-control-allow-origin"] == "*"


def test_headers_for_the_browser_go_with_everything(site: Site) -> None:
    again = [site.query(PLANS) for _ in range(4)]
    for reply in (*again, site.query("SELECT"), site.ask("/niets")):
        assert reply.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"]
        assert reply.headers["permissions-policy"]
        assert reply.headers["cross-origin-opener-policy"] == "same-origin"
        assert "server" not in reply.headers
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


def test_what_the_client_has_is_not_sent_again(site: Site) -> None:
    first = site.query(PLANS)
    assert first.headers["etag"].startswith('"')
    for again in range(3):
        held = site.query(PLANS, If_None_Match=f'"x", {first.headers["etag"]}')
        assert (held.status, held.body, again) == (304, b"", again)
        assert held.headers["etag"] == first.headers["etag"]
        assert "content-type" not in held.headers
    assert site.query(PLANS, If_Modified_Since=first.headers["last-modified"]).status == 304
    assert site.query(PLANS, If_Modified_Since="Thu, 01 Jan 1970 00:00:00 GMT").status == 200
    assert site.query(PLANS, If_Modified_Since="yesterday").status == 200
    changed = site.query(PLANS, If_None_Match='"x"', If_Modified_Since=first.headers["last-modified"])
    assert changed.status == 200


def test_each_representation_has_its_own_etag(site: Site) -> None:
    replies = [site.query(LARGE, Accept=accept) for accept in ("text/csv", "application/json")]
    replies.append(site.query(LARGE, Accept="text/csv", Accept_Encoding="gzip"))
    assert len({reply.headers["etag"] for reply in replies}) == 3
    assert all("Accept-Encoding" in reply.headers["vary"] for reply in replies)
    assert replies[2].headers["content-encoding"] == "gzip"
    assert gzip.decompress(replies[2].body) == replies[0].body
    assert len(replies[2].body) < len(replies[0].body) / 3


def test_the_same_answer_has_the_same_etag_from_every_worker(site: Site) -> None:
    query = "CONSTRUCT { ?s ?p ?o } { ?s a sd:Wet ; ?p ?o } ORDER BY ?s ?p ?o"
    tags = {site.query(query + " " * number).headers["etag"] for number in range(8)}
    assert len(tags) == 1


def test_an_answer_that_is_never_the_same_is_not_kept(site: Site) -> None:
    replies = [site.query("SELECT (RAND() AS ?x) {}") for _ in range(3)]
    assert len({reply.body for reply in replies}) == 3
    assert {reply.headers["cache-control"] for reply in replies} == {"no-store"}


def test_many_requests_on_one_connection(site: Site) -> None:
    """The shortcut and the long way answer in turn, each whole and in order."""
    asked = [PLANS, "ASK {}", PLANS, LARGE, PLANS, "SELECT", PLANS]
    for text in asked:
        site.query(text)
    lines = [f"GET /sparql?{urlencode({'query': text})} HTTP/1.1\r\nHost: x\r\n" for text in asked]
    together = "\r\n".join([*lines[:-1], lines[-1] + "Connection: close\r\n\r\n"]).encode()
    back = received(site, together)
    assert [part[:3] for part in back.split(b"HTTP/1.1 ")[1:]] == [b"200"] * 5 + [b"400", b"200"]


def test_a_request_in_pieces(site: Site) -> None:
    whole = f"GET /sparql?{urlencode({'query': PLANS})} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with socket.create_connection(site.address, timeout=20) as sock:
        for _ in range(3):
            for start in range(0, len(whole), 20):
                sock.sendall(whole[start : start + 20])
            response = http.client.HTTPResponse(sock)
            response.begin()
            assert (response.status, len(response.read()) > 100) == (200, True)


def test_service_description(site: Site) -> None:
    reply = site.ask("/sparql", Accept="text/turtle")
    graph = ox.Store()
    graph.load(reply.body, format=ox.RdfFormat.TURTLE)
    ask = f"""PREFIX d: <http://www.w3.org/ns/sparql-service-description#>
        PREFIX void: <http://rdfs.org/ns/void#>
        ASK {{ <{site.url}/sparql> a d:Service ; d:endpoint <{site.url}/sparql> ;
               d:supportedLanguage d:SPARQL11Query ; d:feature d:UnionDefaultGraph ;
               d:resultFormat <http://www.w3.org/ns/formats/SPARQL_Results_JSON> ;
               d:defaultDataset [ d:defaultGraph [ void:triples ?all ] ;
                 d:namedGraph [ d:name <https://w3id.org/sociaal-domein/graph/instances/heerde/heerde-2022> ;
                   d:graph [ void:triples ?some ] ] ] FILTER(?all > ?some && ?some > 0) }}"""
    assert bool(graph.query(ask))
    assert site.ask("/sparql", Accept="application/rdf+xml").media_type == "application/rdf+xml"
    assert site.ask("/sparql", Accept="image/png").status == 406
    assert site.ask("/sparql").headers["etag"] == site.ask("/sparql").headers["etag"]


def test_a_browser_goes_to_the_query_page(site: Site) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert site.ask("/sparql", Accept=accept).headers["location"] == "query"
    reply = site.ask("/sparql/", Accept=accept)
    assert (reply.headers["location"], reply.headers["vary"]) == ("../query", "Accept")
    assert site.ask("/sparql/x/", Host="evil.example").status == 404


def test_rdflib_and_sparqlwrapper(site: Site) -> None:
    from rdflib.plugins.stores.sparqlstore import SPARQLStore
    from SPARQLWrapper import JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper

    for method in ("GET", "POST", "POST_FORM"):
        store = SPARQLStore(f"{site.url}/sparql", method=method)
        assert len(list(store.query(PLANS))) == FIVE
    client: Any = SPARQLWrapper(f"{site.url}/sparql")
    client.setQuery(PLANS)
    for style in (JSON, XML):
        client.setReturnFormat(style)
        assert client.query().response.status == 200
    client.setReturnFormat(JSON)
    client.setMethod(POST)
    assert len(client.queryAndConvert()["results"]["bindings"]) == FIVE
    client.setRequestMethod(POSTDIRECTLY)
    assert len(client.queryAndConvert()["results"]["bindings"]) == FIVE
    client.setQuery("DESCRIBE wet:jeugdwet")
    client.setReturnFormat(TURTLE)
    assert b"Jeugdwet" in client.queryAndConvert()
