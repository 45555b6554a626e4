"""OWL 2 RL by SPARQL: the axioms of the ontology become rules, the rules run in the store's own engine.

`owlrl` is the reference; a test shows that both infer the same for every real plan. The rules here are
compiled from the ontology, so that a new axiom needs no new code, and an axiom of a kind that is not
covered is an error instead of a silent gap (W3C OWL 2 Profiles, section 4.3, tables 5 to 9).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import pyoxigraph as ox

from sdkg.errors import UnsupportedAxiomError
from sdkg.namespaces import OWL, RDF, RDFS, shorten

RESERVED = (RDF, RDFS, OWL)
"""Vocabularies whose statements are the reasoner's housekeeping, not knowledge about plans."""

_TYPE = ox.NamedNode(RDF + "type")
_FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_IGNORED_CLASSES = frozenset(
    OWL + name
    for name in (
        "Ontology",
        "Class",
        "ObjectProperty",
        "DatatypeProperty",
        "AnnotationProperty",
        "AllDisjointClasses",
        "NamedIndividual",
    )
)
_IGNORED_PROPERTIES = frozenset(
    OWL + name for name in ("versionIRI", "versionInfo", "members", "disjointWith", "deprecated")
)
_TERM = re.compile("<[^>]+>")
_SUB_PROPERTY = ("?s {b} ?o", "?s {a} ?o")
_SUB_CLASS = ("?s a {b}", "?s a {a}")
_FORMS: Mapping[str, Sequence[tuple[str, str]]] = {
    RDFS + "subPropertyOf": [_SUB_PROPERTY],
    OWL + "equivalentProperty": [_SUB_PROPERTY, ("?s {a} ?o", "?s {b} ?o")],
    RDFS + "subClassOf": [_SUB_CLASS],
    OWL + "equivalentClass": [_SUB_CLASS, ("?s a {a}", "?s a {b}")],
    RDFS + "domain": [("?s a {b}", "?s {a} ?o")],
    RDFS + "range": [("?o a {b}", "?s {a} ?o FILTER(!isLiteral(?o))")],
    OWL + "inverseOf": [("?o {b} ?s", "?s {a} ?o"), ("?o {a} ?s", "?s {b} ?o")],
    OWL + "propertyChainAxiom": [("?s {a} ?o", "?s {b} ?o")],
    OWL + "TransitiveProperty": [("?s {a} ?o", "?s {a}+ ?o")],
    OWL + "SymmetricProperty": [("?o {a} ?s", "?s {a} ?o")],
}
"""Head and body of the rules of each kind of axiom: `{a}` is its subject, `{b}` its value."""


@dataclass(frozen=True)
class Rule:
    """One rule: what it is called (the axiom it comes from), and its two halves in SPARQL.

    Example:
        >>> Rule("sd:steuntOpWet rdfs:subPropertyOf sd:steuntOp", "?s <b> ?o", "?s <a> ?o").update
        'INSERT { ?s <b> ?o } WHERE { ?s <a> ?o }'
    """

    name: str
    head: str
    body: str

    @property
    def update(self) -> str:
        """The rule as a SPARQL update on the default graph."""
        return f"INSERT {{ {self.head} }} WHERE {{ {self.body} }}"


def compile_rules(ontology: Iterable[ox.Triple]) -> list[Rule]:
    """The rules that follow from the axioms of an ontology, in a fixed order.

    Raises:
        UnsupportedAxiomError: the ontology uses a construct of OWL that these rules do not cover.

    Example:
        >>> sub, p, q = (ox.NamedNode(n) for n in (RDFS + "subPropertyOf", "urn:p", "urn:q"))
        >>> [rule.head for rule in compile_rules([ox.Triple(p, sub, q)])]
        ['?s <urn:q> ?o']
    """
    triples = list(ontology)
    _refuse_unknown_constructs(triples)
    rules = [rule for triple in triples for rule in _rules_of(triple, triples)]
    return sorted(set(rules), key=lambda rule: (rule.head, rule.body))


def infer(asserted: Iterable[ox.Triple], rules: Iterable[Rule]) -> set[ox.Triple]:
    """What follows from some statements by some rules, without what was stated already.

    Example:
        >>> rule = Rule("p is q", "?s <urn:q> ?o", "?s <urn:p> ?o")
        >>> a, p = ox.NamedNode("urn:a"), ox.NamedNode("urn:p")
        >>> [str(t.predicate) for t in infer([ox.Triple(a, p, a)], [rule])]
        ['<urn:q>']
    """
    ordered, once_is_enough = _in_order(rules)
    named = {term for _, written, read in ordered for term in (written, *read)}
    matters = {_TYPE} | {ox.NamedNode(term[1:-1]) for term in named}
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in asserted if t.predicate in matters)
    stated = {quad.triple for quad in store}
    used = {str(t.predicate) for t in stated} | {str(t.object) for t in stated if t.predicate == _TYPE}
    size = -1
    while size != (size := len(store)):
        for rule, written, read in ordered:
            if read <= used:
                store.update(rule.update)
                used.add(written)
        if once_is_enough:
            break
    return {quad.triple for quad in store} - stated


def _in_order(rules: Iterable[Rule]) -> tuple[list[tuple[Rule, str, set[str]]], bool]:
    """The rules with the term each writes and those it reads, and whether one pass in this order will do.

    It will if no rule reads what comes after it. One that reads what it writes itself (a transitive relation)
    comes after the others that write it.
    """
    found = [(r, _TERM.findall(r.head)[0], set(_TERM.findall(r.body))) for r in rules]
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for _, written, read in found:
        sorter.add(written, *(read - {written}))
    try:
        rank = {term: number for number, term in enumerate(sorter.static_order())}
    except CycleError:
        return found, False
    return sorted(found, key=lambda item: (rank[item[1]], item[1] in item[2])), True


def is_housekeeping(triple: ox.Triple) -> bool:
    """Whether a statement is about the reasoner's own vocabulary, or about a literal: true of any graph.

    Example:
        >>> is_housekeeping(ox.Triple(ox.NamedNode("urn:a"), _TYPE, ox.NamedNode(OWL + "Thing")))
        True
    """
    if not isinstance(triple.subject, ox.NamedNode):
        return True
    if triple.predicate == _TYPE:
        return not isinstance(triple.object, ox.NamedNode) or triple.object.value.startswith(RESERVED)
    return triple.predicate.value.startswith(RESERVED)


def _rules_of(triple: ox.Triple, ontology: list[ox.Triple]) -> Iterator[Rule]:
    """The rules of one axiom; `value` is what the axiom says of the property or class `subject`."""
    subject, value = triple.subject, triple.object
    kind = triple.predicate.value
    if kind == RDF + "type" and isinstance(value, ox.NamedNode):
        kind = value.value
    if kind not in _FORMS or value == ox.NamedNode(OWL + "Thing") or _is_datatype(value):
        return
    name = " ".join(shorten(getattr(t, "value", "")) for t in triple)
    path = str(value)
    if kind == OWL + "propertyChainAxiom":
        path = "/".join(str(step) for step in _members(value, ontology))
        name = f"{name}({path})"
    for head, body in _FORMS[kind]:
        yield Rule(name, head.format(a=subject, b=path), body.format(a=subject, b=path))


def _refuse_unknown_constructs(ontology: list[ox.Triple]) -> None:
    for triple in ontology:
        named = triple.object.value if isinstance(triple.object, ox.NamedNode) else ""
        if (
            triple.predicate == _TYPE
            and named.startswith(OWL)
            and named not in _IGNORED_CLASSES | _FORMS.keys()
        ):
            raise UnsupportedAxiomError(f"{triple.subject}: no rule for {shorten(named)}.")
        predicate = triple.predicate.value
        if predicate.startswith(OWL) and predicate not in _IGNORED_PROPERTIES | _FORMS.keys():
            raise UnsupportedAxiomError(f"{triple.subject}: no rule for {shorten(predicate)}.")
        if predicate == RDFS + "subClassOf" and not named:
            raise UnsupportedAxiomError(f"{triple.subject}: no rule for a class expression.")


def _is_datatype(term: object) -> bool:
    value = term.value if isinstance(term, ox.NamedNode) else ""
    return value.startswith("http://www.w3.org/2001/XMLSchema#") or value in (
        RDF + "langString",
        RDFS + "Literal",
    )


def _members(head: object, ontology: list[ox.Triple]) -> Iterator[ox.NamedNode]:
    while isinstance(head, ox.BlankNode):
        found = {t.predicate: t.object for t in ontology if t.subject == head}
        member = found.get(_FIRST)
        if not isinstance(member, ox.NamedNode) or _REST not in found:
            raise UnsupportedAxiomError("A property chain is not a list of properties.")
        yield member
        head = found[_REST]
