"""From what the engine found to the very statement that its author typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sdkg.findings.document import Document, same
from sdkg.findings.model import Region, Related, Text
from sdkg.findings.rulebook import Rulebook, nearest
from sdkg.namespaces import RDF, SD, SHACL, SKOS
from sdkg.positions import Span, Statement
from sdkg.validation import Finding

TYPE = RDF + "type"
_ALSO = Text("Hier staat de andere.", "Here is the other one.")
_SLIP = Text("Bedoeld als deze eigenschap?", "Meant as this property?")
_KIND = Text("Hier staat de klasse.", "Here is the class.")


class Found(NamedTuple):
    """Where a finding is, the statement there (none for a subject), and the other places."""

    region: Region
    statement: Statement | None
    related: tuple[Related, ...] = ()


class Locator:
    """Places findings in files; `documents` are all files of the run by their names."""

    def __init__(self, book: Rulebook, documents: Mapping[str, Document]) -> None:
        self._book, self._documents = book, documents

    def find(self, finding: Finding) -> Found:
        """Where a finding is."""
        document = self._documents[finding.file]
        if not document.about(finding.focus):
            elsewhere = [d for d in self._documents.values() if d.about(finding.focus)]
            if not elsewhere:
                return Found(document.region(Span(0, 1)), None)
            document = elsewhere[0]
        if finding.path:
            return self._by_path(document, finding)
        if finding.value and finding.value != finding.focus:
            found = self._by_value(document, finding)
            if found is not None:
                return found
        return self._of_node(document, finding)

    def _by_path(self, document: Document, finding: Finding) -> Found:
        said = document.about(finding.focus, finding.path)
        exact = [s for s in said if finding.value and same(s.triple.object, finding.value)]
        most = self._book.number(finding.shape, "maxCount")
        if exact:
            wrong_word = most == 0 or (finding.path.startswith(SD) and finding.path not in self._book.terms)
            span = exact[0].predicate if wrong_word else exact[0].object
            return Found(document.region(span), exact[0], self._others(finding, exact[0]))
        limit = self._book.number(finding.shape, "qualifiedMaxCount") if most is None else most
        if limit is not None and len(said) > limit:
            many = said[limit]
            span = many.predicate if limit == 0 else many.object
            rest = tuple(Related(document.region(s.object), _ALSO) for s in said[:limit])
            return Found(document.region(span), many, rest)
        if said and finding.value:
            return Found(document.region(said[0].object), said[0], self._others(finding, said[0]))
        return self._missing(document, finding)

    def _missing(self, document: Document, finding: Finding) -> Found:
        """At the subject; and at a property of it that looks like a slip of the one that is missing."""
        own = document.about(finding.focus)
        slips = [
            s
            for s in own
            if s.triple.predicate.value not in self._book.properties
            and nearest(s.triple.predicate.value, [finding.path])
        ]
        related = tuple(Related(document.region(s.predicate), _SLIP) for s in slips)
        return Found(document.region(own[0].subject), None, related)

    def _by_value(self, document: Document, finding: Finding) -> Found | None:
        names = self._book.named(finding.shape)
        own = [s for name in names for s in document.about(finding.focus, name)]
        direct = [s for s in own if same(s.triple.object, finding.value)]
        there = [s for name in names for s in document.about(finding.value, name)]
        plan_wide = self._book.shapes.values(finding.shape, SHACL + "sparql") and not direct
        for statements in (there, own) if plan_wide else (direct, own, there):
            if statements:
                return Found(
                    document.region(statements[0].object), statements[0], self._others(finding, statements[0])
                )
        return None

    def _others(self, finding: Finding, here: Statement) -> tuple[Related, ...]:
        """The other places that make this wrong: the twin of the value, or what the value says of itself."""
        found = []
        predicate = here.triple.predicate.value
        if predicate == SD + "volgorde":
            found = list(self._same_rank(here))
        elif predicate == SKOS + "prefLabel" and finding.value:
            found = list(self._everywhere(finding.value, predicate))
        elif isinstance(getattr(here.triple.object, "value", None), str):
            target = here.triple.object.value  # type: ignore[union-attr]
            found = [
                (d, s)
                for d, s in self._everywhere(target, "")
                if same(s.triple.object, finding.value) or s.triple.predicate.value == TYPE
            ][:1]
        return tuple(Related(d.region(s.object), _ALSO) for d, s in found if s is not here)[:5]

    def _same_rank(self, here: Statement) -> Iterable[tuple[Document, Statement]]:
        for document in self._documents.values():
            for s in document.towards(here.triple.object.value):  # type: ignore[union-attr]
                is_rank = s is not here and s.triple.predicate == here.triple.predicate
                if is_rank and self._owners(s) & self._owners(here):
                    yield document, s

    def _owners(self, statement: Statement) -> set[tuple[str, str]]:
        """The plan of an element or of a section, with the property that says so."""
        subject = statement.triple.subject.value  # type: ignore[union-attr]
        return {
            (name, s.triple.object.value)  # type: ignore[union-attr]
            for document in self._documents.values()
            for name in ("inPlan", "sectieVan")
            for s in document.about(subject, SD + name)
        }

    def _everywhere(self, subject: str, predicate: str) -> Iterable[tuple[Document, Statement]]:
        for document in self._documents.values():
            for statement in document.about(subject, predicate):
                yield document, statement

    def _of_node(self, document: Document, finding: Finding) -> Found:
        own = document.about(finding.focus)
        targets = [v.value for v in self._book.shapes.values(finding.shape, SHACL + "targetSubjectsOf")]
        is_domain = bool(self._book.shapes.values(finding.shape, SHACL + "class"))
        if targets and is_domain:
            for statement in own:
                if statement.triple.predicate.value in targets:
                    kinds = document.about(finding.focus, TYPE)
                    related = tuple(Related(document.region(s.object), _KIND) for s in kinds)
                    return Found(document.region(statement.predicate), statement, related)
        if targets and not finding.value:
            for name in self._book.named(finding.shape):
                for statement in document.about(finding.focus, name):
                    return Found(document.region(statement.object), statement)
        return Found(document.region(own[0].subject), None)
