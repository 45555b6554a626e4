"""`sdkg validate`: all findings of all files in one run, syntax faults among them, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from sdkg.errors import InputError
from sdkg.findings.document import Document
from sdkg.findings.locate import Locator
from sdkg.findings.model import SYNTAX, Findings, Located
from sdkg.findings.rulebook import Facts, Rulebook
from sdkg.findings.syntax import in_general, sentences
from sdkg.findings.words import Words
from sdkg.namespaces import shorten
from sdkg.positions import Fault, Span
from sdkg.project import Project
from sdkg.reading import Source, parse, read, read_bytes
from sdkg.reading import digest as digest_of
from sdkg.recovery import faults_of
from sdkg.validation import Finding, linked_plans, reports


def check(
    project: Project,
    files: Sequence[Path] | None = None,
    progress: Callable[[str], None] = lambda _: None,
    workers: int = 1,
) -> Findings:
    """Check files against the shapes, or everything in a project; a file that does not parse is a finding.

    Raises:
        InputError: a file that was named does not exist or may not be read, or a shape file is broken.

    Example:
        >>> check(Project.at("."), [Path("instances/heemstede/heemstede-2025.ttl")]).fails("must")
        False
    """
    return _Run(project, files, progress, workers).findings()


class _Run:
    def __init__(
        self, project: Project, files: Sequence[Path] | None, progress: Callable[[str], None], workers: int
    ) -> None:
        self._project, self._progress, self._workers = project, progress, workers
        self._shared = [project.core_ontology, *project.reference_files]
        self._whole = files is None
        self._named = list(dict.fromkeys(project.plan_files if files is None else files))
        self.faults: list[Located] = []
        self._sources: dict[Path, Source] = {}
        self._texts: dict[str, str] = {}
        self._unchecked: list[tuple[str, str]] = []

    def findings(self) -> Findings:
        for path in dict.fromkeys([*self._named, *self._shared]):
            self._read(path)
        parts = self._parts()
        found = [f for name, report in self._reports(parts) for f in report]
        everything = [*self.faults, *self._located(found)]
        checked = tuple(self._project.name_of(path) for path in (*self._named, *self._shared * self._whole))
        return Findings(tuple(sorted(everything, key=lambda f: f.order)), checked, tuple(self._unchecked))

    def _read(self, path: Path) -> None:
        """Read a file, or keep its fault as a finding."""
        data, name = read_bytes(path), self._project.name_of(path)
        try:
            self._sources[path] = Source(path, digest_of(data), tuple(parse(data, path)))
            self._texts[name] = data.decode("utf-8")
        except InputError as error:
            self.faults.extend(unreadable(name, data.decode("utf-8", "replace"), error))

    def _parts(self) -> list[Path | None]:
        broken = [path for path in self._shared if path not in self._sources]
        if broken:
            why = self._project.name_of(broken[0])
            self._unchecked += [(self._project.name_of(p), why) for p in self._named if p in self._sources]
            return []
        parts: list[Path | None] = [None] if self._whole else []
        for path in self._named:
            bad = [p for p in self._linked(path) if not self._readable(p)]
            if bad:
                self._unchecked.append((self._project.name_of(path), self._project.name_of(bad[0])))
            elif path in self._sources:
                parts.append(path)
        return parts

    def _linked(self, path: Path) -> list[Path]:
        source = self._sources.get(path)
        return [] if source is None else linked_plans(self._project, source)

    def _readable(self, path: Path) -> bool:
        if path not in self._sources and self._project.name_of(path) not in {
            f.region.file for f in self.faults
        }:
            self._read(path)
        return path in self._sources

    def _reports(self, parts: Sequence[Path | None]) -> list[tuple[str, tuple[Finding, ...]]]:
        found = []
        for name, report in reports(self._project, parts, self._workers) if parts else ():
            self._progress(f"validated {name}")
            found.append((name, report.findings))
        return found

    def _located(self, found: Sequence[Finding]) -> list[Located]:
        if not found:
            return []
        shared = [t for path in self._shared for t in self._sources[path].triples]
        shapes = [t for path in self._project.shape_files for t in read(path).triples]
        book = Rulebook(shapes, shared)
        documents = {
            name: Document(name, self._texts[name], source.triples)
            for path, source in self._sources.items()
            for name in [self._project.name_of(path)]
        }
        facts = Facts(t for source in self._sources.values() for t in source.triples)
        locator, words = Locator(book, documents), Words(book, documents, facts)
        return list(dict.fromkeys(_one(finding, locator, words) for finding in found))


def _one(finding: Finding, locator: Locator, words: Words) -> Located:
    found = locator.find(finding)
    what, todo = words.sentences(finding, found)
    subject = found.statement.triple.subject if found.statement else None
    node = subject.value if isinstance(subject, ox.NamedNode | ox.BlankNode) else finding.focus
    about = [shorten(part) for part in (finding.path, finding.value) if part and part != finding.focus]
    return Located(
        rank=finding.rank,
        region=found.region,
        rule=finding.shape,
        what=what,
        todo=todo,
        name=words.name(node),
        plan=words.plan(finding.focus),
        focus=finding.focus,
        path=finding.path,
        value=finding.value,
        detail=" · ".join([" ".join([shorten(finding.focus), *about]), shorten(finding.shape)]),
        related=found.related,
        asks=words.asks(finding.shape),
    )


def unreadable(name: str, text: str, error: InputError) -> list[Located]:
    """The findings for a file that cannot be parsed: where our parser stops, else where the library did.

    Example:
        >>> from sdkg.errors import Place
        >>> error = InputError("wrong", Place(Path("a.ttl"), 1, 17))
        >>> [finding.rule for finding in unreadable("a.ttl", "<urn:a> <urn:b> x .", error)]
        ['syntax-object']
    """
    document = Document(name, text)
    place = error.place
    detail = f"{place.line}:{place.column}: {error.message}" if place.line else error.message
    faults = faults_of(text)
    if not faults or "UTF-8" in error.message or place.line is None:
        start = document.lines.offset(place.line or 1, place.column or 1)
        kind = "unreadable" if place.line is None or "UTF-8" in error.message else "engine"
        faults = [Fault(kind, Span(min(start, max(len(text) - 1, 0)), start + 1), (error.message,))]
    found = [_fault(document, fault) for fault in faults]
    return [replace(found[0], detail=detail), *found[1:]]


def _fault(document: Document, fault: Fault) -> Located:
    what, todo = sentences(fault, document.parsed.prefixes)
    rule, asks = f"{SYNTAX}-{fault.kind}", in_general()[fault.kind][0]
    return Located(0, document.region(fault.span), rule, what, todo, detail=rule, asks=asks)
