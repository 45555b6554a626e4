"""The constraint components of SHACL Core that are compiled: each to a function that finds what breaks it.

What is not here, the reference engine checks: see `sdkg.validation.shapes`. Source: SHACL, section 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from sdkg.errors import UnsupportedShapeError
from sdkg.namespaces import SHACL
from sdkg.validation.data import Data, Node
from sdkg.validation.literals import FORMS, at_most, is_valid, number
from sdkg.validation.paths import Path, compile_path

Check = Callable[[Data, Node, Collection[Node]], Iterable[Node | None]]
"""From data, focus node and value nodes to the values that break a constraint; `None` where no value does."""

Holds = Callable[[Data, Node], bool]


def sh(name: str) -> ox.NamedNode:
    """A term of SHACL."""
    return ox.NamedNode(SHACL + name)


_SAID = {sh(word) for word in (
    "path", "severity", "name", "description", "message", "order", "group", "defaultValue", "flags", "sparql",
    "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "qualifiedMinCount",
    "qualifiedMaxCount",
)}  # fmt: skip
"""What a shape may say that is no constraint of its own here."""


@dataclass(frozen=True)
class Body:
    """What a shape asks of a focus node: the path to its value nodes (`None`: itself) and the checks."""

    path: Path | None
    checks: tuple[Check, ...]

    def broken_by(self, data: Data, focus: Node) -> Iterator[Node | None]:
        """The values at a focus node that break a check."""
        values = [focus] if self.path is None else list(self.path(data, focus))
        for check in self.checks:
            yield from check(data, focus, values)

    def holds(self, data: Data, focus: Node) -> bool:
        """Whether nothing at a focus node breaks a check."""
        return next(self.broken_by(data, focus), self) is self


def compile_body(shapes: Data, shape: Node) -> Body:
    """What a shape asks, compiled.

    Raises:
        UnsupportedShapeError: it asks something that is not compiled.
    """
    path = shapes.one(shape, sh("path"))
    checks = []
    for word in shapes.predicates(shape):
        if word.value.startswith(SHACL) and word not in _SAID:
            make = _MAKERS.get(word)
            if make is None:
                raise UnsupportedShapeError(f"{shape}: {word} is not compiled.")
            checks += [make(shapes, shape, value) for value in shapes.objects(shape, word)]
    return Body(None if path is None else compile_path(shapes, path), tuple(checks))


def integer(value: Node | None) -> int:
    """A count that a shape gives.

    Raises:
        UnsupportedShapeError: it is no whole number.
    """
    found = number(value)
    if found is None or found % 1:
        raise UnsupportedShapeError(f"{value}: not a whole number.")
    return int(found)


def _each(breaks: Callable[[Data, Node], bool]) -> Check:
    return lambda data, _, values: [value for value in values if breaks(data, value)]


def _inner(shapes: Data, shape: Node) -> Holds:
    if isinstance(shape, ox.NamedNode):
        raise UnsupportedShapeError(f"{shape}: named shapes inside others are not compiled.")
    return compile_body(shapes, shape).holds


def _min_count(_: Data, __: Node, value: Node) -> Check:
    least = integer(value)
    return lambda _, __, values: () if len(values) >= least else (None,)


def _max_count(_: Data, __: Node, value: Node) -> Check:
    most = integer(value)
    return lambda _, __, values: () if len(values) <= most else (None,)


def _class(_: Data, __: Node, kind: Node) -> Check:
    return _each(lambda data, value: kind not in data.kinds(value))


def _datatype(_: Data, __: Node, datatype: Node) -> Check:
    if not isinstance(datatype, ox.NamedNode) or datatype.value not in FORMS:
        raise UnsupportedShapeError(f"{datatype}: this datatype is not compiled.")

    def breaks(_: Data, value: Node) -> bool:
        return not (isinstance(value, ox.Literal) and value.datatype == datatype and is_valid(value))

    return _each(breaks)


def _node_kind(_: Data, __: Node, kind: Node) -> Check:
    names = kind.value.removeprefix(SHACL)
    kinds = tuple(
        found
        for name, found in (("IRI", ox.NamedNode), ("BlankNode", ox.BlankNode), ("Literal", ox.Literal))
        if name in names
    )
    return _each(lambda _, value: not isinstance(value, kinds))


def _in(shapes: Data, _: Node, head: Node) -> Check:
    allowed = set(shapes.members(head))
    return _each(lambda _, value: value not in allowed)


def _has_value(_: Data, __: Node, wanted: Node) -> Check:
    return lambda _, __, values: () if wanted in values else (None,)


def _pattern(shapes: Data, shape: Node, value: Node) -> Check:
    flags = shapes.one(shape, sh("flags"))
    if flags is not None:
        raise UnsupportedShapeError(f"{shape}: sh:flags is not compiled.")
    try:
        found = re.compile(value.value).search
    except re.error as error:
        raise UnsupportedShapeError(f"{shape}: {error}.") from None
    return _each(lambda _, value: isinstance(value, ox.BlankNode) or not found(value.value))


def _language_in(shapes: Data, _: Node, head: Node) -> Check:
    ranges = [item.value.lower() for item in shapes.members(head)]

    def breaks(_: Data, value: Node) -> bool:
        tag = (value.language or "").lower() if isinstance(value, ox.Literal) else ""
        return not any(tag and (one in ("*", tag) or tag.startswith(one + "-")) for one in ranges)

    return _each(breaks)


def _unique_lang(_: Data, __: Node, value: Node) -> Check:
    if value.value not in ("true", "1"):
        return lambda _, __, ___: ()

    def check(_: Data, __: Node, values: Collection[Node]) -> Iterable[None]:
        tags = [v.language.lower() for v in values if isinstance(v, ox.Literal) and v.language]
        return (None,) if len(tags) > len(set(tags)) else ()

    return check


def _within(bound: Node, at_least: bool) -> Check:
    limit = number(bound)
    if limit is None:
        raise UnsupportedShapeError(f"{bound}: only numbers are compiled as bounds.")

    def breaks(_: Data, value: Node) -> bool:
        found = number(value)
        return found is None or (found < limit if at_least else found > limit)

    return _each(breaks)


def _min_inclusive(_: Data, __: Node, bound: Node) -> Check:
    return _within(bound, at_least=True)


def _max_inclusive(_: Data, __: Node, bound: Node) -> Check:
    return _within(bound, at_least=False)


def _predicate(value: Node) -> ox.NamedNode:
    if not isinstance(value, ox.NamedNode):
        raise UnsupportedShapeError(f"{value}: not a property.")
    return value


def _equals(_: Data, __: Node, other: Node) -> Check:
    predicate = _predicate(other)

    def check(data: Data, focus: Node, values: Collection[Node]) -> Iterable[Node]:
        return set(values) ^ set(data.objects(focus, predicate))

    return check


def _disjoint(_: Data, __: Node, other: Node) -> Check:
    predicate = _predicate(other)

    def check(data: Data, focus: Node, values: Collection[Node]) -> Iterable[Node]:
        return set(values) & set(data.objects(focus, predicate))

    return check


def _less_than_or_equals(_: Data, __: Node, other: Node) -> Check:
    predicate = _predicate(other)

    def check(data: Data, focus: Node, values: Collection[Node]) -> Iterable[Node]:
        limits = list(data.objects(focus, predicate))
        pairs = [(value, limit) for value in values for limit in limits]
        return [v for v, limit in pairs if _blank(v) or _blank(limit) or not at_most(v, limit)]  # type: ignore[arg-type]

    return check


def _blank(value: Node) -> bool:
    return isinstance(value, ox.BlankNode)


def _not(shapes: Data, _: Node, inner: Node) -> Check:
    return _each(_inner(shapes, inner))


def _counted(fits: Callable[[int, int], bool]) -> Callable[[Data, Node, Node], Check]:
    """A list of shapes; of how many of them, out of how many, must a value be?"""

    def make(shapes: Data, _: Node, head: Node) -> Check:
        parts = [_inner(shapes, part) for part in shapes.members(head)]
        return _each(lambda data, value: not fits(sum(holds(data, value) for holds in parts), len(parts)))

    return make


def _qualified(shapes: Data, shape: Node, inner: Node) -> Check:
    holds = _inner(shapes, inner)
    least, most = shapes.one(shape, sh("qualifiedMinCount")), shapes.one(shape, sh("qualifiedMaxCount"))
    low = integer(least) if least is not None else 0
    high = integer(most) if most is not None else None

    def check(data: Data, _: Node, values: Collection[Node]) -> Iterable[None]:
        found = sum(holds(data, value) for value in values)
        return () if low <= found and (high is None or found <= high) else (None,)

    return check


_MAKERS: dict[ox.NamedNode, Callable[[Data, Node, Node], Check]] = {
    sh("minCount"): _min_count,
    sh("maxCount"): _max_count,
    sh("class"): _class,
    sh("datatype"): _datatype,
    sh("nodeKind"): _node_kind,
    sh("in"): _in,
    sh("hasValue"): _has_value,
    sh("pattern"): _pattern,
    sh("languageIn"): _language_in,
    sh("uniqueLang"): _unique_lang,
    sh("minInclusive"): _min_inclusive,
    sh("maxInclusive"): _max_inclusive,
    sh("equals"): _equals,
    sh("disjoint"): _disjoint,
    sh("lessThanOrEquals"): _less_than_or_equals,
    sh("not"): _not,
    sh("and"): _counted(lambda found, of: found == of),
    sh("or"): _counted(lambda found, _: found > 0),
    sh("xone"): _counted(lambda found, _: found == 1),
    sh("qualifiedValueShape"): _qualified,
}
COMPILED = frozenset(word.value for word in _MAKERS)
"""The parameters of the components that are compiled."""
