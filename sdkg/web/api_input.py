"""What a client of the API gives, checked: all faults told at once (API Design Rules, invalid-input)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from sdkg.catalog import Parameter, SavedQuery
from sdkg.errors import NameLookupError, ProblemError, QueryError
from sdkg.graph import KnowledgeGraph
from sdkg.namespaces import shorten
from sdkg.parameters import Value, to_terms

Pairs = Sequence[tuple[str, str]]
"""The query string of an address: names and values, in order."""

HIGHEST = 10**9
"""The highest number taken."""


@dataclass
class Given:
    """What stands in the query string, taken out piece by piece; `done` refuses it if anything was wrong.

    Example:
        >>> given = Given([("limit", "5"), ("wet", "Jeugdwet")])
        >>> given.number("limit", 10, least=1, most=100), given.number("offset", 0)
        (5, 0)
        >>> given.rest
        {'wet': 'Jeugdwet'}
    """

    pairs: Pairs
    rest: dict[str, str] = field(default_factory=dict)
    faults: list[dict[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Keep one value of each name; an empty one, as forms send it, is none."""
        for name, value in self.pairs:
            if name in self.rest:
                self.fault(name, f"'{name}' is given more than once.")
            elif value.strip():
                self.rest[name] = value

    def fault(self, name: str, detail: str, **members: object) -> None:
        """Note that what was given for a name is wrong."""
        self.faults.append({"in": "query", "name": name, "detail": detail, **members})

    def take(self, name: str) -> str | None:
        """The value of a name, which then counts as known."""
        return self.rest.pop(name, None)

    def number(self, name: str, default: int, least: int = 0, most: int = HIGHEST) -> int:
        """A whole number between two bounds."""
        text = self.take(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit()) or not least <= int(text[:12]) <= most:
            self.fault(name, f"'{name}' is a whole number from {least} to {most}.")
            return default
        return int(text)

    def choice(self, name: str, options: Iterable[str]) -> str | None:
        """One of some words."""
        have, text = list(options), self.take(name)
        if text is not None and text not in have:
            self.fault(name, f"'{name}' is one of {', '.join(have)}.", candidates=have)
            return None
        return text

    def parameters(self, graph: KnowledgeGraph, saved: SavedQuery) -> dict[str, Value]:
        """The terms for the parameters of a saved query."""
        terms: dict[str, Value] = {}
        for parameter in saved.parameters:
            value = self.take(parameter.name)
            try:
                terms |= _term(graph, saved, parameter, value)
            except NameLookupError as error:
                found = [{"iri": iri, "short": shorten(iri)} for iri in error.candidates]
                self.fault(parameter.name, str(error).partition("\n")[0], candidates=found)
            except QueryError as error:
                self.fault(parameter.name, str(error))
        return terms

    def done(self) -> None:
        """Refuse what was wrong, and whatever was not taken.

        Raises:
            ProblemError: 400, with a fault for each name.
        """
        for name in self.rest:
            self.fault(name, f"There is no parameter '{name}' here.")
        if self.faults:
            detail = " ".join(str(fault["detail"]) for fault in self.faults)
            raise ProblemError(400, "Invalid input", detail, errors=self.faults)


def _term(
    graph: KnowledgeGraph, saved: SavedQuery, parameter: Parameter, value: str | None
) -> dict[str, Value]:
    alone = replace(saved, parameters=(parameter,))
    return to_terms(alone, {} if value is None else {parameter.name: value}, graph.find)


@dataclass(frozen=True)
class Page:
    """A part of a list: `total` things, of which `limit` from `offset` on, at an address."""

    address: str
    pairs: Pairs
    total: int
    limit: int
    offset: int

    def links(self) -> dict[str, str]:
        """The addresses of this page and its neighbours, by relation (RFC 8288; IANA link relations).

        Example:
            >>> Page("http://x/y", [("wet", "a b")], 25, 10, 10).links()["next"]
            'http://x/y?wet=a+b&limit=10&offset=20'
        """
        last = max(0, self.total - 1) // self.limit * self.limit
        found = {"self": self.offset, "first": 0, "last": last}
        if self.offset:
            found["prev"] = max(0, min(self.offset - self.limit, last))
        if self.offset + self.limit < self.total:
            found["next"] = self.offset + self.limit
        return {relation: self._at(offset) for relation, offset in found.items()}

    def _at(self, offset: int) -> str:
        kept = [(name, value) for name, value in self.pairs if name not in ("limit", "offset") and value]
        return f"{self.address}?{urlencode([*kept, ('limit', self.limit), ('offset', offset)])}"
