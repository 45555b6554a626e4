"""`sdkg push`, to two real servers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

import sdkg
from sdkg.engines.endpoint import Endpoint
from sdkg.errors import EndpointError
from sdkg.graph import load
from sdkg.push import STATE, Target, keys, push
from tests import servers
from tests.servers import Server

SERVERS = {"oxigraph": servers.oxigraph, "virtuoso": servers.virtuoso}


@pytest.fixture(params=sorted(SERVERS))
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """An empty server, with leave to write."""
    folder = tmp_path / "server"
    folder.mkdir()
    stack = request.getfixturevalue("stack")
    found: Server = stack.enter_context(SERVERS[request.param](folder))
    for name, value in found.environment.items():
        monkeypatch.setenv(name, value)
    return found


def size(server: Server, graph: str) -> int:
    answer = Endpoint(server.endpoint).send(f"SELECT ?s ?p ?o {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    assert isinstance(answer, ox.QuerySolutions)
    return sum(1 for _ in answer)


def test_everything_then_nothing_then_what_changed(own_project: Path, server: Server) -> None:
    sdkg.build(sdkg.Project.at(own_project))
    graph, target = load(own_project), Target.at(server.endpoint)
    graphs = {node.value for node in graph.store.named_graphs() if isinstance(node, ox.NamedNode)}
    assert set(keys(graph)) >= graphs
    lines: list[str] = []
    planned = push(graph, target, dry_run=True)
    first = push(graph, target, progress=lines.append)
    assert set(planned.loaded) == set(first.loaded) == set(keys(graph))
    assert len(lines) == len(first.loaded)
    assert sum(first.loaded.values()) == len(graph.store)
    assert push(graph, target).loaded == {}
    plan = own_project / "instances" / "heerde" / "heerde-2022.ttl"
    plan.write_text(plan.read_text("utf-8").replace("Mantelzorg", "Mantelzorgsteun", 1), "utf-8")
    sdkg.build(sdkg.Project.at(own_project))
    changed = push(load(own_project), target)
    assert {name.rpartition("/")[2] for name in changed.loaded} == {"heerde-2022"}
    assert changed.unchanged == len(first.loaded) - len(changed.loaded)
    assert load(own_project, endpoint=server.endpoint).sparql(
        'ASK { ?x ?p ?l FILTER(CONTAINS(STR(?l), "Mantelzorgsteun")) }'
    )


def test_what_is_gone_is_removed_and_what_is_not_ours_stays(own_project: Path, server: Server) -> None:
    sdkg.build(sdkg.Project.at(own_project))
    graph, target = load(own_project), Target.at(server.endpoint)
    push(graph, target)
    alien = Target(target.endpoint, target.graph_store, target.update)
    from sdkg.push import _Writer

    node = ox.NamedNode("https://example.org/x")
    with _Writer(alien) as writer:
        writer.put("https://example.org/graph", [ox.Triple(node, node, node)])
    sdg = own_project / "ontology" / "alignments" / "sociaal-domein-ggm.ttl"
    sdg.unlink()
    sdkg.build(sdkg.Project.at(own_project))
    done = push(load(own_project), target)
    assert [name.rpartition("/")[2] for name in done.removed] == ["sociaal-domein-ggm"]
    assert size(server, done.removed[0]) == 0
    assert size(server, "https://example.org/graph") == 1


def test_broken_off_it_can_be_run_again(own_project: Path, server: Server) -> None:
    graph, target = load(own_project), Target.at(server.endpoint)

    def stop(line: str) -> None:
        if line.startswith("7/"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        push(graph, target, progress=stop)
    again = push(graph, target)
    assert again.unchanged == 6
    assert len(again.loaded) == len(keys(graph)) - 6
    assert push(graph, target).loaded == {}


def test_by_update(own_project: Path, server: Server) -> None:
    """The other protocol gives the same graphs, with lists of blank nodes where a server takes those."""
    graph = load(own_project)
    if server.name == "virtuoso":
        with pytest.raises(EndpointError, match="Blank node"):
            push(graph, Target.at(server.endpoint, update=server.update))
        return
    push(graph, Target.at(server.endpoint, update=server.update))
    there = load(own_project, endpoint=server.endpoint)
    chains = "SELECT ?p ?step { ?p owl:propertyChainAxiom/rdf:rest*/rdf:first ?step }"
    found, expected = there.sparql(chains), graph.sparql(chains)
    assert isinstance(found, sdkg.Result)
    assert isinstance(expected, sdkg.Result)
    assert {row.terms for row in found} == {row.terms for row in expected}
    assert len(found) >= 4
    for name in ("wetten", "cijfers"):
        assert len(there.query(name, plan="heerde-2022")) == len(graph.query(name, plan="heerde-2022"))


@pytest.mark.parametrize("server", ["virtuoso"], indirect=True)  # the other asks nobody who they are
def test_without_leave_nothing_is_written(
    own_project: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in server.environment:
        monkeypatch.delenv(name)
    with pytest.raises(EndpointError, match=r"may not be written \(40[13]\)"):
        push(load(own_project), Target.at(server.endpoint))
    assert size(server, STATE) == 0


def test_an_empty_store_says_so(own_project: Path, server: Server) -> None:
    with pytest.raises(EndpointError, match=r"holds no plan. Load the project with 'sdkg push'"):
        load(own_project, endpoint=server.endpoint).query("wetten")


@pytest.mark.parametrize(
    ("endpoint", "graph_store"),
    [
        ("http://127.0.0.1:7878/query", "http://127.0.0.1:7878/store"),
        ("http://127.0.0.1:8890/sparql", "http://127.0.0.1:8890/sparql-graph-crud-auth"),
        ("https://data.example.org/ds/sparql", "https://data.example.org/ds/data"),
        (
            "https://data.example.org/repositories/sd",
            "https://data.example.org/repositories/sd/rdf-graphs/service",
        ),
    ],
)
def test_where_to_load(endpoint: str, graph_store: str) -> None:
    assert Target.at(endpoint).graph_store == graph_store


def test_where_to_load_is_not_guessed_blindly() -> None:
    with pytest.raises(EndpointError, match="--graph-store or --update"):
        Target.at("http://127.0.0.1:1/a/b/c")


def test_shutil_copy_is_a_project_of_its_own(own_project: Path, tmp_path: Path) -> None:
    """The keys depend on the content alone, so that another copy of the project pushes nothing twice."""
    other = tmp_path / "copy"
    shutil.copytree(own_project, other)
    assert keys(load(other)) == keys(load(own_project))
