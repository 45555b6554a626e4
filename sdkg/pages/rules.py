"""The rules for people: every shape and every kind of syntax fault, each under its own anchor."""

from __future__ import annotations

from dataclasses import dataclass

from sdkg.findings.guide import Rule, capital, examples_of, rules_of, why_of
from sdkg.findings.model import Text
from sdkg.graph import KnowledgeGraph
from sdkg.pages.links import Links
from sdkg.pages.render import render


@dataclass(frozen=True)
class Told:
    """A rule in one language, with an example that fails and one that passes ("" if there are none)."""

    name: str
    title: str
    asks: str
    rows: tuple[tuple[str, str], ...]
    wrong: str
    right: str


def rules_page(graph: KnowledgeGraph, links: Links) -> bytes:
    """The page of the rules.

    Example:
        >>> from sdkg import load
        >>> from sdkg.pages.links import Served
        >>> b'id="volgorde-vorm"' in rules_page(load(), Served("nl"))
        True
    """
    groups: dict[Text, list[Told]] = {}
    for rule in rules_of(graph.project).values():
        groups.setdefault(rule.kind, []).append(_told(rule, links.lang))
    return render(
        "rules.html",
        links,
        groups=[(number, kind.of(links.lang), rules) for number, (kind, rules) in enumerate(groups.items())],
        shapes=links.file("shapes.ttl") if links.live else "",
    )


def _told(rule: Rule, lang: str) -> Told:
    rows = (
        ("rule_why", why_of(rule)),
        ("on_what", rule.targets),
        ("meaning", rule.meaning),
        ("what_to_do", rule.advice),
    )
    said = tuple((key, _plain(text.of(lang))) for key, text in rows if text.nl)
    wrong, right = examples_of(rule)
    return Told(rule.name, _plain(rule.title.of(lang)), _plain(rule.summary.of(lang)), said, wrong, right)


def _plain(text: str) -> str:
    """A sentence of Markdown without its marks, and with a capital."""
    return capital(text.replace("`", ""))
