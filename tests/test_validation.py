"""The compiled shapes find what the reference engine finds: on every file, and whatever is done to it."""

from __future__ import annotations

import json
import random
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from sdkg.errors import UnsupportedShapeError
from sdkg.namespaces import ID, PREFIXES, RDF, SD, SHACL, XSD
from sdkg.project import Project
from sdkg.reading import Source, parse, read
from sdkg.validation import SEVERITIES, Finding, Validator, validate
from sdkg.validation.asked import asks_of_all
from sdkg.validation.constraints import COMPILED, compile_body
from sdkg.validation.data import Data, Node
from sdkg.validation.literals import FORMS, at_most, is_valid
from sdkg.validation.paths import compile_path
from sdkg.validation.run import ShapeFiles
from sdkg.validation.seen import Shared
from sdkg.validation.shapes import Shapes
from tests.damage import damaged
from tests.paths import DATA, ROOT

PROJECT = Project.at(ROOT)
PLANS = PROJECT.plan_files
SMALL = next(path for path in PLANS if path.stem == "heemstede-2025")
CASES = sorted((DATA / "shapes").glob("*/*.ttl"))
Row = tuple[str, str, str, str, int]


def row(finding: Finding) -> Row:
    """A finding without its words. rdflib writes numbers in its own way: the worth counts."""
    return finding.focus, finding.path, worth(finding.value), finding.shape, finding.rank


def worth(value: str) -> str:
    try:
        return str(Decimal(value).normalize())
    except InvalidOperation:
        return value


@pytest.fixture(scope="module")
def engines() -> tuple[Validator, Validator]:
    return Validator(PROJECT, "compiled"), Validator(PROJECT, "pyshacl")


def both(engines: tuple[Validator, Validator], source: Source) -> tuple[set[Row], set[Row]]:
    compiled, reference = (set(map(row, engine.plan(source).findings)) for engine in engines)
    return compiled, reference


# ---------------------------------------------------------------- the same verdict


def test_every_shape_is_compiled() -> None:
    """So that what follows compares two engines and not one with itself."""
    assert Shapes(t for path in PROJECT.shape_files for t in read(path).triples).left == []


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_real_plans(engines: tuple[Validator, Validator], path: Path) -> None:
    compiled, reference = both(engines, read(path))
    assert compiled == reference


def test_what_plans_share(engines: tuple[Validator, Validator]) -> None:
    compiled, reference = (set(map(row, engine.shared().findings)) for engine in engines)
    assert compiled == reference


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_good_and_bad_data_of_every_shape(path: Path) -> None:
    """What `tests/test_shapes.py` sees the reference find: there is a fault planted for every shape."""
    triples = [t for file in (PROJECT.core_ontology, CASES[0].parents[1] / "basis.ttl", path)
               for t in read(file).triples]  # fmt: skip
    files: dict[Node, str] = {t.subject: path.name for t in triples if not isinstance(t.subject, ox.Triple)}
    with Shared(triples).seen_with(()) as seen:
        found = set(map(row, ShapeFiles(PROJECT.shape_files).check(seen, files)))
    content = json.loads((path.parent / "verwacht.json").read_text("utf-8"))
    if path.stem == "goed":
        assert {shape for _, _, _, shape, _ in found} <= {expand(name) for name in content.get("ook", [])}
    else:
        assert {blank(one) for one in found} == set(map(expected, content["bevindingen"]))


def expand(name: str) -> str:
    prefix, _, local = name.partition(":")
    if prefix == "_" or local.startswith("//"):
        return name
    return PREFIXES.get(prefix, f"{ID}{prefix}/") + local


def expected(said: list[str | None]) -> Row:
    """A row of `verwacht.json`, in which IRIs are short, literals whole, and blank nodes without a name."""
    focus, path, value, shape, severity = said
    if value is not None and value.startswith('"'):
        value = worth(str(rdflib.util.from_n3(value)))
    elif value not in (None, "_:"):
        value = expand(value or "")
    return (expand(focus or ""), expand(path) if path else "", value or "", expand(shape or ""),
            SEVERITIES.index(severity or ""))  # fmt: skip


def blank(one: Row) -> Row:
    """The row, with any blank node named like any other."""
    focus, path, value, shape, rank = one
    label = "b[0-9a-f]{12}x[0-9]+"
    return re.sub(label, "_:", focus), path, re.sub(label, "_:", value), shape, rank


def test_a_plan_damaged_in_every_way(engines: tuple[Validator, Validator]) -> None:
    text = damaged()[0]
    compiled, reference = both(engines, Source(SMALL, "", tuple(parse(text.encode(), SMALL))))
    assert compiled == reference
    assert len({shape for _, _, _, shape, _ in compiled}) > 30


@pytest.mark.parametrize("seed", range(2))
def test_a_plan_damaged_at_random(engines: tuple[Validator, Validator], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    compiled, reference = both(engines, Source(SMALL, "", tuple(shaken(read(SMALL).triples, chance))))
    assert compiled == reference
    assert compiled


ODD: list[Node] = [
    *(ox.NamedNode(ID + "niets"), ox.NamedNode(SD + "Bewijs"), ox.BlankNode("los")),
    *(ox.Literal("007"), ox.Literal("Leeg", language="en")),
    *(ox.Literal(text, datatype=ox.NamedNode(XSD + "integer")) for text in ("20x1", "12")),
    *(ox.Literal(text, datatype=ox.NamedNode(XSD + "date")) for text in ("2024-02-31", "1 mei")),
    *(ox.Literal("ja", datatype=ox.NamedNode(XSD + name)) for name in ("boolean", "gYear", "decimal")),
]


def shaken(triples: tuple[ox.Triple, ...], chance: random.Random) -> list[ox.Triple]:
    """The statements, of which sixty lose their subject, predicate or object to another one's, or go."""
    found = list(triples)
    for _ in range(60):
        here, other = chance.randrange(len(found)), chance.choice(found)
        subject, predicate, value = found[here].subject, found[here].predicate, found[here].object
        match chance.randrange(5):
            case 0:
                found[here] = ox.Triple(other.subject, predicate, value)
            case 1:
                found[here] = ox.Triple(subject, other.predicate, value)
            case 2:
                found[here] = ox.Triple(subject, predicate, other.object)
            case 3:
                found[here] = ox.Triple(subject, predicate, chance.choice(ODD))
            case _:
                del found[here]
    return list(dict.fromkeys(found))


def test_a_draft_of_another_name_is_not_seen_with_what_it_replaces(tmp_path: Path) -> None:
    draft = tmp_path / "concept.ttl"
    draft.write_text(damaged()[0], "utf-8")
    assert not validate(PROJECT, [draft]).conforms


# ---------------------------------------------------------------- what is compiled, and what is left

HEAD = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX sd: <https://w3id.org/sociaal-domein/def#>
PREFIX : <urn:x:>
"""
UNKNOWN = [
    "sh:closed true",
    "sh:property [ sh:path :p ; sh:minCount 1 ]",
    "sh:node :T",
    "sh:deactivated true",
    "sh:path :p ; sh:pattern '(' ",
    "sh:path :p ; sh:pattern 'a' ; sh:flags 'i'",
    "sh:path :p ; sh:datatype xsd:gYear",
    "sh:path :p ; sh:minInclusive '2020-01-01'^^xsd:date",
    "sh:path :p ; sh:minCount 'one'",
    "sh:path [ :q :r ] ; sh:minCount 1",
    "sh:sparql [ sh:select 'SELECT $this { FILTER($this = 1) }' ]",
    "sh:sparql [ sh:select 'SELECT nonsense' ]",
]


@pytest.mark.parametrize("asks", UNKNOWN)
def test_a_shape_that_asks_more_is_left_to_the_reference(asks: str) -> None:
    known = ":T sh:targetNode :x ; sh:message 'm' ; sh:class :C ."
    text = f"{HEAD} :S sh:targetNode :x ; sh:message 'm' ; {asks} . {known}"
    shapes = Shapes(parse(text.encode(), Path("a.ttl")))
    assert shapes.left == [ox.NamedNode("urn:x:S")]
    targeted = [t.subject for t in shapes.not_compiled() if t.predicate.value == SHACL + "targetNode"]
    assert targeted == shapes.left


def test_what_is_left_is_checked_all_the_same(tmp_path: Path) -> None:
    """A shape with sh:closed, next to the others, in a project of its own."""
    (tmp_path / "shapes").mkdir()
    says = "sh:message 'Gesloten: voeg niets toe.'@nl ; sh:closed true"
    shape = f"{HEAD} :S sh:targetClass sd:Beleidsplan ; {says} ."
    (tmp_path / "shapes" / "eigen.ttl").write_text(shape, "utf-8")
    found = validate(Project.at(tmp_path), [SMALL])
    assert {finding.shape for finding in found.findings} == {"urn:x:S"}
    assert found.findings[0].message_nl == "Gesloten: voeg niets toe."


def test_a_shape_that_is_a_class_is_checked_all_the_same() -> None:
    """It has no target, and is about the members of the class."""
    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    text = f"{HEAD} :K a sh:NodeShape, <{rdfs}Class> ; sh:message 'm' ; sh:class :C ."
    shapes = Shapes(parse(text.encode(), Path("a.ttl")))
    assert shapes.left == [ox.NamedNode("urn:x:K")]
    assert len(shapes.not_compiled()) == 4


def test_every_compiled_component_is_used_by_a_shape() -> None:
    used = {t.predicate.value for path in PROJECT.shape_files for t in read(path).triples}
    assert set(COMPILED) - used == set()


def test_a_list_that_bites_its_tail_ends() -> None:
    text = HEAD + ":S sh:path :p ; sh:in :l . :l rdf:first 1 ; rdf:rest :l ."
    text = text.replace("PREFIX :", f"PREFIX rdf: <{RDF}> PREFIX :")
    body = compile_body(Data(parse(text.encode(), Path("a.ttl"))), ox.NamedNode("urn:x:S"))
    assert body.holds(Data([]), ox.NamedNode("urn:x:a"))


def test_no_path() -> None:
    with pytest.raises(UnsupportedShapeError, match="not a path"):
        compile_path(Data([]), ox.BlankNode("x"))


@pytest.mark.parametrize(
    ("path", "ends"),
    [(":p", "b"), ("[ sh:inversePath :p ]", ""), ("( :p :p )", "c"), ("[ sh:zeroOrMorePath :p ]", "abcd"),
     ("[ sh:oneOrMorePath :p ]", "bcd"), ("[ sh:zeroOrOnePath :p ]", "ab"),
     ("[ sh:alternativePath ( :p :q ) ]", "bd"), ("( :q [ sh:inversePath :p ] )", "c"),
     ("( :q [ sh:inversePath ( :p :p ) ] )", "b"), ("( :q [ sh:inversePath [ sh:inversePath :q ] ] )", "")],
)  # fmt: skip
def test_paths(path: str, ends: str) -> None:
    data = Data(parse(f"{HEAD} :a :p :b ; :q :d . :b :p :c . :c :p :d . :d :r :a .".encode(), Path("a.ttl")))
    shapes = Data(parse(f"{HEAD} :S sh:path {path} .".encode(), Path("a.ttl")))
    written = shapes.one(ox.NamedNode("urn:x:S"), ox.NamedNode(SHACL + "path"))
    assert written is not None
    reached = compile_path(shapes, written)(data, ox.NamedNode("urn:x:a"))
    assert sorted(node.value.removeprefix("urn:x:") for node in reached) == sorted(ends)


@pytest.mark.parametrize(
    ("where", "fits"),
    [("$this a ?k . FILTER(?k != 1)", True), ("{ $this a ?k } UNION { ?k ?p $this . }", True),
     ("{ $this a ?k } UNION { ?k a ?x }", False), ("$this a ?k . FILTER NOT EXISTS { ?k a ?x }", True),
     ("?x a ?k . $this a ?k .", False), ("$this a ?k . MINUS { $this a 1 }", False),
     ("$this $PATH ?value .", False), ("# $this a ?k .\n ?x a ?k .", False),
     ("$this a ?k . OPTIONAL { ?k a ?x }", True), ('$this a "{" . { ?x a ?k }', False)],
)  # fmt: skip
def test_queries_that_may_be_asked_of_all_nodes_at_once(where: str, fits: bool) -> None:
    assert asks_of_all(f"SELECT DISTINCT $this WHERE {{ {where} }}") == fits


# ---------------------------------------------------------------- literals, as rdflib takes them

TEXTS = ["", "1", "-1", "+1", "01", "1.0", ".5", "1.", "1e3", "x", " 1", "NaN", "true", "TRUE", "0", "ja",
         "2024-02-29", "2023-02-29", "2024-2-1", "2024-02-01Z", "2024-02-01+01:00", "2024-02-01T00:00:00",
         "20x1", "1_0"]  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("datatype", sorted(FORMS))
def test_valid_is_what_the_reference_takes(text: str, datatype: str) -> None:
    if datatype == RDF + "langString":
        return
    ours = is_valid(ox.Literal(text, datatype=ox.NamedNode(datatype)))
    assert ours == (rdflib.Literal(text, datatype=rdflib.URIRef(datatype)).ill_typed is not True)


VALUES = [(text, XSD + name) for name in ("integer", "decimal", "date", "string")
          for text in ("1", "10", "2024-01-01", "2024-02-31")]  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", VALUES, ids=str)
def test_order_is_that_of_the_reference(first: tuple[str, str], caplog: pytest.LogCaptureFixture) -> None:
    """By a shape of one line; where pySHACL breaks off with a TypeError, the compiled shape finds a fault."""
    import pyshacl

    caplog.set_level("CRITICAL")
    shape = HEAD + ":S a sh:PropertyShape ; sh:targetNode :a ; sh:path :p ; sh:lessThanOrEquals :q ."
    shapes = rdflib.Graph().parse(data=shape, format="turtle")
    for second in VALUES:
        data = rdflib.Graph()
        for name, (text, datatype) in (("p", first), ("q", second)):
            value = rdflib.Literal(text, datatype=rdflib.URIRef(datatype))
            data.add((rdflib.URIRef("urn:x:a"), rdflib.URIRef(f"urn:x:{name}"), value))
        try:
            conforms, _, _ = pyshacl.validate(data, shacl_graph=shapes)
        except TypeError:
            conforms = False
        one, two = (ox.Literal(text, datatype=ox.NamedNode(kind)) for text, kind in (first, second))
        assert at_most(one, two) == conforms, second
