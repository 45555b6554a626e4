"""Rows of an answer: RDF terms, and the plain values they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import pyoxigraph as ox

from sdkg.namespaces import XSD, shorten


class IRI(str):
    """An IRI in a row; a string with a `short` form.

    Example:
        >>> IRI("https://w3id.org/sociaal-domein/def#Doel").short
        'sd:Doel'
    """

    @property
    def short(self) -> str:
        """The IRI with a prefix of the project."""
        return shorten(self)


Term = ox.NamedNode | ox.Literal | ox.BlankNode | None
Value = IRI | str | int | float | Decimal | bool | date | None


def _digits(text: str) -> str:
    """Refuse what Python reads as a number and XML Schema does not, as 1_000 or a decimal 1E+999999999."""
    if text.strip("+-.0123456789 \t\r\n"):
        raise ValueError(text)
    return text


def _whole(text: str) -> int:
    return int(_digits(text))


_READERS: dict[str, Callable[[str], Value]] = {
    XSD + "integer": _whole,
    XSD + "int": _whole,
    XSD + "long": _whole,
    XSD + "nonNegativeInteger": _whole,
    XSD + "decimal": lambda text: Decimal(_digits(text)),
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": lambda text: text in ("true", "1"),
    XSD + "date": date.fromisoformat,
    XSD + "dateTime": datetime.fromisoformat,
}


def to_value(term: object) -> Value:
    """A term as a plain Python value: an `IRI`, or what its datatype says; a malformed literal stays text.

    Example:
        >>> to_value(ox.Literal("2.5", datatype=ox.NamedNode(XSD + "decimal")))
        Decimal('2.5')
    """
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return IRI(term.value)
    if not isinstance(term, ox.Literal):
        return str(term)
    reader = _READERS.get(term.datatype.value)
    try:
        return reader(term.value) if reader else term.value
    except (ValueError, ArithmeticError):
        return term.value


class Row:
    """One row: its values by column, as attribute (`row.doel`) or key (`row["doel"]`), and its RDF terms.

    Values are made of the terms when they are first asked for.

    Example:
        >>> row = Row(("doel", "jaar"), (ox.Literal("a"), None))
        >>> row.doel, row["jaar"], row.terms[0]
        ('a', None, <Literal value=a datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>)
    """

    __slots__ = ("_terms", "_values", "columns")

    def __init__(self, columns: tuple[str, ...], terms: Iterable[Term]) -> None:
        """A row of `terms` under `columns`."""
        self.columns = columns
        self._terms = terms
        self._values: tuple[Value, ...] | None = None

    @property
    def terms(self) -> tuple[Term, ...]:
        """The RDF terms, in the order of the columns; `None` where the query found none."""
        return tuple(self._terms)

    @property
    def values(self) -> tuple[Value, ...]:
        """The terms as plain Python values (see `to_value`)."""
        if self._values is None:
            self._values = tuple([to_value(term) for term in self._terms])
        return self._values

    def __getattr__(self, name: str) -> Value:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"no column {name!r}; there is {', '.join(self.columns)}") from None

    def __getitem__(self, name: str) -> Value:
        if name not in self.columns:
            raise KeyError(name)
        return self.values[self.columns.index(name)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and (self.columns, self.terms) == (other.columns, other.terms)

    def __hash__(self) -> int:
        return hash((self.columns, self.terms))

    def __repr__(self) -> str:
        return f"Row({self.as_dict()})"

    def __reduce__(self) -> tuple[type[Row], tuple[tuple[str, ...], tuple[Term, ...]]]:
        """Copy and pickle: rows of a store hold on to an object of the engine that can do neither."""
        return Row, (self.columns, self.terms)

    def as_dict(self) -> dict[str, Value]:
        """The row as a dictionary, in the order of the columns."""
        return dict(zip(self.columns, self.values, strict=True))


@dataclass(frozen=True)
class Caption:
    """What an answer is about, for the formats that can say so; all of it may be unknown.

    Args:
        name: the name of the saved query.
        question: the question, in Dutch.
        description: what the answer holds, in Dutch.
        labels: by column what it holds, in Dutch and in English.
        given: by parameter what was given for it, as it should be read.

    Example:
        >>> Caption(question="Welke wetten?", labels={"wet": ("de wet", "the act")}).head("wet")
        'de wet'
    """

    name: str | None = None
    question: str | None = None
    description: str | None = None
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)

    def head(self, column: str) -> str:
        """What to write above a column: its Dutch label, else that of `columnLabel`, else its name."""
        found = self.labels.get(column) or self.labels.get(f"{column}Label")
        return found[0] if found else column

    @property
    def title(self) -> str:
        """What to write above the answer."""
        return self.question or self.name or "Antwoord"

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """What was given, each under the head of its parameter."""
        return [(self.head(name), value) for name, value in self.given.items()]

    def metadata(self) -> dict[str, str]:
        """The caption as the header of a file can hold it: texts by key, what is unknown left out.

        Returns:
            `sdkg.name`, `sdkg.question` and `sdkg.description`; as JSON `sdkg.columns` (by column its label
            in nl and en) and `sdkg.given`.
        """
        import json

        labels = {column: {"nl": nl, "en": en} for column, (nl, en) in self.labels.items()}
        texts = {"name": self.name, "question": self.question, "description": self.description}
        texts |= {"columns": json.dumps(labels, ensure_ascii=False)}
        texts |= {"given": json.dumps(dict(self.given), ensure_ascii=False)}
        return {f"sdkg.{key}": text for key, text in texts.items() if text}
