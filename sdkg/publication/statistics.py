"""Counting what a dump holds, as VoID wants it (W3C Interest Group Note, section 4.6 and 5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pyoxigraph as ox

from sdkg.namespaces import BASE, EU, ID, RDF

TARGETS = MappingProxyType(
    {
        "wetten": "https://wetten.overheid.nl/",
        "tooi": "https://identifier.overheid.nl/tooi/",
        "sdg": "http://metadata.un.org/sdg/",
        "eu": EU,
        "wikidata": "http://www.wikidata.org/entity/",
        "cbs": "https://vocabs.cbs.nl/",
        "dbpedia": "http://dbpedia.org/resource/",
    }
)
"""The datasets that ours links to, by the start of their IRIs."""


@dataclass(frozen=True)
class Statistics:
    """What a dump holds: numbers, by class, by property, and of links to each of `TARGETS` by property."""

    triples: int = 0
    entities: int = 0
    subjects: int = 0
    objects: int = 0
    classes: Mapping[str, int] = field(default_factory=dict)
    properties: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def count(triples: Iterable[ox.Triple], base: str = BASE) -> Statistics:
    """The statistics of some triples; one that is there twice counts once.

    Args:
        triples: what to count.
        base: what the IRIs of our own entities start with.

    Example:
        >>> law = ox.NamedNode(ID + "wet/jeugdwet")
        >>> count([ox.Triple(law, ox.NamedNode(RDFS + "label"), ox.Literal("Jeugdwet"))]).entities
        1
    """
    subjects, objects, entities = set(), set(), set()
    classes: dict[str, set[object]] = {}
    properties: Counter[str] = Counter()
    links: dict[str, Counter[str]] = {}
    own = ID.replace(BASE, base)
    distinct = set(triples)
    for triple in distinct:
        predicate, value = triple.predicate.value, triple.object
        subjects.add(triple.subject)
        objects.add(value)
        properties[predicate] += 1
        if isinstance(triple.subject, ox.NamedNode) and triple.subject.value.startswith(own):
            entities.add(triple.subject)
        if isinstance(value, ox.NamedNode):
            if predicate == RDF + "type":
                classes.setdefault(value.value, set()).add(triple.subject)
            target = _target(value.value)
            if target:
                links.setdefault(target, Counter())[predicate] += 1
    return Statistics(
        triples=len(distinct),
        entities=len(entities),
        subjects=len(subjects),
        objects=len(objects),
        classes={name: len(found) for name, found in sorted(classes.items())},
        properties=dict(sorted(properties.items())),
        links={name: dict(sorted(found.items())) for name, found in sorted(links.items())},
    )


def _target(iri: str) -> str | None:
    return next((name for name, start in TARGETS.items() if iri.startswith(start)), None)
