"""The pages as HTML and as a site of files: what they tell, where links lead, that data stay text."""

from __future__ import annotations

import doctest
import hashlib
import importlib
import pkgutil
import shutil
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pyoxigraph as ox
import pytest

import sdkg
import sdkg.pages
from sdkg.engines.embedded import Embedded
from sdkg.errors import ProjectError, UnknownNameError
from sdkg.graph import KnowledgeGraph
from sdkg.namespaces import DCT, GRAPH, ID, RDF, SD, SKOS
from sdkg.pages import statements
from sdkg.pages.answers import table
from sdkg.pages.home import home_page, register_page
from sdkg.pages.links import Filed, Served, page_of
from sdkg.pages.questions import question_page
from sdkg.pages.reader import Reader
from sdkg.pages.resource import resource_page
from sdkg.pages.site import MARKER, write_site
from sdkg.pages.words import INCOMING, PROPERTIES, WORDS
from tests.paths import ROOT

TODAY = date(2026, 11, 22)
NL, EN = Served("nl"), Served("en")
HOSTILE = """<script>window.hacked = 1</script>"><img src=x onerror="window.hacked = 1">'}}{{ 7*7 }}"""


class Reading(HTMLParser):
    """The text, the links and the anchors of a page."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.text, self.links, self.anchors, self.tags = "", list[str](), set[str](), list[str]()
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.links += [value for name in ("href", "src", "action") if (value := found.get(name))]
        if identifier := found.get("id"):
            assert identifier not in self.anchors, identifier
            self.anchors.add(identifier)

    def handle_data(self, data: str) -> None:
        self.text += " " + data.strip()

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


def page(graph: KnowledgeGraph, path: str, links: Served = NL) -> Reading:
    return Reading(resource_page(graph, ID + path, links, TODAY))


def test_a_goal_tells_its_place_its_basis_and_its_figures(graph: KnowledgeGraph) -> None:
    found = page(graph, "heerde-2022/opgave-overgewicht-roken-middelengebruik")
    assert "4.1 Terugdringen overgewicht, roken en middelengebruik" in found.words
    assert "/doc/heerde-2022/thema-gezondheid-als-basis" in found.links
    assert "Nationaal Preventieakkoord" in found.words
    assert "zegt het plan als geheel" not in found.words
    assert "Aantal inwoners dat rookt kwalitatief" not in found.words
    assert "16%" in found.words
    assert "/data/heerde-2022/opgave-overgewicht-roken-middelengebruik.ttl" in found.links


def test_a_law_tells_the_goals_of_all_municipalities_and_the_paragraphs(graph: KnowledgeGraph) -> None:
    found = page(graph, "wet/participatiewet")
    assert "Een inclusieve arbeidsmarkt 7.1 Stimuleren dat iedereen naar vermogen mee kan doen" in found.words
    for plan in ("heerde-2022", "heeze-leende-2024", "heemstede-2019", "midden-limburg-west-2020"):
        assert f"/doc/{plan}" in found.links
    assert "Het plan als geheel zegt dit; dat geldt voor al zijn 96 doelen." in found.words


def test_a_municipality_tells_its_plans_and_which_are_in_force(graph: KnowledgeGraph) -> None:
    found = page(graph, "gemeente/heemstede").words
    assert "1 januari 2019 tot en met" in found
    assert "geldt niet op 22 november 2026" in found
    assert "31 december 2028 geldt op 22 november 2026" in found


def test_a_topic_shows_municipalities_side_by_side(graph: KnowledgeGraph) -> None:
    found = page(graph, "onderwerp/eenzaamheid")
    assert "Doelen per gemeente" in found.words
    assert "Heemstede" in found.words
    assert "Heeze-Leende" in found.words


def test_what_is_inferred_is_marked_with_what_it_follows_from(graph: KnowledgeGraph) -> None:
    reader = Reader(graph, NL)
    groups = statements.inferred(reader, ID + "heerde-2022/doel-inclusieve-arbeidsmarkt")
    inherited = next(group for group in groups if group.name == "erft steun op")
    assert all(value.because for value in inherited.shown)
    facts = {fact.property for value in inherited.shown for fact in value.because}
    assert {"in plan", "steunt op wet"} <= facts


def test_english_pages_are_english_with_dutch_names_marked(graph: KnowledgeGraph) -> None:
    html = resource_page(graph, ID + "heerde-2022/visie", EN, TODAY).decode()
    assert '<html lang="en">' in html
    assert '<h1 lang="nl">Samen zijn wij Heerde</h1>' in html
    assert "Place in the goal tree" in html


@pytest.mark.parametrize("name", [m.name for m in pkgutil.iter_modules(sdkg.pages.__path__) if not m.ispkg])
def test_examples_of_docstrings(name: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert doctest.testmod(importlib.import_module(f"sdkg.pages.{name}")).failed == 0


def test_every_word_is_in_both_languages() -> None:
    for words in (WORDS, PROPERTIES, INCOMING):
        assert all(nl and en for nl, en in words.values())
    for nl, en in WORDS.values():
        assert [p for p in nl.split("{")[1:] if p] == [] or sorted(_slots(nl)) == sorted(_slots(en))


def _slots(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("{")[1:]]


def test_long_lists_are_bounded_and_lead_to_the_rest(
    graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "SHOWN", 5)
    monkeypatch.setattr(statements, "FOLDED", 10)
    topic = ID + "onderwerp/gezondheid"
    subjects, _ = Reader(graph, NL).pointing(topic)
    groups = statements.incoming(Reader(graph, NL), topic, subjects)
    long = next(group for group in groups if group.total > 20)
    assert (len(long.shown), len(long.folded)) == (5, 10)
    assert long.query is not None
    assert long.query.startswith("/query?query=SELECT")
    filed = statements.incoming(Reader(graph, Filed("nl", "doc/x")), topic, subjects)
    assert next(g for g in filed if g.total == long.total).query is None
    assert all(len(g.shown) + len(g.folded) == g.total for g in filed)


def test_links_go_nowhere_but_the_web() -> None:
    assert page_of(NL, "javascript:alert(1)") is None
    assert page_of(NL, "data:text/html,x") is None
    assert page_of(NL, "https://example.org/") == "https://example.org/"
    assert page_of(NL, ID + 'x"onmouseover=1') == "/doc/x%22onmouseover=1"


def hostile_pages(graph: KnowledgeGraph) -> Iterator[bytes]:
    """Pages about things whose every text is an attack."""
    store = ox.Store()
    for path in (ROOT / "ontology").glob("*.ttl"):
        store.load(path=str(path), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(GRAPH + "ontology/o"))
    plan, goal, law = (ox.NamedNode(ID + name) for name in ("aanval", "aanval/doel-x", "wet/aanval"))
    where = ox.NamedNode(GRAPH + "instances/aanval/aanval")

    def say(s: ox.NamedNode, p: str, o: ox.NamedNode | ox.Literal) -> None:
        store.add(ox.Quad(s, ox.NamedNode(p), o, where))

    for node, cls in ((plan, "Beleidsplan"), (goal, "Doel"), (law, "Wet")):
        say(node, RDF + "type", ox.NamedNode(SD + cls))
        say(node, RDF + "type", ox.NamedNode(SD + ("Grondslag" if cls == "Wet" else "Beleidsinhoud")))
        for name in (
            SKOS + "prefLabel",
            SKOS + "altLabel",
            DCT + "description",
            SD + "lacune",
            SD + "tussenkop",
        ):
            say(node, name, ox.Literal(HOSTILE, language="nl"))
        say(node, "https://schema.org/url", ox.Literal("javascript:window.hacked=1"))
    say(goal, SD + "inPlan", plan)
    say(goal, RDF + "type", ox.NamedNode(SD + "Planelement"))
    say(goal, SD + "onderdeelVan", plan)
    say(goal, SD + "steuntOpWet", law)
    attacked = KnowledgeGraph(graph.project, Embedded(store))
    for node in (plan, goal, law):
        yield resource_page(attacked, node.value, NL, TODAY)


def test_what_a_label_holds_is_text(graph: KnowledgeGraph) -> None:
    for html in hostile_pages(graph):
        found = Reading(html)
        assert HOSTILE in found.text
        assert not {"script", "img"} & set(found.tags)
        assert not [link for link in found.links if link.startswith("javascript")]


def test_a_name_that_leads_nowhere_is_refused(graph: KnowledgeGraph) -> None:
    for path in ("bestaat-niet", "a b", "<x>"):
        with pytest.raises(UnknownNameError):
            page(graph, path)
    with pytest.raises(UnknownNameError):
        register_page(graph, "niets", NL)


def test_a_form_offers_what_there_is_and_tells_what_is_missing(graph: KnowledgeGraph) -> None:
    empty = Reading(question_page(graph, "doelen-op-wet-en-partner", {}, NL))
    assert "Participatiewet" in empty.words
    assert "Het antwoord lukt nog niet" not in empty.words
    sent = Reading(question_page(graph, "doelen-op-wet-en-partner", {"wet": ""}, NL))
    assert "Vul in: de wet." in sent.words
    assert "#veld-wet" in sent.links
    other = question_page(graph, "wetten", {"limit": "1", "timeout": "x", "utm": "y"}, NL)
    assert len(Reading(other).words) > 2000
    wrong = Reading(question_page(graph, "wetten", {"plan": "nergens"}, NL))
    assert "Nothing of class sd:Beleidsplan is called 'nergens'" in wrong.words


def test_an_answer_names_its_things_and_its_reasons(graph: KnowledgeGraph) -> None:
    given: dict[str, Any] = {"wet": "wet:participatiewet", "partner": "partner:stip-heerde"}
    found = Reading(question_page(graph, "doelen-op-wet-en-partner", given, NL, row=1))
    assert "Waarom staat rij 1 in het antwoord?" in found.words
    assert any("format=csv" in link and link.startswith("/api/v1/queries/") for link in found.links)
    assert any("waarom=1" in link for link in found.links)
    result = graph.query("doelen-op-wet-en-partner", **given)
    made = table(Reader(graph, NL), result, graph.queries["doelen-op-wet-en-partner"].columns)
    assert "doelLabel" not in [column.name for column in made.columns]
    assert len(made.rows) == len(result)


@pytest.mark.parametrize("name", sorted(p.stem for p in (ROOT / "queries").glob("*.rq")))
def test_every_question_has_a_page(graph: KnowledgeGraph, name: str) -> None:
    found = Reading(question_page(graph, name, {}, EN))
    assert graph.queries[name].question.en in found.words


@pytest.fixture(scope="module")
def small(project: Path, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A project with one plan."""
    folder = tmp_path_factory.mktemp("small") / "project"
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("lock", ".sdkg"))
    for path in sdkg.Project.at(folder).plan_files:
        if path.stem != "heeze-leende-2024":
            path.unlink()
    return sdkg.load(folder)


@pytest.fixture(scope="module")
def site(small: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "site"
    write_site(small, folder, "https://example.org/", today=TODAY)
    return folder


def test_every_link_of_the_site_leads_to_a_file_and_an_anchor(site: Path) -> None:
    pages = {path: Reading(path.read_bytes()) for path in site.rglob("*.html")}
    assert len(pages) > 1000
    broken = []
    for path, found in pages.items():
        for link in {link for link in found.links if not link.startswith(("http://", "https://"))}:
            where, anchor = urldefrag(urljoin(path.as_uri(), link))
            target = Path(unquote(where.removeprefix("file://")))
            known = pages[target].anchors if target in pages else None
            if not target.is_file() or (anchor and known is not None and unquote(anchor) not in known):
                broken.append(f"{path.relative_to(site)}: {link}")
    assert broken == []


def test_the_site_has_the_data_under_its_base(site: Path) -> None:
    whole = (site / "data" / "heeze-leende-2024.ttl").read_text("utf-8")
    assert "https://example.org/id/" in whole
    assert "https://w3id.org/sociaal-domein/id/heeze" not in whole
    assert "https://example.org/id/wet/jeugdwet" in (site / "doc" / "wet" / "jeugdwet.html").read_text(
        "utf-8"
    )
    assert (site / "data" / "wet" / "jeugdwet.jsonld").is_file()
    answer = (site / "queries" / "wetten-over-plannen-heen.html").read_text("utf-8")
    assert "../data/queries/wetten-over-plannen-heen.csv" in answer


def test_the_site_has_the_page_of_everything_in_its_catalogue(site: Path) -> None:
    page = (site / "doc" / "catalogus.html").read_text("utf-8")
    assert 'href="../doc/dataset/heeze-leende-2024.html"' in page
    dataset = (site / "en" / "doc" / "dataset" / "heeze-leende-2024.html").read_text("utf-8")
    assert 'href="../../../data/dataset/heeze-leende-2024.ttl"' in dataset
    assert 'href="doc/catalogus.html"' in (site / "index.html").read_text("utf-8")
    described = (site / "data" / "dataset" / "heeze-leende-2024.ttl").read_text("utf-8")
    for name in ("heeze-leende-2024.ttl", "heeze-leende-2024.ttl.gz", "alles.nt.gz"):
        checksum = hashlib.sha256((site / "dumps" / name).read_bytes()).hexdigest()
        assert (checksum in described) == name.startswith("heeze")


def test_a_site_is_replaced_whole_and_the_same_and_nothing_else_is(
    small: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sdkg.pages import site as module

    monkeypatch.setattr(module, "paths", lambda _: ["wet/jeugdwet", "gemeente/heeze-leende"])
    own = tmp_path / "site"
    write_site(small, own, today=TODAY)
    first = {p.relative_to(own): p.read_bytes() for p in own.rglob("*") if p.is_file()}
    (own / "oud.html").write_text("oud")
    write_site(small, own, today=TODAY, workers=2)
    again = {p.relative_to(own): p.read_bytes() for p in own.rglob("*") if p.is_file()}
    assert again.keys() == first.keys()
    assert not (own / "oud.html").exists()
    assert {name: again[name] for name in first} == first
    assert [p.name for p in tmp_path.iterdir()] == ["site"]

    other = tmp_path / "ander"
    other.mkdir()
    (other / "brief.txt").write_text("van mij")
    with pytest.raises(ProjectError, match="left alone"):
        write_site(small, other)
    assert (other / "brief.txt").read_text() == "van mij"


def test_what_fails_leaves_the_old_site(
    small: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sdkg.pages import site as module

    own = tmp_path / "site"
    own.mkdir()
    (own / MARKER).write_text("")
    (own / "index.html").write_text("oud")

    def fail(*_: object) -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"nieuw"
        raise RuntimeError

    monkeypatch.setitem(module._PARTS, "overviews", fail)
    monkeypatch.setattr(module, "_tasks", lambda _: [module._Task("x", "overviews")])
    with pytest.raises(RuntimeError):
        write_site(small, own)
    assert (own / "index.html").read_text() == "oud"
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_home_links_to_every_municipality_with_a_plan(graph: KnowledgeGraph) -> None:
    found = Reading(home_page(graph, NL, TODAY))
    for name in ("heemstede", "heerde", "heeze-leende", "leudal", "nederweert", "weert"):
        assert f"/doc/gemeente/{name}" in found.links
