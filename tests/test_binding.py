"""Terms into a query: the text for engines that take nothing else, and what is refused."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdkg.binding import bind, columns_of, loose_variables, misuses, tokens
from sdkg.engines import with_prefixes
from sdkg.reading import Term

P, A = ox.NamedNode("urn:p"), ox.NamedNode("urn:a")
STORE = ox.Store()
STORE.extend(ox.Quad(A, P, ox.Literal(f"{number}")) for number in range(3))
STORE.add(ox.Quad(A, ox.NamedNode("urn:q"), A))


def rows(query: str, **substitutions: Term) -> list[Any]:
    values = {ox.Variable(name): term for name, term in substitutions.items()}
    answer = STORE.query(query, substitutions=values)
    assert isinstance(answer, ox.QuerySolutions)
    return sorted(([str(row[name]) for name in answer.variables] for row in answer), key=str)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s ?w { ?s <urn:p> ?w }",
        "SELECT ?s ?w WHERE { ?s <urn:p> ?o FILTER(?o = ?w) }",
        "SELECT ?s $w { ?s <urn:p> $w . OPTIONAL { ?s <urn:q> ?x FILTER(COALESCE(?w = '1', true)) } }",
        "SELECT ?w (COUNT(?o) AS ?n) { ?s <urn:p> ?o FILTER(?o != ?w) } GROUP BY ?w",
        "SELECT ?s ?n ?w { ?s <urn:q> ?s { SELECT ?s ?w (COUNT(?o) AS ?n) { ?s <urn:p> ?o, ?w } "
        "GROUP BY ?s ?w } }",
        "SELECT ?s ?w { { ?s <urn:p> ?w } UNION { ?s <urn:q> ?s . ?s <urn:p> ?w } } ORDER BY ?w",
        "SELECT ?s ?w { ?s <urn:p>|<urn:q> ?o # ?w } \"\n FILTER(STR(?o) = ?w || CONTAINS('?w', ?w)) }",
        "SELECT ?s ?w { ?s <urn:p> ?o FILTER EXISTS { ?s <urn:p> ?w } BIND('}' AS ?z) }",
    ],
)
@pytest.mark.parametrize("value", ["1", "9", '"', "\\", "} #"])
def test_the_text_asks_what_the_terms_ask(query: str, value: str) -> None:
    """As SEP-0007 has it: the engine that is given the term and the one that is given the text agree."""
    term = ox.Literal(value)
    assert rows(bind(query, {"w": term})) == rows(query, w=term)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_comes_through_whole(text: str) -> None:
    found = rows(bind("SELECT ?w { ?s <urn:q> ?o FILTER(STRLEN(?w) >= 0) }", {"w": ox.Literal(text)}))
    assert found == [[str(ox.Literal(text))]]


def test_header_and_comments_do_not_matter() -> None:
    query = "#+ summary: ?w {\nSELECT ?w { ?s <urn:q> ?s # } ?w\n FILTER(?w = 'a#b') }"
    assert rows(bind(query, {"w": ox.Literal("a#b")})) == [['"a#b"']]
    assert "summary" not in bind(query, {})


def test_an_open_parameter_that_no_pattern_has_gets_one() -> None:
    query = "SELECT ?s ?w { ?s <urn:p> ?o FILTER(COALESCE(?o = ?w, true)) }"
    bound = bind(query, {}, ["w"])
    assert "OPTIONAL { <urn:sdkg:open> <urn:sdkg:open> ?w }" in bound
    assert rows(bound) == rows(query)
    assert "OPTIONAL" not in bind("SELECT ?w { ?s <urn:p> ?w }", {}, ["w"])


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("SELECT ?w { ?s ?p ?o FILTER(BOUND(?w)) }", "BOUND"),
        ("SELECT ?w { ?s ?p ?o BIND(1 AS ?w) }", "another name"),
        ("SELECT (1 AS ?w) { ?s ?p ?w }", "another name"),
        ("SELECT ?w { VALUES (?a ?w) { (1 2) } ?s ?p ?w }", "not in VALUES"),
        ("SELECT ?w { VALUES ?w { 1 } ?s ?p ?w }", "not in VALUES"),
        ("SELECT ?w { ?s ?p ?o } ORDER BY ?w", "not used in WHERE"),
        ("SELECT ?s { ?s ?p ?w }", "not among the columns"),
    ],
)
def test_what_no_term_can_replace(query: str, problem: str) -> None:
    assert problem in misuses(query, ["w"])[0][1]
    assert misuses("SELECT ?w { ?s ?p ?w FILTER(?o < ?w) }", ["w"]) == []


def test_a_text_does_not_reach_into_a_sub_select() -> None:
    query = "SELECT ?s ?w { ?s ?p ?w { SELECT ?s { ?s ?q ?w } } }"
    assert misuses(query, ["w"]) == []
    assert "sub-select" in misuses(query, ["w"], ["w"])[0][1]


def test_loose_variables() -> None:
    query = (
        "SELECT ?s (MAX(?o) AS ?m) { ?s ?p ?o VALUES (?a ?b) { (1 2) } BIND(?a + ?b AS ?c)"
        " FILTER(?c < ?top) } HAVING(?m > ?c)"
    )
    assert [name for _, name in loose_variables(query)] == ["top"]
    assert loose_variables("SELECT ?s { ?s ?p ?o }") == []


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT ?a (COUNT(DISTINCT ?b) AS ?n) ?c { ?a ?b ?c }", ["a", "n", "c"]),
        ("PREFIX x: <urn:x#> SELECT DISTINCT ?a WHERE { ?a ?b ?c }", ["a"]),
        ("SELECT * { ?a ?b ?c }", []),
        ("ASK { ?a ?b ?c }", []),
    ],
)
def test_columns(query: str, columns: list[str]) -> None:
    assert columns_of(query) == columns


def test_tokens_are_the_whole_text() -> None:
    query = 'SELECT ?s { ?s a/b* <i#x>, \'it\\\'s\', """a"b""" . FILTER(?s<3&&?t>2) } # end'
    assert "".join(token.text for token in tokens(query)) == query


def test_only_prefixes_that_are_used_and_not_declared() -> None:
    query = "PREFIX sd: <urn:sd#> ASK { ?s a sd:X ; skos:prefLabel 'wet:x' ; <urn:foaf:x> ex:y }"
    assert with_prefixes(query).splitlines()[:-1] == ["PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"]
