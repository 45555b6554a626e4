"""Down to what is stated: by which rule a statement follows, from which, and where the plan states those.

A derivation is the smallest of the lowest trees whose leaves are stated, found by going backwards through the
rules (W3C OWL 2 Profiles, section 4.3). Low trees first also keeps cycles out: a premise is always derived in
fewer steps than its conclusion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from sdkg.namespaces import GRAPH, ID, INFERRED, RDF, SD, SKOS, shorten
from sdkg.rules import Rule

Subject = ox.NamedNode | ox.BlankNode
Term = Subject | ox.Literal
Quads = Callable[[Term | None, ox.NamedNode | None, Term | None], Iterable[ox.Quad]]
"""Looks up statements in all graphs of any engine; `None` is any."""

MAX_STEPS = 32
"""How many rules may be stacked; far above what an ontology of this kind needs."""

_A = ox.NamedNode(RDF + "type")
_IRI = re.compile("<([^>]+)>")
_CHAIN = re.compile(r"\S+\((<.*>)\)$")
_LAST = ("rdfs:domain", "rdfs:range")


class Lookup:
    """Statements by pattern, each pattern asked of the engine once."""

    def __init__(self, quads: Quads) -> None:
        self._ask = quads
        self._quads: dict[tuple[Term | None, ...], tuple[ox.Quad, ...]] = {}
        self._triples: dict[tuple[Term | None, ...], tuple[ox.Triple, ...]] = {}

    def quads(
        self, s: Term | None = None, p: ox.NamedNode | None = None, o: Term | None = None
    ) -> tuple[ox.Quad, ...]:
        """The quads of a pattern, in a fixed order."""
        key = (s, p, o)
        if key not in self._quads:
            found = [] if isinstance(s, ox.Literal) else list(self._ask(s, p, o))
            self._quads[key] = tuple(sorted(found, key=str) if len(found) > 1 else found)
        return self._quads[key]

    def triples(
        self, s: Term | None = None, p: ox.NamedNode | None = None, o: Term | None = None
    ) -> tuple[ox.Triple, ...]:
        """The triples of a pattern, each once however many graphs hold it."""
        key = (s, p, o)
        if key not in self._triples:
            self._triples[key] = tuple(dict.fromkeys(quad.triple for quad in self.quads(s, p, o)))
        return self._triples[key]

    def objects(self, s: Term, p: str) -> list[Term]:
        """What `s` has for the property with IRI `p`."""
        return [as_term(triple.object) for triple in self.triples(s, ox.NamedNode(p))]

    def stated(self, triple: ox.Triple) -> tuple[str, ...]:
        """The IRIs of the asserted graphs that hold a triple; empty for the default graph's name."""
        quads = self.quads(as_term(triple.subject), triple.predicate, as_term(triple.object))
        names = (quad.graph_name for quad in quads)
        iris = (name.value if isinstance(name, ox.NamedNode) else "" for name in names)
        return tuple(dict.fromkeys(iri for iri in iris if not iri.startswith(INFERRED)))


@dataclass(frozen=True)
class Derivation:
    """A triple and why it holds: without `rule` it is stated, else `premises` make it follow by that rule."""

    triple: ox.Triple
    rule: Rule | None = None
    premises: tuple[Derivation, ...] = ()

    @property
    def height(self) -> int:
        """How many rules are stacked."""
        return 1 + max(p.height for p in self.premises) if self.premises else 0

    @property
    def leaves(self) -> frozenset[ox.Triple]:
        """The stated triples it comes down to."""
        if not self.premises:
            return frozenset([self.triple])
        return frozenset().union(*(premise.leaves for premise in self.premises))

    @property
    def size(self) -> int:
        """How many statements it shows."""
        return 1 + sum(premise.size for premise in self.premises)


def rule_name(rule: Rule) -> str:
    """The axiom of a rule as text; that of a chain with its links instead of the blank node of the list.

    Example:
        >>> rule_name(Rule("sd:a owl:propertyChainAxiom b0(<urn:b>/<urn:c>)", "", ""))
        'sd:a owl:propertyChainAxiom ( urn:b urn:c )'
    """
    found = _CHAIN.search(rule.name)
    if not found:
        return rule.name
    links = " ".join(shorten(iri) for iri in _IRI.findall(found[1]))
    return f"{rule.name[: found.start()]}( {links} )"


class Deriver:
    """Finds derivations, and remembers them."""

    def __init__(self, lookup: Lookup, rules: Iterable[Rule]) -> None:
        self._lookup = lookup
        self._heads: dict[str, list[_Half]] = {}
        for rule in sorted(rules, key=lambda r: (r.name.split()[1] in _LAST, rule_name(r))):
            half = _Half(rule)
            self._heads.setdefault(half.concludes, []).append(half)
        self._found: dict[ox.Triple, Derivation] = {}
        self._tried: dict[ox.Triple, int] = {}

    def derive(self, triple: ox.Triple, steps: int = MAX_STEPS) -> Derivation | None:
        """The most direct derivation of a triple: the lowest, among those the smallest.

        Args:
            triple: a triple of the store, stated or inferred.
            steps: how many rules may be stacked.

        Returns:
            The derivation, or `None` if the triple neither is stated nor follows.
        """
        for step in range(self._tried.get(triple, -1) + 1, steps + 1):
            self._tried[triple] = step
            found = self._in_steps(triple, step)
            if found:
                self._found[triple] = found
                break
        known = self._found.get(triple)
        return known if known and known.height <= steps else None

    def _in_steps(self, triple: ox.Triple, steps: int) -> Derivation | None:
        if triple in self._found:
            return self._found[triple]
        if steps == 0:
            return Derivation(triple) if self._lookup.stated(triple) else None
        best: Derivation | None = None
        for half in self._of(triple):
            for premises in self._premises(half, triple, steps - 1):
                proofs = [self.derive(premise, steps - 1) for premise in premises]
                found = tuple(proof for proof in proofs if proof)
                if len(found) == len(proofs):
                    candidate = Derivation(triple, half.rule, found)
                    best = candidate if best is None or candidate.size < best.size else best
                    if best.size == 2:  # one stated premise: nothing can be more direct
                        return best
        return best

    def _of(self, triple: ox.Triple) -> list[_Half]:
        """The rules that could conclude a triple."""
        named = triple.object if triple.predicate == _A else triple.predicate
        return self._heads.get(named.value, []) if isinstance(named, ox.NamedNode) else []

    def _premises(self, half: _Half, triple: ox.Triple, steps: int) -> Iterator[tuple[ox.Triple, ...]]:
        """Statements that hold and from which a rule concludes the triple."""
        at = half.bindings(triple)
        start, end = at.get(half.body[0]), at.get(half.body[2]) or half.constant
        if half.transitive:
            yield from self._chain(half.steps[0], triple, steps)
            return
        for walk in self._walks(half.steps, start, end):
            if not (half.things_only and isinstance(walk[-1].object, ox.Literal)):
                yield walk

    def _walks(
        self, path: tuple[ox.NamedNode, ...], start: Term | None, end: Term | None
    ) -> Iterator[tuple[ox.Triple, ...]]:
        last = len(path) == 1
        for triple in self._lookup.triples(start, path[0], end if last else None):
            if last:
                yield (triple,)
            else:
                yield from ((triple, *rest) for rest in self._walks(path[1:], as_term(triple.object), end))

    def _chain(self, link: ox.NamedNode, triple: ox.Triple, steps: int) -> Iterator[tuple[ox.Triple, ...]]:
        """The shortest chain of links, each derived in fewer steps, from the subject to the object."""
        end, start = as_term(triple.object), as_term(triple.subject)
        seen: set[Term] = set()
        ways: list[tuple[ox.Triple, ...]] = [()]
        while ways:
            longer = []
            for way in ways:
                here = as_term(way[-1].object) if way else start
                for edge in self._lookup.triples(here, link):
                    there = as_term(edge.object)
                    if there in seen or edge == triple or not self.derive(edge, steps):
                        continue
                    if there == end:
                        yield (*way, edge)
                        return
                    seen.add(there)
                    longer.append((*way, edge))
            ways = longer


class _Half:
    """A rule as what it concludes and what it needs, read from its SPARQL (see `sdkg.rules`)."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.head = tuple(rule.head.split()[:3])
        self.body = tuple(rule.body.split()[:3])
        self.things_only = "isLiteral" in rule.body
        self.transitive = self.body[1].endswith("+")
        path = _IRI.findall(self.body[1])
        self.steps = tuple(ox.NamedNode(iri) for iri in path) or (_A,)
        named = _IRI.match(self.body[2])
        self.constant = ox.NamedNode(named[1]) if named else None
        self.concludes = _IRI.findall(rule.head)[0]

    def bindings(self, triple: ox.Triple) -> Mapping[str, Term]:
        """The variables of the head, for the rule to conclude this triple."""
        pairs = zip(self.head, (triple.subject, triple.predicate, triple.object), strict=True)
        return {name: as_term(term) for name, term in pairs if name.startswith("?")}


@dataclass(frozen=True)
class Place:
    """Where a statement is stated: the graph (that of a file); of a plan also the plan, and the section.

    `section` is empty for statements of the plan as a whole without evidence of their own, and for reference
    data and the ontology, which have no `plan` either. `heading` is the sub-heading within the section.
    """

    graph: str
    plan: str = ""
    plan_label: str = ""
    section: str = ""
    section_label: str = ""
    heading: str = ""


class Places:
    """Finds the places of stated triples (docs/design.md, "Three levels of evidence")."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def of(self, triple: ox.Triple) -> tuple[Place, ...]:
        """The places of a triple, one per graph and section; none if no asserted graph holds it."""
        return tuple(place for graph in self._lookup.stated(triple) for place in self._in(graph, triple))

    def _in(self, graph: str, triple: ox.Triple) -> Iterator[Place]:
        subject = as_term(triple.subject)
        plan = self._plan(graph, subject)
        if plan is None:
            yield Place(graph)
            return
        found = [
            (section, carrier)
            for carrier in self._carriers(triple)
            for section in self._lookup.objects(carrier, SD + "vindplaats")
        ]
        if not found and self._lookup.objects(subject, SD + "sectieVan"):
            found = [(subject, subject)]
        name = self._text(plan, SKOS + "prefLabel")
        for section, carrier in found:
            where = (_value(section), self._section_label(section), self._text(carrier, SD + "tussenkop"))
            yield Place(graph, plan.value, name, *where)
        if not found:
            yield Place(graph, plan.value, name)

    def _carriers(self, triple: ox.Triple) -> list[Term]:
        """Who says where: evidence of this very relation, else of any between the two, else the subject."""
        subject = as_term(triple.subject)
        of_subject = self._lookup.triples(None, ox.NamedNode(SD + "bewijstVan"), subject)
        between = [
            as_term(t.subject)
            for t in of_subject
            if as_term(triple.object) in self._lookup.objects(as_term(t.subject), SD + "bewijstNaar")
        ]
        exact = [e for e in between if triple.predicate in self._lookup.objects(e, SD + "bewijstRelatie")]
        return exact or between or [subject]

    def _plan(self, graph: str, subject: Term) -> ox.NamedNode | None:
        """The plan of a subject, or of the graph's file if there is such a plan."""
        named: list[Term] = [ox.NamedNode(ID + graph.rpartition("/")[2])] if graph.startswith(GRAPH) else []
        own = [
            *self._lookup.objects(subject, SD + "inPlan"),
            *self._lookup.objects(subject, SD + "sectieVan"),
        ]
        kind = ox.NamedNode(SD + "Beleidsplan")
        plans = (p for p in [*own, *named, subject] if self._lookup.quads(p, _A, kind))
        return next((plan for plan in plans if isinstance(plan, ox.NamedNode)), None)

    def _section_label(self, section: Term) -> str:
        """Number and heading, as the saved queries give them."""
        parts = (self._text(section, SD + "nummer"), self._text(section, SKOS + "prefLabel"))
        return " ".join(part for part in parts if part) or shorten(_value(section))

    def _text(self, thing: Term, property_: str) -> str:
        return next((_value(term) for term in self._lookup.objects(thing, property_)), "")


def as_term(term: object) -> Term:
    """A term of a triple as one that can be looked up; triples as terms are not used here."""
    assert isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal)  # noqa: S101 (RDF 1.1)
    return term


def _value(term: Term) -> str:
    return term.value
