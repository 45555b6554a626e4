"""A notebook of triples: saying things briefly, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import pyoxigraph as ox

from sdkg.catalog import Text
from sdkg.export import rebase
from sdkg.namespaces import BASE, RDF, XSD

Value = str | int | date | Text | ox.Literal | None


class Statements:
    """Triples in the order in which they were first said.

    Example:
        >>> said = Statements()
        >>> said.add("urn:a", "urn:b", Text("ja", "yes"), None)
        >>> [str(triple.object) for triple in said.triples]
        ['"ja"@nl', '"yes"@en']
    """

    def __init__(self) -> None:
        self._triples: dict[ox.Triple, None] = {}

    @property
    def triples(self) -> list[ox.Triple]:
        """All that was said."""
        return list(self._triples)

    def a(self, subject: str, *classes: str) -> None:
        """Say what kinds of thing something is."""
        self.add(subject, RDF + "type", *classes)

    def add(self, subject: str, predicate: str, *values: Value) -> None:
        """Say a property of something: a `str` is an IRI, a `Text` two literals, `None` nothing."""
        for value in values:
            for term in _terms(value):
                self._triples[ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), term)] = None


def under(triples: Iterable[ox.Triple], base_url: str) -> Iterator[ox.Triple]:
    """The same triples with our own IRIs under another base, also where a text is such an IRI.

    Example:
        >>> said = Statements()
        >>> said.add(BASE + "id/x", "urn:p", ox.Literal(BASE + "id/x"))
        >>> [str(triple.object) for triple in under(said.triples, "https://example.org/")]
        ['"https://example.org/id/x"']
    """
    for quad in rebase((ox.Quad(t.subject, t.predicate, t.object) for t in triples), base_url):
        value = quad.object
        if isinstance(value, ox.Literal) and not value.language and value.value.startswith(BASE):
            value = ox.Literal(base_url + value.value.removeprefix(BASE), datatype=value.datatype)
        yield ox.Triple(quad.subject, quad.predicate, value)


def literal(text: str, datatype: str) -> ox.Literal:
    """A literal of a datatype of XML Schema.

    Example:
        >>> literal("1", "integer").datatype.value.rpartition("#")[2]
        'integer'
    """
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


def _terms(value: Value) -> list[ox.NamedNode | ox.Literal]:
    if value is None or value == "":
        return []
    if isinstance(value, Text):
        return [ox.Literal(value.nl, language="nl"), ox.Literal(value.en, language="en")]
    if isinstance(value, int):
        return [literal(str(value), "integer")]
    if isinstance(value, date):
        return [literal(value.isoformat(), "date")]
    return [value if isinstance(value, ox.Literal) else ox.NamedNode(value)]
