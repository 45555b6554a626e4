"""Why a row is there: every row of every saved query has reasons, and they are enough to get the row."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import pyoxigraph as ox
import pytest

import sdkg
from sdkg.binding import bind
from sdkg.derivation import Deriver, Lookup, Places, Quads, Term, as_term
from sdkg.errors import QueryError
from sdkg.namespaces import GRAPH, INFERRED, PREFIXES, SD, shorten
from sdkg.rules import Rule, compile_rules, infer
from sdkg.why import Explainer, Reasons, Statement, explain
from tests.paths import PYTHON, ROOT

NAMES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
ROWS = 4
Row = Mapping[str, Term | None]


def quads_of(store: ox.Store) -> Quads:
    return lambda s, p, o: store.quads_for_pattern(s, p, o, None)  # type: ignore[arg-type]


def with_quads(quads: Iterable[ox.Quad]) -> ox.Store:
    store = ox.Store()
    store.extend(quads)
    return store


def store_of(triples: Iterable[ox.Triple]) -> ox.Store:
    return with_quads(ox.Quad(t.subject, t.predicate, t.object) for t in triples)


@cache
def ontology_of(graph: sdkg.KnowledgeGraph) -> tuple[ox.Triple, ...]:
    name = ox.NamedNode(GRAPH + "ontology/sociaal-domein")
    return tuple(quad.triple for quad in graph.store.quads_for_pattern(None, None, None, name))


@cache
def rules_of(graph: sdkg.KnowledgeGraph) -> tuple[Rule, ...]:
    return tuple(compile_rules(ontology_of(graph)))


def bound_text(graph: sdkg.KnowledgeGraph, name: str, row: Row, given: Iterable[str]) -> str:
    """A saved query with the parameters that a row was asked with, as `KnowledgeGraph.why` explains it."""
    saved = graph.queries[name]
    wanted = {p.name for p in saved.parameters if p.default is not None} | set(given)
    terms: dict[str, Any] = {name: row[name] for name in wanted if row[name] is not None}
    return bind(saved.text, terms, [p.name for p in saved.parameters if p.name not in terms])


@cache
def explainer_of(graph: sdkg.KnowledgeGraph, text: str) -> Explainer:
    return Explainer(text, quads_of(graph.store), rules_of(graph))


def reasons_of(graph: sdkg.KnowledgeGraph, name: str, row: Row, given: Iterable[str]) -> Reasons:
    return explainer_of(graph, bound_text(graph, name, row, given)).explain(row)


def ask(store: ox.Store, text: str, row: Row, given: Iterable[str]) -> list[Row]:
    """The rows of a query with the parameters that a row was asked with."""
    bound: dict[ox.Variable, Any] = {
        ox.Variable(name): term for name in given if (term := row[name]) is not None
    }
    found = store.query(
        text,
        prefixes=dict(PREFIXES),
        use_default_graph_as_union=True,
        substitutions=bound,
    )
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: solution[name] for name in names} for solution in found]


def sample(graph: sdkg.KnowledgeGraph, name: str) -> Iterator[tuple[Row, frozenset[str]]]:
    """Some rows of the answers with the required examples, and with all; and what was given."""
    parameters = graph.queries[name].parameters
    required: dict[str, Any] = {p.name: p.example for p in parameters if p.required}
    every: dict[str, Any] = {p.name: p.example for p in parameters if p.example}
    for case in (required, every):
        result = graph.query(name, **case)
        given = frozenset(p.name for p in parameters if p.name in case or p.default is not None)
        rows = [dict(zip(result.columns, row.terms, strict=True)) for row in result]
        picked = rows if len(rows) <= ROWS else random.Random(name).sample(rows, ROWS)  # noqa: S311
        yield from ((row, given) for row in picked)


def first(graph: sdkg.KnowledgeGraph, name: str, **given: Any) -> Reasons:
    result = graph.query(name, **given)
    row = dict(zip(result.columns, result[0].terms, strict=True))
    return reasons_of(graph, name, row, given)


def short(triple: ox.Triple) -> str:
    return " ".join(shorten(getattr(term, "value", str(term))) for term in triple)


@pytest.mark.parametrize("name", NAMES)
def test_every_row_rests_on_what_is_stated(graph: sdkg.KnowledgeGraph, name: str) -> None:
    rules = {rule.name.split("(")[0]: rule for rule in rules_of(graph)}
    lookup, seen = Lookup(quads_of(graph.store)), set[Statement]()
    for row, given in sample(graph, name):
        reasons = reasons_of(graph, name, row, given)
        assert reasons.statements
        for statement in set(reasons.all()) - seen:
            seen.add(statement)
            s, p, o = map(as_term, statement.triple)
            assert isinstance(p, ox.NamedNode)
            assert lookup.quads(s, p, o)
            if statement.rule:
                rule = rules[statement.rule.split("(")[0]]
                assert statement.triple in infer([p.triple for p in statement.premises], [rule])
                assert not statement.stated
            else:
                assert statement.stated
                assert not any(place.graph.startswith(INFERRED) for place in statement.stated)
        for gap in reasons.absent:
            assert not graph.sparql(f"ASK {{ {gap.sparql} }}"), gap.sparql
            assert gap.alternatives


@pytest.mark.parametrize("name", NAMES)
def test_the_stated_leaves_give_the_row_again(graph: sdkg.KnowledgeGraph, name: str) -> None:
    """A store with nothing but the leaves, the ontology, and what follows from them has the same row."""
    found = False
    for row, given in sample(graph, name):
        found = True
        reasons = reasons_of(graph, name, row, given)
        triples = {*ontology_of(graph), *reasons.leaves()}
        triples |= infer(triples, rules_of(graph))
        store = store_of(triples)
        assert row in ask(store, bound_text(graph, name, row, given), row, ())
    assert found


def test_a_goal_on_law_and_partner_down_to_the_paragraph(graph: sdkg.KnowledgeGraph) -> None:
    reasons = first(graph, "doelen-op-wet-en-partner", wet="Participatiewet", partner="STIP")
    telling = {short(s.triple): s for s in reasons.statements if not s.naming}
    theme = "heerde-2022:thema-houdbare-toekomst"
    [goal] = {text.split()[0] for text in telling if text.endswith("rdf:type sd:Doel")}
    rests, stated = telling[f"{theme} sd:steuntOp wet:participatiewet"].all()
    assert rests.rule == "sd:steuntOpWet rdfs:subPropertyOf sd:steuntOp"
    assert short(stated.triple) == f"{theme} sd:steuntOpWet wet:participatiewet"
    assert [(p.section_label, p.heading) for p in stated.stated] == [
        ("8 Een houdbare toekomst voor Jeugd, Wmo en Participatiewet", "Inleiding")
    ]
    [partner] = telling[f"{goal} sd:steuntOp partner:stip-heerde"].premises
    assert short(partner.triple) == f"{goal} sd:steuntOpPartner partner:stip-heerde"
    assert partner.stated[0].section_label == "8.1 Een toekomstbestendig jeugdstelsel"
    assert partner.stated[0].plan == "https://w3id.org/sociaal-domein/id/heerde-2022"
    under = telling[f"{goal} sd:valtOnder {theme}"]
    assert under.rule == "sd:valtOnder rdf:type owl:TransitiveProperty"
    assert [premise.rule for premise in under.premises] == [
        "sd:onderdeelVan rdfs:subPropertyOf sd:valtOnder"
    ] * 2
    assert not reasons.absent


def test_in_words(graph: sdkg.KnowledgeGraph) -> None:
    reasons = first(graph, "doelen-op-wet-en-partner", wet="Participatiewet", partner="STIP")
    dutch, english = reasons.text(), reasons.text("en")
    assert "steunt op – Participatiewet [afgeleid met: “steunt op wet” houdt in “steunt op”; uit:]" in dutch  # noqa: RUF001
    assert "[gesteld in Kaderdocument sociaal domein gemeente Heerde 2022-2027, 8.1 Een toekomst" in dutch
    hidden = sum(statement.naming for statement in reasons.statements)
    assert f"en {hidden} verklaringen die alleen naam" in dutch
    assert "“falls under” also holds over more steps" in english
    assert "http" not in dutch
    with pytest.raises(QueryError, match="language 'fr'"):
        reasons.text("fr")


def test_as_json(graph: sdkg.KnowledgeGraph) -> None:
    reasons = first(graph, "doelen-zonder-indicator", plan="heerde-2022")
    again = json.loads(json.dumps(reasons.as_dict()))
    assert len(again["statements"]) == len(reasons.statements)
    goal = next(s for s in again["statements"] if s["object"].get("short") == "sd:Doel")
    assert goal["object"]["label"] == "doel"
    assert goal["stated"][0]["section_label"]
    assert again["absent"][0]["sparql"] == reasons.absent[0].sparql


def test_a_goal_without_indicator_rests_on_there_being_none(graph: sdkg.KnowledgeGraph) -> None:
    reasons = first(graph, "doelen-zonder-indicator", plan="heerde-2022")
    goal = next(s.triple.subject for s in reasons.statements if short(s.triple).endswith("rdf:type sd:Doel"))
    meets = [patterns for gap in reasons.absent for patterns in gap.alternatives if len(patterns) == 1]
    assert (("?indicator", ox.NamedNode(SD + "meet"), goal),) in meets
    text = reasons.text()
    assert "er is nergens gesteld of afgeleid:\n    ?indicator – meet – " in text  # noqa: RUF001


def test_an_optional_that_nothing_tests_is_no_reason(graph: sdkg.KnowledgeGraph) -> None:
    for row, given in sample(graph, "wetten"):
        assert not reasons_of(graph, "wetten", row, given).absent


def test_without_a_leaf_the_row_is_gone(graph: sdkg.KnowledgeGraph) -> None:
    """The reasons are no more than needed: each link of the plan is."""
    name: str = "doelen-op-wet-en-partner"
    given: dict[str, Any] = {"wet": "Participatiewet", "partner": "STIP"}
    result = graph.query(name, **given)
    row = dict(zip(result.columns, result[0].terms, strict=True))
    leaves = {*reasons_of(graph, name, row, given).leaves()}
    links = [t for t in leaves if t.predicate.value.removeprefix(SD).startswith(("steuntOp", "onderdeelVan"))]
    assert len(links) == 4
    for link in links:
        triples = {*ontology_of(graph), *leaves} - {link}
        triples |= infer(triples, rules_of(graph))
        store = store_of(triples)
        assert row not in ask(store, bound_text(graph, name, row, given), row, ())


def test_all_that_is_inferred_can_be_derived(graph: sdkg.KnowledgeGraph) -> None:
    """Everything for one plan; of the other graphs some."""
    lookup = Lookup(quads_of(graph.store))
    deriver = Deriver(lookup, rules_of(graph))
    names = {
        quad.graph_name for quad in graph.store.quads_for_pattern(None, ox.NamedNode(SD + "valtOnder"), None)
    }
    inferred = {n.value for n in names if isinstance(n, ox.NamedNode) and n.value.startswith(INFERRED)}
    assert INFERRED + "heerde-2022" in inferred
    for name in sorted(inferred | {INFERRED + "referentie"}):
        triples = sorted(
            (q.triple for q in graph.store.quads_for_pattern(None, None, None, ox.NamedNode(name))), key=str
        )
        assert len(triples) > 500
        some = triples if name.endswith("heerde-2022") else triples[::40]
        for triple in some:
            derivation = deriver.derive(triple)
            assert derivation, triple
            assert derivation.rule or lookup.stated(triple)
            assert all(lookup.stated(leaf) for leaf in derivation.leaves)


def test_derivations_prefer_what_is_stated_and_survive_cycles() -> None:
    names = {name: ox.NamedNode(f"urn:{name}") for name in "abcpqr"}
    a, b, c, p, q, r = names.values()
    rules = [
        Rule("urn:q owl:inverseOf urn:p", "?o <urn:p> ?s", "?s <urn:q> ?o"),
        Rule("urn:p owl:inverseOf urn:q", "?o <urn:q> ?s", "?s <urn:p> ?o"),
        Rule("urn:r rdfs:subPropertyOf urn:p", "?s <urn:p> ?o", "?s <urn:r> ?o"),
        Rule("urn:p rdf:type owl:TransitiveProperty", "?s <urn:p> ?o", "?s <urn:p>+ ?o"),
    ]
    stated = [ox.Triple(a, r, b), ox.Triple(b, r, c)]
    inferred = infer(stated, rules)
    store = store_of(stated)
    store.extend(ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(INFERRED + "x")) for t in inferred)
    deriver = Deriver(Lookup(quads_of(store)), rules)
    heights = {triple: found.height for triple in inferred if (found := deriver.derive(triple))}
    assert heights.keys() == inferred
    assert heights[ox.Triple(a, p, b)] == 1
    assert heights[ox.Triple(b, q, a)] == 2
    assert heights[ox.Triple(a, p, c)] == 2
    assert heights[ox.Triple(c, q, a)] == 3
    assert deriver.derive(ox.Triple(c, r, a)) is None


def test_the_place_of_a_link_is_that_of_its_evidence(graph: sdkg.KnowledgeGraph) -> None:
    places = Places(Lookup(quads_of(graph.store)))
    plan = ox.NamedNode("https://w3id.org/sociaal-domein/id/heerde-2022")
    partner = ox.NamedNode(PREFIXES["partner"] + "stip-heerde")
    of_link = places.of(ox.Triple(plan, ox.NamedNode(SD + "steuntOpPartner"), partner))
    assert {place.section_label for place in of_link} == {"Voorwoord", "Samenvatting"}
    label = next(graph.store.quads_for_pattern(partner, ox.NamedNode(PREFIXES["skos"] + "prefLabel"), None))
    [of_label] = places.of(label.triple)
    assert (of_label.plan, of_label.section) == ("", "")
    assert of_label.graph.endswith("referentie/partners")


SMALL = """
@prefix : <urn:> .
:a :p :b, :c ; :n 1 ; :l "A"@nl . :b :p :d ; :n 2.50 ; :q :a . :c :q :d ; :n 3 .
:d :p :a ; :q :d ; :l "D" ; :n 4 .
:g { :a :p :e . :e :n 5 }
"""
QUERIES = [
    "?x :p ?y . ?y :n ?n",
    "?x :p/:p ?y",
    "?x :p|:q ?y",
    "?x ^:p ?y",
    "?x :p? ?y . ?y :n ?n",
    "?x :p* ?y . ?x :l ?l",
    "?x :p+ ?y",
    "?x (:p/^:q)+ ?y",
    "?x !(:p|:q) ?y",
    "?x !:n ?y",
    "?x ?p ?x",
    "?x :n ?n FILTER(?n > 2) BIND(?n * 2 AS ?m)",
    "?x :n ?n OPTIONAL { ?x :l ?l FILTER(?n > 1) }",
    "?x :n ?n OPTIONAL { ?x :l ?l OPTIONAL { ?x :p ?y } } FILTER(!BOUND(?l) || ?n < 4)",
    "{ ?x :p ?y } UNION { ?x :q ?z }",
    "?x :n ?n MINUS { ?x :q ?y }",
    "?x :n ?n MINUS { ?s :q :d . ?s :n ?n }",
    "?x :n ?n FILTER NOT EXISTS { ?x :q ?y }",
    "?x :n ?n FILTER EXISTS { ?x :q ?y FILTER(?n > 2) }",
    "?x :n ?n BIND(EXISTS { ?x :l ?l } AS ?has)",
    "VALUES (?x ?w) { (:a 1) (:b UNDEF) } ?x :n ?n",
    "VALUES ?x { :a } OPTIONAL { ?x :l ?y } ?x :n ?n . ?z :n ?n BIND(IF(?n > 9, ?y, ?none) AS ?m)",
    "GRAPH ?g { ?x ?p ?y }",
    "GRAPH :g { ?x :p ?y } ?x :n ?n",
    "{ SELECT ?x (COUNT(*) AS ?c) (MAX(?y) AS ?top) { ?x :p ?y } GROUP BY ?x } ?x :n ?n",
    "{ SELECT ?x (SUM(?n) AS ?s) { ?x :p ?y . ?y :n ?n } GROUP BY ?x HAVING(SUM(?n) > 2) }",
    "{ SELECT ?x ?n { ?x :n ?n } ORDER BY DESC(?n) LIMIT 2 }",
    "{ SELECT (COUNT(DISTINCT ?y) AS ?c) (AVG(?n) AS ?m) { ?x :p ?y OPTIONAL { ?y :n ?n } } }",
    "{ SELECT (COUNT(?y) AS ?c) { ?x :nope ?y } }",
    "{ SELECT ?y (SAMPLE(?n) AS ?any) (GROUP_CONCAT(STR(?n)) AS ?all) { ?x :p ?y ; :n ?n } GROUP BY ?y }",
]


@pytest.mark.parametrize("select", ["SELECT *", "SELECT DISTINCT *"])
@pytest.mark.parametrize("where", QUERIES)
def test_any_query_is_explained(where: str, select: str) -> None:
    """Every row that the engine finds has reasons, and the triples alone give the row again."""
    store = ox.Store()
    store.load(SMALL, format=ox.RdfFormat.TRIG)
    text = f"PREFIX : <urn:> {select} {{ {where} }}"
    rows = ask(store, text, {}, ())
    assert rows
    explainer = Explainer(text, quads_of(store), [])
    for row in rows:
        reasons = explainer.explain(row)
        kept = [quad for quad in store if quad.triple in reasons.leaves()]
        again = ask(with_quads(kept), text, {}, ())
        assert {k: v for k, v in row.items() if k != "all"} in [
            {k: r[k] for k in r if k != "all"} for r in again
        ]
        for gap in reasons.absent:
            assert not store.query(f"ASK {{ {gap.sparql} }}", use_default_graph_as_union=True)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("?x :p+ ?y FILTER(?y = :d)", {"a": 2, "b": 1, "d": 3}),
        ("?x :p* ?y FILTER(?y = :d)", {"a": 2, "b": 1, "d": 0}),
    ],
)
def test_a_path_shows_its_shortest_chain(where: str, expected: Mapping[str, int]) -> None:
    store = ox.Store()
    store.load(SMALL, format=ox.RdfFormat.TRIG)
    text = f"PREFIX : <urn:> SELECT * {{ {where} }}"
    explainer = Explainer(text, quads_of(store), [])
    found = {str(row["x"])[5:-1]: explainer.explain(row).statements for row in ask(store, text, {}, ())}
    assert {name: len(statements) for name, statements in found.items()} == expected


@pytest.mark.parametrize("where", ["MINUS { ?x :q ?y }", "FILTER NOT EXISTS { ?x :q ?y }"])
def test_what_must_be_absent_is_told(where: str) -> None:
    store = ox.Store()
    store.load(SMALL, format=ox.RdfFormat.TRIG)
    text = f"PREFIX : <urn:> SELECT ?x {{ ?x :n 1 {where} }}"
    [gap] = explain(text, {"x": ox.NamedNode("urn:a")}, (), quads_of(store), []).absent
    assert gap.sparql == "<urn:a> <urn:q> ?y ."


def test_parameters_are_seen_where_other_columns_are_not() -> None:
    store = ox.Store()
    store.load(SMALL, format=ox.RdfFormat.TRIG)
    text = "PREFIX : <urn:> SELECT ?x ?w { ?x :n ?n FILTER(COALESCE(?n = ?w, true)) }"
    two = ox.Literal("2.5", datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))
    given: dict[str, Term | None] = {"x": ox.NamedNode("urn:b"), "w": two}
    assert len(explain(text, given, ["w"], quads_of(store), []).statements) == 1
    with pytest.raises(QueryError, match="no such row"):
        explain(text, {**given, "x": ox.NamedNode("urn:a")}, ["w"], quads_of(store), [])
    assert explain(text, {"x": ox.NamedNode("urn:a"), "w": None}, (), quads_of(store), []).statements


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT ?x {", "faulty"),
        ("ASK { ?x ?p ?y }", "Only the rows of a SELECT"),
        ("SELECT ?x { SERVICE <urn:s> { ?x ?p ?y } }", "SERVICE"),
    ],
)
def test_what_has_no_reasons_is_refused(text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        Explainer(text, quads_of(ox.Store()), [])


def test_a_negated_inverse_is_refused() -> None:
    a = ox.NamedNode("urn:a")
    with pytest.raises(QueryError, match=r"!\(\^property\)"):
        explain("SELECT ?x { ?x !(<urn:p>|^<urn:q>) ?y }", {"x": a}, (), quads_of(ox.Store()), [])


def test_an_inferred_statement_that_follows_from_nothing_is_an_error() -> None:
    a = ox.NamedNode("urn:a")
    store = with_quads([ox.Quad(a, a, a, ox.NamedNode(INFERRED + "x"))])
    with pytest.raises(QueryError, match="follows from nothing"):
        explain("SELECT ?x { ?x <urn:a> ?y }", {"x": a}, (), quads_of(store), [])


def test_rdflib_is_loaded_only_to_explain() -> None:
    code = "import sys, sdkg.why; sys.exit('rdflib' in sys.modules)"
    assert subprocess.run([PYTHON, "-c", code], cwd=ROOT, check=False).returncode == 0
