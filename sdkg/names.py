"""From what people call a thing to its IRI, on any engine.

By IRI, end of IRI, label, alias or identifier, in any case, with or without accents. A built store has an
index of its names; of an endpoint a name that is written just as in the data is asked for, and for any other
all names of the class are compared.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

import pyoxigraph as ox

from sdkg.engines import Engine, select
from sdkg.errors import AmbiguousNameError, UnknownNameError
from sdkg.name_index import NAMING, Named, NameIndex, fold
from sdkg.namespaces import ID, RDF, RDFS, REFERENCE_FOLDERS, expand, shorten

_PATH = "|".join(f"<{iri}>" for iri in NAMING)
_IS_A = f"?iri <{RDF}type>"
_SUBCLASS = ox.NamedNode(RDFS + "subClassOf")
_TYPE = ox.NamedNode(RDF + "type")
_LANGUAGES = ("nl", "en")
_END = re.compile(r"[\w.-]+\Z")
_SLUG = re.compile(r"(?P<plan>[a-z][a-z0-9-]*):(?P<local>[\w./-]+)\Z")
_LONGEST = 2_000


class Names(Protocol):
    """What things are called, wherever that is held."""

    def first(self, iris: Iterable[ox.NamedNode], cls: str | None) -> str | None:
        """The first of some IRIs that is known, and has the class."""

    def called(self, name: str, cls: str | None) -> Collection[Named]:
        """The names in a class that are `name`, folded, and those of things whose IRI ends in it."""

    def like(self, text: str, cls: str | None) -> Collection[Named]:
        """Names of things of a class to compare with what was typed."""


def find(names: Names, name: str, cls: str | None = None) -> str:
    """The IRI of the one thing that has a name.

    Args:
        names: where to look.
        name: an IRI (bare or in angle brackets), a prefixed name, the end of an IRI, a label, an alias, or
            an identifier (BWB id, CBS code).
        cls: the IRI of the class the thing must have, or `None` for anything.

    Raises:
        UnknownNameError: nothing has that name; `candidates` are the nearest.
        AmbiguousNameError: more than one thing has it; `candidates` are those.

    Example:
        >>> from sdkg import load
        >>> find(load().names, "PARTICIPATIEWET", "https://w3id.org/sociaal-domein/def#Wet")
        'https://w3id.org/sociaal-domein/id/wet/participatiewet'
    """
    name = name.strip()
    known = names.first(_as_iris(name), cls)
    if known is not None:
        return known
    rows = names.called(name, cls) if 0 < len(name) <= _LONGEST else []
    written = {row.iri for row in rows if row.name == name}
    ends = {row.iri for row in rows if row.iri.startswith(ID) and row.iri.endswith("/" + name)}
    found = written or ends or {row.iri for row in rows}
    if len(found) == 1:
        return found.pop()
    if found:
        listed = _listed(sorted(found), rows)
        raise AmbiguousNameError(
            f"'{name}' is the name of {len(found)} things. Choose one:\n{listed}", sorted(found)
        )
    raise _unknown(name, cls, names.like(name[:_LONGEST], cls))


def _as_iris(name: str) -> Iterator[ox.NamedNode]:
    """The IRIs that a name may be, or be the end of, the most likely first."""
    bare = name[1:-1] if name.startswith("<") and name.endswith(">") else name
    slug = _SLUG.match(bare)
    tries = [bare, expand(bare), f"{ID}{slug['plan']}/{slug['local']}" if slug else None]
    if _END.match(bare):
        tries += [ID + bare, *(f"{ID}{folder}/{bare}" for folder in REFERENCE_FOLDERS)]
    for iri in tries:
        if iri and "://" in iri:
            try:
                yield ox.NamedNode(iri)
            except ValueError:
                continue


class Indexed:
    """The names of a built store: its index, and the store for classes."""

    def __init__(self, index: NameIndex, store: ox.Store) -> None:
        self.index, self._store = index, store

    def first(self, iris: Iterable[ox.NamedNode], cls: str | None) -> str | None:
        """See `Names.first`."""
        return next((node.value for node in iris if self._is_there(node, cls)), None)

    def called(self, name: str, cls: str | None) -> list[Named]:
        """See `Names.called`."""
        rows = self.index.called(name)
        return [row for row in rows if cls is None or self._is_there(ox.NamedNode(row.iri), cls)]

    def like(self, text: str, cls: str | None = None) -> list[Named]:
        """See `Names.like`."""
        return self.index.like(text, self._narrower(cls) if cls else ())

    def _is_there(self, node: ox.NamedNode, cls: str | None) -> bool:
        found = self._store.quads_for_pattern
        if cls:
            return any(found(node, _TYPE, ox.NamedNode(cls), None))
        return any(found(node, None, None, None)) or any(found(None, None, node, None))

    def _narrower(self, cls: str) -> list[str]:
        """A class and those below it."""
        found = [cls]
        for above in found:
            below = self._store.quads_for_pattern(None, _SUBCLASS, ox.NamedNode(above), None)
            found += sorted(
                {quad.subject.value for quad in below if isinstance(quad.subject, ox.NamedNode)} - {*found}
            )
        return found


class Asked:
    """The names of an endpoint, asked of it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def first(self, iris: Iterable[ox.NamedNode], cls: str | None) -> str | None:
        """See `Names.first`."""
        tries = list(iris)
        if not tries:
            return None
        values = f"VALUES ?iri {{ {' '.join(map(str, tries))} }}"
        is_there = f"{values} {_IS_A} {ox.NamedNode(cls)}" if cls else ""
        found = self._iris(is_there or f"{{ {values} ?iri ?p ?o }} UNION {{ {values} ?s ?q ?iri }}")
        return next((node.value for node in tries if node.value in found), None)

    def called(self, name: str, cls: str | None) -> list[Named]:
        """See `Names.called`; others are only looked for when nothing is called just so."""
        texts = [ox.Literal(name), *(ox.Literal(name, language=language) for language in _LANGUAGES)]
        kind = f"{_IS_A} {ox.NamedNode(cls)} ." if cls else ""
        just_so = self._iris(f"VALUES ?name {{ {' '.join(map(str, texts))} }} ?iri {_PATH} ?name . {kind}")
        if just_so:
            return [Named(iri, name, fold(name), cls or "", 0) for iri in sorted(just_so)]
        return [row for row in self._all(cls) if row.folded == fold(name) or row.iri.endswith("/" + name)]

    def like(self, text: str, cls: str | None) -> list[Named]:
        """See `Names.like`: all there are."""
        return list(self._all(cls)) if text else []

    def _iris(self, pattern: str) -> set[str]:
        rows = select(self._engine, f"SELECT DISTINCT ?iri {{ {pattern} }}")
        return {row["iri"].value for row in rows if isinstance(row["iri"], ox.NamedNode)}

    def _all(self, cls: str | None) -> Iterator[Named]:
        kind = f"{_IS_A} {ox.NamedNode(cls)} ." if cls else ""
        for row in select(self._engine, f"SELECT DISTINCT ?iri ?name {{ {kind} ?iri {_PATH} ?name }}"):
            iri, name = row["iri"], row["name"]
            if isinstance(iri, ox.NamedNode) and isinstance(name, ox.Literal):
                yield Named(iri.value, name.value, fold(name.value), cls or "", 0)


def _listed(iris: Iterable[str], rows: Iterable[Named]) -> str:
    names: dict[str, str] = {}
    for row in rows:
        names.setdefault(row.iri, row.name)
    return "\n".join(f"  {shorten(iri)}  {names[iri]}" for iri in iris)


def _unknown(name: str, cls: str | None, rows: Collection[Named]) -> UnknownNameError:
    wanted = fold(name)
    owners: dict[str, str] = {}
    for row in rows:
        for text in (row.folded, fold(row.iri.rpartition("/")[2])):
            owners.setdefault(text, row.iri)
    near = difflib.get_close_matches(wanted, owners, n=3, cutoff=0.6)
    near += [text for text in owners if wanted and wanted in text and text not in near][: 3 - len(near)]
    iris = list(dict.fromkeys(owners[text] for text in near))
    what = f" of class {shorten(cls)}" if cls else ""
    hint = " Did you mean:\n" + _listed(iris, rows) if iris else ""
    return UnknownNameError(f"Nothing{what} is called '{name}'.{hint}", iris)
