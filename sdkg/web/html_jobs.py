"""The pages as jobs: what a worker does for the HTML routes of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sdkg.namespaces import ID
from sdkg.pages.links import Served
from sdkg.web.jobs import Answer

if TYPE_CHECKING:
    from sdkg.web.jobs import Desk

HTML = "text/html; charset=utf-8"
Given = tuple[tuple[str, str], ...]
"""The parameters of a request, without `lang`, in order."""


def links_for(base_url: str, data_base: str, lang: str, chosen: bool, path: str, given: Given = ()) -> Served:
    """The links of a page on a server.

    Args:
        base_url: what the addresses served start with.
        data_base: what our IRIs start with in the data.
        lang: the language of the page.
        chosen: whether the reader chose it.
        path: the path of the page, below the base.
        given: the parameters of the page.

    Example:
        >>> links_for("https://example.org/kg/", "urn:x:", "nl", False, "def").to("queries")
        '/kg/queries'
    """
    return Served(lang, urlsplit(base_url).path or "/", path, given, chosen, data_base)


def _links(desk: Desk, lang: str, chosen: bool, path: str, given: Given = ()) -> Served:
    settings = desk.settings
    return links_for(settings.base_url, settings.data_base, lang, chosen, path, given)


def home(desk: Desk, lang: str, chosen: bool, day: str) -> Answer:
    """The home page, on a day."""
    from datetime import date

    from sdkg.pages.home import home_page

    return _page(home_page(desk.graph, _links(desk, lang, chosen, ""), date.fromisoformat(day)), lang)


def resource(desk: Desk, path: str, lang: str, chosen: bool, day: str) -> Answer:
    """The page of a thing, by the path of its IRI below `ID`."""
    from datetime import date

    from sdkg.pages.resource import resource_page
    from sdkg.web.catalogued import graph_for

    links = _links(desk, lang, chosen, f"doc/{path}")
    return _page(resource_page(graph_for(desk, path), ID + path, links, date.fromisoformat(day)), lang)


def register(desk: Desk, kind: str, lang: str, chosen: bool) -> Answer:
    """The register of a kind, or of all."""
    from sdkg.pages.home import register_page

    path = f"register/{kind}" if kind else "register"
    return _page(register_page(desk.graph, kind, _links(desk, lang, chosen, path)), lang)


def vocabulary(desk: Desk, lang: str, chosen: bool) -> Answer:
    """The page of the vocabulary."""
    from sdkg.pages.vocabulary import vocabulary_page

    return _page(vocabulary_page(desk.graph, _links(desk, lang, chosen, "def")), lang)


def rules(desk: Desk, lang: str, chosen: bool) -> Answer:
    """The page of the rules."""
    from sdkg.pages.rules import rules_page

    return _page(rules_page(desk.graph, _links(desk, lang, chosen, "shapes")), lang)


def questions(desk: Desk, lang: str, chosen: bool) -> Answer:
    """The list of saved questions."""
    from sdkg.pages.questions import questions_page

    return _page(questions_page(desk.graph, _links(desk, lang, chosen, "queries")), lang)


def question(desk: Desk, name: str, given: Given, row: int, lang: str, chosen: bool) -> Answer:
    """A saved question with its answer."""
    from sdkg.pages.questions import question_page

    links = _links(desk, lang, chosen, f"queries/{name}", given)
    return _page(question_page(desk.graph, name, dict(given), links, row), lang)


def search(desk: Desk, text: str, lang: str, chosen: bool) -> Answer:
    """The search page."""
    from sdkg.pages.searching import search_page

    given = (("q", text),) if text else ()
    return _page(search_page(desk.graph, text, _links(desk, lang, chosen, "search", given)), lang)


def query(desk: Desk, text: str, saved: str, lang: str, chosen: bool) -> Answer:
    """The query page, with an answer if there is a query."""
    from sdkg.pages.asking import query_page

    given = (("query", text),) if text else (("vraag", saved),) if saved else ()
    return _page(query_page(desk.graph, text, _links(desk, lang, chosen, "query", given), saved), lang)


def _page(html: bytes, lang: str) -> Answer:
    return Answer(html, HTML, headers=(("Content-Language", lang),))
