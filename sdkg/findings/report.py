"""The standard SHACL report, with places by the W3C vocabulary of pointers (https://www.w3.org/TR/Pointers-in-RDF10/).

A place is a `ptr:LineCharPointer` with `ptr:lineNumber`, `ptr:charNumber` and `ptr:reference`, the file.
"""

from __future__ import annotations

from urllib.parse import quote

import pyoxigraph as ox

from sdkg.findings.model import Findings, Located, Region
from sdkg.namespaces import BASE, RDF, SHACL, SHAPES, XSD

PTR = "http://www.w3.org/2009/pointers#"
_SEVERITY = {"must": "Violation", "should": "Warning", "may": "Info"}


def write_report(found: Findings, _lang: str = "nl") -> str:
    """A `sh:ValidationReport` in Turtle; messages in both languages."""
    report = ox.BlankNode("report")
    conforms = "false" if found.findings else "true"
    triples = [
        _triple(report, RDF + "type", ox.NamedNode(SHACL + "ValidationReport")),
        _triple(report, SHACL + "conforms", ox.Literal(conforms, datatype=ox.NamedNode(XSD + "boolean"))),
    ]
    for number, finding in enumerate(found.findings, 1):
        result = ox.BlankNode(f"result-{number}")
        triples += [_triple(report, SHACL + "result", result), *_result(finding, result, f"{number}")]
    prefixes = {"sh": SHACL, "ptr": PTR, "xsd": XSD, "sh-sd": SHAPES, "sd": BASE + "def#"}
    written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""
    return written.decode()


def _triple(
    subject: ox.BlankNode, predicate: str, value: ox.NamedNode | ox.BlankNode | ox.Literal
) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)


def _result(finding: Located, node: ox.BlankNode, number: str) -> list[ox.Triple]:
    rule = finding.rule if ":" in finding.rule else SHAPES + finding.rule
    said: list[tuple[str, ox.NamedNode | ox.BlankNode | ox.Literal]] = [
        (RDF + "type", ox.NamedNode(SHACL + "ValidationResult")),
        (SHACL + "resultSeverity", ox.NamedNode(SHACL + _SEVERITY[finding.level])),
        (SHACL + "sourceShape", ox.NamedNode(rule)),
        *((SHACL + "resultMessage", ox.Literal(_message(finding, lang), language=lang))
          for lang in ("nl", "en")),
    ]  # fmt: skip
    if finding.focus:
        said.append((SHACL + "focusNode", _node(finding.focus)))
    if finding.path:
        said.append((SHACL + "resultPath", ox.NamedNode(finding.path)))
    if finding.value:
        said.append((SHACL + "value", _node(finding.value, literal=True)))
    triples = [_triple(node, predicate, value) for predicate, value in said]
    for rank, region in enumerate((finding.region, *(other.region for other in finding.related))):
        place = ox.BlankNode(f"place-{number}-{rank}")
        triples += [_triple(node, PTR + "pointer", place), *_place(region, place)]
    return triples


def _message(finding: Located, lang: str) -> str:
    return f"{finding.what.of(lang)} {finding.todo.of(lang)}".strip()


def _node(text: str, literal: bool = False) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if text.startswith(("http://", "https://", "urn:")) and " " not in text:
        try:
            return ox.NamedNode(text)
        except ValueError:
            return ox.Literal(text)
    return ox.Literal(text) if literal else ox.BlankNode(text)


def _place(region: Region, place: ox.BlankNode) -> list[ox.Triple]:
    count = ox.NamedNode(XSD + "positiveInteger")
    return [
        _triple(place, RDF + "type", ox.NamedNode(PTR + "LineCharPointer")),
        _triple(
            place, PTR + "reference", ox.Literal(quote(region.file), datatype=ox.NamedNode(XSD + "anyURI"))
        ),
        _triple(place, PTR + "lineNumber", ox.Literal(str(region.line), datatype=count)),
        _triple(place, PTR + "charNumber", ox.Literal(str(region.column), datatype=count)),
    ]
