"""For each shape an example that fails and one that passes, out of the good and bad data of the tests.

`tests/data/shapes/` plants a fault for every shape. Of what it plants only the statements are shown that the
shape is about; the example that passes is the element of the good data that is most like it. Where a shape
forbids something, nothing in the good data is like it: there its message says what should stand there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from sdkg.findings.rulebook import Rulebook, Value
from sdkg.namespaces import ID, PREFIXES, RDF, RDFS, SD, SHACL, SKOS, expand, shorten
from sdkg.positions import Statement, parse_text

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "data" / "shapes"
BASE = CASES / "basis.ttl"
"""What every example is seen together with, beside the ontology."""

TYPE, LABEL = RDF + "type", SKOS + "prefLabel"
_NAMES = re.compile(r"(?<![\w\"<:/-])([a-z][a-z0-9-]*):(?!//)(\w*)")
_INSTEAD = re.compile(r"[Vv]ervang \S+ door ([a-z]+:\w+)")


_TWINS = {LABEL, SKOS + "altLabel", SD + "volgorde"}
"""What two things may wrongly share."""

Row = tuple[str | None, ...]
"""What must be found: focus node, path, value, shape, severity."""


@dataclass(frozen=True)
class Line:
    """A statement of a file: its terms as they are written, and what they are."""

    subject: str
    predicate: str
    object: str
    about: str
    word: str
    value: str
    plain: str

    @property
    def names(self) -> tuple[str, str]:
        """The value as `verwacht.json` writes it: with a prefix, or as a literal."""
        return shorten(self.value), self.plain


@dataclass(frozen=True)
class Case:
    """The good and bad data of a folder, and what must be found in the bad."""

    good: tuple[Line, ...]
    bad: tuple[Line, ...]
    rows: tuple[Row, ...]


@cache
def lines_of(path: Path) -> tuple[Line, ...]:
    """The statements of a file in their order."""
    text = path.read_text("utf-8")
    return tuple(_line(text, statement) for statement in parse_text(text).statements)


def _line(text: str, statement: Statement) -> Line:
    triple, *spans = statement
    subject, predicate, object_ = (text[span.start : span.end] for span in spans)
    about, word, value = (str(getattr(term, "value", "")) for term in triple)
    return Line(subject, predicate, object_, about, word, value, str(triple.object))


@cache
def cases() -> tuple[Case, ...]:
    """Every folder with data of the tests."""
    return tuple(
        Case(
            lines_of(path.parent / "goed.ttl"),
            lines_of(path.parent / "fout.ttl"),
            tuple(map(tuple, json.loads(path.read_text("utf-8"))["bevindingen"])),
        )
        for path in sorted(CASES.glob("*/verwacht.json"))
    )


def written(lines: Sequence[Line]) -> str:
    """Statements as Turtle, a block for each subject."""
    blocks = []
    for subject in dict.fromkeys(line.subject for line in lines):
        said: dict[str, list[str]] = {}
        for line in lines:
            if line.subject == subject and line.object not in said.setdefault(line.predicate, []):
                said[line.predicate].append(line.object)
        blocks.append(
            f"{subject}\n" + " ;\n".join(f"    {p} {', '.join(o)}" for p, o in said.items()) + " .\n"
        )
    return "\n".join(blocks)


def prefixes(text: str) -> str:
    """The prefix lines an example needs: those of the project, and plans as folders below `id:`."""
    names = sorted({name for name, _ in _NAMES.findall(re.sub(r'"[^"]*"|<[^>]*>', "", text))})
    return "".join(f"@prefix {name}: <{PREFIXES.get(name, f'{ID}{name}/')}> .\n" for name in names)


class Examples:
    """Finds examples for the shapes of a rulebook."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book

    def of(self, shape: str) -> tuple[str, str]:
        """What fails and what passes, as Turtle without prefixes."""
        case, row = min(self._planted(shape), key=lambda found: _preference(*found))
        about = _About(self._book, shape)
        bad = _bad(case, row, about)
        instead = self._instead(row, about)
        if instead == TYPE:
            good = [self._renamed(line, about) for line in bad]
        elif _of_a_whole(case, row):
            good = _pair(case, bad, about)
        else:
            good = self._like(case, bad, about, instead)
        return written(bad), written(good)

    def _planted(self, shape: str) -> Iterator[tuple[Case, Row]]:
        for case in cases():
            for row in case.rows:
                if row[3] == shorten(shape):
                    yield case, row

    def _instead(self, row: Row, about: _About) -> str:
        """Of a name that should not be there: the property that should; `rdf:type` for a class."""
        if about.shape.endswith(("-vervangen", "-afgeleid")):
            found = expand(about.instead) or ""
            return found if about.instead.rpartition(":")[2][0].islower() else TYPE
        name = expand(row[1] or "") or ""
        return self._book.near(name, self._book.properties) if name.startswith(SD) else ""

    def _renamed(self, line: Line, about: _About) -> Line:
        return replace(line, object=about.instead) if line.word == TYPE else line

    def _like(self, case: Case, bad: Sequence[Line], about: _About, instead: str) -> list[Line]:
        """The element of the good data that has most in common with the bad one, and says least else."""
        words = about.words | {instead}
        shown = {line.word for line in bad} | {instead}
        said = {(line.word, line.value) for line in bad if line.word != LABEL}
        said |= {(TYPE, self._book.near(value, self._book.terms)) for word, value in said if word == TYPE}
        best: tuple[tuple[int, int], list[Line]] = ((-1, 0), [])
        for lines in (case.good, *(other.good for other in cases()), lines_of(BASE)):
            for own in map(_whole, _blocks(lines)):
                if not (
                    any(line.word == instead for line in own) if instead else self._is_target(own, about)
                ):
                    continue
                kept = [line for line in own if line.word in words]
                likeness = 2 * len({line.word for line in kept} & shown)
                likeness += len({(line.word, line.value) for line in kept} & said)
                likeness += about.inverse and any(line.word in about.own - {TYPE} for line in kept)
                score = likeness, -len(written(kept))
                if score > best[0]:
                    best = score, _with_others(kept, lines, about)
        return best[1]

    def _is_target(self, own: Sequence[Line], about: _About) -> bool:
        return any(
            line.word in about.subjects or (line.word == TYPE and about.kinds & self._above(line.value))
            for line in own
        )

    def _above(self, kind: str) -> set[str]:
        """A class and those above it."""
        found, todo = set[str](), [kind]
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo += [v.value for v in self._book.shared.values(one, RDFS + "subClassOf")]
        return found


class _About:
    """What a shape is about: its targets, its properties, and whether it looks beyond one element."""

    def __init__(self, book: Rulebook, shape: str) -> None:
        self.shape = shape
        self.kinds = {v.value for v in book.shapes.values(shape, SHACL + "targetClass")}
        self.subjects = {v.value for v in book.shapes.values(shape, SHACL + "targetSubjectsOf")}
        parts = list(_parts(book, shape))
        self.own = {value.value for _, value in parts if isinstance(value, ox.NamedNode)}
        self.own |= {
            expand(":".join(name)) or ""
            for word, value in parts
            if word == SHACL + "select"
            for name in _NAMES.findall(value.value)
        }
        self.words = self.own | {TYPE, LABEL}
        said = {word.removeprefix(SHACL) for word, _ in parts}
        self.inverse = bool(said & {"inversePath", "sparql"})
        self.beyond = self.inverse or "class" in said
        found = _INSTEAD.search(book.said(shape, "message", "nl"))
        self.instead = found[1] if found else ""


def _parts(book: Rulebook, shape: str) -> Iterator[tuple[str, Value]]:
    """What a shape says, and what is within it."""
    todo = [shape]
    while todo:
        for word, value in book.shapes.said(todo.pop()):
            yield word, value
            if isinstance(value, ox.BlankNode):
                todo.append(value.value)


def _preference(case: Case, row: Row) -> tuple[bool, bool, bool, int]:
    """Of what is planted for a shape: an element of ours, that says what it is, and little else."""
    own = [line for line in case.bad if shorten(line.about) == row[0]]
    elsewhere = str(row[0]).startswith("http")
    return not own, elsewhere, all(line.word != TYPE for line in own), len(own)


def _of_a_whole(case: Case, row: Row) -> bool:
    """Whether a finding about a plan is about the element that is its value."""
    return row[1] is None and row[2] != row[0] and any(shorten(line.about) == row[2] for line in case.bad)


def _bad(case: Case, row: Row, about: _About) -> list[Line]:
    """Of what is planted, what the finding is about, and what that leads to."""
    focus, path, value = row[:3]
    if _of_a_whole(case, row):
        chosen = [line for line in case.bad if shorten(line.about) == value and line.word in about.words]
        return _with_others(chosen, (*case.bad, *lines_of(BASE)), about)
    own = _whole([line for line in case.bad if shorten(line.about) == focus])
    said = [line for line in own if shorten(line.word) == path and value in (None, *line.names)]
    chosen = [
        line
        for line in own
        if line in said or (line.word in about.words and (shorten(line.word) != path or not said))
    ]
    return _with_others(chosen, (*case.bad, *lines_of(BASE)), about)


def _whole(own: list[Line]) -> list[Line]:
    """An element with what the base says of it, if it does not say itself what it is."""
    if not own or any(line.word == TYPE for line in own):
        return own
    return [line for line in lines_of(BASE) if line.about == own[0].about] + own


def _with_others(chosen: list[Line], lines: Sequence[Line], about: _About) -> list[Line]:
    """With the elements that it leads to, that point at it, and that share with it what only one may have."""
    base = {line.about for line in lines_of(BASE)}
    done = {line.about for line in chosen}
    while True:
        names = {line.object for line in chosen if line.word in _TWINS & about.own}
        near = {line.about for line in lines if line.word in _TWINS & about.own and line.object in names}
        if about.beyond:
            near |= {line.value for line in chosen} - base
        if about.inverse:
            near |= {t.about for t in lines if t.value in done and t.word in about.own - {TYPE}} - base
        more = [line for line in lines if line.about in near - done and line.word in about.words]
        if not more:
            return chosen
        chosen = chosen + more
        done = {line.about for line in chosen}


def _pair(case: Case, bad: Sequence[Line], about: _About) -> list[Line]:
    """Of a rule about a whole plan: two good elements of the kind of the bad one."""
    shown, kinds = {line.word for line in bad}, {line.value for line in bad if line.word == TYPE}
    found = [
        [line for line in own if line.word in about.words]
        for lines in (case.good, *(other.good for other in cases()), lines_of(BASE))
        for own in _blocks(lines)
        if shown <= {line.word for line in own} and any(line.value in kinds for line in own)
    ]
    return [line for own in found[:2] for line in own]


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.about, []).append(line)
    return list(found.values())
