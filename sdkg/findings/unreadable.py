"""The finding for a file that does not parse."""

from __future__ import annotations

from sdkg.errors import InputError
from sdkg.findings.document import Document
from sdkg.findings.model import SYNTAX, Located
from sdkg.findings.syntax import sentences
from sdkg.positions import Fault, Span


def unreadable(name: str, text: str, error: InputError) -> Located:
    """The finding for a file that cannot be parsed: where our parser stops, else where the library did."""
    document = Document(name, text)
    fault, place = document.parsed.fault, error.place
    if fault is None or "UTF-8" in error.message or place.line is None:
        start = document.lines.offset(place.line or 1, place.column or 1)
        kind = "unreadable" if place.line is None or "UTF-8" in error.message else "engine"
        fault = Fault(kind, Span(min(start, max(len(text) - 1, 0)), start + 1), (error.message,))
    what, todo = sentences(fault, document.parsed.prefixes)
    detail = f"{place.line}:{place.column}: {error.message}" if place.line else error.message
    return Located(0, document.region(fault.span), f"{SYNTAX}-{fault.kind}", what, todo, detail=detail)
