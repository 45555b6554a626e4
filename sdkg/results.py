"""Answers: rows with the names of their columns, and the formats in which they are written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from copy import copy
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from sdkg.errors import MissingExtraError, QueryError
from sdkg.formats import ROWS
from sdkg.rows import Caption, Row

if TYPE_CHECKING:
    import pandas as pd

_SPARQL = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}


class Result(Sequence[Row]):
    """The answer to a SELECT query: a sequence of rows, with the names of its columns.

    `columns` are the names, `caption` says what they are about, `given` are the columns that hold what was
    asked for, and `cut` tells whether a limit left rows out.

    Example:
        >>> json = '{"head": {"vars": ["x"]}, "results": {"bindings": [{}, {}, {}]}}'
        >>> result = Result(ox.parse_query_results(json, format=ox.QueryResultsFormat.JSON), limit=2)
        >>> len(result), result.cut, result.columns
        (2, True, ('x',))
    """

    def __init__(
        self,
        solutions: ox.QuerySolutions,
        given: Collection[str] = (),
        limit: int | None = None,
        caption: Caption | None = None,
    ) -> None:
        """Read the rows of `solutions`, of a store or of `ox.parse_query_results`.

        They are read here and now: solutions belong to the thread that asked, a result to everyone.

        Args:
            solutions: the answer of an engine.
            given: columns that hold what was asked for; formats for people leave them out.
            limit: keep just the first so many rows; at most one more is read.
            caption: what the answer is about; its `given` counts as `given` too.

        Raises:
            QueryError: the limit is below zero.
        """
        if limit is not None and limit < 0:
            raise QueryError(f"A limit of {limit} rows is not possible. Use 0 or more.")
        self.caption = caption or Caption()
        self.columns = tuple(variable.value for variable in solutions.variables)
        self.given = frozenset(given) | self.caption.given.keys()
        columns = self.columns
        self._rows = [
            Row(columns, solution)
            for solution in (solutions if limit is None else islice(solutions, limit + 1))
        ]
        self.cut = limit is not None and len(self._rows) > limit
        del self._rows[limit if self.cut else len(self._rows) :]
        del solutions  # belongs to this thread

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __getitem__(self, index: Any) -> Any:
        return self._rows[index]

    def page(self, offset: int, limit: int) -> Result:
        """A result with at most `limit` of the rows, from `offset` on; `cut` if there are more after them.

        Example:
            >>> json = '{"head": {"vars": ["x"]}, "results": {"bindings": [{}, {}, {}]}}'
            >>> result = Result(ox.parse_query_results(json, format=ox.QueryResultsFormat.JSON))
            >>> len(result.page(0, 2)), result.page(0, 2).cut, len(result.page(2, 2)), result.page(2, 2).cut
            (2, True, 1, False)
        """
        part = copy(self)
        part._rows = self._rows[offset : offset + limit]
        part.cut = self.cut or len(self) > offset + limit
        return part

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
        """The rows in one of `sdkg.formats.ROWS`; text is UTF-8.

        Raises:
            QueryError: there is no such format, or it cannot hold so many rows.
            MissingExtraError: xlsx or parquet, and its package is not installed.
        """
        if format in _SPARQL:
            return self._solutions().serialize(format=_SPARQL[format]) or b""
        if format not in ROWS:
            raise QueryError(f"Rows have no format '{format}'. Use {', '.join(ROWS)}.")
        from sdkg.tables import WRITERS

        return WRITERS[format](self)

    def _solutions(self) -> ox.QuerySolutions:
        """The rows as the engine takes them back: as TSV, the cheapest to make."""
        lines = ["\t".join([f"?{name}" for name in self.columns])]
        lines += ["\t".join([_notation(term) for term in row.terms]) for row in self]
        text = "".join([line + "\n" for line in lines])
        solutions = ox.parse_query_results(text, format=ox.QueryResultsFormat.TSV)
        assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 (TSV holds nothing else)
        return solutions


def write_boolean(answer: ox.QueryBoolean, format: str) -> bytes:  # noqa: A002
    """The answer of an ASK query: `true` or `false`, or the SPARQL 1.1 format for it."""
    if format in ("json", "xml"):
        return answer.serialize(format=_SPARQL[format]) or b""
    return b"true\n" if answer else b"false\n"


def _notation(term: object) -> str:
    if term is None:
        return ""
    return f"<<( {term} )>>" if isinstance(term, ox.Triple) else str(term)
