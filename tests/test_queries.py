"""Saved queries: each answers with the rows that the plans support, and says what it takes and gives.

`tests/data/queries/<query>.json` holds cases: parameters, the columns that are compared, and the rows
expected, worked out by hand from the plans. `ordered` compares the order too; with `some` the rows are
just some of all, whose number is `count`. IRIs of ours are written short (`heerde-2022:doel-x`).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import sdkg
from sdkg import catalog
from sdkg.errors import QueryError
from sdkg.namespaces import PREFIXES
from sdkg.rows import IRI, Row
from tests.paths import DATA, ROOT

FILES = sorted((ROOT / "queries").glob("*.rq"))
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}-{number}")
    for path in sorted((DATA / "queries").glob("*.json"))
    for number, case in enumerate(json.loads(path.read_text("utf-8"))["cases"], 1)
]
SELECT = re.compile(r"SELECT\s+(?:DISTINCT\s+)?(.*?)\s*WHERE", re.DOTALL)


def saved(path: Path) -> catalog.SavedQuery:
    return catalog.load_query(path)


def cell(row: Row, column: str) -> str | None:
    value = row[column]
    if value is None:
        return None
    return value.short if isinstance(value, IRI) else str(value)


def test_there_are_queries() -> None:
    assert len(FILES) >= 15
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
def test_every_query_has_a_case_with_rows(path: Path) -> None:
    cases = json.loads((DATA / "queries" / f"{path.stem}.json").read_text("utf-8"))["cases"]
    assert any(case["rows"] for case in cases)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_header_tells_all(path: Path) -> None:
    query = saved(path)
    for text in (query.question, query.description, *query.columns.values()):
        assert text.nl.strip()
        assert text.en.strip()
    assert query.question.nl.endswith("?")
    assert query.tags
    found = SELECT.search(re.sub(r"^#.*$", "", query.text, flags=re.MULTILINE))
    assert found
    projected = re.findall(
        r"(?:AS\s+\?(\w+)\s*\))|(?<![\w(])\?(\w+)", re.sub(r"\((?![^()]*AS)", "", found[1])
    )
    names = [a or b for a, b in projected]
    assert set(query.columns) <= set(names)
    assert {parameter.name for parameter in query.parameters} <= set(query.columns)


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


def test_a_term_that_does_not_exist_is_an_error(graph: sdkg.KnowledgeGraph, tmp_path: Path) -> None:
    text = FILES[0].read_text("utf-8").replace("sd:Doel ", "sd:Dole ").replace("sd:inPlan", "sd:inPlann")
    path = tmp_path / "fout.rq"
    path.write_text(text)
    with pytest.raises(QueryError, match=r"the ontology has no sd:.*Did you mean"):
        catalog.check_terms(saved(path), graph.terms)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "no '#\\+' header"),
        ("#+ question: {nl: x\n#+ en: y", r"fout\.rq:\d+: the header is not YAML"),
        ("#+ question: {nl: x, en: y}", "lacks or misspells 'description'"),
    ],
)
def test_a_faulty_header_says_where(header: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "fout.rq"
    path.write_text(header + "\nSELECT * { ?s ?p ?o }\n")
    with pytest.raises(QueryError, match=message):
        saved(path)
