"""The page of the ontology: what its command makes, with every term, asking nothing of other servers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, Graph, Literal

from sdkg.namespaces import SD

ROOT = Path(__file__).resolve().parent.parent
BUILDER = Path("docs/build_ontology_page.py")
PAGE = Path("docs/ontology.html")
ONTOLOGY = Path("ontology/sociaal-domein.ttl")


class Page(HTMLParser):
    """What a browser meets in a page: identifiers, links, headings of terms, and what it must load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.headings: dict[str, str] = {}
        self._inside = ""
        self._term = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._inside = tag
        if "id" in given:
            self.ids.append(given["id"])
        if given.get("class") == "property entity":
            self._term = given["id"]
        if tag == "a":
            self.links.append(given.get("href", ""))
            return
        if tag == "script" and given.get("type") != "application/ld+json":
            self.loads.append(given.get("src", "a script"))
        names = ("src", "href", "srcset", "data", "poster", "action", "background")
        self.loads += [given[name] for name in names if name in given and tag != "script"]

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.loads += re.findall(r"@import[^;]*|url\([^)]*\)", data)
        if self._inside == "h3" and self._term:
            self.headings[self._term] = self.headings.get(self._term, "") + data.strip()

    @property
    def requests(self) -> list[str]:
        """What opening the page would fetch; what lies in the page itself (`data:`) is no request."""
        return [load for load in self.loads if not load.startswith("data:")]


def run(root: Path, *arguments: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(BUILDER), *arguments],
        cwd=root,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def page() -> Page:
    return Page((ROOT / PAGE).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def labels() -> dict[str, set[str]]:
    """The labels of every term, by the name in its IRI."""
    graph = Graph().parse(ROOT / ONTOLOGY)
    terms = {term for term in graph.subjects(RDF.type) if str(term).startswith(SD)}
    return {str(term).removeprefix(SD): {str(o) for o in graph.objects(term, RDFS.label)} for term in terms}


@pytest.fixture
def copy_of_project(tmp_path: Path) -> Path:
    """A folder with the command, the ontology and the page, to change at will."""
    for file in (BUILDER, PAGE, ONTOLOGY):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


@pytest.mark.parametrize("seed", ["1", "2"])
def test_page_is_what_the_command_makes_each_time(seed: str) -> None:
    result = run(ROOT, "--check", seed=seed)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_check_sees_a_page_changed_by_hand_and_leaves_it(copy_of_project: Path) -> None:
    file = copy_of_project / PAGE
    changed = file.read_text(encoding="utf-8").replace("Minder eenzaamheid", "Meer eenzaamheid")
    file.write_text(changed, encoding="utf-8")
    result = run(copy_of_project, "--check")
    assert result.returncode == 1
    assert f"Run `python {BUILDER.as_posix()}`" in result.stderr
    assert file.read_text(encoding="utf-8") == changed


def test_check_sees_a_changed_ontology_and_the_command_mends_it(copy_of_project: Path) -> None:
    file = copy_of_project / ONTOLOGY
    changed = file.read_text(encoding="utf-8").replace('"doel"@nl, "goal"@en', '"doel"@nl, "objective"@en')
    file.write_text(changed, encoding="utf-8")
    assert run(copy_of_project, "--check").returncode == 1
    assert run(copy_of_project).returncode == 0
    assert Page((copy_of_project / PAGE).read_text(encoding="utf-8")).headings["Doel"] == "doel (objective)"


def test_page_names_every_term_in_both_languages(page: Page, labels: dict[str, set[str]]) -> None:
    assert page.headings.keys() == labels.keys()
    assert len(labels) > 100
    for term, names in labels.items():
        assert all(name in page.headings[term] for name in names), term


def test_page_holds_every_definition(page: Page) -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    graph = Graph().parse(ROOT / ONTOLOGY)
    definition = "http://www.w3.org/2004/02/skos/core#definition"
    texts = [o for _, p, o in graph if str(p) == definition and isinstance(o, Literal)]
    assert len(texts) == 2 * len(page.headings)
    assert [str(o) for o in texts if str(o) not in text] == []


def test_opening_the_page_asks_nothing_of_other_servers(page: Page) -> None:
    assert page.loads
    assert page.requests == []


@pytest.mark.parametrize(
    "planted",
    [
        '<script src="https://example.org/x.js"></script>',
        "<script>fetch('https://example.org/')</script>",
        '<link rel="stylesheet" href="https://example.org/x.css">',
        '<img src="https://example.org/x.png">',
        "<style>@import 'https://example.org/x.css';</style>",
        "<style>b { background: url(https://example.org/x.png) }</style>",
    ],
)
def test_a_request_to_another_server_is_seen(planted: str) -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    assert len(Page(text.replace("</head>", planted + "</head>")).requests) == 1


def test_links_within_the_page_lead_somewhere(page: Page) -> None:
    within = {link for link in page.links if link.startswith("#")}
    assert len(within) > len(page.headings) / 2
    assert {link for link in within if link.removeprefix("#") not in page.ids} == set()
    assert [name for name, count in Counter(page.ids).items() if count > 1] == []
