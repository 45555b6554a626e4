"""The points of the Metadata Quality Assessment of data.europa.eu: 405 in five dimensions, computed offline.

https://data.europa.eu/mqa/methodology. A metric is a share: of the datasets or distributions that have what
is asked, times the points it can bring. Whether an address answers is told by a `Reach`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from sdkg.catalog import Text
from sdkg.namespaces import DCAT, DCT, EU, RDF, SKOS
from sdkg.publication.facts import values
from sdkg.publication.reach import Reach

Node = ox.NamedNode | ox.BlankNode
_DATASET, _DISTRIBUTION = DCAT + "Dataset", DCAT + "Distribution"

DIMENSIONS = {
    "findability": 100,
    "accessibility": 100,
    "interoperability": 110,
    "reusability": 75,
    "contextuality": 20,
}
"""The dimensions and the points each can bring."""


class Graph:
    """A catalogue, to look things up in; blank nodes too."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._about: dict[object, dict[str, list[object]]] = {}
        for triple in triples:
            said = self._about.setdefault(triple.subject, {})
            said.setdefault(triple.predicate.value, []).append(triple.object)

    def values(self, subject: object, predicate: str) -> list[object]:
        """What something has for a property."""
        return self._about.get(subject, {}).get(predicate, [])

    def of_class(self, cls: str) -> list[object]:
        """The things of a class, by name."""
        wanted = ox.NamedNode(cls)
        found = [s for s, said in self._about.items() if wanted in said.get(RDF + "type", [])]
        return sorted(found, key=str)


@dataclass(frozen=True)
class Metric:
    """One thing that brings points: its dimension and maximum, what to do, and what does not have it.

    `asked` is false if it could not be told, as nobody asked the addresses.
    """

    name: str
    dimension: str
    maximum: int
    advice: Text
    total: int
    failing: tuple[str, ...]
    asked: bool = True

    @property
    def points(self) -> float:
        """The points it brings."""
        if not self.asked or not self.total:
            return 0.0
        return self.maximum * (self.total - len(self.failing)) / self.total

    @property
    def lost(self) -> float:
        """The points it could still bring."""
        return self.maximum - self.points


@dataclass(frozen=True)
class _Rule:
    name: str
    dimension: str
    maximum: int
    classes: tuple[str, ...]
    holds: Callable[[Graph, object], bool]
    advice: Text


def measure(graph: Graph, reach: Reach, faulty: Sequence[str] = ()) -> list[Metric]:
    """The metrics of a catalogue.

    Args:
        graph: the catalogue.
        reach: tells whether an address answers.
        faulty: the datasets that break a rule of DCAT-AP.

    Example:
        >>> from sdkg.publication.reach import Unasked
        >>> found = measure(Graph([]), Unasked())
        >>> sum(metric.maximum for metric in found)
        405
    """
    metrics = [_metric(graph, rule) for rule in _RULES]
    for name, predicate, maximum in (
        ("accessURL answers", DCAT + "accessURL", 50),
        ("downloadURL answers", DCAT + "downloadURL", 30),
    ):
        metrics.append(_answering(graph, reach, name, predicate, maximum))
    datasets = [str(one) for one in graph.of_class(_DATASET)]
    bad = set(faulty)
    metrics.append(
        Metric(
            "DCAT-AP",
            "interoperability",
            30,
            Text(
                "Herstel wat in deze datasets niet aan DCAT-AP-NL voldoet (zie hieronder).",
                "Repair what in these datasets breaks DCAT-AP-NL (see below).",
            ),
            len(datasets),
            tuple(one for one in datasets if one in bad),
        )
    )
    return sorted(metrics, key=lambda one: (list(DIMENSIONS).index(one.dimension), -one.maximum, one.name))


def rating(points: float) -> str:
    """What data.europa.eu calls so many points.

    Example:
        >>> rating(395), rating(120)
        ('Excellent', 'Bad')
    """
    return next(name for least, name in ((351, "Excellent"), (221, "Good"), (121, "Sufficient"), (0, "Bad"))
                if points >= least)  # fmt: skip


def _metric(graph: Graph, rule: _Rule) -> Metric:
    subjects = [one for cls in rule.classes for one in graph.of_class(cls)]
    failing = tuple(str(one) for one in subjects if not rule.holds(graph, one))
    return Metric(rule.name, rule.dimension, rule.maximum, rule.advice, len(subjects), failing)


def _answering(graph: Graph, reach: Reach, name: str, predicate: str, maximum: int) -> Metric:
    distributions = graph.of_class(_DISTRIBUTION)
    urls = {one: [v.value for v in graph.values(one, predicate) if isinstance(v, ox.NamedNode)]
            for one in distributions}  # fmt: skip
    answers = reach.answers(sorted({url for found in urls.values() for url in found}))
    failing = tuple(
        str(one) for one, found in urls.items() if not found or not all(answers.get(url) for url in found)
    )
    advice = Text(
        f"Zorg dat elk adres van dcat:{predicate.removeprefix(DCAT)} met 200 antwoordt.",
        f"See to it that every address of dcat:{predicate.removeprefix(DCAT)} answers 200.",
    )
    return Metric(name, "accessibility", maximum, advice, len(distributions), failing, reach.asks)


def _has(predicate: str) -> Callable[[Graph, object], bool]:
    return lambda graph, subject: bool(graph.values(subject, predicate))


def _listed(predicate: str, *starts: str) -> Callable[[Graph, object], bool]:
    """Whether a property has a value that we know of a list; or one that says it equals such a value."""

    def known(graph: Graph, value: object) -> bool:
        same = [value, *graph.values(value, SKOS + "exactMatch")]
        return any(
            isinstance(one, ox.NamedNode) and one.value in values().about and one.value.startswith(starts)
            for one in same
        )

    return lambda graph, subject: any(known(graph, value) for value in graph.values(subject, predicate))


def _format_is(note: str) -> Callable[[Graph, object], bool]:
    """Whether the format is known as open, or as machine-readable."""

    def holds(graph: Graph, subject: object) -> bool:
        for value in graph.values(subject, DCT + "format"):
            code = str(getattr(value, "value", "")).rpartition("/")[2].upper()
            notes = values().literals(f"{EU}file-type/{code}", SKOS + "note")
            if note in {one.value for one in notes}:
                return True
        return False

    return holds


def _both_listed(graph: Graph, subject: object) -> bool:
    formats = _listed(DCT + "format", f"{EU}file-type/")
    media = _listed(DCAT + "mediaType", "https://www.iana.org/", "http://www.iana.org/")
    return formats(graph, subject) and media(graph, subject)


def _advice(what: str, subject: Text, predicate: str) -> Text:
    return Text(f"Geef {subject.nl} {predicate} ({what}).", f"Give {subject.en} {predicate} ({what}).")


_SETS = Text("elke dataset", "every dataset")
_FILES = Text("elke distributie", "every distribution")
_BOTH = Text("elke dataset en distributie", "every dataset and distribution")
_D, _F = (_DATASET,), (_DISTRIBUTION,)

_RULES = (
    _Rule("keyword", "findability", 30, _D, _has(DCAT + "keyword"), _advice("1+", _SETS, "dcat:keyword")),
    _Rule("theme", "findability", 30, _D, _has(DCAT + "theme"), _advice("1+", _SETS, "dcat:theme")),
    _Rule("spatial", "findability", 20, _D, _has(DCT + "spatial"), _advice("1+", _SETS, "dct:spatial")),
    _Rule("temporal", "findability", 20, _D, _has(DCT + "temporal"), _advice("1+", _SETS, "dct:temporal")),
    _Rule("downloadURL", "accessibility", 20, _F, _has(DCAT + "downloadURL"),
          _advice("URL", _FILES, "dcat:downloadURL")),
    _Rule("format", "interoperability", 20, _F, _has(DCT + "format"),
          _advice("EU file-type", _FILES, "dct:format")),
    _Rule("mediaType", "interoperability", 10, _F, _has(DCAT + "mediaType"),
          _advice("IANA", _FILES, "dcat:mediaType")),
    _Rule("format and mediaType from list", "interoperability", 10, _F, _both_listed,
          _advice("EU file-type, IANA", _FILES, "dct:format, dcat:mediaType")),
    _Rule("non-proprietary", "interoperability", 20, _F, _format_is("open"),
          Text("Bied alles in een open formaat aan.", "Offer everything in an open format.")),
    _Rule("machine-readable", "interoperability", 20, _F, _format_is("machineleesbaar"),
          Text("Bied alles in een machineleesbaar formaat aan.",
               "Offer everything in a machine-readable format.")),
    _Rule("licence", "reusability", 20, _F, _has(DCT + "license"), _advice("1", _FILES, "dct:license")),
    _Rule("licence from list", "reusability", 10, _F, _listed(DCT + "license", f"{EU}licence/"),
          _advice("EU licence", _FILES, "dct:license")),
    _Rule("accessRights", "reusability", 10, _D, _has(DCT + "accessRights"),
          _advice("1", _SETS, "dct:accessRights")),
    _Rule("accessRights from list", "reusability", 5, _D, _listed(DCT + "accessRights", f"{EU}access-right/"),
          _advice("EU access-right", _SETS, "dct:accessRights")),
    _Rule("contactPoint", "reusability", 20, _D, _has(DCAT + "contactPoint"),
          _advice("vcard", _SETS, "dcat:contactPoint")),
    _Rule("publisher", "reusability", 10, _D, _has(DCT + "publisher"), _advice("1", _SETS, "dct:publisher")),
    _Rule("rights", "contextuality", 5, _F, _has(DCT + "rights"), _advice("1", _FILES, "dct:rights")),
    _Rule("byteSize", "contextuality", 5, _F, _has(DCAT + "byteSize"), _advice("1", _FILES, "dcat:byteSize")),
    _Rule("issued", "contextuality", 5, _D + _F, _has(DCT + "issued"), _advice("1", _BOTH, "dct:issued")),
    _Rule("modified", "contextuality", 5, _D + _F, _has(DCT + "modified"),
          _advice("1", _BOTH, "dct:modified")),
)  # fmt: skip
