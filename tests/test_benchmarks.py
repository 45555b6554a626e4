"""The national set of the benchmarks: consistent in itself, and in the proportions of the real plans."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import sdkg
from sdkg.store import open_current

CLASSES = """SELECT ?class (COUNT(DISTINCT ?element) AS ?number)
             WHERE { ?element sd:inPlan ?plan ; a ?class } GROUP BY ?class"""


@pytest.fixture(scope="module")
def national() -> Any:
    return import_module("benchmarks.national")


@pytest.fixture(scope="module")
def folder(national: Any, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set of six municipalities with two plans each."""
    folder = tmp_path_factory.mktemp("national")
    national.build(sdkg.Project.at(project), folder, municipalities=6, plans=2)
    return folder


def per_class(graph: sdkg.KnowledgeGraph) -> Callable[[str], Counter[str]]:
    def count(plan: str) -> Counter[str]:
        rows = graph.sparql(CLASSES.replace("?plan", f"<{graph.find(plan, 'Beleidsplan')}>"))
        assert isinstance(rows, sdkg.Result)
        return Counter({str(row["class"]): int(str(row.number)) for row in rows})

    return count


def test_nothing_leads_nowhere(national: Any, folder: Path) -> None:
    assert national.dangling(folder) == []


def test_every_plan_has_the_elements_of_its_source(folder: Path, graph: sdkg.KnowledgeGraph) -> None:
    made = json.loads((folder / "national.json").read_text("utf-8"))["made"]
    of_clone, of_real = per_class(sdkg.load(folder)), per_class(graph)
    assert {plan["source"] for plan in made} == {row.plan for row in _plans(graph)}
    for plan in made:
        assert of_clone(plan["slug"]) == of_real(plan["source"]) != Counter()


def _plans(graph: sdkg.KnowledgeGraph) -> Any:
    return graph.sparql(
        "SELECT (STRAFTER(STR(?iri), '/id/') AS ?plan) { ?iri a sd:Beleidsplan }",
    )


def test_saved_queries_answer(folder: Path) -> None:
    set_ = sdkg.load(folder)
    assert set_.stale() == []
    plans = [row.plan for row in _plans(set_)]
    assert all(len(set_.query("doelen-per-thema", plan=str(plan))) >= 0 for plan in plans)
    assert len({row.plan for plan in plans for row in set_.query("wetten", plan=str(plan))}) == len(plans)


def test_the_same_options_give_the_same_set(
    national: Any, project: Path, folder: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    national.build(sdkg.Project.at(project), again, municipalities=6, plans=2)
    assert (again / "national.json").read_bytes() == (folder / "national.json").read_bytes()
    first, second = (set(filter(_has_no_blank, open_current(at / ".sdkg")[0])) for at in (folder, again))
    assert first == second


def _has_no_blank(quad: ox.Quad) -> bool:
    """Lists in the ontology have blank nodes, that are called otherwise in every store."""
    return not any(isinstance(term, ox.BlankNode) for term in (quad.subject, quad.object))
