"""One part of a project checked: a plan, or what all plans share; findings with their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import pyoxigraph as ox

from sdkg.errors import InputError
from sdkg.findings.document import Document
from sdkg.findings.locate import Locator
from sdkg.findings.model import Located
from sdkg.findings.rulebook import Facts, Rulebook
from sdkg.findings.unreadable import unreadable
from sdkg.findings.words import Words
from sdkg.namespaces import shorten
from sdkg.project import Project
from sdkg.reading import Source, parse, read, read_bytes
from sdkg.reading import digest as digest_of
from sdkg.validation import Finding, Validator, linked_plans, named_plans, validator_for


@dataclass(frozen=True)
class Part:
    """What was found in a part; what may be plans it points at; the broken file it waits for."""

    findings: tuple[Located, ...]
    links: tuple[str, ...] = ()
    waits_for: str = ""


@lru_cache(1)
def checker_for(root: Path, engine: str, key: str) -> Checker:
    """The checker of a project in this process; made again when its key, by `key_of_project`, has changed.

    Raises:
        InputError: the ontology, a shape or reference file cannot be read.
    """
    return Checker(Project(root), validator_for(root, engine, key))


class Checker:
    """Checks the parts of a project; holds what they share.

    Raises:
        InputError: the ontology, a shape or reference file cannot be read.
    """

    def __init__(self, project: Project, validator: Validator) -> None:
        self._project, self._validator = project, validator

    def plan(self, path: Path) -> Part:
        """What is found in a plan.

        Raises:
            InputError: there is no such file, or it may not be read.
        """
        data, name = read_bytes(path), self._project.name_of(path)
        try:
            source = Source(path, digest_of(data), tuple(parse(data, path)))
        except InputError as error:
            return Part(tuple(unreadable(name, data.decode("utf-8", "replace"), error)))
        links = tuple(sorted(named_plans(source)))
        try:
            near = [read(other) for other in linked_plans(self._project, source)]
        except InputError as error:
            broken = error.place.path if error.place else None
            return Part((), links, self._project.name_of(broken) if broken else str(error))
        return Part(self._located(self._validator.plan(source).findings, [source, *near]), links)

    def shared(self) -> Part:
        """What is found in the ontology and the reference data."""
        return Part(self._located(self._validator.shared().findings, []))

    def _located(self, found: Sequence[Finding], sources: Sequence[Source]) -> tuple[Located, ...]:
        if not found:
            return ()
        documents = {d.name: d for d in [*map(self._document, sources), *self._shared_documents]}
        facts = Facts((t for source in sources for t in source.triples), self._book.shared)
        locator, words = Locator(self._book, documents), Words(self._book, documents, facts)
        return tuple(dict.fromkeys(_one(finding, locator, words) for finding in found))

    def _document(self, source: Source) -> Document:
        text = read_bytes(source.path).decode("utf-8")
        return Document(self._project.name_of(source.path), text, source.triples)

    @cached_property
    def _shared_documents(self) -> list[Document]:
        return [self._document(source) for source in self._validator.shared_sources]

    @cached_property
    def _shared_triples(self) -> list[ox.Triple]:
        return [triple for source in self._validator.shared_sources for triple in source.triples]

    @cached_property
    def _book(self) -> Rulebook:
        shapes = [triple for path in self._project.shape_files for triple in read(path).triples]
        return Rulebook(shapes, self._shared_triples)


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
