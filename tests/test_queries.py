"""Saved queries: each answers with the rows that the plans support, and says what it takes and gives.

`tests/data/queries/<query>.json` holds cases: parameters, the columns that are compared, and the rows
expected, worked out by hand from the plans. `ordered` compares the order too; with `some` the rows are
just some of all, whose number is `count`. IRIs of ours are written short (`heerde-2022:doel-x`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import sdkg
from sdkg import catalog
from sdkg.engines.embedded import Embedded
from sdkg.graph import KnowledgeGraph
from sdkg.header import GROUPS
from sdkg.namespaces import PREFIXES
from sdkg.rows import IRI, Row
from tests.paths import DATA, ROOT

FILES = sorted((ROOT / "queries").glob("*.rq"))
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}-{number}")
    for path in sorted((DATA / "queries").glob("*.json"))
    for number, case in enumerate(json.loads(path.read_text("utf-8"))["cases"], 1)
]


def saved(path: Path) -> catalog.SavedQuery:
    return catalog.load_query(path)


def cell(row: Row, column: str) -> str | None:
    value = row[column]
    if value is None:
        return None
    return value.short if isinstance(value, IRI) else str(value)


def test_there_are_queries() -> None:
    assert len(FILES) >= 45
    assert {path.stem for path in FILES} == {path.stem for path in (DATA / "queries").glob("*.json")}


@pytest.mark.parametrize(("name", "case"), CASES)
def test_expected_rows(graph: sdkg.KnowledgeGraph, name: str, case: dict[str, Any]) -> None:
    result = graph.query(name, **case.get("parameters", {}))
    found = [tuple(cell(row, column) for column in case["columns"]) for row in result]
    expected = [tuple(None if x is None else str(x) for x in row) for row in case["rows"]]
    if case.get("some"):
        assert set(expected) <= set(found)
        assert expected
    elif case.get("ordered"):
        assert found == expected
    else:
        assert sorted(found, key=str) == sorted(expected, key=str)
    if "count" in case:
        assert len(found) == case["count"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_query_has_a_case_with_rows_and_one_without(path: Path) -> None:
    cases = json.loads((DATA / "queries" / f"{path.stem}.json").read_text("utf-8"))["cases"]
    assert all(case["why"].strip() for case in cases)
    assert any(case["rows"] for case in cases)
    assert any(not case["rows"] and not case.get("some") for case in cases)
    if "geldigOp" in {parameter.name for parameter in saved(path).parameters}:
        assert any("geldigOp" in case.get("parameters", {}) for case in cases)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_header_tells_all(path: Path) -> None:
    query = saved(path)
    assert query.question.nl.endswith("?")
    assert query.question.en.endswith("?")
    assert set(query.tags) <= set(GROUPS)
    assert {parameter.name for parameter in query.parameters} <= set(query.columns)


def test_every_group_has_questions() -> None:
    groups = Counter(saved(path).tags[0] for path in FILES)
    assert set(groups) == set(GROUPS)
    assert min(groups.values()) >= 2


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_order_of_the_rows_is_that_of_the_query(
    graph: sdkg.KnowledgeGraph, shuffled: KnowledgeGraph, path: Path
) -> None:
    """No two rows tie: a store that was filled in another order gives the same rows in the same order."""
    every: dict[str, Any] = {p.name: p.example for p in saved(path).parameters if p.required}
    assert [row.terms for row in shuffled.query(path.stem, **every)] == [
        row.terms for row in graph.query(path.stem, **every)
    ]


@pytest.fixture(scope="module")
def shuffled(graph: sdkg.KnowledgeGraph) -> KnowledgeGraph:
    quads = sorted(graph.store, key=lambda quad: hashlib.sha256(str(quad).encode()).digest())
    store = ox.Store()
    store.extend(quads)
    return KnowledgeGraph(graph.project, Embedded(store))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_columns_are_those_of_the_answer(graph: sdkg.KnowledgeGraph, path: Path) -> None:
    query = saved(path)
    examples: dict[str, Any] = {p.name: p.example for p in query.parameters if p.required}
    result = graph.query(path.stem, **examples)
    assert set(result.columns) == set(query.columns)
    every: dict[str, Any] = {p.name: p.example for p in query.parameters if p.example}
    assert set(graph.query(path.stem, **every).columns) == set(query.columns)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_file_stands_alone(path: Path) -> None:
    """Its PREFIX lines are the project's, all it uses are there, and its rows have an order."""
    text = re.sub(r"^#.*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
    declared = dict(re.findall(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", text))
    assert declared
    assert all(PREFIXES[prefix] == namespace for prefix, namespace in declared.items())
    body = re.sub(r'"[^"]*"|<[^>]*>', "", text)
    assert set(re.findall(r"\b([a-z][\w-]*):", body)) <= set(declared)
    assert "ORDER BY" in text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_terms_exist(graph: sdkg.KnowledgeGraph, path: Path) -> None:
    catalog.check_terms(saved(path), graph.terms)
