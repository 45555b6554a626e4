"""Numbers, dates and truth values as people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyoxigraph as ox

from sdkg.rows import to_value

_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}
_TRUTH = {"nl": ("nee", "ja"), "en": ("no", "yes")}
YEARS = ("jaar", "kaderBegin", "kaderEinde")
"""Properties whose whole numbers are years, and get no separator."""


def written(term: ox.Literal, lang: str, name: str = "") -> str:
    """A literal as people write it.

    Args:
        term: the literal.
        lang: `nl` or `en`.
        name: the local name of its property.

    Example:
        >>> xsd = "http://www.w3.org/2001/XMLSchema#"
        >>> written(ox.Literal("2022-01-01", datatype=ox.NamedNode(xsd + "date")), "nl")
        '1 januari 2022'
        >>> written(ox.Literal("35000.5", datatype=ox.NamedNode(xsd + "decimal")), "nl")
        '35.000,5'
        >>> written(ox.Literal(2022), "nl", "jaar")
        '2022'
    """
    return plain(to_value(term), lang, name in YEARS)


def plain(value: object, lang: str, year: bool = False) -> str:
    """A plain value as people write it (see `written`)."""
    if isinstance(value, bool):
        return _TRUTH[lang][value]
    if isinstance(value, date):
        return day(value, lang)
    if isinstance(value, int | Decimal) and not year:
        return number(value, lang)
    return str(value)


def day(value: date, lang: str) -> str:
    """A day in words.

    Example:
        >>> day(date(2027, 12, 31), "en")
        '31 December 2027'
    """
    return f"{value.day} {_MONTHS[lang].split()[value.month - 1]} {value.year}"


def number(value: int | Decimal, lang: str) -> str:
    """A number with the separators of the language, without superfluous zeros.

    Example:
        >>> number(Decimal("9000000.50"), "nl"), number(1234, "en")
        ('9.000.000,5', '1,234')
    """
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))
