"""Every statement of every real file has its place, and the text there is the term."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from sdkg.namespaces import RDF
from sdkg.positions import Span, Statement, parse_text, with_labels
from sdkg.reading import read
from tests.paths import DATA, ROOT

FILES = sorted(
    path
    for folder in ("instances", "ontology", "shapes", "tests/data/shapes")
    for path in (ROOT / folder).rglob("*.ttl")
)

NESTED = """@prefix : <urn:x:> .
:a :p [ :q :r ; :s [ :t 1 ] ], ( 1 2 ( 3 [ :u :v ] ) [ :w 4.0 ] ), () ; :z 2e0 .
[ :k :l ] :m true .
( 7 [ :k "x"@nl ] ) :o :p\\,q .
[ :only <one> ] .
_:b :c _:d, '''a "b"
c''' ;; .
@base <http://example.org/> .
PREFIX e: <e#>
<> e:é "caf\\u00e9"^^e:t .
""".replace("<one>", "<urn:one>")


def term_at(text: str, span: Span, prefixes: dict[str, str]) -> ox.NamedNode | ox.Literal | None:
    """The term that the text of a place says, read by the RDF library; none for brackets."""
    written = text[span.start : span.end]
    if written[0] in "[(":
        return None
    if written == "a":
        return ox.NamedNode(RDF + "type")
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items())
    [quad] = ox.parse(f"{head}<urn:s> <urn:p> {written} .".encode(), format=ox.RdfFormat.TURTLE)
    assert isinstance(quad.object, ox.NamedNode | ox.Literal)
    return quad.object


def check(text: str, statements: list[Statement], prefixes: dict[str, str]) -> None:
    seen: dict[str, object] = {}
    for statement in statements:
        triple = statement.triple
        if triple.predicate.value in (RDF + "first", RDF + "rest"):
            continue
        terms = (
            (triple.subject, statement.subject),
            (triple.predicate, statement.predicate),
            (triple.object, statement.object),
        )
        for term, span in terms:
            written = text[span.start : span.end]
            if isinstance(term, ox.BlankNode):
                assert written[0] in "[(_)"
            else:
                if written not in seen:
                    seen[written] = term_at(text, span, prefixes)
                assert seen[written] == term, (written, term)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_statement_of_every_file_has_its_place(path: Path) -> None:
    text = path.read_text("utf-8")
    found = parse_text(text)
    assert found.fault is None
    triples = read(path).triples
    statements = with_labels(found.statements, triples)
    assert {statement.triple for statement in statements} == set(triples)
    assert len(statements) == len(triples)
    check(text, statements, {name: iri for name, (iri, _) in found.prefixes.items()})


def test_nested_nodes_and_lists_have_the_labels_of_the_library() -> None:
    triples = [quad.triple for quad in ox.parse(NESTED.encode(), format=ox.RdfFormat.TURTLE)]
    found = parse_text(NESTED)
    assert found.fault is None
    statements = with_labels(found.statements, triples)
    assert {statement.triple for statement in statements} == set(triples)
    values = {
        s.triple.object.value: NESTED[s.object.start : s.object.end]
        for s in statements
        if isinstance(s.triple.object, ox.Literal)
    }
    assert values["café"] == '"caf\\u00e9"^^e:t'
    assert values["4.0"] == "4.0"


BLOCKS = re.compile(r"^\S+\n    a ", re.MULTILINE)


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if BLOCKS.search(path.read_text("utf-8"))][:12],
    ids=lambda path: path.stem,
)
def test_what_stands_before_a_fault_has_places(path: Path) -> None:
    text = path.read_text("utf-8")
    blocks = [match.start() for match in BLOCKS.finditer(text)]
    cut = blocks[len(blocks) // 2]
    whole = parse_text(text).statements
    broken = parse_text(text[:cut] + "<een adres met spaties>" + text[cut:])
    assert broken.fault is not None
    assert broken.fault.kind == "iri"
    assert broken.fault.span.start == cut
    assert broken.statements == [s for s in whole if s.object.end <= cut]


def test_data_folder() -> None:
    assert any(DATA in path.parents for path in FILES)
