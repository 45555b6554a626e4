"""How good a catalogue is, before anyone harvests it: its points out of 405, and what to fix first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from sdkg.catalog import Text
from sdkg.errors import EndpointError, InputError, Place
from sdkg.namespaces import DCAT, DCT, SPDX, shorten
from sdkg.publication.facts import DATA
from sdkg.publication.mqa import DIMENSIONS, Graph, Metric, measure, rating
from sdkg.publication.reach import Reach, Unasked
from sdkg.reading import parse, read
from sdkg.validation import Finding
from sdkg.validation.reference import findings_of

SHAPES = DATA / "dcat-ap-nl.ttl"
_CONFORMANCE = 30
_AGENTS = (DCT + "publisher", DCT + "creator")
_TEMPORAL = DCT + "temporal"
_CHECKSUM = SPDX + "checksum"


@dataclass(frozen=True)
class Fix:
    """Something to do: how many points it brings, on how many things, and one of them as an example."""

    points: float
    severity: str
    advice: Text
    count: int
    example: str


@dataclass(frozen=True)
class Score:
    """The score of a catalogue: its metrics, its findings against DCAT-AP-NL, and how addresses were told."""

    metrics: tuple[Metric, ...]
    findings: tuple[Finding, ...]
    datasets: int
    how: str
    owners: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def points(self) -> float:
        """The points, of 405."""
        return sum(metric.points for metric in self.metrics)

    @property
    def maximum(self) -> int:
        """The points there are."""
        return sum(metric.maximum for metric in self.metrics)

    def of(self, dimension: str) -> float:
        """The points in one dimension."""
        return sum(metric.points for metric in self.metrics if metric.dimension == dimension)

    def fixes(self) -> list[Fix]:
        """What to do, what brings most first; then what must, should and may be done for no points."""
        found = [
            Fix(m.lost, "", m.advice, len(m.failing) if m.asked else m.total, next(iter(m.failing), ""))
            for m in self.metrics
            if m.lost > 0 and m.name != "DCAT-AP"
        ]
        return sorted([*found, *self._rules()], key=_urgency)

    def _rules(self) -> Iterable[Fix]:
        owners = dict(self.owners)
        for shape in dict.fromkeys(finding.shape for finding in self.findings):
            group = [finding for finding in self.findings if finding.shape == shape]
            first = group[0]
            points = self._brings(shape, owners) if first.severity == "Violation" else 0.0
            advice = Text(first.message_nl, first.message_en)
            yield Fix(points, first.severity, advice, len(group), first.focus)

    def _brings(self, shape: str, owners: dict[str, tuple[str, ...]]) -> float:
        """The points that come with keeping one rule: of the datasets that break no other."""
        broken: dict[str, set[str]] = {}
        for finding in self.findings:
            if finding.severity == "Violation":
                for dataset in owners.get(finding.focus, ()):
                    broken.setdefault(dataset, set()).add(finding.shape)
        freed = sum(shapes == {shape} for shapes in broken.values())
        return _CONFORMANCE * freed / self.datasets if self.datasets else 0.0

    def text(self, lang: str = "nl") -> str:
        """The score for people."""
        lines = [f"{self.points:.0f} of {self.maximum} points (MQA): {rating(self.points)}"]
        lines += [f"  {name:<17}{self.of(name):>5.0f} of {most:>3}" for name, most in DIMENSIONS.items()]
        lines += [f"  {self.how}", ""]
        counts = [sum(f.severity == name for f in self.findings) for name in ("Violation", "Warning", "Info")]
        lines.append("DCAT-AP-NL 3.0: {} violations, {} warnings, {} hints".format(*counts))
        fixes = self.fixes()
        lines += ["", "What to fix first:"] if fixes else ["Nothing to fix."]
        for fix in fixes:
            what = fix.advice.nl if lang == "nl" else fix.advice.en
            gain = f"+{fix.points:.1f}" if fix.points else {"Info": "hint", "Warning": "should"}.get(
                fix.severity, "must")  # fmt: skip
            lines.append(f"  {gain:>6}  {what}")
            lines += [f"          {fix.count} x, as {shorten(fix.example.strip('<>'))}"] * bool(fix.example)
        return "\n".join(lines) + "\n"

    def json(self) -> str:
        """The score for programs."""
        told = {
            "points": round(self.points, 2),
            "maximum": self.maximum,
            "rating": rating(self.points),
            "addresses": self.how,
            "dimensions": {
                name: {"points": round(self.of(name), 2), "maximum": most}
                for name, most in DIMENSIONS.items()
            },
            "metrics": [
                {
                    "name": metric.name,
                    "dimension": metric.dimension,
                    "points": round(metric.points, 2),
                    "maximum": metric.maximum,
                    "total": metric.total,
                    "failing": [one.strip("<>") for one in metric.failing],
                    "asked": metric.asked,
                }
                for metric in self.metrics
            ],
            "fixes": [
                {
                    "points": round(fix.points, 2),
                    "severity": fix.severity,
                    "nl": fix.advice.nl,
                    "en": fix.advice.en,
                    "count": fix.count,
                    "example": fix.example.strip("<>"),
                }
                for fix in self.fixes()
            ],
        }
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def score(triples: Iterable[ox.Triple], reach: Reach | None = None) -> Score:
    """The score of a catalogue, whatever wrote it.

    Args:
        triples: the catalogue.
        reach: tells whether addresses answer; without it nobody asks.

    Example:
        >>> score([]).maximum
        405
    """
    found = list(triples)
    how = reach or Unasked()
    graph = Graph(found)
    findings = _check(found)
    owners = _owners(graph)
    bad = {
        dataset
        for finding in findings
        if finding.severity == "Violation"
        for dataset in owners.get(finding.focus, ())
    }
    metrics = measure(graph, how, sorted(bad))
    total = len(graph.of_class(DCAT + "Dataset"))
    return Score(tuple(metrics), tuple(findings), total, how.how, tuple(owners.items()))


def read_catalogue(source: str) -> list[ox.Triple]:
    """The triples of a catalogue in a file, or at an address, in any syntax of RDF.

    Raises:
        InputError: it cannot be read as RDF.
        EndpointError: the address does not answer.
    """
    if not source.startswith(("http://", "https://")):
        return list(read(Path(source)).triples)
    import requests

    try:
        accept = {"Accept": "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8"}
        response = requests.get(source, headers=accept, timeout=60)
        response.raise_for_status()
    except requests.RequestException as error:
        raise EndpointError(f"{source} does not answer: {error}.") from None
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
    syntax = ox.RdfFormat.from_media_type(media_type)
    if syntax is None:
        raise InputError(f"'{media_type}' is no syntax of RDF.", Place(Path(source)))
    return parse(response.content, Path(f"catalogue.{syntax.file_extension}"))


def _check(triples: Sequence[ox.Triple]) -> list[Finding]:
    """What our shapes for DCAT-AP-NL find."""
    import pyshacl
    import rdflib

    data, shapes = rdflib.Graph(), rdflib.Graph()
    for graph, source in ((data, triples), (shapes, read(SHAPES).triples)):
        graph.parse(data=ox.serialize(source, format=ox.RdfFormat.N_TRIPLES), format="nt")
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    assert isinstance(results, rdflib.Graph)  # noqa: S101 (pySHACL types it as a union)
    files = {str(subject): "catalogue" for subject in (*data.subjects(), *data.objects())}
    return sorted(set(findings_of(results, data, shapes, files)))


def _owners(graph: Graph) -> dict[str, tuple[str, ...]]:
    """Which datasets a fault in a thing is held against: those that have it, at most two steps away."""
    found: dict[str, dict[str, None]] = {}
    for dataset in graph.of_class(DCAT + "Dataset"):
        for part in _parts(graph, dataset):
            name = getattr(part, "value", str(part))
            found.setdefault(name, {})[str(dataset)] = None
    return {name: tuple(datasets) for name, datasets in found.items()}


def _parts(graph: Graph, dataset: object) -> list[object]:
    parts = [dataset]
    for predicate in (DCAT + "distribution", DCAT + "contactPoint", *_AGENTS, _TEMPORAL):
        parts += graph.values(dataset, predicate)
    for part in list(parts):
        parts += graph.values(part, _CHECKSUM)
    return parts


def _urgency(fix: Fix) -> tuple[float, int, str]:
    rank = {"Violation": 0, "": 1, "Warning": 2, "Info": 3}
    return (-fix.points, rank[fix.severity], fix.advice.nl)
