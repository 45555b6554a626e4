"""From what people give for a parameter to the RDF term that a query is asked with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pyoxigraph as ox

from sdkg.catalog import Parameter, SavedQuery
from sdkg.errors import ParameterError
from sdkg.header import DATATYPES, PATTERNS
from sdkg.namespaces import XSD

ALL = ("alle", "all")
"""What leaves an optional parameter open, also one that has a default."""

LONGEST = 2_000
"""The longest value taken, in characters."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Value = ox.NamedNode | ox.Literal


def to_terms(
    saved: SavedQuery, given: Mapping[str, object], find: Callable[[str, str], str]
) -> dict[str, Value]:
    """The terms for the parameters of a saved query; one that is left open has none.

    Args:
        saved: the query.
        given: value by name of the parameter.
        find: the IRI of the one thing of a class (its name, as "Wet") that is called so.

    Raises:
        ParameterError: a parameter is missing, unknown, or its value is of the wrong kind.
        UnknownNameError, AmbiguousNameError: not exactly one thing is called so.

    Example:
        >>> from sdkg import load
        >>> graph = load()
        >>> to_terms(graph.queries["plannen-geldig-op"], {"datum": "2024-07-01"}, graph.find)["datum"].value
        '2024-07-01'
    """
    known = [parameter.name for parameter in saved.parameters]
    for name in given:
        if name not in known:
            have = ", ".join(known) or "none"
            raise ParameterError(f"Query '{saved.name}' has no parameter '{name}'; it has {have}.")
    terms = {}
    for parameter in saved.parameters:
        value = given.get(parameter.name)
        value = parameter.default if value is None else value
        if value is not None and not _is_all(parameter, str(value)):
            terms[parameter.name] = _term(parameter, str(value), find)
        elif parameter.required:
            raise ParameterError(
                f"Query '{saved.name}' needs '{parameter.name}' ({parameter.label.nl} / "
                f"{parameter.label.en}), for example '{parameter.example}'."
            )
    return terms


def _is_all(parameter: Parameter, value: str) -> bool:
    return parameter.type != "text" and value.lower() in ALL and value not in parameter.options


def _term(parameter: Parameter, value: str, find: Callable[[str, str], str]) -> Value:
    if len(value) > LONGEST:
        raise ParameterError(
            f"The value for '{parameter.name}' is {len(value):,} characters; at most {LONGEST:,}."
        )
    if _UNPRINTABLE.search(value):
        raise ParameterError(f"The value for '{parameter.name}' holds characters that no text has.")
    kind = parameter.type
    if kind == "choice" and value not in parameter.options:
        have = ", ".join(parameter.options)
        raise ParameterError(f"'{value}' is no choice for '{parameter.name}'; use {have}.")
    if kind not in PATTERNS:
        return ox.NamedNode(find(value, kind))
    if not re.fullmatch(PATTERNS[kind], value, re.DOTALL) or (kind == "date" and not _is_day(value)):
        raise ParameterError(
            f"'{value}' is no {kind} for '{parameter.name}'; for example '{parameter.example}'."
        )
    return ox.Literal(value, datatype=ox.NamedNode(XSD + DATATYPES[kind]))


def _is_day(value: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
