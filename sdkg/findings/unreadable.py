"""The findings for a file that does not parse."""

from __future__ import annotations

from dataclasses import replace

from sdkg.errors import InputError
from sdkg.findings.document import Document
from sdkg.findings.model import SYNTAX, Located
from sdkg.findings.syntax import in_general, sentences
from sdkg.positions import Fault, Span
from sdkg.recovery import faults_of


def unreadable(name: str, text: str, error: InputError) -> list[Located]:
    """The findings for a file that cannot be parsed: where our parser stops, else where the library did.

    Example:
        >>> from pathlib import Path
        >>> from sdkg.errors import Place
        >>> error = InputError("wrong", Place(Path("a.ttl"), 1, 17))
        >>> [finding.rule for finding in unreadable("a.ttl", "<urn:a> <urn:b> x .", error)]
        ['syntax-object']
    """
    document = Document(name, text)
    place = error.place
    detail = f"{place.line}:{place.column}: {error.message}" if place.line else error.message
    faults = faults_of(text)
    if not faults or "UTF-8" in error.message or place.line is None:
        start = document.lines.offset(place.line or 1, place.column or 1)
        kind = "unreadable" if place.line is None or "UTF-8" in error.message else "engine"
        faults = [Fault(kind, Span(min(start, max(len(text) - 1, 0)), start + 1), (error.message,))]
    found = [_fault(document, fault) for fault in faults]
    return [replace(found[0], detail=detail), *found[1:]]


def _fault(document: Document, fault: Fault) -> Located:
    what, todo = sentences(fault, document.parsed.prefixes)
    rule, asks = f"{SYNTAX}-{fault.kind}", in_general()[fault.kind][0]
    return Located(0, document.region(fault.span), rule, what, todo, detail=rule, asks=asks)
