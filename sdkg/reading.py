"""Reading RDF files: bytes in, triples out, and one clear message for whatever cannot be read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from sdkg.errors import InputError, Place

MAX_LITERAL = 20_000
"""The longest literal a file may hold, in characters: more is a damaged file, not a policy plan."""

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
"""What a query can be given as a value."""

_Part = TypeVar("_Part", bound=Term)


@dataclass(frozen=True)
class Source:
    """A file that was read: its path, the SHA-256 of its bytes (hex) and its triples, literals as written."""

    path: Path
    digest: str
    triples: tuple[ox.Triple, ...]


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes, in hex.

    Example:
        >>> digest(b"")[:8]
        'e3b0c442'
    """
    return hashlib.sha256(data).hexdigest()


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        InputError: there is no such file, it is a folder, or it may not be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError("no such file.", Place(path), "Check the path.") from None
    except IsADirectoryError:
        raise InputError("this is a folder.", Place(path), "Name the files in it.") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}.", Place(path)) from None


def read_text(path: Path) -> str:
    """The text of a UTF-8 file.

    Raises:
        InputError: as `read_bytes`, and with line and column if the bytes are not UTF-8.
    """
    return _decode(read_bytes(path), path)


def read(path: Path) -> Source:
    """Read an RDF file; its ending says which format (`.ttl`, `.nt`, `.rdf`, `.jsonld`, `.trig`, `.nq`).

    Raises:
        InputError: it cannot be read as RDF; names file, line and column where there is one.
    """
    data = read_bytes(path)
    return Source(path, digest(data), tuple(parse(data, path)))


def parse(data: bytes, path: Path) -> list[ox.Triple]:
    """Parse RDF in the format that the ending of `path` names; the triples of all its graphs.

    Raises:
        InputError: with line and column of the fault.

    Example:
        >>> len(parse(b"<urn:a> <urn:b> 1 .", Path("a.ttl")))
        1
    """
    text = _decode(data, path)
    if not text.strip():
        raise InputError("the file is empty.", Place(path), "Fill it or remove it.")
    syntax = ox.RdfFormat.from_extension(path.suffix.lstrip("."))
    if syntax is None:
        raise InputError(
            f"'{path.suffix}' is not an RDF format.",
            Place(path),
            "Use .ttl, .nt, .rdf, .jsonld, .trig or .nq.",
        )
    try:
        triples = [quad.triple for quad in ox.parse(data, format=syntax)]
    except SyntaxError as error:
        raise _syntax_error(error, path) from None
    _refuse_endless_literals(triples, text, path)
    return _with_stable_labels(triples, data)


def _with_stable_labels(triples: list[ox.Triple], data: bytes) -> list[ox.Triple]:
    """Blank nodes named by their file and rank: the same at every reading, never those of another file."""
    labels: dict[ox.BlankNode, ox.BlankNode] = {}
    file = digest(data)[:12] if any(_blank(t.subject) or _blank(t.object) for t in triples) else ""
    if not file:
        return triples

    def stable(term: _Part) -> _Part | ox.BlankNode:
        if not isinstance(term, ox.BlankNode):
            return term
        return labels.setdefault(term, ox.BlankNode(f"b{file}x{len(labels)}"))

    return [ox.Triple(stable(t.subject), t.predicate, stable(t.object)) for t in triples]


def _blank(term: object) -> bool:
    return isinstance(term, ox.BlankNode)


def _decode(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        raise InputError(
            f"not UTF-8: byte 0x{data[error.start]:02x}.",
            _place_at(before, len(before), path),
            "Save the file as UTF-8.",
        ) from None


def _syntax_error(error: SyntaxError, path: Path) -> InputError:
    message = str(error.msg).partition(": ")[2] or str(error.msg)
    return InputError(f"{message.rstrip('.')}.", Place(path, error.lineno, error.offset))


def _refuse_endless_literals(triples: Sequence[ox.Triple], text: str, path: Path) -> None:
    for triple in triples:
        value = triple.object.value if isinstance(triple.object, ox.Literal) else ""
        if len(value) > MAX_LITERAL:
            raise InputError(
                f"a literal of {len(value):,} characters; at most {MAX_LITERAL:,} are allowed.",
                _place_at(text, max(text.find(value[:60].split("\n")[0]), 0), path),
                "Shorten it, and let sd:vindplaats lead to the text.",
            )


def _place_at(text: str, index: int, path: Path) -> Place:
    before = text[:index]
    return Place(path, before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1)
