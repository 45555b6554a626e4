"""Search over labels and aliases: ranked, and forgiving of slips of the pen."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sdkg.errors import StoreError
from sdkg.graph import KnowledgeGraph
from sdkg.name_index import Named, NameIndex, fold
from sdkg.names import Indexed
from sdkg.namespaces import ID, QUERY, REFERENCE_FOLDERS, SD

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        SD + "Gemeente": 1.0,
        SD + "Beleidsplan": 1.0,
        SD + "Wet": 0.98,
        SD + "Onderwerp": 0.97,
        SD + "Doelgroep": 0.96,
        SD + "Organisatie": 0.95,
        SD + "Organisatiesoort": 0.95,
        SD + "Thema": 0.94,
        SD + "Beleidskader": 0.92,
        SD + "Doel": 0.9,
        SD + "Visie": 0.88,
        SD + "Sectie": 0.6,
        SD + "Meting": 0.55,
    }
)
"""How much a hit counts by its class: what people look for most comes first."""

_OTHERS, _VOCABULARY = 0.8, 0.5
_PLAN = re.compile(re.escape(ID) + r"([^/]+)/")


@dataclass(frozen=True)
class Hit:
    """A thing that was found.

    `name` is what it is called first, `matched` the name that was found, `cls` and `plan` are IRIs (no plan
    for what plans share, and for plans themselves); `score` is 1 for the best there can be, above 0.
    """

    iri: str
    name: str
    matched: str
    cls: str
    plan: str | None
    score: float


def search(graph: KnowledgeGraph, text: str, limit: int = 20) -> list[Hit]:
    """The things whose names hold the words of a text, or words like them; the best first.

    Args:
        graph: a knowledge graph with a built store.
        text: what was typed; only the first 200 characters and 12 words count.
        limit: how many things at most.

    Raises:
        StoreError: the graph is at an endpoint, which has no index of names.

    Example:
        >>> from sdkg import load
        >>> [hit.name for hit in search(load(), "particpatiewet", 1)]
        ['Participatiewet']
    """
    if not isinstance(graph.names, Indexed):
        raise StoreError("An endpoint has no index of names to search. Search the project itself.")
    index, wanted = graph.names.index, fold(text[:200])
    best: dict[str, tuple[float, Named]] = {}
    for named in index.like(wanted) if wanted else ():
        score = _score(wanted, named)
        if score > best.get(named.iri, (0.0, named))[0]:
            best[named.iri] = (score, named)
    ranked = sorted(best.values(), key=lambda found: (-found[0], len(found[1].name), found[1].iri))
    return [_hit(index, score, named) for score, named in ranked[:limit]]


def _score(wanted: str, named: Named) -> float:
    """How well a name answers, from 0 to 1: the whole name, its begin, its words, parts of words, a slip."""
    name, words = named.folded, re.findall(r"[^\W_]+", named.folded)
    asked = re.findall(r"[^\W_]+", wanted)
    if name == wanted:
        match = 1.0
    elif all(word in words for word in asked):
        match = 0.85 if name.startswith(wanted) else 0.8
    elif all(word in name for word in asked):
        match = 0.7 if name.startswith(wanted) else 0.6
    else:
        match = 0.55 * _closeness(asked, words)
    length = len(wanted) / max(len(wanted), len(name))
    return match * (0.85 + 0.15 * length) * _weight(named.cls)


def _closeness(asked: list[str], words: list[str]) -> float:
    """The mean over the words asked of how close the closest word is."""
    if not asked or not words:
        return 0.0
    closest = (max(difflib.SequenceMatcher(None, one, word).ratio() for word in words) for one in asked)
    return sum(closest) / len(asked)


def _weight(cls: str) -> float:
    return WEIGHTS.get(cls, _OTHERS) if cls.startswith(SD) else _VOCABULARY


def _hit(index: NameIndex, score: float, named: Named) -> Hit:
    first = index.preferred(named.iri) or named
    return Hit(named.iri, first.name, named.name, named.cls, plan_of(named.iri), round(score, 4))


def plan_of(iri: str) -> str | None:
    """The plan that an IRI is part of, by its form; `None` for plans themselves and for what plans share.

    Example:
        >>> plan_of("https://w3id.org/sociaal-domein/id/heerde-2022/visie")
        'https://w3id.org/sociaal-domein/id/heerde-2022'
        >>> plan_of("https://w3id.org/sociaal-domein/id/wet/participatiewet") is None
        True
    """
    found = _PLAN.match(iri)
    if found is None or found[1] in REFERENCE_FOLDERS or iri.startswith(QUERY):
        return None
    return ID + found[1]
