"""Triples to look up from both ends, in two layers: what many plans share is indexed once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import pyoxigraph as ox

from sdkg.namespaces import RDF, RDFS

Node = ox.NamedNode | ox.BlankNode | ox.Literal
"""What can be a value, and, but for a literal, a subject."""

_TYPE = ox.NamedNode(RDF + "type")
_BELOW = ox.NamedNode(RDFS + "subClassOf")
_FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))


class Data:
    """Triples to look up by subject or object; seen together with those of `base`.

    Example:
        >>> law, kind = ox.NamedNode("urn:a"), ox.NamedNode(RDF + "type")
        >>> [*Data([ox.Triple(law, kind, ox.NamedNode("urn:Wet"))]).objects(law, kind)]
        [<NamedNode value=urn:Wet>]
    """

    def __init__(self, triples: Iterable[ox.Triple], base: Data | None = None) -> None:
        self._base = base
        self._out: dict[Node, dict[ox.NamedNode, dict[Node, None]]] = {}
        self._in: dict[Node, dict[ox.NamedNode, dict[Node, None]]] = {}
        self._kinds: dict[Node, frozenset[Node]] = {}
        for triple in triples:
            subject, predicate, value = triple.subject, triple.predicate, triple.object
            if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
                continue
            self._out.setdefault(subject, {}).setdefault(predicate, {})[value] = None
            self._in.setdefault(value, {}).setdefault(predicate, {})[subject] = None

    def objects(self, subject: Node, predicate: ox.NamedNode) -> Iterable[Node]:
        """What a subject says with a predicate, each value once."""
        own = self._out.get(subject, {}).get(predicate, {})
        if self._base is None:
            return own
        shared = self._base.objects(subject, predicate)
        return {**dict.fromkeys(shared), **own} if shared else own

    def subjects(self, predicate: ox.NamedNode, value: Node) -> Iterable[Node]:
        """Who says a value with a predicate, each once."""
        own = self._in.get(value, {}).get(predicate, {})
        if self._base is None:
            return own
        shared = self._base.subjects(predicate, value)
        return {**dict.fromkeys(shared), **own} if shared else own

    def one(self, subject: Node, predicate: ox.NamedNode) -> Node | None:
        """A value, or nothing."""
        return next(iter(self.objects(subject, predicate)), None)

    def with_predicate(self, predicate: ox.NamedNode) -> list[Node]:
        """Who says anything with a predicate; of this layer alone."""
        return [subject for subject, said in self._out.items() if predicate in said]

    def predicates(self, subject: Node) -> set[ox.NamedNode]:
        """With what a subject says something."""
        return {*self._out.get(subject, {}), *(self._base.predicates(subject) if self._base else ())}

    def towards(self, value: Node) -> set[ox.NamedNode]:
        """With what something is said of a value."""
        return {*self._in.get(value, {}), *(self._base.towards(value) if self._base else ())}

    def members(self, head: Node) -> list[Node]:
        """The members of a list."""
        found: list[Node] = []
        seen: set[Node] = set()
        rest: Node | None = head
        while rest is not None and rest != _NIL and rest not in seen:
            seen.add(rest)
            found += self.objects(rest, _FIRST)
            rest = self.one(rest, _REST)
        return found

    def kinds(self, node: Node) -> frozenset[Node]:
        """The classes of a node and the classes above them."""
        found = self._kinds.get(node)
        if found is None:
            found = frozenset().union(*(self._above(kind) for kind in self.objects(node, _TYPE)))
            self._kinds[node] = found
        return found

    def _above(self, kind: Node) -> frozenset[Node]:
        found = self._classes.get(kind)
        if found is None:
            reached, todo = {kind}, [kind]
            while todo:
                above = set(self.objects(todo.pop(), _BELOW)) - reached
                reached |= above
                todo += above
            found = self._classes[kind] = frozenset(reached)
        return found

    @cached_property
    def _classes(self) -> dict[Node, frozenset[Node]]:
        return {}
