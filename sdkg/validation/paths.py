"""SHACL property paths, compiled to functions from a node to what the path reaches.

Source: SHACL, section 2.3.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyoxigraph as ox

from sdkg.errors import UnsupportedShapeError
from sdkg.namespaces import RDF, SHACL
from sdkg.validation.data import Data, Node

Path = Callable[[Data, Node], Iterable[Node]]
"""From data and a node to the nodes at the end of the path, each once."""

_INVERSE, _EITHER = ox.NamedNode(SHACL + "inversePath"), ox.NamedNode(SHACL + "alternativePath")
_REPEATED = {
    ox.NamedNode(SHACL + "zeroOrMorePath"): (True, True),
    ox.NamedNode(SHACL + "oneOrMorePath"): (False, True),
    ox.NamedNode(SHACL + "zeroOrOnePath"): (True, False),
}
"""Whether the start itself is reached, and whether steps repeat."""
_FIRST = ox.NamedNode(RDF + "first")


def compile_path(shapes: Data, path: Node, backwards: bool = False) -> Path:
    """The function for a path as the shapes write it.

    Raises:
        UnsupportedShapeError: this is none of the paths of SHACL.
    """
    if isinstance(path, ox.NamedNode):
        return _step(path, backwards)
    inverse = shapes.one(path, _INVERSE)
    if inverse is not None:
        return compile_path(shapes, inverse, not backwards)
    either = shapes.one(path, _EITHER)
    if either is not None:
        return _either([compile_path(shapes, one, backwards) for one in shapes.members(either)])
    for word, (start, repeats) in _REPEATED.items():
        inner = shapes.one(path, word)
        if inner is not None:
            return _repeated(compile_path(shapes, inner, backwards), start, repeats)
    if shapes.one(path, _FIRST) is not None:
        steps = [compile_path(shapes, one, backwards) for one in shapes.members(path)]
        return _sequence(steps[::-1] if backwards else steps)
    raise UnsupportedShapeError(f"{path}: not a path of SHACL.")


def _step(predicate: ox.NamedNode, backwards: bool) -> Path:
    if backwards:
        return lambda data, node: data.subjects(predicate, node)
    return lambda data, node: data.objects(node, predicate)


def _either(paths: list[Path]) -> Path:
    return lambda data, node: {end: None for path in paths for end in path(data, node)}


def _sequence(paths: list[Path]) -> Path:
    def follow(data: Data, node: Node) -> Iterable[Node]:
        ends: Iterable[Node] = [node]
        for path in paths:
            ends = {end: None for start in ends for end in path(data, start)}
        return ends

    return follow


def _repeated(path: Path, start: bool, repeats: bool) -> Path:
    def follow(data: Data, node: Node) -> Iterable[Node]:
        reached = dict.fromkeys(path(data, node))
        todo = list(reached) if repeats else []
        while todo:
            new = [end for end in path(data, todo.pop()) if end not in reached]
            reached.update(dict.fromkeys(new))
            todo += new
        return {node: None, **reached} if start else reached

    return follow
