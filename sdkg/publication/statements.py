"""A notebook of triples: saying things briefly, each once."""

from __future__ import annotations

from datetime import date

import pyoxigraph as ox

from sdkg.catalog import Text
from sdkg.namespaces import RDF, XSD

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
