"""The catalogue, VoID, dumps and the sitemap as they are served, asked as a harvester would."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from sdkg.namespaces import BASE, DCAT, ID, SPDX, VOID
from sdkg.project import Project
from sdkg.publication.dumps import Dumps
from sdkg.publication.harvest import dry_run, over_http
from sdkg.publication.mqa import Graph
from sdkg.publication.reach import Asked
from sdkg.publication.score import read_catalogue, score
from tests.servers import Site

SYNTAXES = {
    "text/turtle": "turtle",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
}


@pytest.mark.parametrize("path", ["/catalog", "/void", "/.well-known/sparql-examples"])
@pytest.mark.parametrize("media_type", SYNTAXES)
def test_by_accept(site: Site, path: str, media_type: str) -> None:
    reply = site.ask(path, Accept=media_type)
    assert (reply.status, reply.media_type) == (200, media_type)
    assert reply.headers["etag"]
    graph = rdflib.Graph().parse(data=reply.body, format=SYNTAXES[media_type])
    assert len(graph) > 1000


@pytest.mark.parametrize("path", ["/catalog", "/void"])
@pytest.mark.parametrize(
    ("ending", "media_type"),
    [("ttl", "text/turtle"), ("rdf", "application/rdf+xml"), ("nt", "application/n-triples"),
     ("jsonld", "application/ld+json"), ("trig", "application/trig")],
)  # fmt: skip
def test_by_ending(site: Site, path: str, ending: str, media_type: str) -> None:
    reply = site.ask(f"{path}.{ending}", Accept="text/html")
    assert (reply.status, reply.media_type) == (200, media_type)


def test_what_is_not_offered(site: Site) -> None:
    for path in ("/catalog.docx", "/void.docx"):
        assert site.ask(path).status == 404
    reply = site.ask("/catalog", Accept="image/png")
    assert (reply.status, reply.media_type) == (406, "application/problem+json")
    assert "text/turtle" in reply.json()["offers"]


def test_a_browser_is_sent_to_the_page(site: Site) -> None:
    reply = site.ask("/catalog", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (reply.status, reply.headers["location"]) == (303, "doc/catalogus")


def test_where_others_look_for_void(site: Site) -> None:
    reply = site.ask("/.well-known/void")
    assert (reply.status, reply.headers["location"]) == (302, "../void")
    assert site.ask("/dumps").headers["location"] == "void"


def test_a_harvester_takes_all_of_it(site: Site) -> None:
    found = dry_run(f"{site.url}/catalog", over_http)
    assert found.problems == ()
    assert len(found.datasets) == 10
    assert f"{ID}dataset/heerde-2022" in found.datasets


def test_the_score_with_every_address_asked(site: Site) -> None:
    triples = read_catalogue(f"{site.url}/catalog")
    assert score(triples, Asked()).points == 405


def test_every_dump_is_what_the_catalogue_says(site: Site) -> None:
    graph = Graph(read_catalogue(f"{site.url}/catalog"))
    checked = 0
    for one in graph.of_class(DCAT + "Distribution"):
        (url,) = (getattr(v, "value", "") for v in graph.values(one, DCAT + "downloadURL"))
        assert url.startswith(site.url)
        reply = site.ask(url.removeprefix(site.url))
        assert reply.status == 200, url
        (size,) = (getattr(v, "value", "") for v in graph.values(one, DCAT + "byteSize"))
        (node,) = graph.values(one, SPDX + "checksum")
        (checksum,) = (getattr(v, "value", "") for v in graph.values(node, SPDX + "checksumValue"))
        assert (str(len(reply.body)), hashlib.sha256(reply.body).hexdigest()) == (size, checksum)
        (media,) = (getattr(v, "value", "") for v in graph.values(one, DCAT + "mediaType"))
        assert reply.media_type == ("application/gzip" if url.endswith(".gz") else media.split("types/")[1])
        checked += 1
    assert checked == 100


def test_a_dump_compressed_on_the_way(site: Site, project: Path) -> None:
    plain = site.ask("/dumps/heerde-2022.nt")
    packed = site.ask("/dumps/heerde-2022.nt", Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    zipped = site.ask("/dumps/heerde-2022.nt.gz", Accept_Encoding="gzip")
    assert "content-encoding" not in zipped.headers
    record = Dumps(Project.at(project)).records()["heerde-2022"]
    assert hashlib.sha256(zipped.body).hexdigest() == record.files["heerde-2022.nt.gz"].sha256


def test_a_dump_that_the_client_has(site: Site) -> None:
    for coding in ("identity", "gzip"):
        etag = site.ask("/dumps/alles.ttl", Accept_Encoding=coding).headers["etag"]
        again = site.ask("/dumps/alles.ttl", Accept_Encoding=coding, If_None_Match=etag)
        assert (again.status, again.body) == (304, b"")
    head = site.ask("/dumps/alles.ttl", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["content-length"]) > 1_000_000


@pytest.mark.parametrize("name", ["niets.ttl", "alles.exe", "..%2F..%2Fpyproject.toml", "alles"])
def test_a_dump_that_is_not_there(site: Site, name: str) -> None:
    reply = site.ask(f"/dumps/{name}")
    assert (reply.status, reply.media_type) == (404, "application/problem+json")


def test_void_is_of_this_server(site: Site) -> None:
    reply = site.ask("/void.nt")
    graph = Graph(q.triple for q in ox.parse(reply.body, format=ox.RdfFormat.N_TRIPLES))
    alles = ox.NamedNode(ID + "dataset/alles")
    (endpoint,) = graph.values(alles, VOID + "sparqlEndpoint")
    assert endpoint == ox.NamedNode(f"{site.url}/sparql")


def test_the_sitemap_names_every_page(site: Site) -> None:
    reply = site.ask("/sitemap.xml")
    assert reply.media_type == "application/xml"
    urls = re.findall(r"<loc>([^<]+)</loc>", reply.body.decode())
    assert len(urls) == len(set(urls)) > 3000
    for path in (
        "doc/wet/participatiewet",
        "doc/heerde-2022",
        "doc/dataset/heerde-2022",
        "doc/catalogus",
        "",
    ):
        assert f"{site.url}/{path}" in urls
    assert all(url.startswith(site.url) for url in urls)
    assert site.ask("/sitemap-2.xml").status == 404


def test_robots(site: Site) -> None:
    text = site.ask("/robots.txt").body.decode()
    assert "Disallow: /sparql\n" in text
    assert f"Sitemap: {site.url}/sitemap.xml" in text


def test_the_identifiers_stay(site: Site) -> None:
    body = site.ask("/catalog.ttl").body.decode()
    assert f"{site.url}/id/" not in body
    assert BASE in body
