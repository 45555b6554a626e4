"""The pages of the plans: what the command makes, complete, and adding up to the files.

Validation is slow, and the session's store has been through it: of the warnings the tests ask here how many
there are, and that each is one a shape gives. `python docs/build_plan_pages.py --check` compares them whole.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sdkg
from sdkg.namespaces import ID, SD
from sdkg.reading import read
from sdkg.validation import validate
from tests.paths import ROOT

PROJECT = sdkg.Project.at(ROOT)
PLANS = {path.stem: path for path in PROJECT.plan_files}
PAGES = ROOT / "docs" / "plans"

each_plan = pytest.mark.parametrize("plan", sorted(PLANS))


def load_builder() -> ModuleType:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return importlib.import_module("build_plan_pages")
    finally:
        sys.path.pop(0)


builder = load_builder()


@pytest.fixture(scope="module")
def facts() -> Any:
    return builder.Facts.of(PROJECT)


def text_of(plan: str) -> str:
    return (PAGES / f"{plan}.md").read_text("utf-8")


def rows(plan: str, part: str) -> list[list[str]]:
    """The rows of the table in a part of a page, as texts."""
    _, _, rest = text_of(plan).partition(f"\n## {part}")
    lines = [line for line in rest.partition("\n## ")[0].splitlines() if line.startswith("|")]
    return [cells(line) for line in lines[2:]]


def cells(line: str) -> list[str]:
    found = re.split(r"(?<!\\)\|", line)[1:-1]
    return [re.sub(r"\\(.)", r"\1", cell.strip(" ")) for cell in found]


def triples_with(plan: str, name: str) -> list[str]:
    """The values of a property of ours in the file of a plan."""
    return [str(t.object) for t in read(PLANS[plan]).triples if t.predicate.value == SD + name]


def test_every_plan_has_a_page_and_a_place_in_the_index() -> None:
    assert {path.stem for path in PAGES.iterdir()} == {*PLANS, "README"}
    links = re.findall(r"\]\(([\w-]+)\.md\)", text_of("README"))
    assert links == list(PLANS)


@each_plan
def test_a_page_is_what_the_command_makes(plan: str, facts: Any) -> None:
    made = builder.page(facts, ID + plan, PROJECT.name_of(PLANS[plan]))
    assert text_of(plan).partition(builder.WARNINGS)[0] == made, "run `python docs/build_plan_pages.py`"


@pytest.fixture(scope="module")
def warnings() -> dict[str, int]:
    """How many each plan has."""
    counts = Counter(finding.file for finding in validate(PROJECT).findings)
    return {plan: counts[PROJECT.name_of(path)] for plan, path in PLANS.items()}


def test_the_index_is_what_the_command_makes(facts: Any, warnings: dict[str, int]) -> None:
    assert text_of("README") == builder.index(facts, warnings), "run `python docs/build_plan_pages.py`"


@each_plan
def test_every_warning_is_there_with_its_cause(plan: str, warnings: dict[str, int]) -> None:
    found = rows(plan, "Waarschuwingen")
    assert len(found) == warnings[plan]
    shapes = [triple for path in PROJECT.shape_files for triple in read(path).triples]
    messages = {str(t.object.value) for t in shapes if t.predicate.value.endswith("#message")}  # type: ignore[union-attr]
    for about, message, cause in found:
        assert about
        assert message in messages
        assert cause in builder.REASONS.values(), message
    assert ("Geen." in text_of(plan).partition(builder.WARNINGS)[2]) == (not found)


@each_plan
def test_a_section_without_elements_says_why(plan: str) -> None:
    sections = rows(plan, "Secties")
    assert len(sections) == len(triples_with(plan, "sectieVan"))
    for _, heading, elements, _, proofs, _, why in sections:
        assert bool(why) == (elements == "0"), heading
        assert why != builder.UNKNOWN_REASON, heading
        assert (why == builder.ONLY_EVIDENCE) <= (proofs != "0"), heading


@each_plan
def test_a_reason_for_an_empty_section_is_that_of_the_file(plan: str) -> None:
    reasons = {row[6] for row in rows(plan, "Secties")} - {"", builder.ONLY_EVIDENCE, builder.ONLY_BELOW}
    said = {t.object.value for t in read(PLANS[plan]).triples if t.predicate.value == SD + "leegOmdat"}  # type: ignore[union-attr]
    assert reasons == said


@each_plan
def test_counts_add_up_to_the_file(plan: str) -> None:
    counts = {kind: int(count) for kind, count in rows(plan, "Aantallen")}
    proofs, sections, elements = counts.pop("bewijzen"), counts.pop("secties"), counts.pop("alle elementen")
    assert sum(counts.values()) == elements == len(triples_with(plan, "inPlan"))
    assert sections == len(triples_with(plan, "sectieVan"))
    assert proofs == len(triples_with(plan, "bewijstVan"))
    table = rows(plan, "Secties")
    assert (sum(int(row[2]) for row in table), sum(int(row[4]) for row in table)) == (elements, proofs)
    for row in table:
        assert sum(map(int, re.findall(r" (\d+)(?:,|$)", row[3]))) == int(row[2]), row[1]
        assert sum(map(int, re.findall(r" (\d+)(?:,|$)", row[5]))) == int(row[4]), row[1]


@each_plan
@pytest.mark.parametrize(("name", "part"), [("lacune", "Lacunes"), ("twijfel", "Twijfels")])
def test_every_remark_is_there(plan: str, name: str, part: str) -> None:
    table = rows(plan, part)
    assert len(table) == len(triples_with(plan, name))
    assert all(all(row) for row in table)


@settings(deadline=None)
@given(st.text())
def test_a_cell_is_text(text: str) -> None:
    line = builder.table(("a", "b"), [(text, "x")]).removesuffix("\n").split("\n")[2:]
    assert len(line) == 1
    assert cells(line[0]) == [" ".join(text.split()), "x"]
    assert not re.search(r"(?<!\\)[<*_`\[$]", line[0])


def test_check_names_what_is_missing_changed_or_left_over(tmp_path: Path) -> None:
    folder, pages = tmp_path / "plans", builder.page_folder
    made = {"a": "A\n", "b": "B\n"}
    assert pages.stale(folder, made) == ["a", "b"]
    pages.write(folder, made)
    assert pages.stale(folder, made) == []
    (folder / "a.md").write_text("other", "utf-8")
    (folder / "c.md").write_text("old", "utf-8")
    assert pages.stale(folder, made) == ["a", "c"]
    pages.write(folder, made)
    assert sorted(path.name for path in folder.iterdir()) == ["a.md", "b.md"]
