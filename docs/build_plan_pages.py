"""Write a page for each plan, and their index: `python docs/build_plan_pages.py [--check]`."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import page_folder
import pyoxigraph as ox

from sdkg.namespaces import DCT, ID, RDF, RDFS, SD, SKOS, shorten
from sdkg.project import Project
from sdkg.reading import read
from sdkg.validation import Finding, validate

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "plans"
INDEX = "README"
WARNINGS = "## Waarschuwingen\n"
REASONS = {
    "Beleidsplan-planstatus": "De tekst van het plan zegt nergens of en door wie het is vastgesteld; "
    "de graaf vult dat niet zelf in.",
}  # fmt: skip
"""Why a warning stays, by the shape that gives it: what it is in the source that causes it."""
UNKNOWN_REASON = "Nog niet uitgezocht."
ONLY_EVIDENCE = "Geen eigen elementen, wel bewijzen."
ONLY_BELOW = "Geen eigen elementen; die staan in de secties eronder."


@dataclass
class Facts:
    """What files say, in their order: subject, predicate and values, without texts in other languages."""

    said: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    index: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, project: Project) -> Facts:
        facts = cls()
        for path in (project.core_ontology, *project.reference_files, *project.plan_files):
            for triple in read(path).triples:
                facts.add(triple)
        return facts

    def add(self, triple: ox.Triple) -> None:
        subject, value = triple.subject, triple.object
        if isinstance(value, ox.Literal) and value.language not in (None, "nl"):
            return
        if isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
            predicate = triple.predicate.value
            values = self.said.setdefault(subject.value, {}).setdefault(predicate, [])
            if value.value not in values:
                values.append(value.value)
                self.index.setdefault((predicate, value.value), []).append(subject.value)

    def all(self, subject: str, predicate: str) -> list[str]:
        return self.said.get(subject, {}).get(predicate, [])

    def one(self, subject: str, predicate: str) -> str:
        return next(iter(self.all(subject, predicate)), "")

    def pointing(self, predicate: str, value: str) -> list[str]:
        """What has `value` as its `predicate`, by its rank in the plan."""
        return sorted(self.index.get((predicate, value), ()), key=self.rank)

    def rank(self, subject: str) -> tuple[int, str]:
        return int(self.one(subject, SD + "volgorde") or 0), subject

    def name(self, iri: str) -> str:
        return self.one(iri, SKOS + "prefLabel") or self.one(iri, RDFS + "label") or shorten(iri)

    def kind(self, iri: str) -> str:
        """The name of the class of ours that something is in."""
        return next((self.name(c) for c in self.all(iri, RDF + "type") if c.startswith(SD)), "")

    def kinds(self) -> list[str]:
        """The names of the classes of elements, in the order of the ontology."""
        return [self.name(iri) for iri in self.index[RDFS + "subClassOf", SD + "Planelement"]]

    def heading(self, section: str) -> str:
        return " ".join(filter(None, (self.one(section, SD + "nummer"), self.name(section))))


def escape(text: str) -> str:
    """A text that Markdown shows as it is, also in a cell of a table.

    Example:
        >>> escape("a|b <c> *d*")
        'a\\\\|b \\\\<c\\\\> \\\\*d\\\\*'
    """
    return re.sub(r"([\\`*_\[\]<>|~$&])", r"\\\1", " ".join(text.split()))


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; the cells are texts, not Markdown."""
    lines = [heads, ["---"] * len(heads), *([escape(str(cell)) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def count_kinds(facts: Facts, elements: Iterable[str]) -> dict[str, int]:
    """How many of each kind there are, in the order of the ontology."""
    counts = Counter(map(facts.kind, elements))
    return {kind: counts[kind] for kind in facts.kinds() if counts[kind]}


def page(facts: Facts, plan: str, file: str) -> str:
    """The page of a plan, up to the warnings."""
    parts = (
        f"# {escape(facts.name(plan))}\n",
        f"*What the knowledge graph holds of this plan, generated from `{file}` by "
        "`python docs/build_plan_pages.py`; do not edit.*\n",
        "\n".join(f"- {line}" for line in _identity(facts, plan)) + "\n",
        "## Aantallen\n",
        _counts(facts, plan),
        "## Secties\n",
        _sections(facts, plan),
        "## Lacunes: wat het plan toont maar de tekst niet bevat\n",
        _remarks(facts, plan, SD + "lacune", "Wat ontbreekt"),
        "## Twijfels: wat er niet klopt aan wat het plan schrijft\n",
        _remarks(facts, plan, SD + "twijfel", "Wat niet klopt"),
    )
    return "\n".join(parts) + "\n"


def _identity(facts: Facts, plan: str) -> Iterator[str]:
    """What the plan is, line by line; what is not stated is left out."""
    yield f"IRI: `{plan}`"
    for maker in facts.all(plan, SD + "opgesteldDoor"):
        yield f"Opgesteld door: {escape(_maker(facts, maker))}"
    yield f"Periode: {period(facts, plan)}"
    for status in facts.all(plan, SD + "planstatus"):
        yield f"Status: {escape(facts.name(status))}"
    for other in facts.all(plan, SD + "opvolgerVan"):
        yield f"Opvolger van: {link(facts, other)}"
    for other in facts.pointing(SD + "opvolgerVan", plan):
        yield f"Opgevolgd door: {link(facts, other)}"
    decisions = facts.all(plan, SD + "heeftBesluit")
    for decision in sorted(decisions, key=lambda iri: (facts.one(iri, SD + "besluitdatum") or "later", iri)):
        yield f"Besluit: {_decision(facts, decision)}"


def _maker(facts: Facts, maker: str) -> str:
    members = ", ".join(map(facts.name, facts.all(maker, SD + "deelnemer")))
    return f"{facts.name(maker)} ({facts.kind(maker)}{members and f' van {members}'})"


def period(facts: Facts, plan: str) -> str:
    return f"{facts.one(plan, SD + 'geldigVan')} tot en met {facts.one(plan, SD + 'geldigTot')}"


def link(facts: Facts, plan: str) -> str:
    return f"[{escape(facts.name(plan))}]({plan.removeprefix(ID)}.md)"


def _decision(facts: Facts, decision: str) -> str:
    day, until = facts.one(decision, SD + "besluitdatum"), facts.one(decision, SD + "verlengtTot")
    extra = (
        day or "zonder datum",
        *map(facts.name, facts.all(decision, SD + "besluitDoor")),
        until and f"verlengt tot en met {until}",
    )
    described = facts.one(decision, DCT + "description")
    text = f"{facts.name(decision)} ({'; '.join(filter(None, extra))})"
    return escape(f"{text}. {described}" if described else text)


def _counts(facts: Facts, plan: str) -> str:
    counts = count_kinds(facts, facts.pointing(SD + "inPlan", plan))
    sections = facts.pointing(SD + "sectieVan", plan)
    proofs = sum(len(_standing(facts, section)[1]) for section in sections)
    whole = [("alle elementen", sum(counts.values())), ("secties", len(sections)), ("bewijzen", proofs)]
    return table(("Soort", "Aantal"), [*counts.items(), *whole])


def _standing(facts: Facts, section: str) -> tuple[list[str], list[str]]:
    """The elements that stand in a section, and the evidences."""
    found = facts.pointing(SD + "vindplaats", section)
    proofs = [iri for iri in found if SD + "Bewijs" in facts.all(iri, RDF + "type")]
    return [iri for iri in found if iri not in proofs], proofs


def _sections(facts: Facts, plan: str) -> str:
    rows = []
    for section in facts.pointing(SD + "sectieVan", plan):
        elements, proofs = _standing(facts, section)
        relations = Counter(facts.name(facts.one(iri, SD + "bewijstRelatie")) for iri in proofs)
        kinds = listed(count_kinds(facts, elements))
        proven = listed(dict(sorted(relations.items())))
        why = "" if elements else _why_empty(facts, section, bool(proofs))
        number = facts.one(section, SD + "nummer")
        rows.append((number, facts.name(section), len(elements), kinds, len(proofs), proven, why))
    heads = (
        "Nummer", "Kop", "Elementen", "Per soort", "Bewijzen", "Bewezen verbanden", "Waarom geen elementen",
    )  # fmt: skip
    return table(heads, rows)


def _why_empty(facts: Facts, section: str, proofs: bool) -> str:
    reason = facts.one(section, SD + "leegOmdat")
    if reason or proofs:
        return reason or ONLY_EVIDENCE
    return ONLY_BELOW if _yields_below(facts, section) else UNKNOWN_REASON


def _yields_below(facts: Facts, section: str) -> bool:
    below = facts.pointing(SD + "bovensectie", section)
    return any(facts.pointing(SD + "vindplaats", s) or _yields_below(facts, s) for s in below)


def _remarks(facts: Facts, plan: str, predicate: str, head: str) -> str:
    """What is remarked on the plan, first, and on its elements."""
    rows = [
        (facts.name(iri), shorten(iri), facts.kind(iri), _place(facts, iri), text)
        for iri in (plan, *facts.pointing(SD + "inPlan", plan))
        for text in sorted(facts.all(iri, predicate))
    ]
    return table(("Element", "Naam in de graaf", "Soort", "Plaats", head), rows) if rows else "Geen.\n"


def _place(facts: Facts, iri: str) -> str:
    section, under = facts.one(iri, SD + "vindplaats"), facts.one(iri, SD + "tussenkop")
    place = facts.heading(section) if section else "het hele plan"
    return f"{place}, onder {under}" if under else place


def warnings_part(findings: Sequence[Finding]) -> str:
    """The end of a page: the warnings that stay, each with the reason."""
    if not findings:
        return f"{WARNINGS}\nGeen.\n"
    rows = [(f.label or shorten(f.focus), f.message_nl, reason(f)) for f in findings]
    return f"{WARNINGS}\n{table(('Waarvan', 'Waarschuwing', 'Oorzaak in de bron'), rows)}"


def reason(finding: Finding) -> str:
    return REASONS.get(finding.shape.rpartition("#")[2], UNKNOWN_REASON)


def index(facts: Facts, warnings: Mapping[str, int]) -> str:
    """The page that leads to the others; `warnings` says how many each plan has, by its name."""
    rows = "".join(_index_row(facts, ID + name, count) for name, count in warnings.items())
    heads = (
        "Plan",
        "Opgesteld door",
        "Periode",
        "Secties",
        "Elementen",
        "Lacunes",
        "Twijfels",
        "Waarschuwingen",
    )
    return (
        "# Plannen in de kennisgraaf\n\n"
        "*The plans in the knowledge graph, one page each, generated from `instances/` by "
        "`python docs/build_plan_pages.py`; do not edit.*\n\n" + table(heads, ()) + rows
    )


def _index_row(facts: Facts, plan: str, warnings: int) -> str:
    elements = facts.pointing(SD + "inPlan", plan)
    makers = ", ".join(map(facts.name, facts.all(plan, SD + "opgesteldDoor")))
    remarks = [sum(len(facts.all(i, SD + p)) for i in (plan, *elements)) for p in ("lacune", "twijfel")]
    sections = len(facts.pointing(SD + "sectieVan", plan))
    cells = (
        link(facts, plan),
        escape(makers),
        period(facts, plan),
        sections,
        len(elements),
        *remarks,
        warnings,
    )
    return f"| {' | '.join(map(str, cells))} |\n"


def pages(project: Project) -> dict[str, str]:
    """Every page by its name, the index too; validates the plans, which takes a while."""
    facts, pages_ = Facts.of(project), {}
    found = validate(project, project.plan_files, workers=os.cpu_count() or 1).of("Warning")
    warnings = {}
    for path in project.plan_files:
        file = project.name_of(path)
        own = [finding for finding in found if finding.file == file]
        warnings[path.stem] = len(own)
        pages_[path.stem] = page(facts, ID + path.stem, file) + warnings_part(own)
    return {INDEX: index(facts, warnings), **pages_}


if __name__ == "__main__":
    sys.exit(page_folder.main(PAGES, pages(Project.at(ROOT)), "python docs/build_plan_pages.py"))
