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
    """The text of a file by the name that people know it by, its statements, and its lines."""

    def __init__(self, name: str, text: str, triples: Sequence[ox.Triple] = ()) -> None:
        self.name, self.text = name, text
        self.parsed: Parsed = parse_text(text)
        self.statements = with_labels(self.parsed.statements, triples)
        self.lines = Lines(text)

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
        said = self._about.get(subject, [])
        return [s for s in said if s.triple.predicate.value == predicate] if predicate else said

    def towards(self, value: str) -> list[Statement]:
        """The statements with a value."""
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
