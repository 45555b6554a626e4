"""The search page."""

from __future__ import annotations

from sdkg.graph import KnowledgeGraph
from sdkg.pages.links import Links
from sdkg.pages.reader import Reader
from sdkg.pages.render import render

FOUND = 50
"""How many things the page shows."""


def search_page(graph: KnowledgeGraph, text: str, links: Links) -> bytes:
    """The search page, with what was found if something was asked.

    Args:
        graph: the knowledge graph.
        text: what was typed.
        links: where pages are.

    Example:
        >>> from sdkg import load
        >>> from sdkg.pages.links import Served
        >>> b"/doc/wet/participatiewet" in search_page(load(), "particpatiewet", Served("nl"))
        True
    """
    from sdkg.search import search

    reader = Reader(graph, links)
    text = text.strip()
    hits = search(graph, text, FOUND) if text else []
    shown = [(reader.thing(hit.iri), reader.thing(hit.plan) if hit.plan else None) for hit in hits]
    return render("search.html", links, q=text, hits=shown)
