"""Rows as plain typed objects, as a data frame, and in every format."""

from __future__ import annotations

import builtins
import copy
import json
import pickle
import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pyoxigraph as ox
import pytest

import sdkg
from sdkg.errors import MissingExtraError, ParameterError, QueryError, UnknownQueryError
from sdkg.export import GRAPH_FORMATS
from sdkg.formats import BINARY, GRAPHS, ROWS
from sdkg.namespaces import XSD
from sdkg.results import Result
from sdkg.rows import IRI, Caption, Row, to_value

TYPED = """
SELECT ?iri ?text ?whole ?exact ?yes ?day ?none ?odd {
  VALUES (?iri ?text ?whole ?exact ?yes ?day ?odd) {
    (wet:jeugdwet "tekst"@nl 7 2.50 true "2022-03-01"^^xsd:date "x"^^xsd:date) } }
"""


def rows(graph: sdkg.KnowledgeGraph, query: str) -> Result:
    answer = graph.sparql(query)
    assert isinstance(answer, Result)
    return answer


def test_values_are_typed(graph: sdkg.KnowledgeGraph) -> None:
    (row,) = rows(graph, TYPED)
    assert row.iri == "https://w3id.org/sociaal-domein/id/wet/jeugdwet"
    assert row.values[1:] == ("tekst", 7, Decimal("2.5"), True, date(2022, 3, 1), None, "x")
    assert isinstance(row.iri, IRI)
    assert row.iri.short == "wet:jeugdwet"
    assert row["whole"] == row.whole == 7
    assert list(row.as_dict()) == ["iri", "text", "whole", "exact", "yes", "day", "none", "odd"]
    with pytest.raises(AttributeError, match="no column 'niets'"):
        _ = row.niets
    with pytest.raises(KeyError):
        _ = row["niets"]


def test_a_result_is_a_sequence(graph: sdkg.KnowledgeGraph) -> None:
    result = rows(graph, "SELECT ?x { ?x a sd:Thema ; sd:inPlan id:heerde-2022 } ORDER BY ?x")
    assert len(result) == 6
    assert result[0] == next(iter(result))
    assert [row.x for row in result[:2]] == [result[0].x, result[1].x]


def test_a_data_frame(graph: sdkg.KnowledgeGraph) -> None:
    frame = rows(graph, TYPED).to_pandas()
    assert list(frame.columns)[:2] == ["iri", "text"]
    assert frame["whole"].tolist() == [7]


def test_without_pandas_the_command_is_named(
    graph: sdkg.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"pip install 'sdkg\[pandas\]'"):
        rows(graph, TYPED).to_pandas()


def test_markdown_is_safe(graph: sdkg.KnowledgeGraph) -> None:
    hostile = 'SELECT ?x { VALUES ?x { "a|b\\n<script>" } }'
    text = rows(graph, hostile).write("markdown").decode()
    assert "a\\|b &lt;script>" in text
    assert len(text.splitlines()) == 3


def test_no_rows_says_so(graph: sdkg.KnowledgeGraph) -> None:
    result = rows(graph, "SELECT ?x { ?x a sd:Onzin }")
    assert result.write("table") == b"(geen rijen)\n"
    assert result.write("csv") == b"x\r\n"
    with pytest.raises(QueryError, match="no format 'xls'"):
        result.write("xls")


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("abc", "integer"),
        ("1_000", "integer"),
        ("1E+999999999", "decimal"),
        ("NaN", "decimal"),
        ("1.2.3", "decimal"),
        ("gisteren", "date"),
        ("2022-03-01Z", "date"),
        ("hoog", "double"),
    ],
)
def test_malformed_literals_stay_text(text: str, datatype: str) -> None:
    assert to_value(ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))) == text


def test_rows_keep_their_terms(graph: sdkg.KnowledgeGraph) -> None:
    (row,) = rows(graph, TYPED)
    assert row.terms[0] == ox.NamedNode("https://w3id.org/sociaal-domein/id/wet/jeugdwet")
    assert row.terms[1] == ox.Literal("tekst", language="nl")
    assert row.terms[6] is None
    assert len(row.terms) == len(row.values) == len(row.columns)
    assert row.values is row.values


def test_rows_are_plain_values(graph: sdkg.KnowledgeGraph) -> None:
    (row,), (again,), (other,) = rows(graph, TYPED), rows(graph, TYPED), rows(graph, "SELECT (1 AS ?x) {}")
    assert row == again
    assert row != other
    assert row != "row"
    assert len({row, again, other}) == 2
    assert copy.deepcopy(row) == pickle.loads(pickle.dumps(row)) == row  # noqa: S301 (our own)
    assert repr(other) == "Row({'x': 1})"


def test_a_result_may_change_threads(graph: sdkg.KnowledgeGraph) -> None:
    result, found = rows(graph, TYPED), []
    reader = threading.Thread(target=lambda: found.append((result[0].whole, result.write("csv"))))
    reader.start()
    reader.join()
    assert found == [(7, result.write("csv"))]


def remote(*bindings: dict[str, dict[str, str]], names: str = "abcd", **options: Any) -> Result:
    """What another engine answers over HTTP."""
    text = json.dumps({"head": {"vars": list(names)}, "results": {"bindings": list(bindings)}})
    solutions = ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)
    assert isinstance(solutions, ox.QuerySolutions)
    return Result(solutions, **options)


HOSTILE = "\t\r\n\"'\\,;|<b>&\u0001\u2028\x85 \U0001f600 ?x <<( _:b"
BINDINGS = [
    {"a": {"type": "uri", "value": "urn:é"}, "b": {"type": "literal", "value": HOSTILE}},
    {},
    {"a": {"type": "bnode", "value": "b0"}, "c": {"type": "literal", "value": "", "xml:lang": "en-gb"}},
    {"b": {"type": "literal", "value": "01", "datatype": XSD + "integer"}},
    {"b": {"type": "literal", "value": "x", "datatype": "urn:d"}, "d": {"type": "literal", "value": "-1"}},
]


def test_answers_of_another_engine() -> None:
    result = remote(*BINDINGS)
    assert result.columns == tuple("abcd")
    assert [row.values for row in result] == [
        ("urn:é", HOSTILE, None, None),
        (None, None, None, None),
        ("_:b0", None, "", None),
        (None, 1, None, None),
        (None, "x", None, "-1"),
    ]


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "xml"])
@pytest.mark.parametrize("names", ["abcd", "a", ""])
def test_sparql_formats_are_those_of_the_engine(format: str, names: str) -> None:  # noqa: A002
    bindings = [{name: term for name, term in row.items() if name in names} for row in BINDINGS]
    for some in (bindings, []):
        text = json.dumps({"head": {"vars": list(names)}, "results": {"bindings": some}})
        engine = ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)
        assert isinstance(engine, ox.QuerySolutions)
        kind = ox.QueryResultsFormat.from_extension({"json": "srj", "xml": "srx"}.get(format, format))
        assert remote(*some, names=names).write(format) == engine.serialize(format=kind)


def test_statements_about_statements(graph: sdkg.KnowledgeGraph) -> None:
    result = rows(graph, 'SELECT ?t { BIND(<<( <urn:a> <urn:b> "x\\n" )>> AS ?t) }')
    assert result[0].t == '<urn:a> <urn:b> "x\\n"'
    assert b'"type":"triple"' in result.write("json")


@pytest.mark.parametrize(("limit", "kept", "cut"), [(None, 3, False), (4, 3, False), (3, 3, False),
                                                    (2, 2, True), (1, 1, True), (0, 0, True)])  # fmt: skip
def test_a_limit(limit: int | None, kept: int, cut: bool) -> None:
    many = [{"a": {"type": "literal", "value": str(number)}} for number in range(3)]
    result = remote(*many, names="a", limit=limit)
    assert [row.a for row in result] == ["0", "1", "2"][:kept]
    assert result.cut is cut
    assert result.write("csv") == b"a\r\n" + b"".join(b"%d\r\n" % number for number in range(kept))
    assert len(json.loads(result.write("json"))["results"]["bindings"]) == kept


def test_a_limit_of_nothing() -> None:
    result = remote(names="a", limit=0)
    assert len(result) == 0
    assert not result.cut
    with pytest.raises(QueryError, match="limit of -1"):
        remote(names="a", limit=-1)


class Endless:
    """Solutions that never stop, and count how many were taken."""

    variables = (ox.Variable("x"),)
    taken = 0

    def __iter__(self) -> Iterator[tuple[ox.Literal]]:
        while True:
            self.taken += 1
            yield (ox.Literal(str(self.taken)),)


def test_a_limit_reads_one_row_more_at_most() -> None:
    endless = Endless()
    result = Result(cast(ox.QuerySolutions, endless), limit=5)
    assert (len(result), result.cut, endless.taken) == (5, True, 6)


def test_a_limit_bounds_the_work_of_the_engine(graph: sdkg.KnowledgeGraph) -> None:
    every = graph.store.query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", use_default_graph_as_union=True)
    assert isinstance(every, ox.QuerySolutions)
    assert Result(every, limit=10).cut


def test_a_caption() -> None:
    caption = Caption("wetten", labels={"wet": ("de wet", "the act"), "planLabel": ("het plan", "the plan")},
                      given={"wet": "Jeugdwet"})  # fmt: skip
    assert [caption.head(name) for name in ("wet", "plan", "sectie")] == ["de wet", "het plan", "sectie"]
    assert caption.title == "wetten"
    assert Caption().title == "Antwoord"
    assert Caption("wetten", "Welke wetten?").title == "Welke wetten?"
    assert caption.parameters == [("de wet", "Jeugdwet")]
    assert json.loads(caption.metadata()["sdkg.columns"])["wet"] == {"nl": "de wet", "en": "the act"}
    assert "sdkg.question" not in caption.metadata()
    assert remote(names="a").caption == Caption()
    assert remote(names="ab", given=["a"], caption=Caption(given={"b": "x"})).given == {"a", "b"}


def test_formats() -> None:
    result = remote(*BINDINGS)
    assert all(result.write(name) for name in ROWS)
    assert set(BINARY) < set(ROWS)
    assert not set(ROWS) & set(GRAPHS)
    assert tuple(GRAPH_FORMATS) == GRAPHS


def test_a_row_by_hand() -> None:
    assert Row(("x",), (ox.Literal("a"),)).x == "a"


def test_python_refuses_what_the_command_line_refuses(graph: sdkg.KnowledgeGraph) -> None:
    with pytest.raises(UnknownQueryError):
        graph.query("bestaat-niet")
    with pytest.raises(ParameterError, match="needs 'wet'"):
        graph.query("doelen-op-wet-en-partner")
    with pytest.raises(ParameterError, match="no parameter 'stad'"):
        graph.query("doelen-op-wet-en-partner", stad="Heerde")
