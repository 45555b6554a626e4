"""Write a page for each rule of validation, and their index: `python docs/build_rule_pages.py [--check]`.

The words are those of the shapes (`sdkg/findings/guide.py`); the examples come from the good and bad data of
the tests (`rule_examples.py`), and a test has the rules look at them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import page_folder
from rule_examples import Examples
from syntax_examples import SYNTAX_EXAMPLES

from sdkg.findings.guide import Rule, files_of, iri_of, rules_of, write_page
from sdkg.findings.model import SYNTAX
from sdkg.findings.rulebook import Rulebook
from sdkg.project import Project
from sdkg.reading import read

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "rules"
INDEX = "README"
LEVELS = {
    "must": "moet (must)",
    "should": "zou moeten (should)",
    "may": "mag (may)",
    SYNTAX: "moet (must)",
}


def examples(project: Project) -> dict[str, tuple[str, str]]:
    """What fails and what passes, by the name of the rule."""
    shapes = [triple for path in project.shape_files for triple in read(path).triples]
    found = Examples(Rulebook(shapes, read(project.core_ontology).triples))
    rules = rules_of(project)
    of_shapes = {name: found.of(iri_of(name)) for name, rule in rules.items() if rule.level != SYNTAX}
    return of_shapes | {f"{SYNTAX}-{kind}": pair for kind, pair in SYNTAX_EXAMPLES.items()}


def pages(project: Project) -> dict[str, str]:
    """Every page by its name, the index too."""
    shown = examples(project)
    rules = rules_of(project)
    made = {file: write_page(rules[name], *shown[name]) for name, file in files_of(rules).items()}
    return {INDEX: "".join(_index(rules)), **made}


def _index(rules: Mapping[str, Rule]) -> Iterator[str]:
    yield (
        "# Regels\n\n"
        "*The rules that `sdkg validate` checks, one page each, generated from `shapes/` by "
        "`python docs/build_rule_pages.py`; do not edit.*\n\n"
        "Elke bevinding noemt haar regel. `sdkg rule NAAM` toont deze pagina's ook zonder internet. "
        "De voorbeelden laten van een element alleen zien waar de regel over gaat, en geen prefixregels; "
        "ze staan in een klein verzonnen plan (`tests/data/shapes/basis.ttl`).\n\n"
        "Each finding names its rule; `sdkg rule NAME` shows these pages offline. The examples show of an "
        "element only what the rule is about, and no prefix lines; they stand in a small made-up plan.\n"
    )
    kind, files = None, files_of(rules)
    for rule in rules.values():
        if rule.kind != kind:
            kind = rule.kind
            source = f" (`{rule.source}`)" if rule.source else ""
            yield f"\n## {kind.nl}{source}\n\n*{kind.en}; {LEVELS[rule.level]}.*\n\n"
        yield f"- [{rule.name}]({files[rule.name]}.md): {rule.summary.nl}\n"


if __name__ == "__main__":
    sys.exit(page_folder.main(PAGES, pages(Project.at(ROOT)), "python docs/build_rule_pages.py"))
