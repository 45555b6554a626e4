"""Counting what a dump holds, as VoID wants it (W3C Interest Group Note, section 4.6 and 5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

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

_STARTS = tuple(f"<{start}".encode() for start in TARGETS.values())
_TYPE = f"<{RDF}type>".encode()


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


def count(lines: Iterable[bytes], base: str = BASE) -> Statistics:
    """The statistics of some N-Triples; one that is there twice counts once.

    Args:
        lines: canonical N-Triples, as `sdkg.export.serialize` writes them; of each only its hash is held.
        base: what the IRIs of our own entities start with.

    Example:
        >>> count([b"<https://w3id.org/sociaal-domein/id/wet/x> <urn:p> \\"a b\\" .\\n"]).entities
        1
    """
    own = f"<{ID.replace(BASE, base)}".encode()
    seen: set[int] = set()
    subjects: set[int] = set()
    objects: set[int] = set()
    entities = 0
    classes: Counter[bytes] = Counter()
    properties: Counter[bytes] = Counter()
    links: dict[str, Counter[bytes]] = {}
    for line in lines:
        triple = line.rstrip(b" .\n")
        if (key := hash(triple)) in seen:
            continue
        seen.add(key)
        subject, predicate, value = triple.split(b" ", 2)
        if (key := hash(subject)) not in subjects:
            subjects.add(key)
            entities += subject.startswith(own)
        objects.add(hash(value))
        properties[predicate] += 1
        if predicate == _TYPE:
            classes[value] += 1
        if value.startswith(_STARTS):
            links.setdefault(_target(value), Counter())[predicate] += 1
    return Statistics(
        triples=len(seen),
        entities=entities,
        subjects=len(subjects),
        objects=len(objects),
        classes=_by_iri(classes),
        properties=_by_iri(properties),
        links={name: _by_iri(found) for name, found in sorted(links.items())},
    )


def _target(value: bytes) -> str:
    return next(name for name, start in TARGETS.items() if value[1:].startswith(start.encode()))


def _by_iri(found: Mapping[bytes, int]) -> dict[str, int]:
    return {term[1:-1].decode(): number for term, number in sorted(found.items()) if term[:1] == b"<"}
