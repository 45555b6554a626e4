"""The catalogue of saved queries as RDF.

The queries are described as in SIB's sparql-examples (https://github.com/sib-swiss/sparql-examples): a
`sh:SPARQLExecutable` with its text, question and keywords. What they take are SHACL parameters (SHACL
Advanced Features, section 5.2), what they give are columns of CSV on the Web (Metadata Vocabulary, 5.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from sdkg.binding import tokens
from sdkg.catalog import Parameter, SavedQuery, Text
from sdkg.header import DATATYPES, PATTERNS
from sdkg.namespaces import BASE, CSVW, GRAPH, PREFIXES, QUERY, RDF, RDFS, SCHEMA, SD, SHACL, SKOS, XSD

QUERIES_GRAPH = GRAPH + "queries"
"""The named graph of the catalogue; also the node that declares the prefixes of the queries."""

ENDPOINT = BASE + "sparql"
"""The endpoint that the queries are meant for."""

_Object = ox.NamedNode | ox.Literal


def describe(queries: Iterable[SavedQuery]) -> list[ox.Triple]:
    """The catalogue of some saved queries, without blank nodes.

    Example:
        >>> describe([])
        []
    """
    found = sorted(queries, key=lambda saved: saved.name)
    prefixes = {t.text.partition(":")[0] for saved in found for t in tokens(saved.text) if t.kind == "name"}
    triples = [triple for saved in found for triple in _query(saved)]
    return triples + [triple for prefix in sorted(prefixes) for triple in _prefix(prefix)]


def _query(saved: SavedQuery) -> Iterator[ox.Triple]:
    iri = QUERY + saved.name
    text = "\n".join(line for line in saved.text.splitlines() if not line.startswith("#+")).strip() + "\n"
    yield from _typed(iri, SHACL + "SPARQLExecutable", SHACL + "SPARQLSelectExecutable")
    yield from _said(iri, RDFS + "label", saved.question)
    yield from _said(iri, RDFS + "comment", saved.description)
    yield _triple(iri, SHACL + "select", ox.Literal(text))
    yield _triple(iri, SHACL + "prefixes", ox.NamedNode(QUERIES_GRAPH))
    yield _triple(iri, SCHEMA + "target", ox.NamedNode(ENDPOINT))
    for tag in saved.tags:
        yield _triple(iri, SCHEMA + "keywords", ox.Literal(tag))
    for order, parameter in enumerate(saved.parameters, 1):
        yield from _parameter(iri, order, parameter)
    for order, (name, title) in enumerate(saved.columns.items(), 1):
        yield from _column(iri, order, name, title)


def _parameter(query: str, order: int, parameter: Parameter) -> Iterator[ox.Triple]:
    iri = f"{query}#parameter-{parameter.name}"
    yield _triple(query, SHACL + "parameter", ox.NamedNode(iri))
    yield from _typed(iri, SHACL + "Parameter")
    yield _triple(iri, SHACL + "path", ox.NamedNode(f"{query}#{parameter.name}"))
    yield from _typed(f"{query}#{parameter.name}", RDF + "Property")
    yield _triple(iri, SHACL + "order", _literal(str(order), "integer"))
    yield _triple(iri, SHACL + "optional", _literal(str(not parameter.required).lower(), "boolean"))
    yield from _said(iri, SHACL + "name", parameter.label)
    if parameter.type in PATTERNS:
        yield _triple(iri, SHACL + "datatype", ox.NamedNode(XSD + DATATYPES[parameter.type]))
    else:
        yield _triple(iri, SHACL + "class", ox.NamedNode(SD + parameter.type))
        yield _triple(iri, SHACL + "nodeKind", ox.NamedNode(SHACL + "IRI"))
    if parameter.default is not None:
        yield _triple(iri, SHACL + "defaultValue", _value(parameter, parameter.default))
    yield _triple(iri, SKOS + "example", _value(parameter, parameter.example))
    if parameter.options:
        yield from _list(iri, SHACL + "in", [ox.Literal(option) for option in parameter.options])


def _value(parameter: Parameter, text: str) -> ox.Literal:
    """A default or an example; a thing is given by its name."""
    return _literal(text, DATATYPES.get(parameter.type, "string"))


def _column(query: str, order: int, name: str, title: Text) -> Iterator[ox.Triple]:
    iri = f"{query}#kolom-{name}"
    yield _triple(query, CSVW + "column", ox.NamedNode(iri))
    yield from _typed(iri, CSVW + "Column")
    yield _triple(iri, CSVW + "name", ox.Literal(name))
    yield from _said(iri, CSVW + "title", title)
    yield _triple(iri, SHACL + "order", _literal(str(order), "integer"))


def _prefix(prefix: str) -> Iterator[ox.Triple]:
    iri = f"{QUERIES_GRAPH}#{prefix}"
    yield _triple(QUERIES_GRAPH, SHACL + "declare", ox.NamedNode(iri))
    yield _triple(iri, SHACL + "prefix", ox.Literal(prefix))
    yield _triple(iri, SHACL + "namespace", _literal(PREFIXES[prefix], "anyURI"))


def _list(subject: str, predicate: str, members: list[ox.Literal]) -> Iterator[ox.Triple]:
    nodes = [f"{subject}-keuze-{number}" for number in range(1, len(members) + 1)]
    yield _triple(subject, predicate, ox.NamedNode(nodes[0]))
    for node, rest, member in zip(nodes, [*nodes[1:], RDF + "nil"], members, strict=True):
        yield _triple(node, RDF + "first", member)
        yield _triple(node, RDF + "rest", ox.NamedNode(rest))


def _typed(subject: str, *classes: str) -> Iterator[ox.Triple]:
    for cls in classes:
        yield _triple(subject, RDF + "type", ox.NamedNode(cls))


def _said(subject: str, predicate: str, text: Text) -> Iterator[ox.Triple]:
    yield _triple(subject, predicate, ox.Literal(text.nl, language="nl"))
    yield _triple(subject, predicate, ox.Literal(text.en, language="en"))


def _triple(subject: str, predicate: str, value: _Object) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)


def _literal(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))
