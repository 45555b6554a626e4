"""Constraints that a shape writes in SPARQL, asked once of all nodes rather than once of each.

Source: SHACL, section 5. The specification binds `$this` beforehand; here the query is asked with `$this`
open, and the answers about focus nodes are kept. That gives the same where every group binds `$this` by a
triple before anything else: a query in which one does not is left to the reference engine.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from sdkg.errors import UnsupportedShapeError
from sdkg.validation.constraints import sh
from sdkg.validation.data import Data, Node

_NOT_CODE = re.compile(r"""#[^\n]*|<[^<>"{}|^`\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""")
_GROUP = re.compile(r"\{\s*(?P<first>[^{}]*)")
_ASIDE = re.compile(r"\b(?:EXISTS|OPTIONAL)\s*$", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"(?i:\b(?:MINUS|VALUES|SERVICE|BIND|AS)\b|\bSELECT\b.*\bSELECT\b)|[$?](?:PATH|shapesGraph|currentShape)\b",
    re.DOTALL,
)
_THIS = re.compile(r"[$?]this\b")


FEW = 4
"""Of so many focus nodes, a query is asked of each."""


@dataclass(frozen=True)
class Answer:
    """What a query found wrong: the focus node, and a path and a value if the query gives them."""

    focus: Node
    path: str
    value: str


@dataclass(frozen=True)
class Question:
    """A query of a shape, ready to be asked; `by_value`: where it gives no value, the focus node is it."""

    text: str
    by_value: bool

    def answers(self, store: ox.Store, nodes: Collection[Node]) -> Iterator[Answer]:
        """What the query finds of some focus nodes in the graphs of a store, taken together."""
        if len(nodes) <= FEW:
            for node in nodes:
                yield from self._answers(store, {ox.Variable("this"): node})
        else:
            yield from (answer for answer in self._answers(store, {}) if answer.focus in nodes)

    def _answers(self, store: ox.Store, bound: Mapping[ox.Variable, Node]) -> Iterator[Answer]:
        found = store.query(self.text, use_default_graph_as_union=True, substitutions=dict(bound))
        assert isinstance(found, ox.QuerySolutions)  # noqa: S101 (compiled from a SELECT)
        names = {variable.value for variable in found.variables}
        for row in found:
            focus = next(iter(bound.values()), None) or row["this"]
            path = row["path"] if "path" in names else None
            value = row["value"] if "value" in names else None
            if value is None and self.by_value:
                value = focus
            yield Answer(
                focus, path.value if isinstance(path, ox.NamedNode) else "", getattr(value, "value", "")
            )


def compile_questions(shapes: Data, shape: Node) -> list[Question]:
    """The SPARQL constraints of a shape.

    Raises:
        UnsupportedShapeError: one is no SELECT, or cannot be asked of all nodes at once.
    """
    return [_question(shapes, shape, part) for part in shapes.objects(shape, sh("sparql"))]


def _question(shapes: Data, shape: Node, constraint: Node) -> Question:
    text = shapes.one(constraint, sh("select"))
    if text is None or not asks_of_all(text.value):
        raise UnsupportedShapeError(f"{shape}: its query cannot be asked of all nodes at once.")
    if shapes.one(constraint, sh("deactivated")) is not None:
        raise UnsupportedShapeError(f"{shape}: sh:deactivated is not compiled.")
    lines = []
    for holder in shapes.objects(constraint, sh("prefixes")):
        for declared in shapes.objects(holder, sh("declare")):
            prefix, namespace = shapes.one(declared, sh("prefix")), shapes.one(declared, sh("namespace"))
            if prefix is not None and namespace is not None:
                lines.append(f"PREFIX {prefix.value}: <{namespace.value}>\n")
    whole = "".join(sorted(lines)) + text.value
    try:
        ox.Store().query(whole)
    except SyntaxError as error:
        raise UnsupportedShapeError(f"{shape}: {error}.") from None
    return Question(whole, by_value=shapes.one(shape, sh("path")) is None)


def asks_of_all(query: str) -> bool:
    """Whether a query may be asked with `$this` open: each of its groups starts with a triple of `$this`.

    Example:
        >>> asks_of_all("SELECT DISTINCT $this WHERE { $this a ?kind . FILTER(isLiteral(?kind)) }")
        True
        >>> asks_of_all("SELECT DISTINCT $this WHERE { ?x a ?kind . FILTER(?x = $this) }")
        False
    """
    code = _NOT_CODE.sub(" ", query)
    if _ELSEWHERE.search(code):
        return False
    for group in _GROUP.finditer(code):
        first = re.split(r"[.;]\s|\bFILTER\b", group["first"], maxsplit=1)[0].strip()
        inner = not first and code[group.end() : group.end() + 1] == "{"
        if not (inner or _THIS.search(first) or _ASIDE.search(code[: group.start()])):
            return False
    return True
