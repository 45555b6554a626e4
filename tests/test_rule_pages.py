"""The pages of the rules: what the command makes, with examples that fail and pass as they say.

Each example is looked at by the one shape it is for, beside the ontology and the small plan of the tests.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import html5lib
import pyshacl
import pytest
from rdflib import BNode, Graph, URIRef
from rdflib.namespace import RDF, SH

from sdkg import KnowledgeGraph
from sdkg.cli import run
from sdkg.errors import UnknownNameError
from sdkg.findings.guide import Rule, files_of, find_rule, iri_of, page_of, rules_of
from sdkg.findings.model import SYNTAX
from sdkg.findings.syntax import in_general
from sdkg.pages.links import Filed, Served
from sdkg.pages.links import page_of as place_of
from sdkg.pages.rules import rules_page
from sdkg.positions import parse_text
from sdkg.project import Project
from sdkg.validation.reference import graph_with_cached_queries
from tests.paths import DATA, ROOT

PROJECT = Project.at(ROOT)
PAGES = ROOT / "docs" / "rules"
RULES = rules_of(PROJECT)
FILES = files_of(RULES)
OF_SHAPES = [name for name, rule in RULES.items() if rule.level != SYNTAX]
OF_SYNTAX = [name for name, rule in RULES.items() if rule.level == SYNTAX and name != "syntax-unreadable"]


def load_builder() -> ModuleType:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return importlib.import_module("build_rule_pages")
    finally:
        sys.path.pop(0)


builder = load_builder()
prefixes: Callable[[str], str] = sys.modules["rule_examples"].prefixes


def examples(name: str) -> tuple[str, str]:
    """What stands on a page: what fails and what passes."""
    text = (PAGES / f"{FILES[name]}.md").read_text("utf-8")
    wrong, right = re.findall(r"```turtle\n(.*?)```", text, re.DOTALL)
    return wrong, right


def test_the_pages_are_what_the_command_makes() -> None:
    assert builder.page_folder.stale(builder.PAGES, builder.pages(PROJECT)) == [], (
        "run `python docs/build_rule_pages.py`"
    )


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    shapes = Graph()
    for path in PROJECT.shape_files:
        shapes.parse(path)
    named = {str(shape).rpartition("#")[2] for shape in shapes.subjects(SH.severity)}
    assert set(OF_SHAPES) == named
    assert {f"{SYNTAX}-{kind}" for kind in in_general()} == set(RULES) - named
    assert {path.name for path in PAGES.iterdir()} == {f"{file}.md" for file in (*FILES.values(), "README")}
    assert len({file.casefold() for file in FILES.values()}) == len(RULES)


def test_the_index_leads_to_every_page() -> None:
    links = re.findall(r"\]\(([\w-]+)\.md\)", (PAGES / "README.md").read_text("utf-8"))
    assert links == list(FILES.values())


@pytest.mark.parametrize("name", RULES)
def test_a_page_says_it_all_in_both_languages(name: str) -> None:
    text = (PAGES / f"{FILES[name]}.md").read_text("utf-8")
    rule: Rule = RULES[name]
    dutch, _, english = text.partition("## In English")
    for said, part, heads in (
        (0, dutch, ("Waarom", "Waarop", "Wat te doen")),
        (1, english, ("Why", "On what", "What to do")),
    ):
        assert all(f"\n- {head}: " in part for head in heads)
        for words in (rule.asks, rule.advice, rule.targets):
            assert (words.nl, words.en)[said] in part
    assert iri_of(name) in text


# ---------------------------------------------------------------- the examples


@cache
def shapes() -> Graph:
    graph = Graph()
    for path in PROJECT.shape_files:
        graph.parse(path)
    return graph


@cache
def beside() -> Graph:
    """What every example is seen with."""
    graph = graph_with_cached_queries()
    graph.parse(PROJECT.core_ontology)
    graph.parse(DATA / "shapes" / "basis.ttl")
    return graph


def only(name: str) -> Graph:
    """One shape, with what is within it and the prefixes of its query."""
    graph, todo = Graph(), [URIRef(iri_of(name)), *shapes().objects(None, SH.prefixes)]
    while todo:
        node = todo.pop()
        for predicate, value in shapes().predicate_objects(node):
            graph.add((node, predicate, value))
            if isinstance(value, BNode):
                todo.append(value)
    return graph


def finds(name: str, text: str) -> bool:
    """Whether the shape of a rule finds something in a text that is not there without it."""
    own = Graph().parse(data=prefixes(text) + text, format="turtle")
    fresh = [triple for triple in own if triple not in beside()]
    assert len(own) > 0
    for triple in fresh:
        beside().add(triple)
    try:
        _, report, _ = pyshacl.validate(
            beside(), shacl_graph=only(name), inference="none", advanced=False, inplace=True
        )
    finally:
        for triple in fresh:
            beside().remove(triple)
    assert isinstance(report, Graph)
    found = {
        report.value(result, SH.sourceShape) for result in report.subjects(RDF.type, SH.ValidationResult)
    }
    assert found <= {URIRef(iri_of(name))}
    return bool(found)


@pytest.mark.filterwarnings("ignore")  # the dates and numbers that are wrong on purpose
@pytest.mark.parametrize("name", OF_SHAPES)
def test_what_fails_fails_and_what_passes_passes(name: str) -> None:
    wrong, right = examples(name)
    assert finds(name, wrong)
    assert not finds(name, right)


@pytest.mark.parametrize("name", OF_SYNTAX)
def test_a_syntax_example_has_its_fault(name: str) -> None:
    wrong, right = examples(name)
    lines = "" if wrong.startswith("@") else prefixes(right)
    fault = parse_text(lines + wrong).fault
    assert fault is not None
    assert f"{SYNTAX}-{fault.kind}" == name
    assert parse_text(lines + right).fault is None


# ---------------------------------------------------------------- at the terminal


def test_the_command(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["rule", "sh-sd:volgorde-vorm", "--project", str(ROOT)]) == 0
    out = capsysbinary.readouterr().out.decode()
    assert out.startswith("# volgorde-vorm\n\nhttps://w3id.org/sociaal-domein/shapes#volgorde-vorm\n")
    assert "sd:volgorde 0 ." in out
    assert "do not edit" not in out
    assert run(["rule", "--project", str(ROOT)]) == 0
    listed = capsysbinary.readouterr().out.decode().splitlines()
    assert [line.partition(":")[0] for line in listed] == list(RULES)
    assert run(["rule", "volgorde-vrom", "--project", str(ROOT)]) == 2
    assert b"'volgorde-vorm'?" in capsysbinary.readouterr().err


def test_a_rule_is_found_by_what_a_finding_calls_it() -> None:
    assert find_rule(RULES, iri_of("Plan-vervangen")) == "Plan-vervangen"
    assert find_rule(RULES, "plan-vervangen") == "plan-vervangen"
    assert find_rule(RULES, "SYNTAX-DOT") == "syntax-dot"
    with pytest.raises(UnknownNameError):
        find_rule(RULES, "")


def test_a_project_has_rules_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "eigen.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> .
        <https://example.org/regels#kort> a sh:NodeShape ; sh:targetClass <https://example.org/Ding> ;
            sh:name "kort"@nl, "short"@en ; sh:description "Een naam is kort."@nl, "A name is short."@en .
        <https://w3id.org/sociaal-domein/shapes#volgorde-vorm> a sh:NodeShape ;
            sh:targetClass <https://example.org/Ding> ; sh:description "Iets anders."@nl, "Another."@en .""",
        "utf-8",
    )
    project = Project.at(tmp_path)
    assert "**Kort.** Een naam is kort." in page_of(project, "kort")
    other = page_of(project, "volgorde-vorm")
    assert "Iets anders." in other
    assert "```" not in other


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_address_of_a_rule_is_a_place_on_a_page(graph: KnowledgeGraph, lang: str) -> None:
    links = Served(lang, chosen=True)
    page = rules_page(graph, links).decode()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    terms = [element for element in tree.iter("div") if element.get("class") == "term"]
    assert [element.get("id") for element in terms] == list(RULES)
    assert place_of(links, iri_of("volgorde-vorm")) == f"/shapes?lang={lang}#volgorde-vorm"
    for element, rule in zip(terms, RULES.values(), strict=True):
        said = "".join(element.itertext())
        assert (rule.advice.nl, rule.advice.en)[lang == "en"].replace("`", "")[1:] in said
        shown = ["".join(pre.itertext()) for pre in element.iter("pre")]
        assert shown == ([] if rule.name == "syntax-unreadable" else list(examples(rule.name)))
    data = html5lib.parse(rules_page(graph, Filed(lang, "shapes")), namespaceHTMLElements=False)
    assert len([element for element in data.iter("div") if element.get("class") == "term"]) == len(RULES)
