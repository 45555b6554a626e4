"""`sdkg push`: the graphs of a built project into any SPARQL store, only what changed.

What was pushed is kept in the store itself: one graph (`STATE`) that holds, for every graph that is there
whole, the key it was made from. Before anything changes, the keys of what will change are taken out; each
comes back when its graph is there. So whatever breaks a push off, the next one does what was left.

Speaks the SPARQL 1.1 Graph Store HTTP Protocol (PUT and DELETE of one graph), or SPARQL 1.1 Update.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import pyoxigraph as ox

from sdkg import __version__
from sdkg.engines.endpoint import Credentials, Endpoint, check_url, one_line
from sdkg.errors import DeadlineError, EndpointError
from sdkg.namespaces import DCT, GRAPH, shorten
from sdkg.project import inferred_graph
from sdkg.query_graph import QUERIES_GRAPH
from sdkg.reading import digest
from sdkg.rows import to_value

if TYPE_CHECKING:
    from sdkg.graph import KnowledgeGraph

STATE = GRAPH + "push"
"""The graph in a store that says which of our graphs it holds, each with the key it was made from."""

SAVE_EVERY = 25
"""After so many graphs the state is written."""

CHUNK = 2_000
"""Triples per INSERT DATA: some servers take no longer statements."""

_GUESSES = (
    (r"/query/?", "/store"),  # Oxigraph
    (r"/sparql/?", "/sparql-graph-crud-auth"),  # Virtuoso
    (r"(/[^/]+)/(?:query|sparql)/?", r"\1/data"),  # Fuseki
    (r"(.*/repositories/[^/]+)/?", r"\1/rdf-graphs/service"),  # RDF4J, GraphDB
)


@dataclass(frozen=True)
class Target:
    """A store to load into: its query address, and that of its Graph Store Protocol or its SPARQL Update."""

    endpoint: str
    graph_store: str | None = None
    update: str | None = None
    timeout: float | None = None
    credentials: Credentials = field(default_factory=Credentials.from_environment)

    @classmethod
    def at(
        cls,
        endpoint: str,
        graph_store: str | None = None,
        update: str | None = None,
        timeout: float | None = None,
    ) -> Target:
        """A store by its addresses; that of its Graph Store Protocol follows from `endpoint` where it can.

        Raises:
            EndpointError: an address is none, or nothing tells where to load.

        Example:
            >>> Target.at("http://127.0.0.1:7878/query").graph_store
            'http://127.0.0.1:7878/store'
        """
        for url in (endpoint, graph_store, update):
            if url is not None:
                check_url(url)
        if graph_store is None and update is None:
            graph_store = _guess(endpoint)
        return cls(endpoint, graph_store, update, timeout)


def _guess(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    for pattern, path in _GUESSES:
        found = re.fullmatch(pattern, parts.path)
        if found:
            return urlunsplit(parts._replace(path=found.expand(path), query="", fragment=""))
    raise EndpointError(f"{endpoint}: where to load is not clear. Name it with --graph-store or --update.")


@dataclass(frozen=True)
class PushResult:
    """What a push did, or would do: graphs loaded with their triples, removed, and left as they were."""

    loaded: Mapping[str, int]
    removed: tuple[str, ...]
    unchanged: int
    dry_run: bool = False

    def text(self) -> str:
        """The same in words."""
        lines = [f"  {shorten(graph)}" for graph in (*self.loaded, *self.removed)] if self.dry_run else []
        done = "Would load" if self.dry_run else "Loaded"
        total = "" if self.dry_run else f" ({sum(self.loaded.values()):,} triples)"
        lines.append(
            f"{done} {len(self.loaded)} graphs{total}, removed {len(self.removed)}; "
            f"{self.unchanged} were up to date."
        )
        return "\n".join(lines)


def push(
    graph: KnowledgeGraph,
    target: Target,
    everything: bool = False,
    dry_run: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> PushResult:
    """Load what a store lacks of a built project, refresh what changed, and remove what is gone.

    Graphs in the store that did not come from a push are left alone.

    Args:
        graph: the built project.
        target: the store.
        everything: load every graph again.
        dry_run: only find out what would be done.
        progress: is told what is being done, a line at a time.

    Raises:
        EndpointError: the store cannot be reached, or refuses; what was done so far stands.
        DeadlineError: it took longer than the target allows.
    """
    wanted = keys(graph)
    held = _held(target)
    todo = [name for name, key in wanted.items() if everything or held.get(name) != key]
    gone = sorted(held.keys() - wanted.keys())
    result = PushResult(dict.fromkeys(todo, 0), tuple(gone), len(wanted) - len(todo), dry_run)
    if dry_run or not (todo or gone):
        return result
    state = {name: key for name, key in held.items() if name not in {*todo, *gone}}
    with _Writer(target) as writer:
        writer.put(STATE, _state_triples(state))
        loaded: dict[str, int] = {}
        try:
            for number, name in enumerate(todo, 1):
                progress(f"{number}/{len(todo)} {shorten(name)}")
                triples = [
                    q.triple for q in graph.store.quads_for_pattern(None, None, None, ox.NamedNode(name))
                ]
                writer.put(name, triples)
                loaded[name], state[name] = len(triples), wanted[name]
                if number % SAVE_EVERY == 0:
                    writer.put(STATE, _state_triples(state))
            for name in gone:
                progress(f"removing {shorten(name)}")
                writer.delete(name)
        except BaseException:
            with suppress(EndpointError, DeadlineError):
                writer.put(STATE, _state_triples(state))
            raise
        writer.put(STATE, _state_triples(state))
    return PushResult(loaded, tuple(gone), len(wanted) - len(todo))


def keys(graph: KnowledgeGraph) -> dict[str, str]:
    """The named graphs of a built project, each with a key that changes when the graph does."""
    manifest = graph.manifest
    found = {GRAPH + name.rpartition(".")[0]: stamp.digest for name, stamp in manifest.files.items()}
    found |= {inferred_graph(name): manifest.engine + key for name, key in manifest.inferred.items()}
    found[QUERIES_GRAPH] = manifest.engine + manifest.queries
    return {name: "sha256:" + digest(found[name].encode()) for name in sorted(found)}


def _held(target: Target) -> dict[str, str]:
    """The state that a store keeps; only that graph is asked for, whatever else the store holds."""
    endpoint = Endpoint(target.endpoint, target.timeout, target.credentials)
    rows = endpoint.send(f"SELECT ?graph ?key {{ GRAPH <{STATE}> {{ ?graph <{DCT}identifier> ?key }} }}")
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101
    return {str(to_value(row["graph"])): str(to_value(row["key"])) for row in rows}


def _state_triples(state: Mapping[str, str]) -> list[ox.Triple]:
    identifier = ox.NamedNode(DCT + "identifier")
    return [ox.Triple(ox.NamedNode(name), identifier, ox.Literal(key)) for name, key in sorted(state.items())]


class _Writer:
    """Puts and deletes graphs, by one protocol or the other."""

    def __init__(self, target: Target) -> None:
        import requests
        from requests.auth import HTTPBasicAuth, HTTPDigestAuth

        self._target = target
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"sdkg/{__version__}"
        self._session.trust_env = False
        who = target.credentials
        if who.token:
            self._session.headers["Authorization"] = f"Bearer {who.token}"
        elif who.user:
            kind = HTTPDigestAuth if who.scheme == "digest" else HTTPBasicAuth
            self._session.auth = kind(who.user, who.password)

    def __enter__(self) -> _Writer:
        """Say who we are with a small request: some servers hang up on a large one from a stranger."""
        if self._target.update is None:
            self._send("GET", (200, 404, 406), params={"graph": STATE})
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def put(self, name: str, triples: Iterable[ox.Triple]) -> None:
        """Let a graph hold just these triples."""
        if self._target.update is None:
            buffer = io.BytesIO()
            ox.serialize(triples, buffer, ox.RdfFormat.N_TRIPLES)
            kind = {"Content-Type": "text/turtle"}  # N-Triples is Turtle, and every server takes that
            self._send("PUT", (200, 201, 204), params={"graph": name}, data=buffer.getvalue(), headers=kind)
            return
        self._update(f"DROP SILENT GRAPH <{name}>")
        for block in _blocks(triples):
            self._update(f"INSERT DATA {{ GRAPH <{name}> {{\n{block}\n}} }}")

    def delete(self, name: str) -> None:
        """Remove a graph."""
        if self._target.update is None:
            self._send("DELETE", (200, 202, 204, 404), params={"graph": name})
        else:
            self._update(f"DROP SILENT GRAPH <{name}>")

    def _update(self, text: str) -> None:
        kind = {"Content-Type": "application/sparql-update; charset=utf-8"}
        self._send("POST", (200, 201, 204), data=text.encode(), headers=kind)

    def _send(self, method: str, good: tuple[int, ...], **request: Any) -> None:
        import requests

        url = str(self._target.update or self._target.graph_store)
        try:
            answer = self._session.request(method, url, timeout=self._target.timeout, **request)
        except requests.Timeout:
            raise DeadlineError(f"{url}: no answer in time. Raise --timeout, and run it again.") from None
        except requests.RequestException as error:
            raise EndpointError(f"{url}: no answer ({_reason(error)}). Run the same command again.") from None
        if answer.status_code in (401, 403):
            raise EndpointError(
                f"{url}: may not be written ({answer.status_code}). Set SDKG_ENDPOINT_USER and "
                "SDKG_ENDPOINT_PASSWORD (and SDKG_ENDPOINT_AUTH=digest for Virtuoso), or SDKG_ENDPOINT_TOKEN."
            )
        if answer.status_code not in good:
            said = one_line(answer.content)
            raise EndpointError(f"{url}: {method} was refused ({answer.status_code}): {said}")


def _blocks(triples: Iterable[ox.Triple]) -> Iterator[str]:
    """Triples as text in blocks; all with a blank node in one, since its name means nothing in the next."""
    lines: tuple[list[str], list[str]] = ([], [])
    for triple in triples:
        blank = isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)
        lines[blank].append(f"{triple} .")
    if lines[True]:
        yield "\n".join(lines[True])
    for start in range(0, len(lines[False]), CHUNK):
        yield "\n".join(lines[False][start : start + CHUNK])


def _reason(error: Exception) -> str:
    """The last part of a chain of errors, which says what happened."""
    return str(error).rpartition(": ")[2].rstrip("')") or type(error).__name__
