"""Canonical Turtle: the same graph, the same bytes, and the plans in the repository are written so."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdkg.project import Project
from sdkg.reading import parse, read
from sdkg.turtle import write_turtle
from tests.paths import ROOT

PROJECT = Project.at(ROOT)


@pytest.mark.parametrize("path", PROJECT.plan_files, ids=lambda path: path.stem)
def test_plans_are_canonical(path: Path) -> None:
    assert write_turtle(read(path).triples) == path.read_text("utf-8")


@pytest.mark.parametrize("path", PROJECT.reference_files, ids=lambda path: path.stem)
def test_reference_data_survive(path: Path) -> None:
    triples = read(path).triples
    assert set(parse(write_turtle(triples).encode(), path)) == set(triples)


def test_order_of_input_does_not_matter() -> None:
    triples = list(read(PROJECT.plan_files[0]).triples)
    text = write_turtle(triples)
    triples.reverse()
    assert write_turtle(triples) == text


def test_sections_head_their_elements() -> None:
    text = (ROOT / "instances" / "heerde" / "heerde-2022.ttl").read_text("utf-8")
    heads = [line for line in text.splitlines() if line.startswith("# ------")]
    assert heads[:2] == ["# ---------------- Plan", "# ---------------- Secties"]
    assert len(heads) == len(set(heads)) > 20


_words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_ENDS = ("def#Doel", "id/wet/a", "id/wet/a.", "id/wet/-b", "id/p/doel-x", "id/p", "x'y(z)")
_iris = st.sampled_from([ox.NamedNode(f"https://w3id.org/sociaal-domein/{end}") for end in _ENDS])
_types = [
    ox.NamedNode("http://www.w3.org/2001/XMLSchema#" + name)
    for name in ("integer", "decimal", "boolean", "date")
]
_terms = st.one_of(
    _iris,
    st.builds(ox.Literal, _words),
    st.builds(lambda text, lang: ox.Literal(text, language=lang), _words, st.sampled_from(["nl", "en"])),
    st.builds(lambda text, kind: ox.Literal(text, datatype=kind), _words, st.sampled_from(_types)),
    st.builds(
        lambda text: ox.Literal(text, datatype=_types[1]),
        st.sampled_from(["1.0", "007.50", ".5", "1.", "-2", "+3.0"]),
    ),
)


@given(st.sets(st.builds(ox.Triple, _iris, _iris, _terms), max_size=12))
def test_any_graph_survives(triples: set[ox.Triple]) -> None:
    text = write_turtle(triples)
    assert {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, lenient=True)} == triples
    assert write_turtle(triples) == text
