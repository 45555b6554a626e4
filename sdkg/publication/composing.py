"""Putting RDF documents of one syntax together into one, as a stream: no parsing, no more memory for more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_END = b"</rdf:RDF>"


def compose(documents: Iterable[Iterable[bytes]], format: str) -> Iterator[bytes]:  # noqa: A002
    """The statements of some documents as one document of the same syntax.

    Turtle, TriG and N-Triples are put one after the other: a prefix may be declared again. Of RDF/XML and
    JSON-LD, as `sdkg.export.serialize` writes them, the inner parts are. No document may have blank nodes.

    Args:
        documents: each in chunks.
        format: one of `sdkg.formats.GRAPHS`.

    Example:
        >>> b"".join(compose([[b'[{"@id":"a"}]'], [b"[]"], [b'[{"@id":"b"}]']], "jsonld"))
        b'[{"@id":"a"},{"@id":"b"}]'
    """
    if format == "rdfxml":
        return _rdfxml(documents)
    if format == "jsonld":
        return _jsonld(documents)
    return (chunk for document in documents for chunk in document)


def _rdfxml(documents: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    first = True
    for document in documents:
        start, _, body = b"".join(document).partition(b"<rdf:RDF")
        opening, _, rest = body.partition(b">\n")
        if first:
            yield start + b"<rdf:RDF" + opening + b">\n"
            first = False
        yield rest.removesuffix(_END)
    if not first:
        yield _END


def _jsonld(documents: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    before = b"["
    for document in documents:
        inner = b"".join(document)[1:-1]
        if inner:
            yield before + inner
            before = b","
    yield b"[]" if before == b"[" else b"]"
