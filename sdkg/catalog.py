"""Saved queries: `.rq` files whose `#+` header says in YAML what they ask, with which parameters and columns.

    #+ summary: Welke doelen ...?
    #+ description: ...
    #+ tags: [grondslag]
    #+ en: {summary: "Which goals ...?", description: ...}
    #+ parameters:
    #+   wet: {type: Wet, required: true, example: Participatiewet, label: {nl: ..., en: ...}}
    #+ columns:
    #+   doel: {nl: ..., en: ...}

A parameter is a variable of the query of the same name; the query must project it (SPARQL SEP-0007).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sdkg.errors import QueryError, UnknownQueryError
from sdkg.namespaces import SD
from sdkg.reading import read_text

HEADER = "#+"
VALUE_TYPES = ("text", "number", "year", "date", "choice")
"""The types of a parameter that is a value; all other types are names of classes of the ontology."""

_TOKENS = re.compile(
    r"""(?P<skip>\"\"\"(?:[^\\"]|\\.|"(?!""))*\"\"\"|'''(?:[^\\']|\\.|'(?!''))*'''"""
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|<(?P<iri>[^<>\s"{}|^`\\]*)>|(?P<comment>\#[^\n]*)|\b(?P<pname>sd:[\w-]*)""",
    re.DOTALL,
)


@dataclass(frozen=True)
class Text:
    """A text in Dutch and in English."""

    nl: str
    en: str


@dataclass(frozen=True)
class Parameter:
    """A parameter: name, type (a class of the ontology, or one of `VALUE_TYPES`), and what it takes."""

    name: str
    type: str
    label: Text
    required: bool = False
    default: str | None = None
    example: str | None = None
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
        QueryError: its header is missing, is not YAML, or lacks something; names the file and the line.
    """
    text = read_text(path)
    known = compiled.get(path.stem, {})
    raw = known["header"] if known.get("text") == text else _header(text, path)
    try:
        return _from_header(path.stem, text, raw)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise QueryError(f"{path}: the header lacks or misspells {error}.") from None


def _header(text: str, path: Path) -> dict[str, Any]:
    import yaml

    lines = text.splitlines()
    header = "\n".join(line[2:].removeprefix(" ") if line.startswith(HEADER) else "" for line in lines)
    try:
        raw = yaml.safe_load(header)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise QueryError(f"{path}:{line}: the header is not YAML: {error.problem}.") from None
    if not isinstance(raw, dict):
        raise QueryError(f"{path}:1: no '#+' header. Add question, description, tags and columns.")
    return raw


def compile_queries(paths: Iterable[Path], known: Iterable[str]) -> Compiled:
    """Read and check saved queries for a build; `known` are the IRIs of the terms of the ontology.

    Raises:
        InputError: a file cannot be read.
        QueryError: a header is faulty, or a query names a term that the ontology does not have.
    """
    terms, compiled = set(known), {}
    for path in paths:
        text = read_text(path)
        compiled[path.stem] = {"text": text, "header": _header(text, path)}
        check_terms(load_query(path, compiled), terms)
    return compiled


def load_catalog(paths: Iterable[Path], compiled: Compiled = MappingProxyType({})) -> dict[str, SavedQuery]:
    """Read saved queries, by name.

    Raises:
        InputError: a file cannot be read.
        QueryError: a header is faulty.
    """
    return {path.stem: load_query(path, compiled) for path in sorted(paths)}


def find_query(name: str, paths: Iterable[Path], compiled: Compiled = MappingProxyType({})) -> SavedQuery:
    """The saved query of a name, read from its file (see `load_query`).

    Raises:
        UnknownQueryError: there is none; names the nearest.
    """
    files = {path.stem: path for path in paths}
    if name in files:
        return load_query(files[name], compiled)
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
    have = set(known)
    found = []
    for token in _TOKENS.finditer(query):
        iri = token["iri"] or ""
        if token["pname"]:
            iri = SD + token["pname"].removeprefix("sd:")
        if iri.startswith(SD) and iri != SD and iri not in have:
            found.append("sd:" + iri.removeprefix(SD))
    return list(dict.fromkeys(found))


def check_terms(query: SavedQuery, known: Iterable[str]) -> None:
    """Refuse a query that names a term, or has a parameter of a class, that the ontology does not have.

    Raises:
        QueryError: names the terms, and the nearest that do exist.
    """
    have = [iri.removeprefix(SD) for iri in known if iri.startswith(SD)]
    used = [term.removeprefix("sd:") for term in unknown_terms(query.text, known)]
    used += [p.type for p in query.parameters if p.type not in VALUE_TYPES and p.type not in have]
    if used:
        near = difflib.get_close_matches(used[0], have, n=1)
        hint = f" Did you mean sd:{near[0]}?" if near else ""
        terms = ", ".join(f"sd:{term}" for term in used)
        raise QueryError(f"Query '{query.name}': the ontology has no {terms}.{hint}")


def _from_header(name: str, text: str, raw: Mapping[str, Any]) -> SavedQuery:
    parameters = tuple(
        Parameter(
            name=key,
            type=str(spec["type"]),
            label=Text(**spec["label"]),
            required=bool(spec.get("required", False)),
            default=_maybe(spec.get("default")),
            example=_maybe(spec.get("example")),
            options=tuple(map(str, spec.get("options", ()))),
        )
        for key, spec in (raw.get("parameters") or {}).items()
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


def _maybe(value: object) -> str | None:
    return None if value is None else str(value)
