"""Answers as tables for people: names instead of IRIs, with a link to the page of each thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pyoxigraph as ox

from sdkg.catalog import Text
from sdkg.pages.links import page_of
from sdkg.pages.reader import Name, Reader, Thing
from sdkg.pages.statements import Item
from sdkg.pages.values import YEARS, plain
from sdkg.results import Result
from sdkg.rows import Row, to_value


@dataclass(frozen=True)
class Column:
    """A column: what it is about, and whether it holds numbers."""

    name: str
    head: str
    lang: str
    numbers: bool


@dataclass(frozen=True)
class Table:
    """An answer: its columns, and per row a value for each of them, or none."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Item | None, ...], ...] = field(default=())


def table(reader: Reader, answer: Result, heads: Mapping[str, Text] = MappingProxyType({})) -> Table:
    """An answer as a table, without what was asked for, and without columns in which there is nothing.

    A thing and its name are one column, at the place of the first of the two.
    """
    index = {name: number for number, name in enumerate(answer.columns)}
    merged = dict.fromkeys(_thing_of(name, answer) for name in answer.columns if name not in answer.given)
    shown = [name for name in merged if any(row.terms[index[name]] is not None for row in answer)]
    rows = [tuple(_cell(reader, row, name, index) for name in shown) for row in answer]
    columns = []
    for name in shown:
        terms = [row.terms[index[name]] for row in answer]
        head = heads.get(name)
        text = (head.en if reader.lang == "en" else head.nl) if head else name
        columns.append(Column(name, text, reader.lang, _are_numbers(terms)))
    return Table(tuple(columns), tuple(rows))


def _thing_of(name: str, answer: Result) -> str:
    """The column with the things that a column names; the column itself if it names none that are shown."""
    other = name.removesuffix("Label")
    return other if other in answer.columns and other not in answer.given else name


def _cell(reader: Reader, row: Row, name: str, index: Mapping[str, int]) -> Item | None:
    term = row.terms[index[name]]
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return Item(_thing(reader, row, term.value, name, index), Name(""))
    if isinstance(term, ox.Literal):
        text = plain(to_value(term), reader.lang, name in YEARS or name.lower().endswith("jaar"))
        return Item(None, Name(text, term.language or ""))
    return Item(None, Name(str(term)))


def _thing(reader: Reader, row: Row, iri: str, name: str, index: Mapping[str, int]) -> Thing:
    label = row.terms[index[f"{name}Label"]] if f"{name}Label" in index else None
    thing = reader.thing(iri)
    text = (
        Name(label.value, label.language or "")
        if isinstance(label, ox.Literal) and reader.lang == "nl"
        else thing.name
    )
    return Thing(iri, text, "", page_of(reader.links, iri), thing.ours)


def _are_numbers(terms: Sequence[object]) -> bool:
    found = [to_value(term) for term in terms if term is not None]
    return bool(found) and all(not isinstance(v, str | bool) and hasattr(v, "__abs__") for v in found)
