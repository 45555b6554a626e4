"""Answers for people and their tools, each read back by a real reader of its format."""

from __future__ import annotations

import base64
import builtins
import csv
import hashlib
import io
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import html5lib
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest

import sdkg
from sdkg.errors import MissingExtraError, QueryError
from sdkg.namespaces import ID, SD, XSD, shorten
from sdkg.results import Result
from sdkg.rows import Caption
from sdkg.tables import columns_for_people

Term = ox.NamedNode | ox.Literal | ox.BlankNode | None
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '=HYPERLINK("http://example.org","klik")',
    "+1+1",
    "-1+1",
    "-3,5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "a|b;c,d\"e'f\\g",
    "regel 1\nregel 2\r\nregel 3",
    "a\x00b\x01c\x1b[31md\x0be\ufffef",
    "&amp; &lt; é 😀",
    "{title} %s {0}",
    "#N/A",
    "WAAR",
]


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


def answer(names: str, *rows: tuple[Term, ...], **options: Any) -> Result:
    """A result of these terms, through the engine's own reader."""
    bindings = [
        {name: binding(term) for name, term in zip(names.split(), row, strict=True) if term} for row in rows
    ]
    text = json.dumps({"head": {"vars": names.split()}, "results": {"bindings": bindings}})
    solutions = ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)
    assert isinstance(solutions, ox.QuerySolutions)
    return Result(solutions, **options)


def binding(term: Term) -> dict[str, str]:
    if isinstance(term, ox.Literal):
        kind = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
        return {"type": "literal", "value": term.value, **kind}
    assert term is not None
    return {"type": "uri" if isinstance(term, ox.NamedNode) else "bnode", "value": term.value}


WET = ox.NamedNode(ID + "wet/jeugdwet")
JEUGDWET = ox.Literal("Jeugdwet", language="nl")
CAPTION = Caption(
    name="cijfers",
    question="Wat <kost> het & waarom?",
    description="Alle bedragen.",
    labels={
        "wet": ("de wet", "the act"),
        "wetLabel": ("naam van de wet", "name of the act"),
        "bedrag": ("het bedrag", "the amount"),
        "plan": ("het plan", "the plan"),
    },
    given={"plan": "Heerde <2022>"},
)
TYPED = "wet wetLabel plan bedrag deel jaar dag moment ja bron niets"
VALUES: tuple[Term, ...] = (
    WET,
    JEUGDWET,
    ox.NamedNode(ID + "heerde-2022"),
    typed("-1234.50", "decimal"),
    typed("0.25", "double"),
    typed("2022", "integer"),
    typed("2022-03-01", "date"),
    typed("2022-03-01T12:30:00", "dateTime"),
    typed("true", "boolean"),
    ox.NamedNode("https://example.org/?a=1&b=2"),
    None,
)
EMPTY: tuple[Term, ...] = (None,) * len(VALUES)


@pytest.fixture
def typed_answer() -> Result:
    return answer(TYPED, VALUES, EMPTY, caption=CAPTION)


def hostile_answer() -> Result:
    return answer("x", *[(ox.Literal(text),) for text in HOSTILE])


def cleaned(text: str) -> str:
    return re.sub("[\x00\x01\x0b\x1b\ufffe]", "\ufffd", text)


def test_columns_for_people(typed_answer: Result) -> None:
    columns = columns_for_people(typed_answer)
    assert [column.name for column in columns] == TYPED.split()[0:1] + TYPED.split()[3:]
    assert [column.head for column in columns][:3] == ["de wet", "het bedrag", "deel"]
    assert [(column.text, column.iri) for column in columns][:2] == [(1, 0), (3, None)]
    given = answer("wet wetLabel x", given=["wet"])
    assert [column.name for column in columns_for_people(given)] == ["x"]
    assert [column.name for column in columns_for_people(answer("xLabel y"))] == ["x", "y"]


# HTML


def page(result: Result) -> Any:
    """The page as a browser sees it; a parser that is strict about errors."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(result.write("html").decode())


def text_of(element: Any) -> str:
    return "".join(element.itertext())


def test_a_page(typed_answer: Result) -> None:
    root = page(typed_answer)
    assert root.get("lang") == "nl"
    assert root.find("head/title").text == root.find(".//h1").text == CAPTION.question
    assert [text_of(x) for x in root.iterfind(".//dl/*")] == ["het plan", "Heerde <2022>"]
    assert root.find(".//p").text == "Alle bedragen."
    assert root.find(".//table/caption").text == "Antwoord: 2 rijen"
    heads = root.findall(".//thead/tr/th")
    assert all(head.get("scope") == "col" for head in heads)
    assert [head.text for head in heads][:3] == ["de wet", "het bedrag", "deel"]
    first, second = root.findall(".//tbody/tr")
    assert [text_of(cell) for cell in first] == [
        "Jeugdwet", "-1234,50", "0,25", "2022", "2022-03-01", "2022-03-01 12:30:00", "ja",
        "https://example.org/?a=1&b=2", "",
    ]  # fmt: skip
    assert [cell.get("class") for cell in first] == [None, *["getal"] * 3, *[None] * 5]
    assert [text_of(cell) for cell in second] == [""] * 9
    assert not second.findall(".//a")


def test_labels_link_to_what_they_name(typed_answer: Result) -> None:
    links = {text_of(link): link.get("href") for link in page(typed_answer).iterfind(".//a")}
    assert links["Jeugdwet"] == WET.value
    assert links["https://example.org/?a=1&b=2"] == "https://example.org/?a=1&b=2"
    result = answer("x y yLabel", (ox.NamedNode(SD + "Doel"), WET, None))
    assert [(text_of(link), link.get("href")) for link in page(result).iterfind(".//a")] == [
        ("sd:Doel", SD + "Doel"),
        ("wet:jeugdwet", WET.value),
    ]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "urn:x", "file:///etc/passwd"]
)
def test_only_the_web_is_linked(address: str) -> None:
    literal = ox.Literal(address, datatype=ox.NamedNode(XSD + "anyURI"))
    result = answer(
        "x xLabel y z", (ox.NamedNode(address), ox.Literal("klik"), ox.NamedNode(address), literal)
    )
    assert not page(result).findall(".//a")
    assert all(cell.hyperlink is None for row in workbook(result)["Antwoord"] for cell in row)


def test_addresses_in_text_are_linked() -> None:
    address = ox.Literal("https://example.org/a", datatype=ox.NamedNode(XSD + "anyURI"))
    result = answer("x y", (address, ox.Literal("https://example.org/b")))
    assert [link.get("href") for link in page(result).iterfind(".//a")] == ["https://example.org/a"]


def test_a_page_escapes_everything() -> None:
    caption = Caption("x", HOSTILE[0], HOSTILE[1] + "\x00", {"x": (HOSTILE[0], ""), "p": (HOSTILE[1], "")},
                      {"p": HOSTILE[0]})  # fmt: skip
    rows = [(ox.Literal(text),) for text in HOSTILE]
    root = page(answer("x", *rows, caption=caption))
    cells = [text_of(cell) for cell in root.iterfind(".//td")]
    assert cells == [cleaned(text).replace("\r\n", "\n").replace("\r", "\n") for text in HOSTILE]
    assert not root.findall(".//script")
    assert not root.findall(".//img")
    assert root.find(".//th").text == root.find("head/title").text == HOSTILE[0]


def test_a_page_runs_nothing_and_fetches_nothing(typed_answer: Result) -> None:
    text, root = typed_answer.write("html").decode(), page(typed_answer)
    (policy,) = (m.get("content") for m in root.iterfind("head/meta") if m.get("http-equiv"))
    style = root.find("head/style").text
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]
    assert "unsafe" not in policy
    assert not re.search(r"<script|<link|<img|\bsrc=|\bstyle=|\bon\w+=|@import|url\(", text)
    assert "@media print" in style


def test_languages_other_than_dutch_are_marked() -> None:
    result = answer("x y", (ox.Literal("policy", language="en"), JEUGDWET))
    assert [cell.get("lang") for cell in page(result).iterfind(".//td")] == ["en", None]


def test_a_page_without_rows_and_one_that_was_cut() -> None:
    assert text_of(page(answer("x y")).find(".//td")) == "(geen rijen)"
    assert page(answer("x y")).find("head/title").text == "Antwoord"
    cut = answer("x", (JEUGDWET,), (JEUGDWET,), limit=1)
    assert page(cut).find(".//caption").text == "Antwoord: de eerste 1 rij; er zijn er meer"
    assert len(page(cut).findall(".//tbody/tr")) == 1
    assert page(answer("", ())).find(".//caption").text == "Antwoord: 1 rij"


# CSV for Dutch spreadsheets


def dutch(result: Result) -> list[list[str]]:
    data = result.write("csv-nl")
    assert data.startswith(b"\xef\xbb\xbf")
    assert not data.startswith(b"\xef\xbb\xbf" * 2)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_dutch_csv(typed_answer: Result) -> None:
    assert dutch(typed_answer) == [
        ["de wet", "het bedrag", "deel", "jaar", "dag", "moment", "ja", "bron", "niets"],
        ["Jeugdwet", "-1234,50", "0,25", "2022", "2022-03-01", "2022-03-01 12:30:00", "WAAR",
         "https://example.org/?a=1&b=2", ""],
        [""] * 9,
    ]  # fmt: skip
    assert typed_answer.write("csv-nl").endswith(b"\r\n")


def test_dutch_csv_has_no_formulas() -> None:
    cells = [row[0] for row in dutch(hostile_answer())[1:]]
    expected = [("'" if text[0] in "=+-@\t\r" else "") + cleaned(text) for text in HOSTILE]
    assert cells == expected
    assert not any(cell.startswith(tuple("=+-@\t\r\n")) for cell in cells)
    head = answer("x", caption=Caption(labels={"x": ("=1+1", "")}))
    assert dutch(head) == [["'=1+1"]]


@pytest.mark.parametrize(("number", "written"), [
    (typed("-3.5", "decimal"), "-3,5"),
    (typed("-3", "integer"), "-3"),
    (typed("-2.5e0", "double"), "-2,5"),
    (typed("0.0000001", "decimal"), "0,0000001"),
    (typed("-0.0000001", "double"), "-1e-07"),
    (typed("false", "boolean"), "ONWAAR"),
    (typed("2022-03-01T12:30:00Z", "dateTime"), "2022-03-01 12:30:00+00:00"),
    (ox.Literal("-3,5"), "'-3,5"),
    (ox.Literal("\uff1d1"), "'\uff1d1"),
    (typed("-abc", "integer"), "'-abc"),
])  # fmt: skip
def test_numbers_stay_numbers(number: ox.Literal, written: str) -> None:
    assert dutch(answer("x", (number,)))[1] == [written]


def test_dutch_csv_without_rows() -> None:
    assert answer("x y").write("csv-nl") == b"\xef\xbb\xbfx;y\r\n"
    assert len(dutch(answer("x", (JEUGDWET,), (WET,), limit=1))) == 2


# Excel


def workbook(result: Result) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(result.write("xlsx")))


def test_a_workbook(typed_answer: Result) -> None:
    book = workbook(typed_answer)
    assert book.sheetnames == ["cijfers", "Vraag"]
    sheet = book["cijfers"]
    assert [cell.value for cell in sheet[1]][:3] == ["de wet", "het bedrag", "deel"]
    assert all(cell.font.b for cell in sheet[1])
    assert [cell.value for cell in sheet[2]] == [
        "Jeugdwet", -1234.5, 0.25, 2022, datetime(2022, 3, 1), datetime(2022, 3, 1, 12, 30), True,
        "https://example.org/?a=1&b=2", None,
    ]  # fmt: skip
    assert [cell.data_type for cell in sheet[2]][:7] == ["s", "n", "n", "n", "d", "d", "b"]
    assert sheet["E2"].number_format == "yyyy-mm-dd"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:I3")
    assert sheet.max_row == 2
    assert 10 <= sheet.column_dimensions["A"].width <= 62
    assert sheet.column_dimensions["H"].width > sheet.column_dimensions["A"].width


def test_links_of_a_workbook(typed_answer: Result) -> None:
    sheet = workbook(typed_answer)["cijfers"]
    links = {cell.value: cell.hyperlink.target for cell in sheet[2] if cell.hyperlink}
    assert links == {"Jeugdwet": WET.value, "https://example.org/?a=1&b=2": "https://example.org/?a=1&b=2"}


def test_the_question_of_a_workbook(typed_answer: Result) -> None:
    sheet = workbook(typed_answer)["Vraag"]
    assert [tuple(cell.value for cell in row) for row in sheet] == [
        ("Vraag", CAPTION.question),
        ("Toelichting", "Alle bedragen."),
        ("het plan", "Heerde <2022>"),
        ("Antwoord", "2 rijen"),
    ]
    bare = workbook(answer("x", (JEUGDWET,), (WET,), limit=1))
    assert bare.sheetnames == ["Antwoord", "Vraag"]
    assert [cell.value for cell in bare["Vraag"][1]] == ["Antwoord", "de eerste 1 rij; er zijn er meer"]
    assert bare["Antwoord"].max_row == 2


def test_a_workbook_has_no_formulas() -> None:
    sheet = workbook(hostile_answer())["Antwoord"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [re.sub("\r\n?", "\n", cleaned(text)) for text in HOSTILE]
    assert {cell.data_type for cell in cells} == {"s"}
    quoted = [bool(cell.quotePrefix) for cell in cells]
    assert quoted == [text[0] in "=+-@\t\r" for text in HOSTILE]
    head = workbook(answer("x", caption=Caption(question="=1+1", labels={"x": ("=1+1\x00", "")})))
    assert head["Antwoord"]["A1"].data_type == head["Vraag"]["B1"].data_type == "s"


@pytest.mark.parametrize(("term", "value"), [
    (typed("1234567890123456", "integer"), "1234567890123456"),
    (typed("9" * 400, "decimal"), "9" * 400),
    (typed("INF", "double"), "inf"),
    (typed("NaN", "double"), "nan"),
    (typed("1899-12-31", "date"), "1899-12-31"),
    (typed("2022-03-01T12:30:00+01:00", "dateTime"), "2022-03-01T12:30:00+01:00"),
    (typed("false", "boolean"), False),
    (ox.Literal("x" * 40_000), "x" * 32_766 + "…"),
    (ox.Literal("007"), "007"),
])  # fmt: skip
def test_what_excel_cannot_hold_is_text(term: ox.Literal, value: object) -> None:
    assert workbook(answer("x", (term,)))["Antwoord"]["A2"].value == value


@pytest.mark.parametrize(("name", "title"), [
    ("indicatoren-met-nulmeting-en-streefwaarde", "indicatoren-met-nulmeting-en-st"),
    ("a[b]:c*d?e/f\\g", "a b  c d e f g"),
    ("'x'", "x"),
    ("Vraag", "Antwoord"),
    ("History", "Antwoord"),
    ("", "Antwoord"),
    ("a\x00b", "a\ufffdb"),
])  # fmt: skip
def test_titles_of_sheets(name: str, title: str) -> None:
    assert workbook(answer("x", caption=Caption(name))).sheetnames == [title, "Vraag"]


def test_workbooks_without_rows_or_columns() -> None:
    assert workbook(answer("x y"))["Antwoord"].auto_filter.ref == "A1:B1"
    assert workbook(answer("", ()))["Antwoord"].auto_filter.ref is None


def test_more_rows_than_a_sheet_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdkg.tables._SHEET_ROWS", 1)
    with pytest.raises(QueryError, match="at most 1 rows"):
        answer("x", (WET,), (WET,)).write("xlsx")
    monkeypatch.setattr("sdkg.tables._SHEET_LINKS", 0)
    assert workbook(answer("x", (WET,)))["Antwoord"]["A2"].hyperlink is None


# Parquet


def read(result: Result) -> pa.Table:
    return pq.read_table(io.BytesIO(result.write("parquet")))


def test_parquet(typed_answer: Result) -> None:
    table = read(typed_answer)
    assert table.column_names == TYPED.split()
    kinds = dict(zip(table.column_names, table.schema.types, strict=True))
    assert kinds == {
        "wet": pa.string(), "wetLabel": pa.string(), "plan": pa.string(), "bedrag": pa.decimal128(6, 2),
        "deel": pa.float64(), "jaar": pa.int64(), "dag": pa.date32(), "moment": pa.timestamp("us"),
        "ja": pa.bool_(), "bron": pa.string(), "niets": pa.string(),
    }  # fmt: skip
    first, second = table.to_pylist()
    assert tuple(first.values()) == typed_answer[0].values
    assert set(second.values()) == {None}


def test_metadata_of_parquet(typed_answer: Result) -> None:
    found = {key.decode(): text.decode() for key, text in read(typed_answer).schema.metadata.items()}
    assert found["sdkg.question"] == CAPTION.question
    assert found["sdkg.name"] == "cijfers"
    assert json.loads(found["sdkg.columns"])["bedrag"] == {"nl": "het bedrag", "en": "the amount"}
    assert json.loads(found["sdkg.given"]) == {"plan": "Heerde <2022>"}


def test_hostile_text_in_parquet() -> None:
    assert read(hostile_answer())["x"].to_pylist() == HOSTILE


@pytest.mark.parametrize(("terms", "kind", "values"), [
    ([typed("1", "integer"), typed("2.50", "decimal")], pa.decimal128(3, 2), [Decimal("1"), Decimal("2.5")]),
    ([typed("1", "integer"), typed("0.5", "double")], pa.float64(), [1.0, 0.5]),
    ([typed("0.5", "decimal"), typed("0.25", "double")], pa.float64(), [0.5, 0.25]),
    ([typed("0.005", "decimal")], pa.decimal128(3, 3), [Decimal("0.005")]),
    ([typed("-100", "decimal")], pa.decimal128(3, 0), [Decimal(-100)]),
    ([typed(str(2**63), "integer")], pa.decimal128(19, 0), [Decimal(2**63)]),
    ([typed("-" + str(2**63), "integer")], pa.int64(), [-(2**63)]),
    ([typed("9" * 50, "integer")], pa.decimal256(50, 0), [Decimal("9" * 50)]),
    ([typed("1" + "0" * 99, "integer")], pa.float64(), [1e99]),
    ([typed("9" * 400, "integer")], pa.string(), ["9" * 400]),
    ([typed("9" * 400, "integer"), typed("0.5", "double")], pa.string(), ["9" * 400, "0.5"]),
    ([typed("INF", "double"), typed("1", "integer")], pa.float64(), [float("inf"), 1.0]),
    ([typed("1", "integer"), ox.Literal("veel")], pa.string(), ["1", "veel"]),
    ([typed("01.50", "decimal"), WET], pa.string(), ["01.50", WET.value]),
    ([typed("true", "boolean"), typed("1", "integer")], pa.string(), ["true", "1"]),
    ([typed("2022-03-01", "date"), typed("x", "date")], pa.string(), ["2022-03-01", "x"]),
    ([typed("2022-03-01T12:00:00Z", "dateTime")], pa.timestamp("us", "UTC"),
     [datetime(2022, 3, 1, 12, tzinfo=UTC)]),
    ([typed("2022-03-01T12:00:00Z", "dateTime"), typed("2022-03-01T12:00:00", "dateTime")], pa.string(),
     ["2022-03-01T12:00:00Z", "2022-03-01T12:00:00"]),
    ([typed("0001-01-01", "date"), None], pa.date32(), [date(1, 1, 1), None]),
    ([ox.BlankNode("b0"), None], pa.string(), ["b0", None]),
    ([ox.Literal(""), None], pa.string(), ["", None]),
    ([None, None], pa.string(), [None, None]),
    ([], pa.string(), []),
])  # fmt: skip
def test_types_of_parquet(terms: list[Term], kind: pa.DataType, values: list[object]) -> None:
    table = read(answer("x", *[(term,) for term in terms]))
    assert table.schema.types == [kind]
    assert table["x"].to_pylist() == values


def test_parquet_holds_all_columns_and_just_the_kept_rows() -> None:
    result = answer("x xLabel", (WET, JEUGDWET), (WET, JEUGDWET), given=["x"], limit=1)
    assert read(result).to_pylist() == [{"x": WET.value, "xLabel": "Jeugdwet"}]
    assert read(answer("", ())).column_names == []


# All of them


@pytest.mark.parametrize(("format", "package"), [("xlsx", "openpyxl"), ("parquet", "pyarrow")])
def test_without_its_package_the_command_is_named(
    format: str,  # noqa: A002
    package: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name.split(".")[0] == package:
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=rf"pip install 'sdkg\[{format}\]'"):
        answer("x").write(format)


def test_rows_keep_the_order_of_the_engine(graph: sdkg.KnowledgeGraph) -> None:
    result = graph.sparql("SELECT ?x { ?x a sd:Doel } ORDER BY DESC(?x)")
    assert isinstance(result, Result)
    order = [str(row.x) for row in result]
    assert len(order) > 10
    assert order != sorted(order)
    assert read(result)["x"].to_pylist() == order
    assert [link.get("href") for link in page(result).iterfind(".//td/a")] == order
    sheet = workbook(result)["Antwoord"]
    links = [row[0].hyperlink for row in sheet.iter_rows(min_row=2)]
    assert [link.target for link in links if link] == order
    assert [row[0] for row in list(csv.reader(io.StringIO(result.write("csv").decode())))[1:]] == order
    assert [row[0] for row in dutch(result)[1:]] == [shorten(text) for text in order]


def test_saved_queries_in_every_format(graph: sdkg.KnowledgeGraph) -> None:
    result = graph.query("cijfers", plan="heerde-2022")
    assert len(workbook(result).worksheets[0]["A"]) == len(result) + 1
    assert len(page(result).findall(".//tbody/tr")) == len(dutch(result)) - 1 == len(result)
    assert read(result).num_rows == len(result)
