"""Saved queries: `.rq` files whose `#+` header (`sdkg.header`) says what they ask, take and give.

A parameter is a variable of the query of the same name; the query must project it (SPARQL SEP-0007).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sdkg.binding import tokens
from sdkg.errors import QueryError, UnknownQueryError
from sdkg.header import PATTERNS, parse_header
from sdkg.namespaces import SD
from sdkg.reading import read_text


@dataclass(frozen=True)
class Text:
    """A text in Dutch and in English."""

    nl: str
    en: str


@dataclass(frozen=True)
class Parameter:
    """A parameter: name, type (a class of the ontology, or one of `sdkg.header.PATTERNS`), what it takes."""

    name: str
    type: str
    label: Text
    required: bool = False
    default: str | None = None
    example: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class SavedQuery:
    """A saved query: its name (that of its file), its text, and what its header says."""

    name: str
    text: str
    question: Text
    description: Text
    tags: tuple[str, ...]
    columns: Mapping[str, Text]
    parameters: tuple[Parameter, ...] = field(default=())


Compiled = Mapping[str, Mapping[str, Any]]
"""By name: the text of a query and its header, as a build read them; spares the reading of YAML."""


def load_query(path: Path, compiled: Compiled = MappingProxyType({})) -> SavedQuery:
    """Read one saved query; its header from `compiled` if that was made of the very same text.

    Raises:
        InputError: the file cannot be read.
        QueryError: its header is faulty, or does not agree with its SPARQL; names the file and the lines.
    """
    text = read_text(path)
    known = compiled.get(path.stem, {})
    raw = known["header"] if known.get("text") == text else _checked_header(text, path)
    return _from_header(path.stem, text, raw)


def _checked_header(text: str, path: Path) -> dict[str, Any]:
    header, faults = parse_header(text)
    if faults:
        raise QueryError("\n".join(f"{path}:{line}: {what}." for line, what in faults))
    return header


def compile_queries(paths: Iterable[Path], known: Iterable[str]) -> Compiled:
    """Read and check saved queries for a build; `known` are the IRIs of the terms of the ontology.

    Raises:
        InputError: a file cannot be read.
        QueryError: a header is faulty, or a query names a term that the ontology does not have.
    """
    terms, compiled = set(known), {}
    for path in paths:
        text = read_text(path)
        compiled[path.stem] = {"text": text, "header": _checked_header(text, path)}
        check_terms(load_query(path, compiled), terms, path)
    return compiled


def load_catalog(paths: Iterable[Path], compiled: Compiled = MappingProxyType({})) -> dict[str, SavedQuery]:
    """Read saved queries, by name.

    Raises:
        InputError: a file cannot be read.
        QueryError: a header is faulty.
    """
    return {path.stem: load_query(path, compiled) for path in sorted(paths)}


def find_query(name: str, files: Mapping[str, Path]) -> Path:
    """The file of the saved query of a name, among files by name.

    Raises:
        UnknownQueryError: there is none; names the nearest.
    """
    if name in files:
        return files[name]
    near = difflib.get_close_matches(name, files, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else " 'sdkg query' lists them."
    raise UnknownQueryError(f"There is no saved query '{name}'.{hint}")


def unknown_terms(query: str, known: Iterable[str]) -> list[str]:
    """The terms of our vocabulary that a query names and the ontology does not have, in order.

    `known` are IRIs. Strings and comments do not count.

    Example:
        >>> unknown_terms("SELECT * { ?x a sd:Dole ; sd:meet ?y } # sd:Niets", [SD + "Doel", SD + "meet"])
        ['sd:Dole']
    """
    return list(dict.fromkeys(name for _, name in _unknown_terms(query, set(known))))


def _unknown_terms(query: str, known: set[str]) -> Iterator[tuple[int, str]]:
    for token in tokens(query):
        iri = token.text[1:-1] if token.kind == "iri" else ""
        if token.kind == "name" and token.text.startswith("sd:"):
            iri = SD + token.text.removeprefix("sd:")
        if iri.startswith(SD) and iri != SD and iri not in known:
            yield query.count("\n", 0, token.start) + 1, "sd:" + iri.removeprefix(SD)


def check_terms(query: SavedQuery, known: Iterable[str], path: Path | None = None) -> None:
    """Refuse a query that names a term, or has a parameter of a class, that the ontology does not have.

    Raises:
        QueryError: names file, line and term, and the nearest that does exist.
    """
    have = set(known)
    found = list(_unknown_terms(query.text, have))
    for parameter in query.parameters:
        if parameter.type not in PATTERNS and SD + parameter.type not in have:
            line = next(n for n, text in enumerate(query.text.splitlines(), 1) if parameter.type in text)
            found.append((line, f"sd:{parameter.type}"))
    names = [iri.removeprefix(SD) for iri in have if iri.startswith(SD)]
    lines = []
    for line, term in found:
        near = difflib.get_close_matches(term.removeprefix("sd:"), names, n=1)
        hint = f" Did you mean sd:{near[0]}?" if near else ""
        lines.append(f"{path or query.name}:{line}: the ontology has no {term}.{hint}")
    if lines:
        raise QueryError("\n".join(lines))


def _from_header(name: str, text: str, raw: Mapping[str, Any]) -> SavedQuery:
    parameters = tuple(
        Parameter(
            name=key,
            type=spec["type"],
            label=Text(**spec["label"]),
            required=spec.get("required") == "true",
            default=spec.get("default"),
            example=spec["example"],
            options=tuple(spec.get("options", ())),
        )
        for key, spec in raw.get("parameters", {}).items()
    )
    return SavedQuery(
        name=name,
        text=text,
        question=Text(raw["summary"], raw["en"]["summary"]),
        description=Text(raw["description"], raw["en"]["description"]),
        tags=tuple(raw["tags"]),
        columns={key: Text(**value) for key, value in raw["columns"].items()},
        parameters=parameters,
    )
