"""Validation: SHACL by pySHACL, one plan at a time with what it shares, and never on inferred statements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from sdkg.namespaces import ID, RDF, SD, SHACL, SKOS, shorten
from sdkg.project import REFERENCE, Project
from sdkg.reading import Source, read

if TYPE_CHECKING:
    import rdflib

HOUSE_STYLE = "ontologie.ttl"
"""The shapes for the ontology itself; all others are for data."""

SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True, order=True)
class Finding:
    """One thing a shape found: in which file, how bad, on what (IRIs), and what to do about it (nl, en)."""

    rank: int
    file: str
    focus: str
    shape: str
    path: str
    value: str
    message_nl: str
    message_en: str
    label: str = ""

    @property
    def severity(self) -> str:
        """`Violation` (must), `Warning` (should) or `Info`."""
        return SEVERITIES[self.rank]

    def text(self, lang: str = "nl") -> str:
        """The finding in a few lines, for people."""
        message = self.message_nl if lang == "nl" else self.message_en
        name = f"{self.label} ({shorten(self.focus)})" if self.label else shorten(self.focus)
        about = " ".join(part for part in (shorten(self.path), shorten(self.value)) if part)
        detail = " · ".join(part for part in (about, shorten(self.shape)) if part)
        return f"{self.file}: {self.severity}: {name}\n    {message}\n    {detail}"


@dataclass(frozen=True)
class Report:
    """The findings of a run, most severe first, then by file."""

    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing that must hold is broken."""
        return not self.of("Violation")

    def of(self, severity: str) -> list[Finding]:
        """The findings of one severity."""
        return [finding for finding in self.findings if finding.severity == severity]


def validate(
    project: Project,
    files: Sequence[Path] | None = None,
    progress: Callable[[str], None] = lambda _: None,
    workers: int = 1,
) -> Report:
    """Check files against the shapes, or everything in a project.

    Args:
        project: whose shapes, ontology and reference data to use.
        files: the plans or other instance files to check; `None` for all, with ontology and reference data.
        progress: is told what was checked, a line at a time.
        workers: how many processes may share the work; more than one only from a guarded `__main__`.

    Raises:
        InputError: a file cannot be read.

    Example:
        >>> validate(Project.at("."), [Path("instances/heerde/heerde-2022.ttl")]).conforms
        True
    """
    parts = [None, *project.plan_files] if files is None else list(files)
    findings: list[Finding] = []
    for name, report in reports(project, parts, workers):
        progress(f"validated {name}")
        findings += report.findings
    return Report(tuple(sorted(findings)))


def reports(project: Project, parts: Sequence[Path | None], workers: int = 1) -> Iterator[tuple[str, Report]]:
    """Validate parts of a project, each with its name: plans by their files; `None` is all that they share.

    Raises:
        InputError: a file cannot be read.
    """
    names = [REFERENCE if part is None else project.name_of(part) for part in parts]
    run = partial(_validate_part, project.root)
    if workers == 1 or len(parts) == 1:
        yield from zip(names, map(run, parts), strict=True)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(min(workers, len(parts)), mp_context=get_context("spawn")) as pool:
        yield from zip(names, pool.map(run, parts), strict=True)


def _validate_part(root: Path, part: Path | None) -> Report:
    validator = Validator(Project(root))
    if part is not None:
        return validator.plan(read(part))
    return Report(validator.ontology().findings + validator.reference().findings)


class Validator:
    """Validates the files of a project; reads shapes, ontology and reference data once.

    Raises:
        InputError: one of those cannot be read.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._ontology = read(project.core_ontology)
        self._reference = [read(path) for path in project.reference_files]

    def plan(self, source: Source) -> Report:
        """What the shapes find in a plan, seen with the reference data and the plans it points at."""
        shared = [triple for reference in self._reference for triple in reference.triples]
        others = [read(path) for path in linked_plans(self._project, source)]
        pointed_at = [triple for other in others for triple in _outline(other)]
        elsewhere = {triple.subject for triple in pointed_at}
        data = [*source.triples, *pointed_at, *shared, *self._ontology.triples]
        return self._run(data, [source], elsewhere=elsewhere)

    def reference(self) -> Report:
        """What the shapes find in the reference data."""
        shared = [triple for reference in self._reference for triple in reference.triples]
        return self._run([*shared, *self._ontology.triples], self._reference)

    def ontology(self) -> Report:
        """What the house style finds in the ontology."""
        return self._run(self._ontology.triples, [self._ontology], house_style=True)

    def _run(
        self,
        triples: Iterable[ox.Triple],
        sources: Sequence[Source],
        house_style: bool = False,
        elsewhere: Collection[object] = (),
    ) -> Report:
        """Validate `triples`; report on the subjects of `sources` that are not told of `elsewhere`."""
        import pyshacl
        import rdflib

        shapes = [p for p in self._project.shape_files if (p.name == HOUSE_STYLE) == house_style]
        data = _graph_with_cached_queries()
        _fill(data, triples)
        shapes_graph = _shapes_graph(tuple(shapes))
        _, results, _ = pyshacl.validate(data, shacl_graph=shapes_graph, inference="none", inplace=True)
        assert isinstance(results, rdflib.Graph)  # noqa: S101 (pySHACL types it as a union)
        files = {
            triple.subject.value
            if isinstance(triple.subject, ox.NamedNode | ox.BlankNode)
            else "": self._project.name_of(source.path)
            for source in sources
            for triple in source.triples
            if triple.subject not in elsewhere
        }
        return Report(tuple(sorted(set(findings_of(results, data, shapes_graph, files)))))


def linked_plans(project: Project, source: Source) -> list[Path]:
    """The files of the other plans whose IRIs a plan names, such as the plan it succeeds."""
    named = {
        part.value.removeprefix(ID).partition("/")[0]
        for triple in source.triples
        for part in (triple.subject, triple.object)
        if isinstance(part, ox.NamedNode) and part.value.startswith(ID)
    }
    others = named - {source.path.stem}
    return [path for path in project.plan_files if path.stem in others]


def _outline(plan: Source) -> list[ox.Triple]:
    """Of a plan what another can point at: itself, and of the rest the kind, name and plan."""
    known = {RDF + "type", SKOS + "prefLabel", SD + "inPlan", SD + "sectieVan"}
    itself = ox.NamedNode(ID + plan.path.stem)
    return [t for t in plan.triples if t.subject == itself or t.predicate.value in known]


@cache
def _shapes_graph(paths: Sequence[Path]) -> rdflib.Graph:
    import rdflib

    graph = rdflib.Graph()
    for path in paths:
        _fill(graph, read(path).triples)
    return graph


def _fill(graph: rdflib.Graph, triples: Iterable[ox.Triple]) -> None:
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    graph.parse(data=data, format="nt", bnode_context=_SameLabels())


class _SameLabels(dict[str, str]):
    """Makes rdflib call a blank node what the file's triples call it, so that a finding leads back to it."""

    def get(self, key: str, default: object = None) -> str:  # noqa: ARG002
        return key


def _graph_with_cached_queries() -> rdflib.Graph:
    """A graph that parses a query once: pySHACL asks the same one for every focus node."""
    import rdflib
    from rdflib.plugins.sparql import prepareQuery

    prepared = cache(prepareQuery)

    class Graph(rdflib.Graph):
        def query(self, query_object: Any, *args: Any, **options: Any) -> rdflib.query.Result:
            namespaces = options.pop("initNs", None)
            if isinstance(query_object, str) and not namespaces:
                query_object = prepared(query_object)
            elif namespaces:
                options["initNs"] = namespaces
            return super().query(query_object, *args, **options)

    return Graph()


def findings_of(
    results: rdflib.Graph, data: rdflib.Graph, shapes: rdflib.Graph, files: Mapping[str, str]
) -> Iterable[Finding]:
    """What a SHACL report says, on the nodes that `files` knows the file of."""
    import rdflib

    sh = rdflib.Namespace(SHACL)
    label = rdflib.URIRef(SKOS + "prefLabel")
    for result in results.subjects(rdflib.RDF.type, sh.ValidationResult):
        focus = results.value(result, sh.focusNode)
        if str(focus) not in files:
            continue
        shape = results.value(result, sh.sourceShape)
        # of a sh:sparql constraint pySHACL keeps the messages but not their languages: ask the shape
        said = [*shapes.objects(shape, sh.message), *results.objects(result, sh.resultMessage)]
        messages = {m.language: str(m) for m in reversed(said) if isinstance(m, rdflib.Literal)}
        fallback = next(iter(messages.values()), "")
        path = results.value(result, sh.resultPath)
        severity = str(results.value(result, sh.resultSeverity)).removeprefix(SHACL)
        yield Finding(
            rank=SEVERITIES.index(severity),
            file=files[str(focus)],
            focus=str(focus),
            shape=str(shape),
            path=str(path) if isinstance(path, rdflib.URIRef) else "",
            value=str(results.value(result, sh.value) or ""),
            message_nl=messages.get("nl", fallback),
            message_en=messages.get("en", fallback),
            label=str(data.value(focus, label) or "") if focus else "",
        )
