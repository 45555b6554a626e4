"""What the shapes look at: a plan together with what all plans share, which is loaded once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from sdkg.validation.data import Data

_OWN = ox.NamedNode("urn:sdkg:own")
_USES = 20
"""After so many plans the store is made anew: one in memory keeps the terms of what was removed."""


@dataclass(frozen=True)
class Seen:
    """All that may be looked at: indexed, for SPARQL (the union of the graphs of a store), and as it is."""

    data: Data
    store: ox.Store
    triples: tuple[ox.Triple, ...]


class Shared:
    """Triples that are seen with others, time and again.

    Example:
        >>> shared = Shared([ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.Literal("x"))])
        >>> with shared.seen_with([]) as seen:
        ...     len(seen.triples)
        1
    """

    def __init__(self, triples: Iterable[ox.Triple] = ()) -> None:
        self.triples = tuple(triples)
        self._uses = 0

    @cached_property
    def _data(self) -> Data:
        return Data(self.triples)

    @cached_property
    def _store(self) -> ox.Store:
        store = ox.Store()
        store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in self.triples)
        return store

    @contextmanager
    def seen_with(self, own: Iterable[ox.Triple]) -> Iterator[Seen]:
        """These triples and some more, for as long as the context lasts."""
        more = tuple(own)
        self._uses += 1
        if self._uses % _USES == 0:
            self.__dict__.pop("_store", None)
        self._store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, _OWN) for t in more)
        try:
            yield Seen(Data(more, self._data), self._store, (*more, *self.triples))
        finally:
            self._store.remove_graph(_OWN)
