"""Canonical Turtle: one graph has one text, in the order of the plan and grouped by its sections.

Subjects that are not part of a plan come first, by IRI; then each plan: the plan, its decisions, its
sections, and section by section the elements in their order. One property a line, in a fixed order; literals
as they were written. Blank nodes should be canonical already; they come last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

import pyoxigraph as ox

from sdkg.namespaces import DCT, ID, PREFIXES, RDF, RDFS, SCHEMA, SD, SKOS, XSD

_FIRST = [
    RDF + "type",
    SKOS + "prefLabel",
    SKOS + "altLabel",
    RDFS + "label",
    DCT + "title",
    SKOS + "definition",
    DCT + "description",
    SKOS + "scopeNote",
    *(
        SD + name
        for name in [
            "inPlan",
            "sectieVan",
            "bewijstVan",
            "bewijstRelatie",
            "bewijstNaar",
            "nummer",
            "vindplaats",
            "tussenkop",
            "volgorde",
            "bovensectie",
            "leegOmdat",
            "lacune",
            "onderdeelVan",
            "draagtBijAan",
            "meet",
            "metingVan",
            "postVoor",
            "metingsoort",
            "begrotingssoort",
            "indicatorsoort",
            "voorstel",
            "lopend",
            "waarde",
            "waardeVan",
            "waardeTot",
            "grens",
            "richting",
            "ongeveer",
            "eenheid",
            "bedrag",
            "proMemorie",
            "populatie",
            "gebied",
            "jaar",
            "datum",
            "peilmoment",
            "herhaling",
            "bron",
            "opgesteldDoor",
            "geldigVan",
            "geldigTot",
            "planstatus",
            "opvolgerVan",
            "heeftBesluit",
            "besluitDoor",
            "besluitdatum",
            "uitgevoerdDoor",
            "steuntOpWet",
            "steuntOpPartner",
            "steuntOpKader",
            "steuntOp",
            "noemt",
            "geldtVoor",
            "heeftOnderwerp",
            "voorDoelgroep",
        ]
    ),
    SCHEMA + "url",
]
_RANK = {iri: rank for rank, iri in enumerate(_FIRST)}
_LOCAL = re.compile(r"[A-Za-z0-9_]([\w.-]*[\w-])?\Z", re.ASCII)
_BARE = {
    XSD + "integer": re.compile(r"[+-]?\d+\Z"),
    XSD + "decimal": re.compile(r"[+-]?\d*\.\d+\Z"),
    XSD + "boolean": re.compile(r"(true|false)\Z"),
}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})

_Key = tuple[int, str, int, int, int, str]


def write_turtle(triples: Iterable[ox.Triple]) -> str:
    """The canonical Turtle of a graph.

    Example:
        >>> a = ox.NamedNode("https://w3id.org/sociaal-domein/id/wet/jeugdwet")
        >>> print(write_turtle([ox.Triple(a, ox.NamedNode(RDF + "type"), ox.NamedNode(SD + "Wet"))]))
        @prefix sd: <https://w3id.org/sociaal-domein/def#> .
        @prefix wet: <https://w3id.org/sociaal-domein/id/wet/> .
        <BLANKLINE>
        wet:jeugdwet
            a sd:Wet .
        <BLANKLINE>
    """
    return _Writer(triples).text()


class _Writer:
    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.about: dict[
            ox.NamedNode | ox.BlankNode, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]
        ]
        self.about = {}
        for triple in triples:
            assert not isinstance(triple.subject, ox.Triple)  # noqa: S101 (RDF 1.1)
            assert not isinstance(triple.object, ox.Triple)  # noqa: S101
            values = self.about.setdefault(triple.subject, {}).setdefault(triple.predicate.value, [])
            values.append(triple.object)
        self.used: set[str] = set()

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes of the project and one for each plan."""
        plans = {
            subject.value.removeprefix(ID): subject.value + "/"
            for subject in self.about
            if isinstance(subject, ox.NamedNode) and self._is_a(subject, "Beleidsplan")
        }
        return {**PREFIXES, **plans}

    @cached_property
    def _prefix_of(self) -> Mapping[str, str]:
        """The prefix of each namespace; a local name has no `/` or `#`, and every namespace ends in one."""
        return {namespace: prefix for prefix, namespace in reversed([*self.prefixes.items()])}

    def text(self) -> str:
        body, heading = [], ""
        for subject in sorted(self.about, key=self._key):
            above = self._heading(subject)
            if above and above != heading:
                body.append(f"# {'-' * 16} {above}\n\n")
            heading = above
            body.append(self._block(subject))
        prefixes = [f"@prefix {p}: <{ns}> .\n" for p, ns in sorted(self.prefixes.items()) if p in self.used]
        return "".join([*prefixes, "\n", *body]).removesuffix("\n")

    def _block(self, subject: ox.NamedNode | ox.BlankNode) -> str:
        about = self.about[subject]
        order = sorted(about, key=lambda iri: (_RANK.get(iri, len(_RANK)), iri))
        lines = [f"    {self._predicate(iri)} {self._objects(about[iri])}" for iri in order]
        return f"{self._term(subject)}\n" + " ;\n".join(lines) + " .\n\n"

    def _objects(self, values: list[ox.NamedNode | ox.BlankNode | ox.Literal]) -> str:
        texts = sorted(self._term(value) for value in values)
        return (", " if all(len(text) < 60 for text in texts) else ",\n        ").join(texts)

    def _predicate(self, iri: str) -> str:
        return "a" if iri == RDF + "type" else self._iri(iri)

    def _term(self, term: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
        if isinstance(term, ox.NamedNode):
            return self._iri(term.value)
        if isinstance(term, ox.BlankNode):
            return str(term)
        bare = _BARE.get(term.datatype.value)
        if bare and bare.match(term.value):
            return term.value
        quoted = f'"{term.value.translate(_ESCAPES)}"'
        if term.language:
            return f"{quoted}@{term.language}"
        plain = term.datatype.value == XSD + "string"
        return quoted if plain else f"{quoted}^^{self._iri(term.datatype.value)}"

    def _iri(self, iri: str) -> str:
        end = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._prefix_of.get(iri[:end])
        if prefix is None or not _LOCAL.match(iri[end:]):
            return str(ox.NamedNode(iri))
        self.used.add(prefix)
        return f"{prefix}:{iri[end:]}"

    def _value(self, subject: object, name: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
        if not isinstance(subject, ox.NamedNode | ox.BlankNode):
            return None
        return next(iter(self.about.get(subject, {}).get(SD + name, [])), None)

    def _is_a(self, subject: ox.NamedNode | ox.BlankNode, name: str) -> bool:
        return ox.NamedNode(SD + name) in self.about[subject].get(RDF + "type", [])

    def _rank(self, subject: object) -> int:
        value = self._value(subject, "volgorde")
        return int(value.value) if isinstance(value, ox.Literal) and value.value.isdigit() else 1_000_000

    def _key(self, subject: ox.NamedNode | ox.BlankNode) -> _Key:
        """Sort key: kind of block, plan, then within the plan: part, section, rank; the IRI decides."""
        if isinstance(subject, ox.BlankNode):
            return (2, "", 0, 0, 0, subject.value)
        iri = subject.value
        local = iri.removeprefix(ID)
        plan = local.partition("/")[0] if local != iri else ""
        if plan not in self.prefixes or plan in PREFIXES:
            return (0, iri, 0, 0, 0, iri)
        if "/" not in local:
            return (1, plan, 0, 0, 0, iri)
        if self._is_a(subject, "Sectie"):
            return (1, plan, 2, 0, self._rank(subject), iri)
        place = self._value(subject, "vindplaats")
        return (1, plan, 3 if place else 1, self._rank(place) if place else 0, self._rank(subject), iri)

    def _heading(self, subject: ox.NamedNode | ox.BlankNode) -> str:
        """The heading above a block: that of the section an element stands in."""
        if self._key(subject)[0] != 1:
            return ""
        if self._is_a(subject, "Sectie"):
            return "Secties"
        place = self._value(subject, "vindplaats")
        if not isinstance(place, ox.NamedNode):
            return "Plan"
        labels = self.about.get(place, {}).get(SKOS + "prefLabel", [])
        number = self._value(place, "nummer")
        parts = [term.value for term in (number, *labels[:1]) if isinstance(term, ox.Literal)]
        return " ".join(" ".join(parts).split())
