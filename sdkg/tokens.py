"""The tokens of Turtle 1.1, comments among them: what a formatter needs and every parser throws away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sdkg.errors import InputError, Place

_HEX = "[0-9A-Fa-f]"
_UCHAR = rf"(?:\\u{_HEX}{{4}}|\\U{_HEX}{{8}})"
_ECHAR = r"\\[tbnrf\"'\\]"
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS = _BASE + "_0-9\\-\u00b7\u0300-\u036f\u203f-\u2040"
_PLX = rf"(?:%{_HEX}{{2}}|\\[_~.\-!$&'()*+,;=/?#@%])"
_PREFIX = rf"(?:[{_BASE}](?:[{_CHARS}.]*[{_CHARS}])?)?:"
_LOCAL = rf"(?:[{_BASE}_0-9:]|{_PLX})(?:(?:[{_CHARS}.:]|{_PLX})*(?:[{_CHARS}:]|{_PLX}))?"
_EXPONENT = "[eE][+-]?[0-9]+"

TERMINALS = {
    "comment": r"#[^\r\n]*",
    "iri": rf"<(?:[^\x00-\x20<>\"{{}}|^`\\]|{_UCHAR})*>",
    "long": rf'"""(?:"{{0,2}}(?:[^"\\]|{_ECHAR}|{_UCHAR}))*"""|'
    + rf"'''(?:'{{0,2}}(?:[^'\\]|{_ECHAR}|{_UCHAR}))*'''",
    "string": rf'"(?:[^"\\\r\n]|{_ECHAR}|{_UCHAR})*"|' + rf"'(?:[^'\\\r\n]|{_ECHAR}|{_UCHAR})*'",
    "blank": rf"_:[{_BASE}_0-9](?:[{_CHARS}.]*[{_CHARS}])?",
    "name": rf"{_PREFIX}(?:{_LOCAL})?",
    "directive": rf"@(?:prefix|base)(?![A-Za-z0-9-])|(?i:prefix|base)(?![{_CHARS}])",
    "lang": r"@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*",
    "number": rf"[+-]?(?:[0-9]+\.[0-9]*{_EXPONENT}|\.?[0-9]+{_EXPONENT}|[0-9]*\.[0-9]+|[0-9]+)",
    "word": rf"(?:true|false|a)(?![{_CHARS}])",
    "mark": r"\^\^|[.;,\[\]()]",
}
"""What each kind of token looks like: the terminals of https://www.w3.org/TR/turtle/#sec-grammar-grammar."""

_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in TERMINALS.items()))
_SPACE = re.compile(r"[ \t\r\n]*")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([\s\S]))")
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(slots=True)
class Token:
    """A token as it was written, and the comments around it.

    Attributes:
        kind: what it is, one of the terminals, or `end` for the end of the text.
        text: as written.
        start: at which character it starts.
        newline: whether it is the first of its line.
        before: the comments on lines of their own above it; "" for a run of empty lines.
        after: the comment behind it on its line, if there is one.
    """

    kind: str
    text: str
    start: int
    newline: bool = False
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def tokens(text: str, path: Path) -> list[Token]:
    """The tokens of a Turtle text, the last of kind `end`.

    Raises:
        InputError: a character begins no token of Turtle 1.1; names line and column.

    Example:
        >>> [token.text for token in tokens('wet:wgs a sd:Wet . # schulden', Path("a.ttl"))]
        ['wet:wgs', 'a', 'sd:Wet', '.', '']
    """
    found: list[Token] = []
    before: list[str] = []
    for kind, lexeme, start, breaks in _raw(text, path):
        if breaks > 1:
            before.append("")
        if kind == "comment" and not breaks and found:
            found[-1].after.append(lexeme.rstrip())
        elif kind == "comment":
            before.append(lexeme.rstrip())
        else:
            newline = breaks > 0 or bool(before) or not found or bool(found[-1].after)
            found.append(Token(kind, lexeme, start, newline, before))
            before = []
    return found


def _raw(text: str, path: Path) -> Iterator[tuple[str, str, int, int]]:
    """Each token or comment: kind, text, start, and the number of line ends before it."""
    at = 0
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        gap = space.group() if space else ""
        breaks = gap.count("\n") + gap.replace("\r\n", "").count("\r")
        if at == len(text):
            yield "end", "", at, breaks
            return
        match = _TOKEN.match(text, at)
        if match is None:
            before = text[:at]
            place = Place(path, before.count("\n") + 1, at - before.rfind("\n"))
            raise InputError(f"'{text[at]}' begins nothing that Turtle 1.1 knows.", place)
        yield str(match.lastgroup), match.group(), at, breaks
        at = match.end()


def unescape(text: str) -> str:
    r"""The characters that a text with escapes stands for.

    Example:
        >>> unescape(r"caf\u00e9 \"De Brug\"")
        'café "De Brug"'
    """
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return chr(min(int(code, 16), 0x10FFFF))
    return _ESCAPED.get(match[3], match[3])
