"""Shapes, compiled: which nodes each is about, and what it finds there.

A shape is compiled only if all that it asks is; the others are left, by their IRIs, to the reference engine.
Source: SHACL, sections 2.1 and 3.4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from sdkg.errors import UnsupportedShapeError
from sdkg.namespaces import OWL, RDF, RDFS, SHACL, SKOS
from sdkg.validation.asked import Question, compile_questions
from sdkg.validation.constraints import Body, compile_body, sh
from sdkg.validation.data import Data, Node
from sdkg.validation.model import SEVERITIES, Finding
from sdkg.validation.seen import Seen

_LABEL = ox.NamedNode(SKOS + "prefLabel")
_TYPE = ox.NamedNode(RDF + "type")
_SHAPES = (sh("NodeShape"), sh("PropertyShape"))
_CLASSES = (ox.NamedNode(RDFS + "Class"), ox.NamedNode(OWL + "Class"))
_TARGETS = tuple(sh(word) for word in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode"))


@dataclass(frozen=True)
class Shape:
    """A shape of SHACL: what it asks, how bad it is if that does not hold, and what it then says."""

    iri: str
    rank: int
    path: str
    body: Body
    questions: tuple[Question, ...]
    message_nl: str
    message_en: str

    def finding(self, file: str, focus: Node, path: str, value: str, label: str) -> Finding:
        """What it says of a node."""
        return Finding(
            self.rank, file, focus.value, self.iri, path, value, self.message_nl, self.message_en, label
        )


class Shapes:
    """The shapes of some files, compiled; `left` are those that only the reference engine can check."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._triples = list(triples)
        self._written = Data(self._triples)
        self._aimed: dict[ox.NamedNode, dict[Node, list[Shape]]] = {
            word: defaultdict(list) for word in _TARGETS
        }
        self.left: list[Node] = []
        for node in self._targeted():
            try:
                shape = self._compile(node)
            except UnsupportedShapeError:
                self.left.append(node)
                continue
            for word in _TARGETS:
                for target in self._written.objects(node, word):
                    self._aimed[word][target].append(shape)

    def _targeted(self) -> list[Node]:
        subjects = [s for word in _TARGETS for s in self._written.with_predicate(word)]
        subjects += [s for s in self._written.with_predicate(_TYPE) if self._is_class(s)]
        return sorted(dict.fromkeys(subjects), key=lambda node: node.value)

    def _is_class(self, node: Node) -> bool:
        """Whether a shape is a class too: it is then about the members of that class."""
        kinds = set(self._written.objects(node, _TYPE))
        return not kinds.isdisjoint(_SHAPES) and not kinds.isdisjoint(_CLASSES)

    def _compile(self, node: Node) -> Shape:
        if not isinstance(node, ox.NamedNode) or self._is_class(node):
            raise UnsupportedShapeError(f"{node}: a shape without a name, or one that is a class too.")
        path = self._written.one(node, sh("path"))
        severity = self._written.one(node, sh("severity"))
        name = "Violation" if severity is None else severity.value.removeprefix(SHACL)
        said = {
            m.language: m.value
            for m in self._written.objects(node, sh("message"))
            if isinstance(m, ox.Literal)
        }
        if name not in SEVERITIES or not said:
            raise UnsupportedShapeError(f"{node}: a severity of its own, or no message.")
        first = next(iter(said.values()))
        return Shape(
            iri=node.value,
            rank=SEVERITIES.index(name),
            path=path.value if isinstance(path, ox.NamedNode) else "",
            body=compile_body(self._written, node),
            questions=tuple(compile_questions(self._written, node)),
            message_nl=said.get("nl", first),
            message_en=said.get("en", first),
        )

    def not_compiled(self) -> list[ox.Triple]:
        """The shapes for the reference engine: all that is written, but the targets of compiled ones."""
        left = set(self.left)
        return [t for t in self._triples if t.predicate not in _TARGETS or t.subject in left]

    def about(self, data: Data, node: Node) -> list[Shape]:
        """The shapes that a node is a focus node of, each once."""
        by_class, by_subject, by_object, by_node = (self._aimed[word] for word in _TARGETS)
        found = [shape for kind in data.kinds(node) for shape in by_class.get(kind, ())]
        found += [shape for word in data.predicates(node) for shape in by_subject.get(word, ())]
        found += [shape for word in data.towards(node) for shape in by_object.get(word, ())]
        return list({shape.iri: shape for shape in [*found, *by_node.get(node, ())]}.values())

    def check(self, seen: Seen, files: Mapping[Node, str]) -> Iterator[Finding]:
        """What the compiled shapes find on some nodes, each given with the name of its file."""
        data = seen.data
        asked: dict[str, tuple[Shape, list[Node]]] = {}
        for node, file in files.items():
            for shape in self.about(data, node):
                values = dict.fromkeys(getattr(v, "value", "") for v in shape.body.broken_by(data, node))
                for value in values:
                    yield shape.finding(file, node, shape.path, value, label(data, node))
                if shape.questions:
                    asked.setdefault(shape.iri, (shape, []))[1].append(node)
        for shape, nodes in asked.values():
            yield from _asked(shape, set(nodes), seen, files)


def _asked(shape: Shape, nodes: Collection[Node], seen: Seen, files: Mapping[Node, str]) -> Iterator[Finding]:
    for question in shape.questions:
        for found in question.answers(seen.store, nodes):
            path, name = found.path or shape.path, label(seen.data, found.focus)
            yield shape.finding(files[found.focus], found.focus, path, found.value, name)


def label(data: Data, node: Node) -> str:
    """The name of a node, the Dutch one if there are more."""
    names = [name for name in data.objects(node, _LABEL) if isinstance(name, ox.Literal)]
    return min(names, key=lambda name: (name.language != "nl", name.value)).value if names else ""
