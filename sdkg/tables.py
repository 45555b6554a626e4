"""Answers for people and their tools: tables, web pages, spreadsheets and Parquet.

Formats for people show of columns `x` and `xLabel` only the label, under the head of x, and leave out the
parameters that were given; where a format has links, the label links to the IRI in x. Parquet holds all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from sdkg.errors import MissingExtraError, QueryError
from sdkg.namespaces import XSD
from sdkg.rows import IRI, Row, Value

if TYPE_CHECKING:
    import pyarrow as pa

    from sdkg.results import Result

_NO_ROWS = "(geen rijen)"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LINK = re.compile(r"""https?://[^\s<>"{}|\\^`\[\]\x00-\x1f]{1,2000}""")
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_SHEET_ROWS, _SHEET_LINKS, _SHEET_TEXT = 1_048_575, 65_000, 32_767
_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.4 system-ui, sans-serif } body { margin: 1.5rem }
.scroll { overflow-x: auto } table { border-collapse: collapse } th, td { border-bottom: 1px solid GrayText }
caption, th, td { text-align: left; vertical-align: top; padding: .3rem .6rem }
td { white-space: pre-line; overflow-wrap: anywhere; min-width: 4rem }
.getal { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
@page { size: landscape; margin: 1.5cm }
@media print {
  :root { color-scheme: light; font-size: .7rem } body { margin: 0 } .scroll { overflow: visible }
  thead { display: table-header-group } tr { break-inside: avoid } a { color: inherit }
}
"""
_PAGE = """<!doctype html>
<html lang="nl">
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">
<title>{title}</title><style>{style}</style></head>
<body><main>
<h1>{title}</h1>
{about}<div class="scroll" role="region" aria-labelledby="bijschrift" tabindex="0">
<table><caption id="bijschrift">Antwoord: {count}</caption>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody></table></div>
</main></body></html>
"""


@dataclass(frozen=True)
class Column:
    """A column for people: its head, where its text is in a row, and where the IRI that the text names."""

    name: str
    head: str
    text: int
    iri: int | None


@dataclass(frozen=True)
class Cell:
    """A cell for people: what it says, where it leads, and its language if that is not Dutch."""

    value: Value
    link: str | None = None
    language: str | None = None

    @property
    def is_number(self) -> bool:
        """Whether it holds a number."""
        return isinstance(self.value, (int, float, Decimal)) and not isinstance(self.value, bool)


def columns_for_people(result: Result) -> list[Column]:
    """The columns that people see: labels instead of IRIs, and nothing that was given.

    Example:
        >>> import sdkg
        >>> columns_for_people(sdkg.load().query("wetten", plan="heerde-2022"))[0].text
        0
    """
    places = {name: place for place, name in enumerate(result.columns)}
    found = []
    for name, place in places.items():
        base = name.removesuffix("Label")
        if f"{name}Label" not in places and base not in result.given:
            iri = places.get(base) if base != name else None
            found.append(Column(base, result.caption.head(base), place, iri))
    return found


def _cells(row: Row, columns: Sequence[Column]) -> Iterator[Cell]:
    terms, values = row.terms, row.values
    for column in columns:
        place = column.text
        if values[place] is None and column.iri is not None:
            place = column.iri
        term, named = terms[place], terms[place if column.iri is None else column.iri]
        language = term.language if isinstance(term, ox.Literal) else None
        foreign = language if language and language.split("-")[0] != "nl" else None
        yield Cell(values[place], _link(named) or _link(term), foreign)


def _link(term: Any) -> str | None:
    """Where a term leads, if that is on the web; never `javascript:` and the like."""
    is_address = isinstance(term, ox.Literal) and term.datatype.value == XSD + "anyURI"
    is_address |= isinstance(term, ox.NamedNode)
    return str(term.value) if is_address and _LINK.fullmatch(term.value) else None


def _clean(text: str) -> str:
    """Replace characters that XML, HTML and spreadsheets cannot hold."""
    return _ILLEGAL.sub("\ufffd", text)


def _dutch(value: Value, yes: str = "ja", no: str = "nee") -> str:
    """A value as text in Dutch: a decimal comma, dates as yyyy-mm-dd, IRIs short."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes if value else no
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    if isinstance(value, float):
        return str(value).replace(".", ",")
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return _clean(value.short if isinstance(value, IRI) else str(value))


def _count(result: Result) -> str:
    rows = f"{len(result)} {'rij' if len(result) == 1 else 'rijen'}"
    return f"de eerste {rows}; er zijn er meer" if result.cut else rows


def _tabulate(result: Result, kind: str, width: int | None) -> bytes:
    """A table with the names of the columns: `simple` for a terminal, or `pipe` for Markdown."""
    from tabulate import tabulate

    columns = columns_for_people(result)
    heads = [column.name for column in columns]
    if not result:
        return f"{tabulate([], heads, kind) + chr(10) if kind == 'pipe' else ''}{_NO_ROWS}\n".encode()
    cells = [[_plain(row.values[column.text], kind) for column in columns] for row in result]
    widths = [width] * len(columns)
    return (tabulate(cells, heads, kind, maxcolwidths=widths, disable_numparse=True) + "\n").encode()


def _plain(value: Value, kind: str) -> str:
    text = "" if value is None else value.short if isinstance(value, IRI) else str(value)
    if isinstance(value, bool):
        text = str(value).lower()
    if kind == "pipe":
        return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
    return text


def html(result: Result) -> bytes:
    """A web page that stands alone: no script, nothing from elsewhere, fit for a screen reader and paper."""
    from base64 import b64encode
    from hashlib import sha256
    from html import escape

    columns, caption = columns_for_people(result), result.caption
    digest = b64encode(sha256(_STYLE.encode()).digest()).decode()
    about = f"<p>{escape(caption.description)}</p>\n" if caption.description else ""
    given = "".join(f"<dt>{escape(n)}</dt><dd>{escape(v)}</dd>" for n, v in caption.parameters)
    rows = "\n".join(f"<tr>{''.join(map(_html_cell, _cells(row, columns)))}</tr>" for row in result)
    page = _PAGE.format(
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        title=escape(caption.title),
        style=_STYLE,
        about=about + (f"<dl>{given}</dl>\n" if given else ""),
        count=_count(result),
        heads="".join(f'<th scope="col">{escape(column.head)}</th>' for column in columns),
        rows=rows or f'<tr><td colspan="{max(1, len(columns))}">{_NO_ROWS}</td></tr>',
    )
    return _clean(page).encode()


def _html_cell(cell: Cell) -> str:
    from html import escape

    text = escape(_dutch(cell.value))
    attributes = ' class="getal"' if cell.is_number else ""
    if cell.language:
        attributes += f' lang="{escape(cell.language)}"'
    if cell.link and text:
        text = f'<a href="{escape(cell.link)}">{text}</a>'
    return f"<td{attributes}>{text}</td>"


def csv_nl(result: Result) -> bytes:
    """CSV as Dutch spreadsheets read it: UTF-8 with BOM, semicolons, decimal commas, WAAR and ONWAAR.

    Text that a spreadsheet would take for a formula gets a leading apostrophe; numbers never do.
    """
    import csv
    import io

    columns = columns_for_people(result)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(_clean(column.head)) for column in columns])
    for row in result:
        values = [cell.value for cell in _cells(row, columns)]
        texts = [_dutch(value, "WAAR", "ONWAAR") for value in values]
        writer.writerow(
            [_harmless(t) if isinstance(v, str) else t for v, t in zip(values, texts, strict=True)]
        )
    return out.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def xlsx(result: Result) -> bytes:
    """An Excel workbook: the rows on the first sheet, on the second what was asked.

    Raises:
        MissingExtraError: openpyxl is not installed.
        QueryError: there are more rows than a sheet can hold.
    """
    import io

    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingExtraError("openpyxl is not installed. Run: pip install 'sdkg[xlsx]'") from None
    if len(result) > _SHEET_ROWS:
        raise QueryError(f"A sheet holds at most {_SHEET_ROWS} rows. Ask for fewer, or use csv or parquet.")
    book = Workbook()
    del book["Sheet"]
    _answer_sheet(book.create_sheet(_sheet_title(result.caption.name)), result)
    _question_sheet(book.create_sheet("Vraag"), result)
    book.properties.creator, book.properties.title = "sdkg", _clean(result.caption.title)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_title(name: str | None) -> str:
    title = re.sub(r"[\[\]:*?/\\\t\n\r]", " ", _clean(name or "")).strip(" '")[:31].strip(" '")
    return title if title and title.lower() not in ("vraag", "history") else "Antwoord"


def _answer_sheet(sheet: Any, result: Result) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    columns = columns_for_people(result)
    left, top = Alignment("left", "top", wrap_text=True), Alignment(vertical="top")
    bold, blue = Font(bold=True), Font(color="0563C1", u="single")
    widths = [len(column.head) for column in columns]
    for place, column in enumerate(columns, 1):
        head = _put(sheet.cell(1, place), column.head)
        head.font, head.alignment = bold, left
    links = 0
    for number, row in enumerate(result, 2):
        for place, cell in enumerate(_cells(row, columns), 1):
            if cell.value is None:
                continue
            at = _put(sheet.cell(number, place), cell.value)
            at.alignment = top if cell.is_number else left
            if cell.link and links < _SHEET_LINKS:
                links += 1
                at.hyperlink, at.font = cell.link, blue
            widths[place - 1] = max(widths[place - 1], *map(len, _dutch(cell.value).split("\n")))
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = min(max(width, 8), 60) + 2
    sheet.freeze_panes = "A2"
    if columns:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(result) + 1}"


def _question_sheet(sheet: Any, result: Result) -> None:
    from openpyxl.styles import Alignment, Font

    caption = result.caption
    about = [("Vraag", caption.question), ("Toelichting", caption.description)]
    facts = [(name, text) for name, text in about if text]
    for number, (name, text) in enumerate([*facts, *caption.parameters, ("Antwoord", _count(result))], 1):
        _put(sheet.cell(number, 1), name).font = Font(bold=True)
        _put(sheet.cell(number, 2), text).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 100


def _put(cell: Any, value: Value) -> Any:
    """Write a value as what it is, or as text that is never a formula."""
    if _fits_excel(value):
        cell.value = value
        return cell
    text = value.isoformat() if isinstance(value, date) else _clean(_dutch(value))
    cell.value = text if len(text) <= _SHEET_TEXT else text[: _SHEET_TEXT - 1] + "…"
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_FORMULA)
    return cell


def _fits_excel(value: Value) -> bool:
    """Whether Excel has such a value: 15 digits, no time zones, no days before March 1900."""
    if isinstance(value, datetime):
        return value.tzinfo is None and value.year > 1900
    if isinstance(value, date):
        return value >= date(1900, 3, 1)
    if isinstance(value, int):
        return abs(value) < 10**15
    return isinstance(value, (float, Decimal)) and abs(float(value)) < 1e307


def parquet(result: Result) -> bytes:
    """A Parquet file of all columns, typed; `Caption.metadata` is in its schema.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtraError("pyarrow is not installed. Run: pip install 'sdkg[parquet]'") from None
    arrays = [_arrow([row.values[i] for row in result], [row.terms[i] for row in result])
              for i in range(len(result.columns))]  # fmt: skip
    whole = pa.Table.from_arrays(arrays, names=list(result.columns))
    sink = pa.BufferOutputStream()
    pq.write_table(whole.replace_schema_metadata(result.caption.metadata()), sink)
    return bytes(sink.getvalue().to_pybytes())


def _arrow(values: Sequence[Value], terms: Sequence[object]) -> pa.Array[Any]:
    """A column in the narrowest type that holds all its values; of mixed kinds, as text as it was written."""
    import pyarrow as pa

    kind = _arrow_type(values)
    if kind is None:
        return pa.array([term and getattr(term, "value", str(term)) for term in terms], pa.string())
    if pa.types.is_floating(kind):
        values = [None if value is None else float(value) for value in values]  # type: ignore[arg-type]
    elif pa.types.is_decimal(kind):
        values = [None if value is None else Decimal(value) for value in values]  # type: ignore[arg-type]
    return pa.array(values, kind)


def _arrow_type(values: Sequence[Value]) -> pa.DataType | None:
    import pyarrow as pa

    present = [value for value in values if value is not None]
    kinds = {type(value) for value in present}
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {date}:
        return pa.date32()
    if kinds == {datetime}:
        zones = {value.tzinfo is not None for value in present if isinstance(value, datetime)}
        return None if len(zones) > 1 else pa.timestamp("us", "UTC" if zones == {True} else None)
    numbers = [value for value in present if isinstance(value, (int, float, Decimal))]
    return _number_type(numbers) if kinds and kinds <= {int, float, Decimal} else None


def _number_type(numbers: Sequence[int | float | Decimal]) -> pa.DataType | None:
    import pyarrow as pa

    if all(isinstance(number, int) and -(2**63) <= number < 2**63 for number in numbers):
        return pa.int64()
    if not any(isinstance(number, float) for number in numbers):
        parts = [Decimal(number).as_tuple() for number in numbers]
        scale = max(0, *(-int(part.exponent) for part in parts))
        precision = scale + max(len(part.digits) + int(part.exponent) for part in parts)
        if precision <= 76:
            wide = pa.decimal256 if precision > 38 else pa.decimal128
            return wide(max(precision, scale, 1), scale)
    fits = all(isinstance(number, float) or abs(Decimal(number)) < Decimal("1e308") for number in numbers)
    return pa.float64() if fits else None


WRITERS: Mapping[str, Callable[[Result], bytes]] = MappingProxyType(
    {
        "table": partial(_tabulate, kind="simple", width=44),
        "markdown": partial(_tabulate, kind="pipe", width=None),
        "html": html,
        "csv-nl": csv_nl,
        "xlsx": xlsx,
        "parquet": parquet,
    }
)
"""The formats of this module, and what writes them."""
