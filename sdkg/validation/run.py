"""Checking files against the shapes: one plan at a time with what it shares, never on inferred statements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from sdkg.namespaces import ID, RDF, SD, SKOS
from sdkg.project import REFERENCE, Project
from sdkg.reading import Source, digest, read, read_bytes
from sdkg.validation.data import Node
from sdkg.validation.model import Finding, Report
from sdkg.validation.seen import Seen, Shared
from sdkg.validation.shapes import Shapes

HOUSE_STYLE = "ontologie.ttl"
"""The shapes for the ontology itself; all others are for data."""

ENGINES = ("compiled", "pyshacl")
"""The shapes compiled, which is fast, or the reference engine for all of them."""

WORTH_A_PROCESS = 8
"""How many plans take the compiled shapes longer than a second process takes to start."""

_TYPE, _PLAN = ox.NamedNode(RDF + "type"), ox.NamedNode(SD + "Beleidsplan")
_Part = TypeVar("_Part")
_Result = TypeVar("_Result")


def validate(
    project: Project,
    files: Sequence[Path] | None = None,
    progress: Callable[[str], None] = lambda _: None,
    workers: int = 1,
    engine: str = ENGINES[0],
) -> Report:
    """Check files against the shapes, or everything in a project.

    Args:
        project: whose shapes, ontology and reference data to use.
        files: the plans or other instance files to check; `None` for all, with ontology and reference data.
        progress: is told what was checked, a line at a time.
        workers: how many processes may share the work; more than one only from a guarded `__main__`.
        engine: one of `ENGINES`; both find the same.

    Raises:
        InputError: a file cannot be read.

    Example:
        >>> validate(Project.at("."), [Path("instances/heerde/heerde-2022.ttl")]).conforms
        True
    """
    parts = [None, *project.plan_files] if files is None else list(files)
    findings: list[Finding] = []
    run = partial(_validate_part, project.root, engine, key_of_project(project))
    for part, report in zip(parts, in_processes(run, parts, workers, engine), strict=True):
        progress(f"validated {REFERENCE if part is None else project.name_of(part)}")
        findings += report.findings
    return Report(tuple(sorted(findings)))


def in_processes(
    work: Callable[[_Part], _Result], parts: Sequence[_Part], workers: int, engine: str = ENGINES[0]
) -> Iterator[_Result]:
    """The results of some work on each part, in their order; shared among processes where that is quicker."""
    if min(workers, len(parts)) <= 1 or (engine == ENGINES[0] and len(parts) < WORTH_A_PROCESS):
        yield from map(work, parts)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(min(workers, len(parts)), mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, parts)


def _validate_part(root: Path, engine: str, key: str, part: Path | None) -> Report:
    validator = validator_for(root, engine, key)
    return validator.shared() if part is None else validator.plan(read(part))


def key_of_shared(project: Project) -> str:
    """A digest of all that every plan is checked with: ontology, reference data and shapes.

    Raises:
        InputError: one of them cannot be read.
    """
    files = [project.core_ontology, *project.reference_files, *project.shape_files]
    return digest("".join(digest(read_bytes(path)) for path in files).encode())


def key_of_project(project: Project) -> str:
    """A digest of what a validator holds of a project: what all plans share, and which plans there are.

    Raises:
        InputError: as `key_of_shared`.
    """
    names = "\n".join(map(str, project.plan_files))
    return digest((key_of_shared(project) + names).encode())


@lru_cache(1)
def validator_for(root: Path, engine: str, key: str) -> Validator:  # noqa: ARG001
    """The validator of a project; made again when its key, by `key_of_project`, has changed.

    Raises:
        InputError: the ontology, a shape or reference file cannot be read.
    """
    return Validator(Project(root), engine)


class Validator:
    """Validates the files of a project; reads shapes, ontology and reference data once.

    Raises:
        InputError: one of those cannot be read.
    """

    def __init__(self, project: Project, engine: str = ENGINES[0]) -> None:
        self._project, self._compiled = project, engine == ENGINES[0]
        self._ontology = read(project.core_ontology)
        self._reference = [read(path) for path in project.reference_files]
        self.shared_sources = [self._ontology, *self._reference]
        self._for_data = ShapeFiles(p for p in project.shape_files if p.name != HOUSE_STYLE)

    @cached_property
    def _shared(self) -> Shared:
        reference = (triple for source in self._reference for triple in source.triples)
        return Shared((*reference, *self._ontology.triples))

    def plan(self, source: Source) -> Report:
        """What the shapes find in a plan, seen with the reference data and the plans it points at."""
        others = [read(path) for path in linked_plans(self._project, source)]
        pointed_at = [triple for other in others for triple in _outline(other)]
        with self._shared.seen_with([*source.triples, *pointed_at]) as seen:
            return self._report(self._for_data, seen, [source], {t.subject for t in pointed_at})

    def shared(self) -> Report:
        """What the shapes find in the reference data, and the house style in the ontology."""
        house_style = ShapeFiles(p for p in self._project.shape_files if p.name == HOUSE_STYLE)
        with Shared(self._ontology.triples).seen_with(()) as seen:
            ontology = self._report(house_style, seen, [self._ontology])
        with self._shared.seen_with(()) as seen:
            reference = self._report(self._for_data, seen, self._reference)
        return Report((*ontology.findings, *reference.findings))

    def _report(
        self, shapes: ShapeFiles, seen: Seen, sources: Sequence[Source], elsewhere: Collection[object] = ()
    ) -> Report:
        """What some shapes find on the subjects of `sources` that are not told of `elsewhere`."""
        files: dict[Node, str] = {
            triple.subject: name
            for source in sources
            for name in [self._project.name_of(source.path)]
            for triple in source.triples
            if triple.subject not in elsewhere and not isinstance(triple.subject, ox.Triple)
        }
        return Report(tuple(sorted(set(shapes.check(seen, files, self._compiled)))))


class ShapeFiles:
    """The shapes of some files, for both engines.

    Raises:
        InputError: one cannot be read.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self.triples = [triple for path in paths for triple in read(path).triples]
        self._compiled = Shapes(self.triples)

    def check(self, seen: Seen, files: Mapping[Node, str], compiled: bool = True) -> list[Finding]:
        """What the shapes find on some nodes, each given with the name of its file.

        With `compiled`, only what is not compiled is left to the reference engine; without, everything.
        """
        from sdkg.validation.reference import check_by_reference

        found: list[Finding] = []
        if compiled:
            found += self._compiled.check(seen, files)
        if not compiled or self._compiled.left:
            rest = self._compiled.not_compiled() if compiled else self.triples
            found += check_by_reference(seen.triples, rest, {node.value: files[node] for node in files})
        return found


def named_plans(source: Source) -> set[str]:
    """What may be the names of other plans in the IRIs of a plan, such as that of the one it succeeds.

    A file that describes no plan of its own name, such as a draft, is not seen with the files of those that
    it does describe: it would replace them.
    """
    named = {
        part.value.removeprefix(ID).partition("/")[0]
        for triple in source.triples
        for part in (triple.subject, triple.object)
        if isinstance(part, ox.NamedNode) and part.value.startswith(ID)
    }
    described = {
        triple.subject.value.removeprefix(ID)
        for triple in source.triples
        if triple.predicate == _TYPE and triple.object == _PLAN and isinstance(triple.subject, ox.NamedNode)
    }
    return named - ({source.path.stem} if source.path.stem in described else described)


def linked_plans(project: Project, source: Source) -> list[Path]:
    """The files of the other plans whose IRIs a plan names."""
    others = named_plans(source)
    return [path for path in project.plan_files if path.stem in others]


def _outline(plan: Source) -> list[ox.Triple]:
    """Of a plan what another can point at: itself, and of the rest the kind, name and plan."""
    known = {RDF + "type", SKOS + "prefLabel", SD + "inPlan", SD + "sectieVan"}
    itself = ox.NamedNode(ID + plan.path.stem)
    return [t for t in plan.triples if t.subject == itself or t.predicate.value in known]
