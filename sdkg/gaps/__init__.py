"""What plans leave open: the saved questions about gaps, put together, counted and compared.

A gap of the plan is not a fault of the data; faults are for `sdkg.validation`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from sdkg.gaps.kinds import KINDS, Kind, vague_word
from sdkg.namespaces import DCT, ID, RDF, SD, SKOS

if TYPE_CHECKING:
    from sdkg.graph import KnowledgeGraph
    from sdkg.rows import Row


@dataclass(frozen=True)
class Element:
    """Something in a plan: its IRI, its label, the section it stands in, and a word that explains the gap."""

    iri: str
    label: str
    section: str
    remark: str = ""


@dataclass(frozen=True)
class Gap:
    """One kind of gap in one plan: the elements it concerns, out of how many."""

    kind: Kind
    plan: str
    elements: tuple[Element, ...]
    total: int

    @property
    def share(self) -> float | None:
        """Which part of all such elements of the plan; `None` if the plan has none at all."""
        return len(self.elements) / self.total if self.total else None


@dataclass(frozen=True)
class Gaps:
    """The plans (IRI and label), those told of in full (IRIs), and what was found per kind and plan."""

    plans: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]
    found: tuple[Gap, ...]

    def of(self, plan: str, kind: Kind) -> Gap:
        """The gap of a kind in a plan."""
        return next(gap for gap in self.found if (gap.plan, gap.kind) == (plan, kind))


def find_gaps(graph: KnowledgeGraph, plan: str | None = None) -> Gaps:
    """What the plans leave open.

    Args:
        graph: where to look.
        plan: the plan to tell of in full, by any of its names; the others are still counted, to compare.

    Raises:
        UnknownNameError, AmbiguousNameError: not exactly one plan has that name.

    Example:
        >>> from sdkg import load
        >>> gaps = find_gaps(load(), "heerde-2022")
        >>> gap = gaps.of(gaps.chosen[0], KINDS[0])
        >>> gap.kind.label[1], len(gap.elements), gap.total
        ('Goals without indicator', 62, 96)
    """
    chosen = graph.find(plan, "Beleidsplan") if plan else None
    finder = _Finder(graph)
    plans = sorted((iri, finder.text(iri, SKOS + "prefLabel")) for iri in finder.subjects("Beleidsplan"))
    gaps = [
        Gap(kind, iri, tuple(finder.elements(kind, iri)), finder.total(kind, iri))
        for iri, _ in plans
        for kind in KINDS
    ]
    return Gaps(tuple(plans), (chosen,) if chosen else tuple(iri for iri, _ in plans), tuple(gaps))


class _Finder:
    """Asks each question once, for all plans together."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.graph = graph
        self.in_plan = {
            str(quad.subject)[1:-1]: str(quad.object)[1:-1]
            for quad in graph.engine.quads(None, ox.NamedNode(SD + "inPlan"), None)
        }
        self._answers: dict[str, list[Row]] = {}

    def rows(self, question: str, plan: str) -> list[Row]:
        """The rows of a saved question that are about a plan."""
        if question not in self._answers:
            self._answers[question] = list(self.graph.query(question))
        return [row for row in self._answers[question] if row.plan == plan]

    def elements(self, kind: Kind, plan: str) -> Iterator[Element]:
        """The elements of a plan with a gap, each once, in the order of the plan."""
        seen = set()
        for element in self._elements(kind.key, plan):
            if element.iri not in seen:
                seen.add(element.iri)
                yield element

    def _elements(self, key: str, plan: str) -> Iterator[Element]:
        if key == "doelen-zonder-iets-meetbaars":
            yield from self._vague_goals(plan)
        elif key.startswith("indicatoren-zonder-"):
            column = key.removeprefix("indicatoren-zonder-")
            rows = self.rows("indicatoren-met-nulmeting-en-streefwaarde", plan)
            yield from (_element(row, "indicator") for row in rows if row[column] is None)
        elif key.startswith("themas-zonder-"):
            column = {"wet": "wetten", "partner": "partners"}[key.removeprefix("themas-zonder-")]
            yield from self._bare_themes(column, plan)
        else:
            yield from (_element(row, row.columns[0]) for row in self.rows(key, plan))

    def _vague_goals(self, plan: str) -> Iterator[Element]:
        for row in self.rows("doelen-zonder-indicator", plan):
            goal = _element(row, "doel")
            word = vague_word(f"{goal.label} {self.text(goal.iri, DCT + 'description')}")
            if word:
                yield Element(goal.iri, goal.label, goal.section, word)

    def _bare_themes(self, column: str, plan: str) -> Iterator[Element]:
        """Themes without one, with how many other themes have one: of this plan, and of all plans."""
        rows = self.rows("grondslag-per-thema", plan)
        every = self._answers["grondslag-per-thema"]
        here, everywhere = (sum(bool(row[column]) for row in some) for some in (rows, every))
        for row in rows:
            if not row[column] and everywhere:
                theme = _element(row, "thema")
                yield Element(
                    theme.iri, theme.label, theme.section, f"{here}/{len(rows)} · {everywhere}/{len(every)}"
                )

    def total(self, kind: Kind, plan: str) -> int:
        """How many elements of a plan could have such a gap."""
        found = self.subjects(kind.cls) if kind.cls else self._targets()
        return sum(self.in_plan.get(iri) == plan for iri in found)

    def subjects(self, cls: str) -> set[str]:
        """The IRIs of what is stated to be of a class."""
        return self._having(RDF + "type", SD + cls)

    def _targets(self) -> set[str]:
        return self._having(SD + "metingsoort", ID + "waarde/streefwaarde")

    def _having(self, predicate: str, value: str) -> set[str]:
        quads = self.graph.engine.quads(None, ox.NamedNode(predicate), ox.NamedNode(value))
        return {str(quad.subject)[1:-1] for quad in quads}

    def text(self, iri: str, predicate: str) -> str:
        """A text of a thing; "" if it has none."""
        quads = self.graph.engine.quads(ox.NamedNode(iri), ox.NamedNode(predicate), None)
        return min((quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)), default="")


def _element(row: Row, column: str) -> Element:
    return Element(str(row[column]), str(row[f"{column}Label"]), str(row.sectieLabel or ""))
