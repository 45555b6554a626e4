"""The data as a whole: every file is reached, nothing dangles, and what plans share stands once."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

import sdkg
from sdkg.name_index import fold
from sdkg.namespaces import ID, RDF, SD, SKOS
from sdkg.project import Project
from sdkg.reading import read
from sdkg.turtle import write_turtle
from tests.paths import ROOT

PROJECT = Project.at(ROOT)
PLANS = {
    "heemstede-2019": 400,
    "heemstede-2025": 25,
    "heerde-2022": 500,
    "heeze-leende-2024": 190,
    "midden-limburg-west-2020": 400,
}
"""The plans, and the number of elements below which one of them would have lost something."""


def rows(graph: sdkg.KnowledgeGraph, query: str) -> list[tuple[object, ...]]:
    answer = graph.sparql(query)
    assert isinstance(answer, sdkg.Result)
    return [row.values for row in answer]


def test_every_file_is_reached() -> None:
    reached = {*PROJECT.plan_files, *PROJECT.reference_files}
    assert reached == set((ROOT / "instances").rglob("*.ttl"))
    assert {path.stem for path in PROJECT.plan_files} == set(PLANS)


@pytest.mark.parametrize("path", PROJECT.reference_files, ids=lambda path: path.stem)
def test_reference_data_are_canonical(path: Path) -> None:
    assert write_turtle(read(path).triples) == path.read_text("utf-8")


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_is_whole(graph: sdkg.KnowledgeGraph, name: str) -> None:
    found = rows(graph, f"SELECT ?x {{ ?x sd:inPlan id:{name} }}")
    assert len(found) >= PLANS[name]


def test_nothing_dangles() -> None:
    triples = [t for p in [*PROJECT.plan_files, *PROJECT.reference_files] for t in read(p).triples]
    defined = {t.subject for t in triples if t.predicate.value == RDF + "type"}
    used = {t.object for t in triples if isinstance(t.object, ox.NamedNode) and t.object.value.startswith(ID)}
    assert {node.value for node in used if node not in defined} == set()


def test_iris_are_what_the_guide_says() -> None:
    for path in PROJECT.plan_files:
        for triple in read(path).triples:
            iri = str(triple.subject).strip("<>")
            if iri.startswith(f"{ID}{path.stem}/"):
                assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", iri.rpartition("/")[2]), iri
            else:
                assert iri.startswith(ID), iri
                assert "/" not in iri.removeprefix(ID), iri


def test_what_plans_share_has_one_name() -> None:
    """No two laws, partners, frameworks, topics or target groups share a label or an alias."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in PROJECT.reference_files:
        if path.stem in ("iv3", "waardelijsten"):
            continue
        for triple in read(path).triples:
            if triple.predicate.value in (SKOS + "prefLabel", SKOS + "altLabel"):
                assert isinstance(triple.object, ox.Literal)
                key = (path.stem, f"{fold(triple.object.value)}@{triple.object.language}")
                names[key].add(str(triple.subject))
    assert len(names) > 500
    assert {key: owners for key, owners in names.items() if len(owners) > 1} == {}


def test_every_link_of_a_plan_has_its_evidence(graph: sdkg.KnowledgeGraph) -> None:
    missing = rows(
        graph,
        """
        SELECT ?plan ?property ?value {
          GRAPH ?g { ?plan a sd:Beleidsplan ; ?property ?value }
          VALUES ?property { sd:steuntOpWet sd:steuntOpPartner sd:steuntOpKader sd:noemt }
          FILTER NOT EXISTS { ?b sd:bewijstVan ?plan ; sd:bewijstRelatie ?property ; sd:bewijstNaar ?value }
        }""",
    )
    missing = [row for row in missing if "afgeleid" not in str(row)]
    assert missing == []


def test_a_section_yields_something_or_says_why(graph: sdkg.KnowledgeGraph) -> None:
    silent = rows(
        graph,
        """
        SELECT ?section {
          ?section a sd:Sectie
          OPTIONAL { ?x sd:vindplaats ?section }
          OPTIONAL { ?section sd:leegOmdat ?reason }
          OPTIONAL { ?below sd:bovensectie ?section }
          FILTER(!BOUND(?x) && !BOUND(?reason) && !BOUND(?below))
        }""",
    )
    assert silent == []


def test_topics_are_a_scheme(graph: sdkg.KnowledgeGraph) -> None:
    for kind in ("Onderwerp", "Doelgroep"):
        loose = rows(
            graph,
            f"""
            SELECT ?x {{
              ?x a sd:{kind}
              OPTIONAL {{ ?x skos:definition ?nl FILTER(LANG(?nl) = "nl") }}
              OPTIONAL {{ ?x skos:definition ?en FILTER(LANG(?en) = "en") }}
              OPTIONAL {{ ?x skos:inScheme ?scheme }}
              OPTIONAL {{ ?x skos:broader|skos:topConceptOf ?above }}
              FILTER(!BOUND(?nl) || !BOUND(?en) || !BOUND(?scheme) || !BOUND(?above))
            }}""",
        )
        assert loose == [], kind


def test_goals_themes_and_measures_have_topics(graph: sdkg.KnowledgeGraph) -> None:
    without = rows(
        graph,
        """
        SELECT ?x { VALUES ?kind { sd:Thema sd:Opgave sd:Doel sd:Maatregel } ?x a ?kind
          OPTIONAL { ?x sd:heeftOnderwerp ?topic } FILTER(!BOUND(?topic)) }""",
    )
    assert without == []


def test_the_vocabulary_is_all_used_or_known_to_wait(graph: sdkg.KnowledgeGraph) -> None:
    """A class that no plan uses would be a drawer without content."""
    classes = {iri for (iri,) in rows(graph, "SELECT DISTINCT ?c { ?x a ?c }")}
    expected = {SD + name for name in ("Doel", "Effect", "Missie", "Resultaat", "Begrotingspost", "Besluit")}
    assert expected <= classes
