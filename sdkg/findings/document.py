"""A file with the places of its statements, to look them up by what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import cached_property

import pyoxigraph as ox

from sdkg.findings.model import Region
from sdkg.positions import Parsed, Span, Statement, parse_text, with_labels
from sdkg.scan import Lines


def key(term: object) -> str:
    """A term as a finding writes it: an IRI or the characters of a literal, without its type."""
    return getattr(term, "value", str(term))


class Document:
    """The text of a file by the name that people know it by, its statements, and its lines.

    Where `triples` are given, what the engine read in it, its statements are placed only when something is
    asked that these are about.
    """

    def __init__(self, name: str, text: str, triples: Sequence[ox.Triple] = ()) -> None:
        self.name, self.text = name, text
        self._triples = triples

    @cached_property
    def parsed(self) -> Parsed:
        """What our own parser makes of it, with places."""
        return parse_text(self.text)

    @cached_property
    def statements(self) -> list[Statement]:
        """Its statements; blank nodes are called what the engine calls them."""
        return with_labels(self.parsed.statements, self._triples)

    @cached_property
    def lines(self) -> Lines:
        """Its lines."""
        return Lines(self.text)

    @cached_property
    def _known(self) -> tuple[set[str], set[str]]:
        return {key(t.subject) for t in self._triples}, {key(t.object) for t in self._triples}

    @cached_property
    def _about(self) -> dict[str, list[Statement]]:
        found: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.statements:
            found[key(statement.triple.subject)].append(statement)
        return found

    @cached_property
    def _towards(self) -> dict[str, list[Statement]]:
        found: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.statements:
            found[key(statement.triple.object)].append(statement)
        return found

    def about(self, subject: str, predicate: str = "") -> list[Statement]:
        """What is said of a subject, with one predicate or with all."""
        if self._triples and subject not in self._known[0]:
            return []
        said = self._about.get(subject, [])
        return [s for s in said if s.triple.predicate.value == predicate] if predicate else said

    def towards(self, value: str) -> list[Statement]:
        """The statements with a value."""
        if self._triples and value not in self._known[1]:
            return []
        return self._towards.get(value, [])

    def subjects(self) -> list[str]:
        """What the file is about."""
        return list(self._about)

    def region(self, span: Span) -> Region:
        """A span in lines and columns."""
        line, column = self.lines.at(span.start)
        end_line, end_column = self.lines.at(max(span.end, span.start + 1))
        return Region(self.name, line, column, end_line, end_column, self.lines.text(line))


def same(value: object, said: str) -> bool:
    """Whether a term is what the engine said, which may write a number in another way.

    Example:
        >>> same(ox.Literal("007"), "7"), same(ox.Literal("x"), "7")
        (True, False)
    """
    written = key(value)
    if written == said:
        return True
    try:
        return isinstance(value, ox.Literal) and Decimal(written) == Decimal(said)
    except InvalidOperation:
        return False
