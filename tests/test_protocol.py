"""The protocol tests of the W3C's SPARQL 1.1 test suite, by their names there, against a running server.

A read-only endpoint passes the 13 tests of queries and the 14 of bad requests. The 7 in which an update
succeeds it cannot: those are refused, and must change nothing. `query_multiple_dataset` is asked here with
two parameters, as it is meant: the suite escapes the ampersand between them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from sdkg.project import Project
from sdkg.store import current, write_generation
from tests.servers import Reply, Site, sdkg

DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
D0, D1, D2, D3 = (DATA.format(number) for number in range(4))
FORM, QUERY, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
TABLES = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}
GRAPHS = {"text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"}


@pytest.fixture(scope="module")
def endpoint(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server over a store that also has the three graphs of the suite."""
    folder = tmp_path_factory.mktemp("protocol")
    shutil.copytree(project, folder / "project", ignore=shutil.ignore_patterns("lock"))
    store_folder = Project.at(folder / "project").store_folder
    before = current(store_folder)
    assert before is not None

    def write(store: ox.Store, generation: Path, _: Path | None) -> None:
        document = ox.NamedNode("http://xmlns.com/foaf/0.1/Document")
        kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        for iri in (D1, D2, D3):
            store.add(ox.Quad(ox.NamedNode(iri), kind, document, ox.NamedNode(iri)))
        for name in ("manifest.json", "queries.json", "names.sqlite"):
            shutil.copy(before / name, generation / name)

    write_generation(store_folder, write)
    with sdkg(folder / "project", folder, "--workers", "1") as site:
        yield site


def path(*parameters: tuple[str, str]) -> str:
    return "/sparql/" + ("?" + urlencode(parameters) if parameters else "")


def post(endpoint: Site, body: str | bytes, kind: str, *parameters: tuple[str, str]) -> Reply:
    data = body.encode() if isinstance(body, str) else body
    return endpoint.ask(path(*parameters), "POST", data, Content_Type=kind)


def is_true(reply: Reply) -> bool:
    assert 200 <= reply.status < 400, reply.body
    assert reply.media_type in TABLES
    return json.loads(reply.body)["boolean"] is True


def both(first: str, second: str) -> str:
    return f"ASK {{ <{first}> a ?type . <{second}> a ?type . }}"


def in_graphs(*iris: str, rest: str = "") -> str:
    patterns = " ".join(f"GRAPH ?g{number} {{ <{iri}> a ?type }}" for number, iri in enumerate(iris, 1))
    return f"ASK {{ {rest} {patterns} }}"


def test_query_post_form(endpoint: Site) -> None:
    assert is_true(post(endpoint, urlencode({"query": "ASK {}"}), FORM, ("default-graph-uri", D0)))


def test_query_dataset_default_graphs_get(endpoint: Site) -> None:
    given = [("query", both(D1, D2)), ("default-graph-uri", D1), ("default-graph-uri", D2)]
    assert is_true(endpoint.ask(path(*given)))
    assert not is_true(endpoint.ask(path(*given[:2])))


def test_query_dataset_default_graphs_post(endpoint: Site) -> None:
    graphs = [("default-graph-uri", D1), ("default-graph-uri", D2)]
    assert is_true(post(endpoint, both(D1, D2), QUERY, *graphs))
    assert not is_true(post(endpoint, both(D1, D3), QUERY, *graphs))


def test_query_dataset_named_graphs_post(endpoint: Site) -> None:
    graphs = [("named-graph-uri", D1), ("named-graph-uri", D2)]
    assert is_true(post(endpoint, in_graphs(D1, D2), QUERY, *graphs))
    assert not is_true(post(endpoint, in_graphs(D1, D3), QUERY, *graphs))
    assert not is_true(post(endpoint, f"ASK {{ <{D1}> a ?type }}", QUERY, *graphs))


def test_query_dataset_named_graphs_get(endpoint: Site) -> None:
    given = [("query", in_graphs(D1, D2)), ("named-graph-uri", D1), ("named-graph-uri", D2)]
    assert is_true(endpoint.ask(path(*given)))


def test_query_dataset_full(endpoint: Site) -> None:
    text = in_graphs(D1, D2, rest=f"<{D3}> a ?type .")
    graphs = [("default-graph-uri", D3), ("named-graph-uri", D1), ("named-graph-uri", D2)]
    assert is_true(post(endpoint, text, QUERY, *graphs))
    assert not is_true(post(endpoint, text, QUERY, *graphs[:2]))


def test_query_multiple_dataset(endpoint: Site) -> None:
    text = in_graphs(D1, D2).replace("ASK", f"ASK FROM <{D3}>")
    assert is_true(post(endpoint, text, QUERY, ("named-graph-uri", D1), ("named-graph-uri", D2)))
    default = both(D1, D2).replace("ASK", f"ASK FROM <{D3}>")
    assert is_true(post(endpoint, default, QUERY, ("default-graph-uri", D1), ("default-graph-uri", D2)))


def test_query_get(endpoint: Site) -> None:
    assert is_true(endpoint.ask(path(("query", "ASK {}"), ("default-graph-uri", D0))))


def test_query_content_type_select(endpoint: Site) -> None:
    reply = post(endpoint, "SELECT (1 AS ?value) {}", QUERY, ("default-graph-uri", D0))
    assert (reply.status, reply.media_type in TABLES) == (200, True)


def test_query_content_type_ask(endpoint: Site) -> None:
    assert is_true(post(endpoint, "ASK {}", QUERY, ("default-graph-uri", D0)))


def test_query_content_type_describe(endpoint: Site) -> None:
    reply = post(endpoint, "DESCRIBE <http://example.org/>", QUERY, ("default-graph-uri", D0))
    assert (reply.status, reply.media_type in GRAPHS) == (200, True)


def test_query_content_type_construct(endpoint: Site) -> None:
    reply = post(endpoint, "CONSTRUCT { <s> <p> 1 } WHERE {}", QUERY, ("default-graph-uri", D0))
    assert (reply.status, reply.media_type in GRAPHS) == (200, True)


def test_query_post_direct(endpoint: Site) -> None:
    assert is_true(post(endpoint, "ASK {}", QUERY))


def test_bad_query_method(endpoint: Site) -> None:
    reply = endpoint.ask(path(("query", "ASK {}")), "PUT", b"", Content_Type=FORM)
    assert reply.status == 405
    assert "GET" in reply.headers["allow"]


def test_bad_multiple_queries(endpoint: Site) -> None:
    assert endpoint.ask(path(("query", "ASK {}"), ("query", "SELECT * {}"))).status == 400


@pytest.mark.parametrize("body", ["ASK {}", "CLEAR NAMED"])
def test_bad_query_wrong_media_type(endpoint: Site, body: str) -> None:
    assert post(endpoint, body, "text/plain").status == 415


def test_bad_query_missing_form_type(endpoint: Site) -> None:
    assert endpoint.ask(path(), "POST", b"query=ASK%20%7B%7D").status == 415


def test_bad_query_missing_direct_type(endpoint: Site) -> None:
    assert endpoint.ask(path(), "POST", b"ASK {}").status == 415


def test_bad_query_non_utf8(endpoint: Site) -> None:
    assert post(endpoint, "ASK {}".encode("utf-16"), f"{QUERY}; charset=UTF-16").status == 400
    assert post(endpoint, "ASK {}".encode("utf-16"), QUERY).status == 400


def test_bad_query_syntax(endpoint: Site) -> None:
    assert endpoint.ask(path(("query", "ASK {"))).status == 400


def test_bad_update_get(endpoint: Site) -> None:
    assert 400 <= endpoint.ask(path(("update", "CLEAR ALL"))).status < 500


def test_bad_multiple_updates(endpoint: Site) -> None:
    assert post(endpoint, "update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM).status == 400


def test_bad_update_wrong_media_type(endpoint: Site) -> None:
    assert post(endpoint, "CLEAR NAMED", "text/plain").status == 415


def test_bad_update_missing_form_type(endpoint: Site) -> None:
    assert endpoint.ask(path(), "POST", b"update=CLEAR%20NAMED").status == 415


def test_bad_update_non_utf8(endpoint: Site) -> None:
    assert post(endpoint, "CLEAR NAMED".encode("utf-16"), f"{UPDATE}; charset=UTF-16").status == 400


def test_bad_update_syntax(endpoint: Site) -> None:
    assert 400 <= post(endpoint, "update=CLEAR%20XYZ", FORM).status < 500


def test_bad_update_dataset_conflict(endpoint: Site) -> None:
    text = "WITH <http://example/addresses> DELETE { ?s ?p 'Bill' } WHERE { ?s ?p 'Bill' }"
    reply = post(endpoint, text, UPDATE, ("using-named-graph-uri", "http://example/people"))
    assert 400 <= reply.status < 500


INSERT = f"INSERT DATA {{ GRAPH <{D1}> {{ <{D1}> a <http://example.org/Written> }} }}"
USING = {
    "update_dataset_default_graph": [("using-graph-uri", D1)],
    "update_dataset_default_graphs": [("using-graph-uri", D1), ("using-graph-uri", D2)],
    "update_dataset_named_graphs": [("using-named-graph-uri", D1), ("using-named-graph-uri", D2)],
    "update_dataset_full": [("using-graph-uri", D1), ("using-named-graph-uri", D2)],
    "update_post_direct": [],
    "update_base_uri": [],
}


@pytest.mark.parametrize("name", USING)
def test_updates_are_refused(endpoint: Site, name: str) -> None:
    reply = post(endpoint, INSERT, UPDATE, *USING[name])
    assert (reply.status, reply.media_type) == (403, "application/problem+json")
    assert "cannot be changed" in reply.json()["detail"]
    assert not is_true(post(endpoint, f"ASK {{ <{D1}> a <http://example.org/Written> }}", QUERY))


def test_update_post_form_is_refused(endpoint: Site) -> None:
    assert post(endpoint, "update=CLEAR+ALL", FORM).status == 403
    assert is_true(post(endpoint, both(D1, D2), QUERY))
