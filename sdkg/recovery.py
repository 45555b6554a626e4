"""Every fault of a Turtle text that does not parse: behind the first one, reading goes on at the next block.

A block that holds a fault is read as if it were blank. Where one fault could make what follows look wrong
(a prefix line, a text over many lines, properties that are not indented), the search ends: better one fault
too few than one that is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from sdkg.namespaces import PREFIXES
from sdkg.positions import Fault, Span, parse_text
from sdkg.scan import Token, scan

MOST = 20
"""How many faults of one text are told of at most."""

_SUBJECTS = ("name", "iri", "blank", "directive")
_NO_END = ("dot", "dot-for-semicolon")
_LONG = ('"""', "'''")


def faults_of(text: str) -> list[Fault]:
    """The faults of a text in their order, the first as `parse_text` has it.

    Example:
        >>> one, two = faults_of("<urn:a>\\n  <urn:b> x .\\n\\n<urn:a>\\n  <urn:b> .\\n")
        >>> one.kind, two.kind
        ('object', 'no-object')
    """
    tokens = [token for token in scan(text) if token.kind != "comment"]
    found: list[Fault] = []
    declared, left = "", text
    while len(found) < MOST:
        fault = parse_text(declared + left).fault
        if fault is None:
            break
        fault = fault._replace(span=Span(*(max(at - len(declared), 0) for at in fault.span)))
        found.append(fault)
        if fault.kind == "prefix" and fault.words[0] in PREFIXES:
            declared += f"@prefix {fault.words[0]}: <{PREFIXES[fault.words[0]]}> .\n"
            continue
        block = _block(text, tokens, fault)
        if block is None or not left[block.start : block.end].strip():
            break
        left = (
            left[: block.start] + re.sub(r"[^\r\n]", " ", left[block.start : block.end]) + left[block.end :]
        )
    return found


def _block(text: str, tokens: Sequence[Token], fault: Fault) -> Span | None:
    """The block that a fault is in; `None` if what follows cannot be told from it."""
    flush, indented = (len(re.findall(rf"[;,][ \t]*\r?\n{more}", text)) for more in (r"\S", r"[ \t]+\S"))
    if flush > indented or any(mark in text for mark in _LONG):
        return None
    firsts = [
        token
        for before, token in zip([None, *tokens], tokens, strict=False)
        if token.kind in _SUBJECTS and _starts_line(text, token) and (before is None or before.text == ".")
    ]
    begun = [token for token in firsts if token.start <= fault.span.start]
    if not begun or begun[-1].kind == "directive":
        return None
    ends = [token.start for token in firsts if token.start > fault.span.start]
    if fault.kind in _NO_END:
        ends += _alone(text, tokens, fault.span.start)
    return Span(begun[-1].start, min(ends, default=len(text)))


def _alone(text: str, tokens: Sequence[Token], behind: int) -> list[int]:
    """Where a name stands alone on its line: the subject of a block, though the one above has no end."""
    return [
        token.start
        for token, following in pairwise(tokens)
        if token.start > behind
        and token.kind in _SUBJECTS
        and _starts_line(text, token)
        and "\n" in text[token.end : following.start]
    ]


def _starts_line(text: str, token: Token) -> bool:
    return token.start == 0 or text[token.start - 1] in "\r\n"
