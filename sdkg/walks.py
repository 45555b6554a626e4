"""Triple patterns and property paths, with the triples that were walked (SPARQL 1.1, section 9).

Terms here are rdflib's, as expressions are rdflib's to evaluate; what is looked up and handed out is
pyoxigraph's. This module loads rdflib.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pyoxigraph as ox
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.term import BNode, Identifier, Literal, URIRef

from sdkg.derivation import Lookup, Term, as_term
from sdkg.errors import QueryError
from sdkg.namespaces import XSD

Triples = frozenset[ox.Triple]
Terms = tuple[Identifier, Identifier, Identifier]
Ends = tuple[Identifier, Identifier, Triples]
"""Where a walk starts and ends, and what it went along."""

_NOTHING: Triples = frozenset()


def to_rdflib(term: Term) -> Identifier:
    """A term as one of rdflib, its text untouched; `xsd:string` is a literal without datatype.

    Example:
        >>> to_rdflib(ox.Literal("01", datatype=ox.NamedNode(XSD + "integer"))).n3()
        '"01"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    datatype = term.datatype.value
    if term.language:
        return Literal(term.value, lang=term.language)
    plain = datatype == XSD + "string"
    return Literal(term.value, datatype=None if plain else URIRef(datatype), normalize=False)


def to_ox(term: Identifier) -> Term:
    """A term of rdflib as one of pyoxigraph.

    Example:
        >>> to_ox(Literal("doel", lang="nl"))
        <Literal value=doel language=nl>
    """
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    if not isinstance(term, Literal):
        return ox.NamedNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return (
        ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)))
        if term.datatype
        else ox.Literal(str(term))
    )


def same(one: Identifier | None, other: Identifier | None) -> bool:
    """Whether two terms are the same value: numbers by what they count, floats to a billionth.

    Example:
        >>> same(Literal("1.0", datatype=URIRef(XSD + "decimal"), normalize=False), Literal(1))
        True
    """
    if one == other or not isinstance(one, Literal) or not isinstance(other, Literal):
        return one == other
    first, second = one.value, other.value
    try:
        return math.isclose(first, second, rel_tol=1e-9)
    except TypeError:
        return (
            first is not None
            and type(first) is type(second)
            and bool(first == second)
            and (one.language == other.language)
        )


class Walker:
    """Answers patterns with their triples; each look-up is done once."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._steps: dict[tuple[Identifier | None, ...], list[Terms]] = {}
        self._triples: dict[Terms, Triples] = {}

    def walk(
        self, at: tuple[Any, Any, Any], graph: Identifier | None
    ) -> Iterator[tuple[tuple[Any, Any, Any], Triples]]:
        """What matches a pattern.

        Args:
            at: subject, predicate or path, object; `None` is any.
            graph: the named graph to look in; `None` is all.

        Yields:
            The terms found for the three, and the triples that match: for a path the shortest chain.
        """
        s, p, o = at
        if p is None or isinstance(p, Identifier):
            for found in self._matches(s, p, o, graph):
                yield found, self._triples[found]
            return
        for start, end, triples in self._path(p, s, o, graph):
            yield (start, p, end), triples

    def graphs(self) -> list[Identifier]:
        """The names of all named graphs."""
        names = (quad.graph_name for quad in self._lookup.quads())
        return [to_rdflib(name) for name in dict.fromkeys(names) if isinstance(name, ox.NamedNode)]

    def _matches(self, s: Any, p: Any, o: Any, graph: Identifier | None) -> list[Terms]:
        key = (s, p, o, graph)
        if key not in self._steps:
            found: dict[Terms, Triples] = {}
            if not isinstance(p, Literal | BNode):
                subject, predicate, value = (None if t is None else to_ox(t) for t in (s, p, o))
                for quad in self._lookup.quads(subject, predicate, value):  # type: ignore[arg-type]
                    if graph is None or getattr(quad.graph_name, "value", "") == str(graph):
                        triple = quad.triple
                        start, link, end = (to_rdflib(as_term(term)) for term in triple)
                        terms = (start, link, end)
                        found[terms] = frozenset([triple])
            self._steps[key] = list(found)
            self._triples.update(found)
        return self._steps[key]

    def _path(self, path: Any, s: Any, o: Any, graph: Identifier | None) -> Iterator[Ends]:
        if isinstance(path, Identifier):
            for found in self._matches(s, path, o, graph):
                yield found[0], found[2], self._triples[found]
        elif isinstance(path, InvPath):
            yield from ((end, start, used) for start, end, used in self._path(path.arg, o, s, graph))
        elif isinstance(path, SequencePath):
            yield from self._sequence(path.args, s, o, graph)
        elif isinstance(path, AlternativePath):
            for arg in path.args:
                yield from self._path(arg, s, o, graph)
        elif isinstance(path, MulPath):
            yield from self._repeated(path, s, o, graph)
        elif isinstance(path, NegatedPath):
            yield from self._negated(path, s, o, graph)

    def _sequence(self, path: list[Any], s: Any, o: Any, graph: Identifier | None) -> Iterator[Ends]:
        if len(path) == 1:
            yield from self._path(path[0], s, o, graph)
        elif s is None and o is not None:
            for middle, end, used in self._path(path[-1], None, o, graph):
                for start, _, more in self._sequence(path[:-1], None, middle, graph):
                    yield start, end, used | more
        else:
            for start, middle, used in self._path(path[0], s, None, graph):
                for _, end, more in self._sequence(path[1:], middle, o, graph):
                    yield start, end, used | more

    def _repeated(self, path: MulPath, s: Any, o: Any, graph: Identifier | None) -> Iterator[Ends]:
        if s is not None:
            yield from ((s, end, used) for end, used in self._reach(path, s, o, self._forward(path, graph)))
        elif o is not None:
            back = self._reach(path, o, None, self._backward(path, graph))
            yield from ((start, o, used) for start, used in back)
        else:
            for node in self._nodes(graph):
                yield from self._repeated(path, node, None, graph)

    def _forward(
        self, path: MulPath, graph: Identifier | None
    ) -> Callable[[Any], Iterator[tuple[Any, Triples]]]:
        return lambda node: ((end, used) for _, end, used in self._path(path.path, node, None, graph))

    def _backward(
        self, path: MulPath, graph: Identifier | None
    ) -> Callable[[Any], Iterator[tuple[Any, Triples]]]:
        return lambda node: ((start, used) for start, _, used in self._path(path.path, None, node, graph))

    def _reach(
        self, path: MulPath, start: Any, goal: Any, step: Callable[[Any], Iterator[tuple[Any, Triples]]]
    ) -> Iterator[tuple[Any, Triples]]:
        """Where repeated steps lead, nearest first, each end once; only the goal if there is one."""
        seen = {start} if path.zero else set()
        if path.zero and goal in (None, start):
            yield start, _NOTHING
        front: list[tuple[Any, Triples]] = [(start, _NOTHING)]
        while front and not (goal is not None and goal in seen):
            further = []
            for node, used in front:
                for end, more in step(node):
                    if end in seen:
                        continue
                    seen.add(end)
                    further.append((end, used | more))
                    if goal in (None, end):
                        yield end, used | more
            front = further if path.more else []

    def _negated(self, path: NegatedPath, s: Any, o: Any, graph: Identifier | None) -> Iterator[Ends]:
        """Past any property but some; inverse ones among those are lost in the parser of rdflib 7."""
        if not all(isinstance(arg, Identifier) for arg in path.args):
            raise QueryError("Rows of a query with !(^property) have no reasons here.")
        for found in self._matches(s, None, o, graph):
            if found[1] not in path.args:
                yield found[0], found[2], self._triples[found]

    def _nodes(self, graph: Identifier | None) -> list[Identifier]:
        found = self._matches(None, None, None, graph)
        return list(dict.fromkeys(term for terms in found for term in (terms[0], terms[2])))
