"""Literals as the reference engine takes them: which are valid, and which comes before which.

rdflib decides this for pySHACL. Where it is more lenient than XML Schema, this is so too: a verdict must not
depend on the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from sdkg.namespaces import RDF, XSD

_DATE = re.compile(r"(\d{4}-\d\d-\d\d)([Zz]|[+-]\d\d:\d\d|T.*)?")
_NUMERIC = {XSD + "integer", XSD + "decimal"}


def _is_date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    try:
        return found is not None and date.fromisoformat(found[1]) is not None
    except ValueError:
        return False


def _is_integer(text: str) -> bool:
    try:
        return int(text) is not None
    except ValueError:
        return False


def _is_decimal(text: str) -> bool:
    try:
        return Decimal(text) is not None
    except InvalidOperation:
        return False


FORMS: dict[str, Callable[[str], bool]] = {
    XSD + "string": lambda _: True,
    RDF + "langString": lambda _: True,
    XSD + "boolean": {"true", "false", "1", "0"}.__contains__,
    XSD + "date": _is_date,
    XSD + "integer": _is_integer,
    XSD + "decimal": _is_decimal,
}
"""The datatypes that are known here, and whether a text is right for them."""


def is_valid(literal: ox.Literal) -> bool:
    """Whether the text of a literal of a known datatype is right for it.

    Example:
        >>> is_valid(ox.Literal("2024-02-31", datatype=ox.NamedNode(XSD + "date")))
        False
    """
    return FORMS[literal.datatype.value](literal.value)


def number(literal: object) -> Decimal | None:
    """The number that a literal is, if it is one."""
    if not isinstance(literal, ox.Literal) or literal.datatype.value not in _NUMERIC or not is_valid(literal):
        return None
    return Decimal(literal.value)


def at_most(first: ox.NamedNode | ox.Literal, second: ox.NamedNode | ox.Literal) -> bool:
    """Whether one value is less than or equal to another, as the reference orders them.

    Texts and IRIs by their characters, numbers by what they are worth; a text and something else never;
    of other datatypes, and where one is not valid, by datatype and then by characters. Where the reference
    breaks off, at values of one datatype of which one is not valid, this says no.
    """
    if _is_text(first) != _is_text(second):
        return False
    if _is_text(first):
        return first.value <= second.value
    numbers = number(first), number(second)
    if numbers[0] is not None and numbers[1] is not None:
        return numbers[0] <= numbers[1]
    return _ordered(first) <= _ordered(second)


def _is_text(value: ox.NamedNode | ox.Literal) -> bool:
    return isinstance(value, ox.NamedNode) or value.datatype.value in {XSD + "string", RDF + "langString"}


def _ordered(value: ox.NamedNode | ox.Literal) -> tuple[str, str]:
    return (value.datatype.value if isinstance(value, ox.Literal) else "", value.value)
