"""`sdkg build`: from files to a store. Only what changed is parsed, validated and inferred again.

What each step depends on: a graph on its file; what is inferred for a plan on the plan, the reference data
and the ontology. Each keeps the digest of what it depended on in the manifest, and is done again when that
differs. What validation finds is kept beside the store, by what it depends on: see `sdkg.findings.check`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from sdkg.catalog import Compiled, compile_queries, load_catalog
from sdkg.errors import InputError, NotConformingError, ProjectError
from sdkg.findings.check import check
from sdkg.findings.forms import write_text
from sdkg.findings.model import LEVELS
from sdkg.name_index import write_index
from sdkg.namespaces import GRAPH, ID, RDFS
from sdkg.project import REFERENCE, Project, inferred_graph
from sdkg.query_graph import QUERIES_GRAPH, describe
from sdkg.reading import Source, digest, parse, read, read_bytes
from sdkg.rules import Rule, compile_rules, infer
from sdkg.store import Manifest, Stamp, current, engine_name, write_generation
from sdkg.validation import named_plans

Progress = Callable[[str], None]
SHOWN = 20
"""How many violations a failed build shows."""


@dataclass(frozen=True)
class BuildResult:
    """What a build did: files parsed and validated, plans inferred, queries read; and the warnings left."""

    parsed: tuple[str, ...]
    validated: tuple[str, ...]
    inferred: tuple[str, ...]
    removed: tuple[str, ...]
    queries: bool
    warnings: int

    @property
    def changed(self) -> bool:
        """Whether the build wrote a new generation."""
        return bool(self.parsed or self.inferred or self.removed or self.queries)


def build(project: Project, progress: Progress = lambda _: None, workers: int = 1) -> BuildResult:
    """Bring the store of a project up to date with its files.

    Args:
        project: whose store.
        progress: is told what is being done, a line at a time.
        workers: how many processes may share the validation; more than one only from a guarded `__main__`.

    Readers are not disturbed, and if anything goes wrong the store stays as it was. One build runs at a
    time; a second waits for the first.

    Raises:
        InputError: a file cannot be read; the message lists every such file.
        NotConformingError: the data break a rule that must hold; the message lists what was found.
        QueryError: a saved query is faulty, or names a term that the ontology does not have.
        ProjectError: there is nothing to build, or two plans have the same name.

    Example:
        >>> build(Project.at(".")).removed
        ()
    """
    from filelock import FileLock

    _check_names(project)
    project.store_folder.mkdir(parents=True, exist_ok=True)
    with FileLock(project.store_folder / "lock"):
        return _Build(project, progress, workers).run()


def _check_names(project: Project) -> None:
    names: dict[str, Path] = {}
    for path in project.plan_files:
        other = names.setdefault(path.stem, path)
        if other is not path:
            raise ProjectError(f"{path} and {other}: two plans of the same name. Rename one.")
    if not names:
        raise ProjectError(f"{project.part('instances')}: no plan. Add <municipality>/<plan>.ttl.")


class _Build:
    def __init__(self, project: Project, progress: Progress, workers: int) -> None:
        self.project, self.progress, self.workers = project, progress, workers
        folder = current(project.store_folder)
        old = Manifest.load(folder) if folder else Manifest("")
        self.old = old if old.engine == engine_name() else Manifest("")
        self.stamps, self.sources = self._read_changed()
        shared = [self._digest(p) for p in [project.core_ontology, *project.reference_files]]
        self.shared_key = digest("".join(shared).encode())
        ontology = self._digest(project.core_ontology)
        queries = "".join(path.name + digest(read_bytes(path)) for path in project.query_files.values())
        self.queries_key = digest((ontology + queries).encode())

    def run(self) -> BuildResult:
        terms = defined_terms(self._source(self.project.core_ontology).triples)
        compiled = compile_queries(self.project.query_files.values(), terms)
        validated, warnings = self._validate()
        inferences = self._infer()
        removed = tuple(sorted(self.old.files.keys() - self.stamps.keys()))
        result = BuildResult(
            parsed=tuple(self.sources),
            validated=validated,
            inferred=tuple(inferences),
            removed=removed,
            queries=self.old.queries != self.queries_key,
            warnings=warnings,
        )
        if result.changed:
            manifest = Manifest(
                engine=engine_name(),
                files=self.stamps,
                inferred=self._keys(),
                queries=self.queries_key,
            )
            self._write(manifest, inferences, removed, compiled)
        return result

    def _digest(self, path: Path) -> str:
        return self.stamps[self.project.name_of(path)].digest

    def _source(self, path: Path) -> Source:
        return self.sources.get(self.project.name_of(path)) or read(path)

    def _read_changed(self) -> tuple[dict[str, Stamp], dict[str, Source]]:
        stamps, sources, problems = {}, {}, []
        for path in self.project.data_files():
            name = self.project.name_of(path)
            try:
                data, stat = read_bytes(path), path.stat()
                stamps[name] = Stamp(digest(data), stat.st_size, stat.st_mtime_ns)
                held = self.old.files.get(name)
                if held is None or held.digest != stamps[name].digest:
                    self.progress(f"reading {name}")
                    sources[name] = Source(path, stamps[name].digest, tuple(parse(data, path)))
            except InputError as error:
                problems.append(error)
        if len(problems) > 1:
            lines = "\n".join(str(problem) for problem in problems)
            raise InputError(f"{len(problems)} files cannot be read.\n{lines}", problems[0].place)
        if problems:
            raise problems[0]
        return stamps, sources

    def _keys(self) -> dict[str, str]:
        """What the inferences for each plan, and for the reference data, depend on."""
        plans = {
            p.stem: digest((self.shared_key + self._digest(p)).encode()) for p in self.project.plan_files
        }
        return {REFERENCE: self.shared_key, **plans}

    def _validate(self) -> tuple[tuple[str, ...], int]:
        """The parts that were checked now, and the number of warnings in all."""
        found = check(self.project, None, self.progress, self.workers)
        if found.fails(LEVELS[0]):
            shown = write_text(found.at_least(LEVELS[0]), most=SHOWN)
            raise NotConformingError(f"{shown}The store is left as it was. 'sdkg validate' shows everything.")
        return found.fresh, found.count(LEVELS[1])

    def _infer(self) -> dict[str, set[ox.Triple]]:
        keys = self._keys()
        todo = {name for name, key in keys.items() if self.old.inferred.get(name) != key}
        if not todo:
            return {}
        ontology = self._source(self.project.core_ontology).triples
        shared = [t for path in self.project.reference_files for t in self._source(path).triples]
        rules = compile_rules(ontology)
        of_shared = infer([*ontology, *shared], rules)
        found = {REFERENCE: of_shared} if REFERENCE in todo else {}
        for path in self.project.plan_files:
            if path.stem in todo:
                self.progress(f"inferring {path.stem}")
                inferred = infer_plan(self._source(path), [*ontology, *shared], of_shared, rules)
                found[path.stem] = _not_about(named_plans(self._source(path)), inferred)
        return found

    def _write(
        self,
        manifest: Manifest,
        inferences: Mapping[str, set[ox.Triple]],
        removed: Iterable[str],
        compiled: Compiled,
    ) -> None:
        self.progress("writing the store")
        project = self.project
        described = describe(load_catalog(project.query_files.values(), compiled).values())
        gone = [GRAPH + name.removesuffix(".ttl") for name in removed]
        gone += [inferred_graph(name) for name in self.old.inferred.keys() - manifest.inferred.keys()]
        changed = [project.graph_of(source.path) for source in self.sources.values()]

        def write(store: ox.Store, folder: Path, before: Path | None) -> None:
            for graph in gone:
                store.remove_graph(ox.NamedNode(graph))
            for source in self.sources.values():
                _replace(store, project.graph_of(source.path), source.triples)
            for name, triples in inferences.items():
                _replace(store, inferred_graph(name), triples)
            _replace(store, QUERIES_GRAPH, described)
            if 2 * len(self.sources) > len(manifest.files):
                store.optimize()  # worth its time where most of the store is new: questions take half as long
            write_index(folder, store, [*gone, *changed, QUERIES_GRAPH], before)
            manifest.save(folder)
            (folder / "queries.json").write_text(json.dumps(compiled), "utf-8")

        write_generation(project.store_folder, write)


def infer_plan(
    plan: Source, shared: Iterable[ox.Triple], of_shared: set[ox.Triple], rules: Iterable[Rule]
) -> set[ox.Triple]:
    """What follows for a plan from itself and what it shares, less what follows from the shared alone."""
    return infer([*plan.triples, *shared], rules) - of_shared


def _not_about(plans: Iterable[str], triples: set[ox.Triple]) -> set[ox.Triple]:
    """Without what is said of the plans that a plan points at: that follows in their own graphs."""
    others = {ox.NamedNode(ID + plan) for plan in plans}
    return {triple for triple in triples if triple.subject not in others}


def defined_terms(ontology: Iterable[ox.Triple]) -> set[str]:
    """The IRIs of the terms that an ontology defines."""
    return {str(t.subject)[1:-1] for t in ontology if t.predicate.value == RDFS + "isDefinedBy"}


def _replace(store: ox.Store, graph: str, triples: Iterable[ox.Triple]) -> None:
    name = ox.NamedNode(graph)
    store.remove_graph(name)
    store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, name) for t in triples)
