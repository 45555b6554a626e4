"""Rewriting Turtle in the house style: a file is written only if its graph and its comments are the same."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from sdkg.errors import InputError, Place, ProjectError
from sdkg.files import write_atomically
from sdkg.layout import arrange
from sdkg.project import Project
from sdkg.reading import parse, read_bytes
from sdkg.tokens import tokens

PARTS = ("ontology", "shapes", "instances")
"""The folders of a project that hold Turtle."""


@dataclass(frozen=True)
class Rewritten:
    """A file, its text as it is, and as it should be."""

    path: Path
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether the file is not in the house style."""
        return self.before != self.after

    def diff(self) -> str:
        """What changes, as a unified diff."""
        old, new = self.before.splitlines(keepends=True), self.after.splitlines(keepends=True)
        lines = difflib.unified_diff(old, new, str(self.path), str(self.path))
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)

    def write(self) -> None:
        """Replace the file, whole or not at all; its permissions stay.

        Raises:
            InputError: it cannot be written.
        """
        write_atomically(self.path, self.after.encode())


def turtle_files(project: Project) -> list[Path]:
    """The Turtle files that a project has of its own; never what ships with the package.

    Raises:
        ProjectError: it has none.

    Example:
        >>> [path.name for path in turtle_files(Project.at("."))][:2]
        ['sociaal-domein-cpsv-ap.ttl', 'sociaal-domein-eli.ttl']
    """
    found = [path for part in PARTS for path in sorted((project.root / part).rglob("*.ttl"))]
    if not found:
        raise ProjectError(f"{project.root}: no Turtle in {', '.join(PARTS)}. Name the files.")
    return found


def rewrite(path: Path) -> Rewritten:
    """A file in the house style; nothing is written yet.

    Raises:
        InputError: it cannot be read, is no Turtle, or (a fault of ours) would say something else.

    Example:
        >>> rewrite(Path("instances/heerde/heerde-2022.ttl")).changed
        False
    """
    if path.suffix != ".ttl":
        raise InputError("only Turtle can be formatted.", Place(path), "Name files that end in .ttl.")
    return rewrite_bytes(read_bytes(path), path)


def rewrite_bytes(data: bytes, path: Path) -> Rewritten:
    """Turtle in the house style; `path` is what it is called in messages, and must end in `.ttl`.

    Raises:
        InputError: as `rewrite`.

    Example:
        >>> rewrite_bytes(b"<urn:a><urn:b>1.", Path("a.ttl")).after
        '<urn:a> <urn:b> 1 .\\n'
    """
    triples = parse(data, path)
    text = data.decode("utf-8")
    after = arrange(text, path)
    try:
        same = _same_graph(triples, parse(after.encode(), path)) and _remarks(text) == _remarks(after)
    except InputError:
        same = False
    if not same:
        raise InputError(
            "formatting would change what it says; it was left as it was.",
            Place(path),
            "Please report this, with the file.",
        )
    return Rewritten(path, text, after)


def _remarks(text: str) -> Counter[str]:
    """The comments of a text."""
    found = tokens(text, Path("a.ttl"))
    return Counter(comment for token in found for comment in [*token.before, *token.after] if comment)


def _same_graph(one: Sequence[ox.Triple], other: Sequence[ox.Triple]) -> bool:
    """Whether two graphs are the same but for the names of blank nodes."""
    left, right = (ox.Dataset(ox.Quad(*triple) for triple in triples) for triples in (one, other))
    if left == right:
        return True
    for dataset in (left, right):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return bool(left == right)
