"""The saved questions: their list, and for each a form with the real values, the answer, and the reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

from sdkg.catalog import Parameter, SavedQuery, Text
from sdkg.errors import SdkgError
from sdkg.formats import ROWS
from sdkg.graph import KnowledgeGraph
from sdkg.header import GROUPS, PATTERNS
from sdkg.namespaces import RDF, SD, shorten
from sdkg.pages.answers import Table, table
from sdkg.pages.links import Links
from sdkg.pages.reader import Reader
from sdkg.pages.reasons import Reasoned, reasons_of
from sdkg.pages.render import render
from sdkg.pages.words import say
from sdkg.results import Result

SHOWN = 200
"""How many rows of an answer a page shows."""

LISTED, SUGGESTED = 300, 1000
"""Up to how many values are a list to choose from; and how many are suggested beyond that."""

_PLACES = {"text": "text", "number": "text", "year": "text", "date": "date"}


@dataclass(frozen=True)
class Choice:
    """A value to choose: what is sent, its name with its language, and whether it was chosen."""

    value: str
    text: str
    lang: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """A parameter in the form."""

    name: str
    label: str
    kind: str
    value: str
    example: str
    required: bool
    choices: tuple[Choice, ...]
    error: str = ""


def by_group(graph: KnowledgeGraph, lang: str) -> list[tuple[str, list[SavedQuery]]]:
    """The saved questions by group, in the order of the groups."""
    found: dict[str, list[SavedQuery]] = {}
    for saved in graph.queries.values():
        found.setdefault(saved.tags[0], []).append(saved)
    order = [tag for tag in (*GROUPS, *sorted(found.keys() - GROUPS.keys())) if tag in found]
    return [(GROUPS[tag][lang == "en"] if tag in GROUPS else tag, found[tag]) for tag in order]


def questions_page(graph: KnowledgeGraph, links: Links) -> bytes:
    """All saved questions.

    Example:
        >>> from sdkg import load
        >>> from sdkg.pages.links import Served
        >>> b"doelen-op-wet-en-partner" in questions_page(load(), Served("nl"))
        True
    """
    return render("questions.html", links, groups=by_group(graph, links.lang), count=len(graph.queries))


def question_page(
    graph: KnowledgeGraph,
    name: str,
    given: Mapping[str, str],
    links: Links,
    row: int = 0,
    shared: Reader | None = None,
    whole: Result | None = None,
) -> bytes:
    """One saved question: its form, and its answer if all that it needs is given.

    Args:
        graph: the knowledge graph.
        name: the name of the question.
        given: what was filled in, by parameter; empty values count as not given, other names for nothing.
        links: where pages are.
        row: the row of the answer to give reasons for, counted from 1; 0 for none.
        shared: a reader of the same graph, whose look-ups are used again.
        whole: its whole answer, if that is known already.

    Raises:
        UnknownQueryError: there is no such question.

    Example:
        >>> from sdkg import load
        >>> from sdkg.pages.links import Served
        >>> b"<select" in question_page(load(), "wetten", {}, Served("nl"))
        True
    """
    reader = Reader(graph, links, shared)
    saved = graph.saved(name)
    filled: dict[str, Any] = {p.name: given[p.name] for p in saved.parameters if given.get(p.name)}
    missing = [p for p in saved.parameters if p.required and not filled.get(p.name) and p.default is None]
    fields = [_field(reader, p, filled, bool(given) and p in missing) for p in saved.parameters]
    answer, problem = None, ""
    if not missing:
        try:
            answer = whole.page(0, SHOWN) if whole is not None else graph.query(name, limit=SHOWN, **filled)
        except SdkgError as error:
            problem = str(error)
    values = _answered(reader, saved, filled, answer, row) if answer is not None else {}
    return render(
        "question.html",
        links,
        saved=saved,
        question=_in(saved.question, links.lang),
        description=_in(saved.description, links.lang),
        fields=fields,
        missing=missing if given else [],
        problem=problem,
        asked=[
            (_in(p.label, links.lang), _said(reader, p, filled))
            for p in saved.parameters
            if _said(reader, p, filled)
        ],
        **{
            "table": None,
            "cut": False,
            "sparql": "",
            "downloads": [],
            "reasons": None,
            "row": row,
            "why": "",
            **values,
        },
    )


def _answered(
    reader: Reader, saved: SavedQuery, filled: dict[str, Any], answer: Result, row: int
) -> dict[str, Any]:
    """What a page shows of an answer."""
    graph, links = reader.graph, reader.links
    sparql = graph.sparql_of(saved.name, **filled)
    explained: Reasoned | None = None
    if 0 < row <= len(answer):
        explained = reasons_of(reader, sparql, answer[row - 1])
    made: Table = table(reader, answer, saved.columns)
    return {
        "table": made,
        "cut": answer.cut,
        "sparql": sparql,
        "downloads": _downloads(links, saved.name, filled),
        "reasons": explained,
        "why": links.to(f"queries/{saved.name}", **filled, waarom="0").replace("waarom=0", "waarom=")
        if links.live
        else "",
    }


def _downloads(links: Links, name: str, filled: Mapping[str, str]) -> list[tuple[str, str]]:
    if not links.live:
        return [(style, links.file(f"data/queries/{name}.{style}")) for style in ("csv", "json")]
    where = links.file(f"api/v1/queries/{name}/results")
    return [(style, f"{where}?{urlencode({**filled, 'format': style})}") for style in ROWS]


def _field(reader: Reader, parameter: Parameter, filled: Mapping[str, str], missing: bool) -> Field:
    lang = reader.lang
    value = filled.get(parameter.name, parameter.default or "")
    label = _in(parameter.label, lang)
    choices = _choices(reader, parameter, value)
    if parameter.type in PATTERNS and parameter.type != "choice":
        kind = _PLACES[parameter.type]
    else:
        kind = "select" if len(choices) <= LISTED else "list"
    return Field(
        parameter.name, label, kind, value, parameter.example, parameter.required, choices,
        say("missing", lang, label=label) if missing else "",
    )  # fmt: skip


def _choices(reader: Reader, parameter: Parameter, value: str) -> tuple[Choice, ...]:
    if parameter.type == "choice":
        return tuple(Choice(option, option, "nl", option == value) for option in parameter.options)
    if parameter.type in PATTERNS:
        return ()
    chosen = _iri(reader, parameter, value)
    found = reader.subjects(RDF + "type", SD + parameter.type)
    names = sorted((reader.name(iri).text.casefold(), iri) for iri in found)[:SUGGESTED]
    return tuple(
        Choice(shorten(iri), reader.name(iri).text, reader.name(iri).lang, iri == chosen) for _, iri in names
    )


def _iri(reader: Reader, parameter: Parameter, value: str) -> str:
    try:
        return reader.graph.find(value, parameter.type) if value else ""
    except SdkgError:
        return ""


def _said(reader: Reader, parameter: Parameter, filled: Mapping[str, str]) -> str:
    """The value of a parameter as people read it."""
    value = filled.get(parameter.name) or parameter.default or ""
    iri = _iri(reader, parameter, value) if parameter.type not in PATTERNS else ""
    return reader.name(iri).text if iri else value


def example_of(graph: KnowledgeGraph, saved: SavedQuery) -> dict[str, Any]:
    """Values to show a question with: the examples of what it needs, or other things if those are not there.

    Example:
        >>> from sdkg import load
        >>> graph = load()
        >>> example_of(graph, graph.saved("doelen-op-wet-en-partner"))
        {'wet': 'Participatiewet', 'partner': 'STIP'}
    """
    return {p.name: _example(graph, p) for p in saved.parameters if p.required and p.default is None}


def _example(graph: KnowledgeGraph, parameter: Parameter) -> str:
    if parameter.type in PATTERNS:
        return parameter.example
    try:
        graph.find(parameter.example, parameter.type)
    except SdkgError:
        kind = ox.NamedNode(SD + parameter.type)
        found = graph.engine.quads(None, ox.NamedNode(RDF + "type"), kind)
        return min((str(quad.subject) for quad in found), default=parameter.example)
    return parameter.example


def _in(text: Text, lang: str) -> str:
    return text.en if lang == "en" else text.nl
