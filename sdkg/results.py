"""Answers: rows as plain typed objects, and the formats in which they are written."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from sdkg.errors import MissingExtraError, QueryError
from sdkg.namespaces import XSD, shorten

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("table", "csv", "tsv", "json", "xml", "markdown")
"""The formats for rows; csv, tsv, json and xml are the SPARQL 1.1 result formats."""

GRAPH_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
"""The formats for graphs."""

_SPARQL = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}


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


Value = IRI | str | int | float | Decimal | bool | date | None

_READERS: dict[str, Callable[[str], Value]] = {
    XSD + "integer": int,
    XSD + "decimal": Decimal,
    XSD + "double": float,
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


@dataclass(frozen=True)
class Row:
    """One row: its values by column, as attribute (`row.doel`) or key (`row["doel"]`).

    Example:
        >>> Row(("doel",), ("a",)).doel
        'a'
    """

    columns: tuple[str, ...]
    values: tuple[Value, ...]

    def __getattr__(self, name: str) -> Value:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"no column {name!r}; there is {', '.join(self.columns)}") from None

    def __getitem__(self, name: str) -> Value:
        if name not in self.columns:
            raise KeyError(name)
        return self.values[self.columns.index(name)]

    def as_dict(self) -> dict[str, Value]:
        """The row as a dictionary, in the order of the columns."""
        return dict(zip(self.columns, self.values, strict=True))


class Result(Sequence[Row]):
    """The answer to a SELECT query: a sequence of rows, with the names of its columns."""

    def __init__(self, solutions: ox.QuerySolutions, given: Collection[str] = ()) -> None:
        """The rows of `solutions`; the columns in `given` hold what was asked for, and stay out of tables."""
        buffer = io.BytesIO()
        solutions.serialize(buffer, ox.QueryResultsFormat.JSON)
        self._json = buffer.getvalue()
        self.columns = tuple(variable.value for variable in solutions.variables)
        self._given = frozenset(given)
        self._rows: tuple[Row, ...] | None = None

    def _read(self) -> tuple[Row, ...]:
        if self._rows is None:
            self._rows = tuple(
                Row(self.columns, tuple(to_value(solution[name]) for name in self.columns))
                for solution in self._solutions()
            )
        return self._rows

    def _solutions(self) -> ox.QuerySolutions:
        solutions = ox.parse_query_results(self._json, format=ox.QueryResultsFormat.JSON)
        assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 (written by __init__)
        return solutions

    def __len__(self) -> int:
        return len(self._read())

    def __iter__(self) -> Iterator[Row]:
        return iter(self._read())

    def __getitem__(self, index: Any) -> Any:
        return self._read()[index]

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise MissingExtraError("pandas is not installed. Run: pip install 'sdkg[pandas]'") from None
        return pd.DataFrame([row.values for row in self], columns=pd.Index(self.columns))

    def write(self, format: str) -> bytes:  # noqa: A002 (the name of the option)
        """The rows in one of `FORMATS`, as UTF-8.

        Raises:
            QueryError: there is no such format.
        """
        if format in _SPARQL:
            buffer = io.BytesIO()
            self._solutions().serialize(buffer, _SPARQL[format])
            return buffer.getvalue()
        if format not in FORMATS:
            raise QueryError(f"Rows have no format '{format}'. Use {', '.join(FORMATS)}.")
        return self._for_people(format).encode()

    def _for_people(self, style: str) -> str:
        """A table: of columns `x` and `xLabel` only the label, as `x`; no parameters that were given."""
        from tabulate import tabulate

        shown = [
            name
            for name in self.columns
            if f"{name}Label" not in self.columns and name.removesuffix("Label") not in self._given
        ]
        cells = [[_cell(row[name], style) for name in shown] for row in self]
        heads = [name.removesuffix("Label") for name in shown]
        widths = [44 if style == "table" else None] * len(shown)
        if not cells:
            return ("" if style == "table" else tabulate([], heads, "pipe") + "\n") + "(geen rijen)\n"
        kind = "simple" if style == "table" else "pipe"
        table = tabulate(cells, heads, kind, maxcolwidths=widths, disable_numparse=True)
        return table + "\n"


def write_triples(triples: ox.QueryTriples, format: str) -> bytes:  # noqa: A002
    """The triples of a CONSTRUCT or DESCRIBE query in one of `GRAPH_FORMATS`, sorted, as UTF-8.

    Raises:
        QueryError: there is no such format.
    """
    from sdkg.export import serialize

    if format not in GRAPH_FORMATS:
        raise QueryError(f"A graph has no format '{format}'. Use {', '.join(GRAPH_FORMATS)}.")
    return serialize((ox.Quad(t.subject, t.predicate, t.object) for t in triples), format)


def write_boolean(answer: ox.QueryBoolean, format: str) -> bytes:  # noqa: A002
    """The answer of an ASK query: `true` or `false`, or the SPARQL 1.1 format for it."""
    if format in ("json", "xml"):
        buffer = io.BytesIO()
        answer.serialize(buffer, _SPARQL[format])
        return buffer.getvalue()
    return b"true\n" if answer else b"false\n"


def _cell(value: Value, style: str) -> str:
    text = "" if value is None else value.short if isinstance(value, IRI) else str(value)
    if isinstance(value, bool):
        text = str(value).lower()
    if style == "markdown":
        return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
    return text
