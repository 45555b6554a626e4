"""`sdkg validate`: all findings of all files in one run, syntax faults among them, each with its place.

Parts that have not changed, nor anything that they depend on, are not checked again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sdkg.errors import InputError
from sdkg.findings.kept import Kept
from sdkg.findings.model import Findings, Located
from sdkg.findings.part import Part, checker_for
from sdkg.findings.unreadable import unreadable
from sdkg.project import REFERENCE, Project
from sdkg.reading import digest, parse, read_bytes
from sdkg.validation import ENGINES, in_processes, key_of_project, key_of_shared

KEPT = "findings.json"


def check(
    project: Project,
    files: Sequence[Path] | None = None,
    progress: Callable[[str], None] = lambda _: None,
    workers: int = 1,
    engine: str = ENGINES[0],
) -> Findings:
    """Check files against the shapes, or everything in a project; a file that does not parse is a finding.

    Args:
        project: whose shapes, ontology and reference data to use.
        files: the plans or other instance files to check; `None` for all, with ontology and reference data.
        progress: is told what was checked, a line at a time.
        workers: how many processes may share the work; more than one only from a guarded `__main__`.
        engine: one of `sdkg.validation.ENGINES`; both find the same. Only of the first is anything kept.

    Raises:
        InputError: a file that was named does not exist or may not be read, or a shape file is broken.

    Example:
        >>> check(Project.at("."), [Path("instances/heemstede/heemstede-2025.ttl")]).fails("must")
        False
    """
    return _Run(project, files, engine).findings(progress, workers)


class _Run:
    def __init__(self, project: Project, files: Sequence[Path] | None, engine: str) -> None:
        self._project, self._engine = project, engine
        self._shared = [project.core_ontology, *project.reference_files]
        self._whole = files is None
        self._plans = list(dict.fromkeys(project.plan_files if files is None else files))
        self._key = key_of_project(project)
        self._kept = Kept(project.store_folder / KEPT, f"{engine} {key_of_shared(project)}")
        self._by_stem = {path.stem: path for path in project.plan_files}
        self._digests: dict[Path, str] = {}

    def findings(self, progress: Callable[[str], None], workers: int) -> Findings:
        faults = [] if self._kept.is_known else [f for path in self._shared for f in self._fault(path)]
        if faults:
            return self._without_rules(faults)
        parts: dict[str, Part] = {}
        todo: list[Path | None] = []
        for path in [*([None] if self._whole else []), *self._plans]:
            held = self._held(path)
            if held is None:
                todo.append(path)
            else:
                parts[self._name(path)] = held
        work = partial(_check_part, self._project.root, self._engine, self._key)
        for path, part in zip(todo, in_processes(work, todo, workers, self._engine), strict=True):
            progress(f"validated {self._name(path)}")
            parts[self._name(path)] = part
            self._keep(path, part)
        self._save()
        return self._all(parts, [self._name(path) for path in todo])

    def _all(self, parts: dict[str, Part], fresh: Sequence[str]) -> Findings:
        found = [finding for part in parts.values() for finding in part.findings]
        unchecked = [(name, part.waits_for) for name, part in parts.items() if part.waits_for]
        broken = [f for name in {why for _, why in unchecked} for f in self._broken(name, parts)]
        ordered = dict.fromkeys(sorted([*found, *broken], key=lambda finding: finding.order))
        return Findings(tuple(ordered), self._checked(), tuple(unchecked), tuple(fresh))

    def _broken(self, name: str, parts: dict[str, Part]) -> list[Located]:
        """The faults of a file that was not asked for, but that another waits for."""
        paths = [p for p in self._project.plan_files if self._project.name_of(p) == name]
        return [fault for path in paths if name not in parts for fault in self._fault(path)]

    def _without_rules(self, faults: list[Located]) -> Findings:
        """What can be said when something that all plans share does not parse."""
        why = faults[0].region.file
        readable = []
        for path in self._plans:
            found = self._fault(path)
            faults += found
            readable += [] if found else [(self._project.name_of(path), why)]
        fresh = [self._project.name_of(path) for path in [*self._shared, *self._plans]]
        ordered = tuple(sorted(faults, key=lambda finding: finding.order))
        return Findings(ordered, self._checked(), tuple(readable), tuple(fresh))

    def _checked(self) -> tuple[str, ...]:
        return tuple(self._project.name_of(path) for path in (*self._plans, *self._shared * self._whole))

    def _fault(self, path: Path) -> list[Located]:
        data = read_bytes(path)
        try:
            parse(data, path)
        except InputError as error:
            return unreadable(self._project.name_of(path), data.decode("utf-8", "replace"), error)
        return []

    def _name(self, path: Path | None) -> str:
        return REFERENCE if path is None else self._project.name_of(path)

    # ------------------------------------------------------------ what was found before

    def _digest(self, path: Path | None) -> str:
        if path is None:
            return ""
        if path not in self._digests:
            self._digests[path] = digest(read_bytes(path))
        return self._digests[path]

    def _near(self, links: Sequence[str]) -> str:
        return " ".join(stem + self._digest(self._by_stem[stem]) for stem in links if stem in self._by_stem)

    def _held(self, path: Path | None) -> Part | None:
        name, own = self._name(path), self._digest(path)
        links = self._kept.links(name, own)
        return None if links is None else self._kept.part(name, own, self._near(links))

    def _keep(self, path: Path | None, part: Part) -> None:
        if not part.waits_for:
            self._kept.keep(self._name(path), self._digest(path), self._near(part.links), part)

    def _save(self) -> None:
        if self._engine == ENGINES[0]:
            plans = [self._project.name_of(path) for path in self._project.plan_files]
            self._kept.save(frozenset([REFERENCE, *plans]))


def _check_part(root: Path, engine: str, key: str, path: Path | None) -> Part:
    checker = checker_for(root, engine, key)
    return checker.shared() if path is None else checker.plan(path)
