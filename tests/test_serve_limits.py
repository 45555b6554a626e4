"""Under anyone's queries: limits of time, size and number, and what may be asked elsewhere."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.servers import Reply, Site, sdkg

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
TIMEOUT = 6.0


@pytest.fixture(scope="module")
def tight(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with two workers and little of everything."""
    options = ["--workers", "2", "--timeout", str(TIMEOUT), "--max-waiting", "2", "--max-rows", "1000"]
    options += ["--max-bytes", "200000"]
    with sdkg(project, tmp_path_factory.mktemp("tight"), *options) as site:
        yield site


@contextlib.contextmanager
def asked(site: Site, *queries: str) -> Iterator[list[Future[Reply]]]:
    """Queries that are being asked."""
    with ThreadPoolExecutor(len(queries)) as threads:
        futures = [threads.submit(site.query, query) for query in queries]
        time.sleep(0.5)
        yield futures


def slow(number: int) -> str:
    """A slow query unlike the others."""
    return f"{SLOW} # {number}"


def test_a_slow_query_ends_in_time_and_others_go_on(tight: Site) -> None:
    with asked(tight, SLOW) as futures:
        for number in range(20):
            assert tight.query(f"ASK {{}} # {number}").status == 200
        assert not futures[0].done()
        reply = futures[0].result()
    assert (reply.status, reply.media_type) == (504, "application/problem+json")
    assert reply.json()["limit"] == TIMEOUT
    assert tight.query(PLAN).status == 200


PLAN = "SELECT ?plan { ?plan a sd:Beleidsplan }"


def test_too_many_slow_queries(tight: Site) -> None:
    """Two at most are worked on, two wait, and the others are refused before any of them ends."""
    with asked(tight, *(slow(number) for number in range(8))) as futures:
        first = [future.result() for future in itertools.islice(as_completed(futures), 4)]
        assert [(reply.status, reply.headers["retry-after"]) for reply in first] == [(503, "5")] * 4
        later = [future.result().status for future in futures]
        assert set(later) == {503, 504}
        assert later.count(504) <= 2
    assert tight.query("ASK {} # afterwards").status == 200


def test_who_hangs_up_frees_the_worker(project: Path, tmp_path: Path) -> None:
    with sdkg(project, tmp_path, "--workers", "1", "--timeout", "3600") as site:  # we wait for 60 s
        target = "/sparql?" + urlencode({"query": SLOW})
        with socket.create_connection(site.address) as sock:
            sock.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(1)
        assert site.query("ASK {}").status == 200


@pytest.mark.parametrize(
    "accept",
    ["application/json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"],
)
def test_too_many_rows(tight: Site, accept: str) -> None:
    within = tight.query("SELECT ?s { ?s ?p ?o } LIMIT 1000", Accept=accept)
    beyond = tight.query("SELECT ?s { ?s ?p ?o } LIMIT 1001", Accept=accept)
    assert within.status == 200
    assert (beyond.status, beyond.json()["limit"]) == (422, 1000)
    assert "LIMIT" in beyond.json()["detail"]


def test_rows_are_counted_not_guessed(tight: Site) -> None:
    """Values that look like the borders between rows."""
    for value in (r"},{\"x\":{", r"\n\n\n\n", r"<result>"):
        text = f'SELECT ("{value}" AS ?x) {{ ?s ?p ?o }} LIMIT 900'
        for accept in ("application/json", "text/csv", "application/sparql-results+xml"):
            assert tight.query(text, Accept=accept).status == 200


def test_too_many_triples_or_bytes(tight: Site) -> None:
    reply = tight.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1001")
    assert (reply.status, reply.json()["limit"]) == (422, 1000)
    assert tight.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 900", Accept="text/turtle").status == 200
    large = 'SELECT ?s ("' + "x" * 300 + '" AS ?x) { ?s ?p ?o } LIMIT 900'
    assert tight.query(large).json()["limit"] == 200_000


def test_no_more_memory_than_allowed(project: Path, tmp_path: Path) -> None:
    options = ["--workers", "1", "--timeout", "60", "--max-memory", "700000000"]
    with sdkg(project, tmp_path, *options) as site:
        reply = site.query(GREEDY)
        assert (reply.status, reply.media_type) == (503, "application/problem+json")
        assert site.query(PLAN).status == 200


def test_deep_nesting_takes_no_one_else_down(tight: Site) -> None:
    reply = tight.query("ASK { FILTER(" + "(" * 60_000 + "1" + ")" * 60_000 + ") }")
    assert 400 <= reply.status < 600
    assert tight.query(PLAN).status == 200


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """An endpoint on another port, with one row."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            body = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"far"}}]}}'
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {\n SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * {\n SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * {\n service ?any { ?s ?p ?o } }",
        "PREFIX x: <http://127.0.0.1:1/> SELECT * {\n SERVICE x:y { ?s ?p ?o } }",
    ],
)
def test_no_service_unless_allowed(site: Site, query: str) -> None:
    reply = site.query(query)
    told = reply.json()
    assert (reply.status, told["line"], told["column"]) == (403, 2, 2)


def test_service_at_an_allowed_host(project: Path, tmp_path: Path, elsewhere: str) -> None:
    with sdkg(project, tmp_path, "--workers", "1", "--allow-service", elsewhere) as site:
        reply = site.query(f"SELECT ?x {{ SERVICE <http://{elsewhere}/sparql> {{ ?s ?p ?x }} }}")
        assert reply.json()["results"]["bindings"][0]["x"]["value"] == "far"
        assert reply.headers["cache-control"] == "no-store"
        for other in ("http://127.0.0.1:1/", f"http://{elsewhere}@127.0.0.1:1/", f"ftp://{elsewhere}/"):
            assert site.query(f"ASK {{ SERVICE <{other}> {{ ?s ?p ?x }} }}").status == 403


def test_load_is_no_query(site: Site) -> None:
    assert site.query("LOAD <http://127.0.0.1:1/>").status == 400


def test_errors_show_nothing_of_what_is_inside(tight: Site) -> None:
    text = tight.log.read_text()
    assert "Traceback" not in text
    for query in ("SELECT", SLOW, "SELECT * { ?s ?p ?o }"):
        body = tight.query(query).body.decode()
        assert "sdkg" not in body
        assert ".py" not in body
        assert "/tmp" not in body  # noqa: S108
