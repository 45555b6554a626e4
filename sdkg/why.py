"""Why a row is in the answer: what it rests on, down to what a plan states in a section or does not.

For any SELECT query. `sdkg.witness` finds the statements that made the row, `sdkg.derivation` how they follow
and where they are stated; here both become one tree per statement, for people and for programs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from sdkg.derivation import Derivation, Deriver, Lookup, Place, Places, Quads, Term, rule_name
from sdkg.errors import QueryError
from sdkg.namespaces import GRAPH, RDF, RDFS, SD, SKOS, expand, shorten
from sdkg.rules import Rule

if TYPE_CHECKING:
    from sdkg.witness import Absent, Pattern

Labels = Mapping[str, Mapping[str, str]]
"""By IRI and language."""

NAMING = frozenset(
    {SKOS + "prefLabel", SKOS + "altLabel", RDFS + "label"}
    | {SD + name for name in ("volgorde", "nummer", "vindplaats", "tussenkop")}
    | {SD + name for name in ("bewijstVan", "bewijstNaar", "bewijstRelatie")}
)
"""Properties that name, order or locate things; a reader sees what they say without being told."""

_ONTOLOGY = GRAPH + "ontology/"
_DASH = " \N{EN DASH} "
_WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "stated": "gesteld in {where}",
        "inferred": "afgeleid met: {rule}; uit:",
        "naming": "en {count} verklaringen die alleen naam, volgorde of vindplaats geven",
        "one": "en één verklaring die alleen naam, volgorde of vindplaats geeft",
        "absent": "er is nergens gesteld of afgeleid:",
        "or": "of:",
        "where": "waarbij {conditions}",
        "ontology": "de ontologie",
        "reference": "de referentiegegevens ({name})",
        "a": "is een",
        "rdfs:subPropertyOf": "“{a}” houdt in “{b}”",
        "owl:equivalentProperty": "“{a}” is hetzelfde als “{b}”",
        "rdfs:subClassOf": "elke {a} is een {b}",
        "owl:equivalentClass": "{a} is hetzelfde als {b}",
        "rdfs:domain": "wat “{a}” heeft, is een {b}",
        "rdfs:range": "waar “{a}” naar wijst, is een {b}",
        "owl:inverseOf": "“{a}” is het omgekeerde van “{b}”",
        "owl:propertyChainAxiom": "“{a}” volgt uit {b} na elkaar",
        "owl:TransitiveProperty": "“{a}” geldt ook over meer stappen",
        "owl:SymmetricProperty": "“{a}” geldt over en weer",
        "then": " en dan ",
    },
    "en": {
        "stated": "stated in {where}",
        "inferred": "inferred by: {rule}; from:",
        "naming": "and {count} statements that only name, order or locate",
        "one": "and one statement that only names, orders or locates",
        "absent": "nowhere stated or inferred:",
        "or": "or:",
        "where": "where {conditions}",
        "ontology": "the ontology",
        "reference": "the reference data ({name})",
        "a": "is a",
        "rdfs:subPropertyOf": "“{a}” implies “{b}”",
        "owl:equivalentProperty": "“{a}” is the same as “{b}”",
        "rdfs:subClassOf": "every {a} is a {b}",
        "owl:equivalentClass": "{a} is the same as {b}",
        "rdfs:domain": "what has “{a}” is a {b}",
        "rdfs:range": "what “{a}” points at is a {b}",
        "owl:inverseOf": "“{a}” is the inverse of “{b}”",
        "owl:propertyChainAxiom": "“{a}” follows from {b} in a row",
        "owl:TransitiveProperty": "“{a}” also holds over more steps",
        "owl:SymmetricProperty": "“{a}” holds both ways",
        "then": " and then ",
    },
}


@dataclass(frozen=True)
class Statement:
    """One statement: stated in some places, or inferred by a rule from other statements.

    `rule` is the name of the axiom (`sd:steuntOpWet rdfs:subPropertyOf sd:steuntOp`); `naming` tells that the
    statement only names, orders or locates things, or is part of the ontology.
    """

    triple: ox.Triple
    stated: tuple[Place, ...] = ()
    rule: str | None = None
    premises: tuple[Statement, ...] = ()
    naming: bool = False

    def all(self) -> Iterator[Statement]:
        """The statement and all it follows from."""
        yield self
        for premise in self.premises:
            yield from premise.all()


@dataclass(frozen=True)
class Reasons:
    """Why a row is in the answer: the statements it rests on, and the patterns it needs to match nothing.

    `ways` is how many solutions of the query give this very row; the statements are those of the shortest.
    """

    statements: tuple[Statement, ...]
    absent: tuple[Absent, ...] = ()
    ways: int = 1
    labels: Labels = field(default_factory=dict, repr=False, compare=False)

    def all(self) -> Iterator[Statement]:
        """All statements: those of the row and all they follow from; one may come more than once."""
        for statement in self.statements:
            yield from statement.all()

    def leaves(self) -> frozenset[ox.Triple]:
        """The stated triples that the row comes down to."""
        return frozenset(statement.triple for statement in self.all() if not statement.premises)

    def as_dict(self) -> dict[str, Any]:
        """The reasons as plain lists and dictionaries, for JSON; labels in Dutch."""
        return {
            "statements": [self._statement(statement) for statement in self.statements],
            "absent": [
                {
                    "sparql": gap.sparql,
                    "alternatives": [[self._pattern(p) for p in patterns] for patterns in gap.alternatives],
                    "conditions": list(gap.conditions),
                }
                for gap in self.absent
            ],
            "ways": self.ways,
        }

    def text(self, lang: str = "nl") -> str:
        """The reasons for people: a line per statement, and indented below it what it follows from.

        Args:
            lang: `nl` or `en`.

        Raises:
            QueryError: there is no such language.
        """
        if lang not in _WORDS:
            raise QueryError(f"Reasons have no language '{lang}'. Use {', '.join(_WORDS)}.")
        return _Prose(self, lang).text()

    def rule(self, name: str, lang: str = "nl") -> str:
        """The rule of a statement in words; the name itself if its axiom is of another form."""
        return _Prose(self, lang).rule(name)

    def _statement(self, statement: Statement) -> dict[str, Any]:
        triple = statement.triple
        s, p, o = (self._term(term) for term in triple)
        rule = statement.rule
        return {
            "subject": s,
            "predicate": p,
            "object": o,
            "naming": statement.naming,
            "stated": [vars(place) for place in statement.stated],
            "rule": {"name": rule, "words": _Prose(self, "nl").rule(rule)} if rule else None,
            "premises": [self._statement(premise) for premise in statement.premises],
        }

    def _pattern(self, pattern: Pattern) -> list[Any]:
        return [term if isinstance(term, str) else self._term(term) for term in pattern]

    def _term(self, term: Any) -> dict[str, str | None]:
        if isinstance(term, ox.Literal):
            return {"value": term.value, "datatype": shorten(term.datatype.value), "language": term.language}
        if isinstance(term, ox.BlankNode):
            return {"value": str(term)}
        label = self.labels.get(term.value, {}).get("nl", "")
        return {"iri": term.value, "short": shorten(term.value), "label": label}


class Explainer:
    """Explains rows of one query: it is parsed once, and each look-up is done once.

    Args:
        text: a SELECT query; the prefixes of the project need no declaration.
        quads: the statements of any engine, in all graphs, by pattern.
        rules: the rules by which statements were inferred.

    Raises:
        QueryError: the query is faulty, is no SELECT, or uses SERVICE.

    Example:
        >>> a, p = ox.NamedNode("urn:a"), ox.NamedNode("urn:p")
        >>> store = ox.Store()
        >>> store.add(ox.Quad(a, p, a))
        >>> ask = lambda s, p, o: store.quads_for_pattern(s, p, o, None)
        >>> explainer = Explainer("SELECT ?x { ?x <urn:p> ?y }", ask, [])
        >>> [str(s.triple.predicate) for s in explainer.explain({"x": a}).statements]
        ['<urn:p>']
    """

    def __init__(self, text: str, quads: Quads, rules: Iterable[Rule]) -> None:
        from sdkg.witness import Evaluator

        self._lookup = Lookup(quads)
        self._evaluator = Evaluator(text, self._lookup)
        self._deriver = Deriver(self._lookup, rules)
        self._places = Places(self._lookup)
        self._labels: dict[str, Mapping[str, str]] = {}
        self._made: dict[ox.Triple, Statement] = {}

    def explain(self, row: Mapping[str, Term | None], given: Iterable[str] = ()) -> Reasons:
        """Why a row is in the answer.

        Args:
            row: the terms of the row by column; `None` where there is none.
            given: the columns that were parameters of the query: what was asked for, not found.

        Returns:
            The statements in the order of the query, each down to what is stated; and what is absent.

        Raises:
            QueryError: the query has no such row.
        """
        witness = self._evaluator.witness(row, given)
        statements = tuple(self._statement(triple) for triple in witness.triples)
        reasons = Reasons(statements, witness.absent, witness.ways)
        named = {term for s in reasons.all() for term in _named(s)}
        named |= {t.value for g in witness.absent for ps in g.alternatives for t in _nodes(ps)}
        return Reasons(
            statements, witness.absent, witness.ways, {iri: self._label(iri) for iri in sorted(named)}
        )

    def _statement(self, triple: ox.Triple) -> Statement:
        if triple not in self._made:
            derivation = self._deriver.derive(triple)
            if derivation is None:
                raise QueryError(
                    f"{triple} is in an inferred graph, and follows from nothing by these rules."
                )
            self._made[triple] = self._of(derivation)
        return self._made[triple]

    def _of(self, derivation: Derivation) -> Statement:
        triple, rule = derivation.triple, derivation.rule
        if rule:
            premises = tuple(self._of(premise) for premise in derivation.premises)
            return Statement(triple, (), rule_name(rule), premises, triple.predicate.value in NAMING)
        places = self._places.of(triple)
        naming = triple.predicate.value in NAMING or all(p.graph.startswith(_ONTOLOGY) for p in places)
        return Statement(triple, places, naming=naming)

    def _label(self, iri: str) -> Mapping[str, str]:
        """The labels of a thing by language; its own language tag, or none, serves where one is missing."""
        if iri not in self._labels:
            node = ox.NamedNode(iri)
            found = [t for p in (SKOS + "prefLabel", RDFS + "label") for t in self._lookup.objects(node, p)]
            texts = [term for term in found if isinstance(term, ox.Literal)]
            labels = {lang: t.value for lang in ("", *_WORDS) for t in texts if (t.language or "") == lang}
            some = next(iter(labels.values()), "")
            self._labels[iri] = {lang: labels.get(lang) or some for lang in _WORDS} if some else {}
        return self._labels[iri]


def explain(
    text: str, row: Mapping[str, Term | None], given: Iterable[str], quads: Quads, rules: Iterable[Rule]
) -> Reasons:
    """Why one row is in the answer to a query (see `Explainer`, which serves many rows better).

    Raises:
        QueryError: the query is faulty, is no SELECT, uses SERVICE, or has no such row.
    """
    return Explainer(text, quads, rules).explain(row, given)


class _Prose:
    """Reasons in the words of one language."""

    def __init__(self, reasons: Reasons, lang: str) -> None:
        self._reasons, self._lang, self._words = reasons, lang, _WORDS[lang]

    def text(self) -> str:
        telling = [statement for statement in self._reasons.statements if not statement.naming]
        lines = [line for statement in telling for line in self._lines(statement, "")]
        for gap in self._reasons.absent:
            lines += self._gap(gap)
        hidden = len(self._reasons.statements) - len(telling)
        if hidden:
            lines.append(self._words["one" if hidden == 1 else "naming"].format(count=hidden))
        return "\n".join(lines) + "\n"

    def rule(self, name: str) -> str:
        """A rule in words, from the name of its axiom; the name itself if it is of another form."""
        subject, verb, *values = name.split()
        kind = values[0] if verb == "rdf:type" else verb
        if kind not in self._words or ":" not in kind:
            return name
        links = [self._by_short(value) for value in values if value not in "()"]
        value = self._words["then"].join(f"“{link}”" for link in links) if len(links) > 1 else links[0]
        return self._words[kind].format(a=self._by_short(subject), b=value)

    def _lines(self, statement: Statement, indent: str) -> Iterator[str]:
        said = indent + _DASH.join(self._term(term) for term in statement.triple)
        if statement.rule is None:
            places = dict.fromkeys(self._place(place) for place in statement.stated)
            yield f"{said} [{self._words['stated'].format(where='; '.join(places))}]"
            return
        yield f"{said} [{self._words['inferred'].format(rule=self.rule(statement.rule))}]"
        for premise in statement.premises:
            yield from self._lines(premise, indent + "    ")

    def _gap(self, gap: Absent) -> Iterator[str]:
        yield self._words["absent"]
        for number, patterns in enumerate(gap.alternatives):
            if number:
                yield f"  {self._words['or']}"
            yield from ("    " + _DASH.join(self._term(term) for term in pattern) for pattern in patterns)
        if gap.conditions:
            yield "    " + self._words["where"].format(conditions=", ".join(gap.conditions))

    def _place(self, place: Place) -> str:
        if place.plan:
            parts = (place.plan_label or shorten(place.plan), place.section_label)
            where = ", ".join(part for part in parts if part)
            return f"{where} > {place.heading}" if place.heading else where
        if place.graph.startswith(_ONTOLOGY):
            return self._words["ontology"]
        return self._words["reference"].format(name=place.graph.rpartition("/")[2])

    def _term(self, term: object) -> str:
        if isinstance(term, str):
            return term
        if not isinstance(term, ox.NamedNode):
            return str(getattr(term, "value", term))
        if term.value == RDF + "type":
            return self._words["a"]
        return self._reasons.labels.get(term.value, {}).get(self._lang) or shorten(term.value)

    def _by_short(self, short: str) -> str:
        found = (labels for iri, labels in self._reasons.labels.items() if shorten(iri) == short)
        return next(found, {}).get(self._lang) or short


def _named(statement: Statement) -> Iterator[str]:
    """The IRIs that a statement and the name of its rule mention."""
    yield from (term.value for term in statement.triple if isinstance(term, ox.NamedNode))
    for word in (statement.rule or "").split():
        iri = expand(word)
        if iri:
            yield iri


def _nodes(patterns: Iterable[Pattern]) -> Iterator[ox.NamedNode]:
    return (term for pattern in patterns for term in pattern if isinstance(term, ox.NamedNode))
