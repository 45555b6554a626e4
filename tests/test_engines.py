"""One question, the same rows on every engine: the embedded one, rdflib, and two real servers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sdkg
from sdkg.engines.endpoint import Endpoint
from sdkg.errors import DeadlineError, EndpointError, ParameterError, QueryError, UnknownNameError
from sdkg.graph import load
from sdkg.namespaces import SD
from tests.paths import DATA, ROOT

FILES = sorted((ROOT / "queries").glob("*.rq"))
ENGINES = ["rdflib", "oxigraph server", "virtuoso"]
ATTACKS = [
    '"',
    "'",
    "\\",
    '\\"',
    '" } UNION { ?s ?p ?o',
    '") } } # ',
    "'''",
    '"""',
    "# geen commentaar",
    "een\nregel",
    "een\r\nregel\ttab",
    "\\u0022",
    "\\u003E",
    "?s",
    "$s",
    "{}",
    "@nl",
    "^^<http://www.w3.org/2001/XMLSchema#integer>",
    "<https://example.org/x>",
    "' OR '1'='1",
    "; DROP ALL",
    "\U0001f600 é",
    "%22%7D",
]
NAMES = [*ATTACKS, "https://example.org/a b", "https://example.org/x> ; ?p ?o . <y", "wet:}", "_:b0", "[]"]


@pytest.fixture(scope="session")
def on(
    project: Path, graph: sdkg.KnowledgeGraph, request: pytest.FixtureRequest
) -> Callable[[str], sdkg.KnowledgeGraph]:
    """The graph of the repository on an engine, by its name; each is loaded once, when first asked for."""
    found: dict[str, sdkg.KnowledgeGraph] = {"oxigraph": graph}

    def get(name: str) -> sdkg.KnowledgeGraph:
        if name not in found and name == "rdflib":
            found[name] = load(project, engine="rdflib")
        elif name not in found:
            server = request.getfixturevalue(f"loaded_{name.split()[0]}")
            found[name] = load(project, endpoint=server.endpoint)
        return found[name]

    return get


def cases(name: str) -> list[dict[str, Any]]:
    found = json.loads((DATA / "queries" / f"{name}.json").read_text("utf-8"))["cases"]
    return [case.get("parameters", {}) for case in found]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_the_same_rows(on: Callable[[str], sdkg.KnowledgeGraph], engine: str, name: str) -> None:
    for parameters in cases(name):
        expected = on("oxigraph").query(name, **parameters)
        found = on(engine).query(name, **parameters)
        assert found.columns == expected.columns
        assert Counter(row.values for row in found) == Counter(row.values for row in expected), parameters


@pytest.mark.parametrize("engine", ["oxigraph", *ENGINES])
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_text_is_only_a_text(
    on: Callable[[str], sdkg.KnowledgeGraph], engine: str, attack: str
) -> None:
    everything = on("oxigraph").sparql(
        "SELECT DISTINCT ?x ?t { ?x skos:prefLabel|skos:altLabel|dct:description ?t"
        " { ?x sd:inPlan ?plan } UNION { ?x a sd:Beleidsplan } }"
    )
    assert isinstance(everything, sdkg.Result)
    holding = {row.x for row in everything if attack.lower() in str(row.t).lower()}
    if engine == "rdflib" and "\\u" in attack:
        with pytest.raises(QueryError, match="Ask another engine"):
            on(engine).query("zoeken", tekst=attack)
        return
    assert {row.element for row in on(engine).query("zoeken", tekst=attack)} == holding


@pytest.mark.parametrize("engine", ["oxigraph", *ENGINES])
@pytest.mark.parametrize("attack", NAMES)
def test_a_hostile_name_is_unknown(
    on: Callable[[str], sdkg.KnowledgeGraph], engine: str, attack: str
) -> None:
    with pytest.raises(UnknownNameError):
        on(engine).query("wetten", plan=attack)


@pytest.mark.parametrize("engine", ["oxigraph", *ENGINES])
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("zoeken", {"tekst": "x" * 2_001}),
        ("zoeken", {"tekst": "a\x00b"}),
        ("zoeken", {"tekst": "a\ud800b"}),
        ("plannen-geldig-op", {"datum": '2024-01-01" } #'}),
        ("plannen-geldig-op", {"datum": "2024-02-30"}),
        ("plannen-geldig-op", {"datum": "2024-01-01\n"}),
        ("doelen-op-wet-en-partner", {"wet": "Jeugdwet", "partner": "STIP", "niveau": "plan } UNION {"}),
    ],
)
def test_what_is_no_value_is_refused(
    on: Callable[[str], sdkg.KnowledgeGraph], engine: str, name: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(ParameterError):
        on(engine).query(name, **parameters)


@pytest.mark.parametrize("engine", ["oxigraph", *ENGINES])
def test_names_lead_to_the_same_thing(on: Callable[[str], sdkg.KnowledgeGraph], engine: str) -> None:
    for name in (
        "Participatiewet",
        "participatiewet",
        "BWBR0015703",
        "wet:participatiewet",
        "PARTICIPATIEWET",
    ):
        assert on(engine).find(name, "Wet") == on("oxigraph").find("Participatiewet")
    with pytest.raises(UnknownNameError, match="Did you mean"):
        on(engine).find("Participatiewt", "Wet")


@pytest.mark.parametrize("engine", ["oxigraph", *ENGINES])
def test_every_form_of_query(on: Callable[[str], sdkg.KnowledgeGraph], engine: str) -> None:
    graph = on(engine)
    assert graph.sparql("ASK { ?x a sd:Doel }")
    assert not graph.sparql("ASK { ?x a sd:Bestaatniet }")
    built = graph.sparql("CONSTRUCT { ?x a skos:Concept } { ?x a sd:Beleidsplan }")
    assert isinstance(built, list)
    assert len(built) == 5
    described = graph.sparql("DESCRIBE wet:participatiewet")
    assert isinstance(described, list)
    assert described


@pytest.mark.parametrize("engine", ["oxigraph", *ENGINES])
def test_a_faulty_query_is_one_clear_message(on: Callable[[str], sdkg.KnowledgeGraph], engine: str) -> None:
    with pytest.raises(QueryError) as caught:
        on(engine).sparql("SELECT * { ?s ?p }")
    assert "1" in str(caught.value)
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize("word", ["SERVICE", "service"])
def test_nothing_is_fetched_from_elsewhere(
    on: Callable[[str], sdkg.KnowledgeGraph], engine: str, word: str
) -> None:
    with pytest.raises(QueryError, match="line 1, column 12: SERVICE would fetch"):
        on(engine).sparql(f"SELECT * {{ {word} <http://127.0.0.1:9/> {{ ?s ?p ?o }} }}")


def test_a_graph_of_the_web_is_not_fetched(on: Callable[[str], sdkg.KnowledgeGraph]) -> None:
    with pytest.raises(QueryError, match="FROM would fetch"):
        on("rdflib").sparql("SELECT * FROM <http://127.0.0.1:9/x> { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("file:///etc/passwd", "no http or https address"),
        ("ftp://127.0.0.1/x", "no http or https address"),
        ("http://", "no http or https address"),
        ("http://[::1", "no address"),
        ("http://127.0.0.1:9/a b", "no http or https address"),
        ("http://jan:geheim@127.0.0.1:9/sparql", "SDKG_ENDPOINT_USER"),
    ],
)
def test_an_address_that_is_none(url: str, message: str) -> None:
    with pytest.raises(EndpointError, match=message) as caught:
        load(ROOT, endpoint=url)
    assert "geheim" not in str(caught.value)


def test_no_server(project: Path) -> None:
    with pytest.raises(EndpointError, match=r"no answer.*Is the server running"):
        load(project, endpoint="http://127.0.0.1:9/sparql").sparql("ASK {}")


def test_nothing_at_the_address(project: Path, loaded_oxigraph: Any) -> None:
    url = loaded_oxigraph.endpoint.replace("/query", "/nergens")
    with pytest.raises(EndpointError, match="nothing at this address"):
        load(project, endpoint=url).sparql("ASK {}")


def test_a_server_that_takes_too_long(loaded_virtuoso: Any) -> None:
    # it goes on after we hang up: seconds, and not to the end of the tests
    slow = "SELECT (COUNT(*) AS ?n) { ?a a sd:Doel . ?b a ?kind FILTER(CONCAT(STR(?a), STR(?b)) = 'x') }"
    with pytest.raises(DeadlineError, match=r"no answer within 1 seconds.*--timeout"):
        Endpoint(loaded_virtuoso.endpoint, timeout=1).query(f"PREFIX sd: <{SD}> {slow}")


def test_a_long_query_goes_by_post(project: Path, loaded_oxigraph: Any) -> None:
    values = " ".join(f"<https://example.org/{number}>" for number in range(5_000))
    graph = load(project, endpoint=loaded_oxigraph.endpoint)
    assert not graph.sparql(f"ASK {{ VALUES ?x {{ {values} }} ?x a ?y }}")


def test_credentials_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from sdkg.engines.endpoint import Credentials

    monkeypatch.setenv("SDKG_ENDPOINT_USER", "jan")
    monkeypatch.setenv("SDKG_ENDPOINT_PASSWORD", "geheim")
    assert "geheim" not in repr(Credentials.from_environment())
    monkeypatch.setenv("SDKG_ENDPOINT_AUTH", "kerberos")
    with pytest.raises(EndpointError, match="basic or digest"):
        Credentials.from_environment()
