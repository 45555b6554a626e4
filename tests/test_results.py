"""Rows as plain typed objects, as a data frame, and in every format."""

from __future__ import annotations

import builtins
from datetime import date
from decimal import Decimal
from typing import Any

import pyoxigraph as ox
import pytest

import sdkg
from sdkg.errors import MissingExtraError, ParameterError, QueryError, UnknownQueryError
from sdkg.results import IRI, Result, to_value

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


def test_malformed_literals_stay_text() -> None:
    assert (
        to_value(ox.Literal("abc", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")))
        == "abc"
    )


def test_python_refuses_what_the_command_line_refuses(graph: sdkg.KnowledgeGraph) -> None:
    with pytest.raises(UnknownQueryError):
        graph.query("bestaat-niet")
    with pytest.raises(ParameterError, match="needs 'wet'"):
        graph.query("doelen-op-wet-en-partner")
    with pytest.raises(ParameterError, match="no parameter 'stad'"):
        graph.query("doelen-op-wet-en-partner", stad="Heerde")
