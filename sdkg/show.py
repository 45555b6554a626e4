"""`sdkg show`: one thing, what it says, what points at it, and where the plan says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import pyoxigraph as ox

from sdkg.namespaces import INFERRED, SD, shorten

_OUT = """
SELECT DISTINCT ?property ?value ?graph ?label ?place ?heading {
  VALUES ?thing { $THING }
  GRAPH ?graph { ?thing ?property ?value }
  OPTIONAL { ?value <http://www.w3.org/2004/02/skos/core#prefLabel> ?label FILTER(LANG(?label) = "nl") }
  OPTIONAL {
    ?evidence sd:bewijstVan ?thing ; sd:bewijstRelatie ?property ; sd:bewijstNaar ?value ;
              sd:vindplaats ?place .
    OPTIONAL { ?evidence sd:tussenkop ?heading }
  }
}"""
_IN = """
SELECT DISTINCT ?property ?value ?graph ?label ?place ?heading {
  VALUES ?thing { $THING }
  GRAPH ?graph { ?value ?property ?thing }
  FILTER(?property NOT IN (sd:bewijstVan, sd:bewijstNaar))
  OPTIONAL { ?value <http://www.w3.org/2004/02/skos/core#prefLabel> ?label FILTER(LANG(?label) = "nl") }
  OPTIONAL {
    ?evidence sd:bewijstVan ?value ; sd:bewijstRelatie ?property ; sd:bewijstNaar ?thing ;
              sd:vindplaats ?where .
    OPTIONAL { ?evidence sd:tussenkop ?under }
  }
  OPTIONAL { ?value sd:vindplaats ?own . OPTIONAL { ?value sd:tussenkop ?ownHeading } }
  BIND(COALESCE(?where, ?own) AS ?place)
  BIND(IF(BOUND(?where), ?under, ?ownHeading) AS ?heading)
}"""
_HEADINGS = """
SELECT ?section ?number ?label ?plan {
  ?section a sd:Sectie ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?label ; sd:sectieVan ?p .
  ?p <http://www.w3.org/2004/02/skos/core#prefLabel> ?plan
  OPTIONAL { ?section sd:nummer ?number }
}"""


@dataclass(frozen=True)
class Statement:
    """One statement: property and value (short IRI or text), the value's label, place, and if inferred."""

    property: str
    value: str
    label: str = ""
    place: str = ""
    inferred: bool = False


@dataclass(frozen=True)
class Description:
    """One thing: its IRI and label, the statements about it, and those that point at it."""

    iri: str
    label: str
    statements: tuple[Statement, ...]
    incoming: tuple[Statement, ...]

    def as_dict(self) -> dict[str, Any]:
        """The description as plain lists and dictionaries, for JSON."""
        return asdict(self)

    def text(self) -> str:
        """The description for people: `~` marks the inferred; of those that point here just the number."""
        lines = [f"{self.label or shorten(self.iri)}", f"<{self.iri}>", ""]
        lines += _lines(self.statements, "")
        if self.incoming:
            lines += ["", "verwijst hierheen:"]
            lines += _lines([s for s in self.incoming if not s.inferred], "^")
            inferred = Counter(s.property for s in self.incoming if s.inferred)
            lines += [f"  ~ ^{name}  {count} keer" for name, count in sorted(inferred.items())]
        return "\n".join(lines) + "\n"


def describe(store: ox.Store, iri: str) -> Description:
    """Everything the graph says about an IRI.

    Example:
        >>> import sdkg
        >>> sdkg.load().show("Participatiewet").label
        'Participatiewet'
    """
    sections = _sections(store)
    out = sorted(set(_statements(store, _OUT, iri, sections)), key=_order)
    incoming = sorted(set(_statements(store, _IN, iri, sections)), key=_order)
    labels = [s.value for s in out if s.property in ("skos:prefLabel", "rdfs:label", "dct:title")]
    return Description(iri, labels[0] if labels else "", tuple(out), tuple(incoming))


def _order(statement: Statement) -> tuple[bool, bool, str, str]:
    return (
        statement.inferred,
        statement.property not in ("rdf:type", "skos:prefLabel"),
        statement.property,
        statement.label or statement.value,
    )


def _statements(store: ox.Store, query: str, iri: str, sections: dict[str, str]) -> Iterator[Statement]:
    text = query.replace("$THING", str(ox.NamedNode(iri)))
    stated: set[tuple[str, str]] = set()
    rows = sorted(_select(store, text), key=lambda row: row["graph"].value.startswith(INFERRED))
    for row in rows:
        inferred = row["graph"].value.startswith(INFERRED)
        key = (row["property"].value, str(row["value"]))
        if inferred and key in stated:
            continue
        stated.add(key)
        value, place = row["value"], row["place"]
        where = sections.get(place.value, shorten(place.value)) if place and not inferred else ""
        if where and row["heading"]:
            where += f" > {row['heading'].value}"
        yield Statement(
            property=shorten(row["property"].value),
            value=shorten(value.value) if isinstance(value, ox.NamedNode) else value.value,
            label=row["label"].value if row["label"] else "",
            place=where,
            inferred=inferred,
        )


def _sections(store: ox.Store) -> dict[str, str]:
    found = {}
    for row in _select(store, _HEADINGS):
        number = f"{row['number'].value} " if row["number"] else ""
        found[row["section"].value] = f"{row['plan'].value}, {number}{row['label'].value}"
    return found


def _select(store: ox.Store, query: str) -> list[Any]:
    rows = store.query(query, prefixes={"sd": SD}, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 (all are SELECT)
    return list(rows)


def _lines(statements: Iterable[Statement], arrow: str) -> Iterator[str]:
    for s in statements:
        name = f"{s.label} ({s.value})" if s.label else s.value
        where = f"   [{s.place}]" if s.place else ""
        yield f"  {'~' if s.inferred else ' '} {arrow}{s.property}  {name}{where}"
