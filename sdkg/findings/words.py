"""The words of a finding: what it is about, what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from sdkg.findings.document import Document
from sdkg.findings.locate import TYPE, Found
from sdkg.findings.model import NOTHING, Text
from sdkg.findings.rulebook import Facts, Rulebook, nearest
from sdkg.namespaces import RDFS, SD, SHACL, SKOS, shorten
from sdkg.validation import Finding

_RANKS = (
    ("eerste", "first"),
    ("tweede", "second"),
    ("derde", "third"),
    ("vierde", "fourth"),
    ("vijfde", "fifth"),
)


class Words:
    """Says findings in words; `facts` are what all files of the run state."""

    def __init__(self, book: Rulebook, documents: Mapping[str, Document], facts: Facts) -> None:
        self._book, self._documents, self._facts = book, documents, facts

    def sentences(self, finding: Finding, found: Found) -> tuple[Text, Text]:
        """What is wrong, and what to do: the message of the shape, and the slip or the valid values."""
        nl, en = _split(finding.message_nl), _split(finding.message_en)
        first, last = self._slip(finding, found), self._choices(finding)
        todo = Text(
            " ".join(part for part in (first.nl, nl[1], last.nl) if part),
            " ".join(part for part in (first.en, en[1], last.en) if part),
        )
        return Text(nl[0], en[0]), todo

    def asks(self, shape: str) -> Text:
        """What a shape asks."""
        return Text(*(self._book.said(shape, "description", lang) for lang in ("nl", "en")))

    def _slip(self, finding: Finding, found: Found) -> Text:
        for wrong, right in self._slips(finding, found):
            if right:
                return _meant(shorten(wrong), shorten(right))
        return self._language(finding, found)

    def _slips(self, finding: Finding, found: Found) -> list[tuple[str, str]]:
        book, statement = self._book, found.statement
        pairs = []
        if statement is None:
            pairs += [
                (s.triple.predicate.value, finding.path)
                for s in self._documents[found.region.file].about(finding.focus)
                if finding.path
                and s.triple.predicate.value not in book.properties
                and nearest(s.triple.predicate.value, [finding.path])
            ]
        else:
            predicate, value = statement.triple.predicate.value, statement.triple.object
            if predicate.startswith(SD) and predicate not in book.terms:
                pairs.append((predicate, book.near(predicate, book.properties)))
            if isinstance(value, ox.NamedNode) and not self._known(value.value):
                pairs.append((value.value, nearest(value.value, self._like(value.value, finding))))
        return pairs

    def _known(self, iri: str) -> bool:
        return iri in self._book.terms or any(d.about(iri) for d in self._documents.values())

    def _like(self, iri: str, finding: Finding) -> list[str]:
        """What could stand here: what the shape takes, else what has an IRI in the same folder."""
        folder = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
        own = self._documents[finding.file].subjects()
        near = [other for other in (*self._book.terms, *own) if other.startswith(folder)]
        return [*self._book.candidates(finding.shape), *near]

    def _language(self, finding: Finding, found: Found) -> Text:
        literal = found.statement.triple.object if found.statement else None
        allowed = [
            v.value for v in self._book.items(self._book.shapes.values(finding.shape, SHACL + "languageIn"))
        ]
        if not isinstance(literal, ox.Literal) or not allowed or finding.path == "":
            return NOTHING
        if literal.language in allowed:
            return NOTHING
        tags = [f"@{tag}" for tag in sorted(allowed, key=lambda tag: tag != "nl")]
        if literal.language:
            return Text(
                f"Vervang @{literal.language} door {' of '.join(tags)}.",
                f"Replace @{literal.language} by {' or '.join(tags)}.",
            )
        return Text(
            f"Voeg {' of '.join(tags)} toe achter de tekst.", f"Add {' or '.join(tags)} behind the text."
        )

    def _choices(self, finding: Finding) -> Text:
        names = [shorten(iri) for iri in self._book.choices(finding.shape)]
        if not names or all(name in finding.message_nl for name in names):
            return NOTHING
        return Text(f"Kies uit: {', '.join(names)}.", f"Choose from: {', '.join(names)}.")

    # ------------------------------------------------------------ names

    def name(self, node: str) -> Text:
        """An element by its class and label; a blank node by the way to it."""
        return self._name(node, 3)

    def _name(self, node: str, deep: int) -> Text:
        label = self._facts.first(node, SKOS + "prefLabel", "nl")
        if label:
            kind = self._kind(node)
            return Text(f"{kind.nl} “{label}”".strip(), f"{kind.en} “{label}”".strip())
        if ":" in node or not deep:
            kind = self._kind(node)
            return Text(f"{kind.nl} {shorten(node)}".strip(), f"{kind.en} {shorten(node)}".strip())
        return self._way(node, deep)

    def _way(self, node: str, deep: int) -> Text:
        for document in self._documents.values():
            for statement in document.towards(node):
                if not isinstance(statement.triple.object, ox.BlankNode):
                    continue
                owner = getattr(statement.triple.subject, "value", "")
                of = self._name(owner, deep - 1)
                all_of = document.about(owner, statement.triple.predicate.value)
                rank = [s.triple.object for s in all_of].index(statement.triple.object)
                nl, en = _RANKS[rank] if rank < len(_RANKS) else (f"{rank + 1}e", f"{rank + 1}th")
                kind = self._kind(node)
                word = shorten(statement.triple.predicate.value)
                what = Text(kind.nl or f"waarde van {word}", kind.en or f"value of {word}")
                return Text(f"{nl} {what.nl} van {of.nl}", f"{en} {what.en} of {of.en}")
        kind = self._kind(node)
        return Text(f"{kind.nl or 'knoop'} zonder naam", f"{kind.en or 'node'} without a name")

    def _kind(self, node: str) -> Text:
        for kind in self._facts.values(node, TYPE):
            nl = self._book.shared.first(kind.value, RDFS + "label", "nl")
            if nl:
                return Text(nl, self._book.shared.first(kind.value, RDFS + "label", "en") or nl)
        return NOTHING

    def plan(self, focus: str) -> str:
        """The label of the plan that something is part of; "" for what is part of none."""
        todo = [focus]
        for _ in range(3):
            for name in ("inPlan", "sectieVan", "bewijstVan"):
                todo += [v.value for v in self._facts.values(todo[-1], SD + name)][:1]
        for node in todo:
            if any(kind.value == SD + "Beleidsplan" for kind in self._facts.values(node, TYPE)):
                return self._facts.first(node, SKOS + "prefLabel", "nl")
        return ""


def _meant(wrong: str, right: str) -> Text:
    return Text(
        f"Bedoelde u {right}? Vervang {wrong} door {right}.",
        f"Did you mean {right}? Replace {wrong} by {right}.",
    )


def _split(message: str) -> tuple[str, str]:
    """The two sentences of a message: what is wrong and what to do are parted by the first ': '."""
    what, colon, todo = message.partition(": ")
    return (f"{what}.", todo[:1].upper() + todo[1:]) if colon else (message, "")
