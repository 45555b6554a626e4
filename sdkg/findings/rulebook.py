"""What the shapes and the ontology say that helps to place and explain a finding."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import pyoxigraph as ox

from sdkg.namespaces import PREFIXES, RDF, RDFS, SHACL, shorten

_NAMES = re.compile(r"\b(?:sd|skos|dct|schema|rdf):\w+")
_SHORT_LIST = 9

Value = ox.NamedNode | ox.BlankNode | ox.Literal


class Facts:
    """Triples to look up by subject and predicate, both as plain strings; seen with those of `base`."""

    def __init__(self, triples: Iterable[ox.Triple], base: Facts | None = None) -> None:
        self._base = base
        self._about: dict[tuple[str, str], list[Value]] = defaultdict(list)
        self._of: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._said: dict[str, list[tuple[str, Value]]] = defaultdict(list)
        for triple in triples:
            subject, value = triple.subject, triple.object
            if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
                continue
            self._about[subject.value, triple.predicate.value].append(value)
            self._of[triple.predicate.value, value.value].append(subject.value)
            self._said[subject.value].append((triple.predicate.value, value))

    def values(self, subject: str, predicate: str) -> list[Value]:
        """What a subject says with a predicate."""
        own = self._about.get((subject, predicate), [])
        return [*self._base.values(subject, predicate), *own] if self._base else own

    def all(self) -> list[str]:
        """Every subject, in the order of the file."""
        return list(self._said)

    def said(self, subject: str) -> list[tuple[str, Value]]:
        """All that a subject says, in the order of the file: predicates and values."""
        return self._said.get(subject, [])

    def first(self, subject: str, predicate: str, lang: str = "") -> str:
        """One value as text, in a language if there is one in it."""
        values = self.values(subject, predicate)
        ranked = sorted(values, key=lambda v: (getattr(v, "language", None) or "") != lang)
        return ranked[0].value if ranked else ""

    def subjects(self, predicate: str, value: str) -> list[str]:
        """Who says this value with a predicate."""
        own = self._of.get((predicate, value), [])
        return [*self._base.subjects(predicate, value), *own] if self._base else own


class Rulebook:
    """The shapes by their IRIs, with the ontology and reference data that their words are about."""

    def __init__(self, shapes: Iterable[ox.Triple], shared: Iterable[ox.Triple]) -> None:
        self.shapes = Facts(shapes)
        self._shared_triples = list(shared)
        self.shared = Facts(self._shared_triples)

    def said(self, shape: str, word: str, lang: str) -> str:
        """A name, description or message of a shape."""
        return self.shapes.first(shape, SHACL + word, lang)

    def number(self, shape: str, word: str) -> int | None:
        """A count of a shape, such as `maxCount`."""
        found = self.shapes.first(shape, SHACL + word)
        return int(found) if found.isdigit() else None

    def named(self, shape: str) -> list[str]:
        """The properties that a shape is about, the likeliest first: of its message, then its targets."""
        targets = [v.value for v in self.shapes.values(shape, SHACL + "targetSubjectsOf")]
        message = self.said(shape, "message", "nl")
        words = [self._iri(name) for name in _NAMES.findall(message)]
        # "vervang X door Y": what is to be replaced comes first in the advice
        return list(dict.fromkeys([*[w for w in words if w[:1]], *targets]))

    def _iri(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return PREFIXES[prefix] + local

    def choices(self, shape: str) -> list[str]:
        """The values that a shape takes, if they are few: its `sh:in`, or the members of its `sh:class`."""
        found = [v.value for v in self.items(self.shapes.values(shape, SHACL + "in"))]
        for kind in self.shapes.values(shape, SHACL + "class"):
            found += self.shared.subjects(RDF + "type", kind.value)
        return sorted(found) if 0 < len(found) <= _SHORT_LIST else []

    def candidates(self, shape: str) -> list[str]:
        """All known values that a shape takes, however many."""
        found = [v.value for v in self.items(self.shapes.values(shape, SHACL + "in"))]
        for kind in self.shapes.values(shape, SHACL + "class"):
            for below in self._below(kind.value):
                found += self.shared.subjects(RDF + "type", below)
        return found

    def _below(self, kind: str) -> list[str]:
        found, todo = [], [kind]
        while todo:
            one = todo.pop()
            if one not in found:
                found.append(one)
                todo += self.shared.subjects(RDFS + "subClassOf", one)
        return found

    def items(self, heads: Iterable[Value]) -> list[Value]:
        """The members of lists of the shapes."""
        found: list[Value] = []
        todo = list(heads)
        while todo:
            head = todo.pop().value
            found += self.shapes.values(head, RDF + "first")
            todo += self.shapes.values(head, RDF + "rest")
        return found

    @cached_property
    def terms(self) -> set[str]:
        """The IRIs that ontology and reference data describe."""
        return {t.subject.value for t in self._shared_triples if isinstance(t.subject, ox.NamedNode)}

    @cached_property
    def properties(self) -> set[str]:
        """The predicates that ontology and reference data define or use."""
        used = {t.predicate.value for t in self._shared_triples}
        return used | {t for t in self.terms if "#" in t and t.rpartition("#")[2][:1].islower()}

    def near(self, iri: str, among: Iterable[str]) -> str:
        """The known IRI that this one is a slip of, if there is one."""
        if not iri or iri in self.terms:
            return ""
        return nearest(iri, among)


def nearest(iri: str, among: Iterable[str]) -> str:
    """The IRI whose short name is closest, in the same namespace; "" if none is close.

    Example:
        >>> nearest("urn:x:particpatiewet", ["urn:x:participatiewet", "urn:x:jeugdwet"])
        'urn:x:participatiewet'
    """
    names = {shorten(other): other for other in sorted(among)}
    wrong = shorten(iri)
    found = difflib.get_close_matches(wrong, names.keys() - {wrong}, n=5, cutoff=0.78)
    swapped = [name for name in found if sorted(name) == sorted(wrong)]
    return names[[*swapped, *found][0]] if found else ""
