"""The tokens of a Turtle file that may be broken: what fits no terminal is a token too.

White space is left out, comments are kept; together with white space the tokens are the whole text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from sdkg.tokens import TERMINALS

_BROKEN = {
    "open": r'"""[\s\S]*|\'\'\'[\s\S]*|"[^\r\n]*|\'[^\r\n]*',
    "bad": r"<[^\s<>]*(?:[ ][^\s<>=]+)*>|<[^\s>]*|@[^\s.;,]*|[^\s.;,\[\]()\"'<>#@]+|[\s\S]",
}
"""A string that does not end, and whatever else is no token: an IRI with a space, a lone character."""

_TOKEN = re.compile(
    "[ \\t\\r\\n]+|"
    + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in {**TERMINALS, **_BROKEN}.items())
)


class Token(NamedTuple):
    """A piece of the text: its kind (of `TERMINALS`, or `open` or `bad`), characters and start (from 0)."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the first character after it stands."""
        return self.start + len(self.text)


def scan(text: str) -> Iterator[Token]:
    """The tokens of a text in their order.

    Example:
        >>> [(token.kind, token.text) for token in scan('sd:Doel a "x"@nl .')]
        [('name', 'sd:Doel'), ('word', 'a'), ('string', '"x"'), ('lang', '@nl'), ('mark', '.')]
    """
    for match in _TOKEN.finditer(text):
        if match.lastgroup is not None:
            yield Token(match.lastgroup, match[0], match.start())


class Lines:
    """From offsets to lines and columns, both from 1, and back to the text of a line.

    Example:
        >>> Lines("een\\ntwee").at(5)
        (2, 2)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of a character."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Where in the text a line and column are; the end of the text for what is behind it."""
        if line > len(self._starts):
            return len(self._text)
        return min(self._starts[max(line, 1) - 1] + max(column, 1) - 1, len(self._text))

    def text(self, line: int) -> str:
        """The characters of a line, without its end."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self._text)
        return self._text[start:end].rstrip("\r\n")

    def __len__(self) -> int:
        return len(self._starts)
