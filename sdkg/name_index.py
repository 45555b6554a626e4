"""What things are called, in an index beside the store: SQLite, with a row per name and its words (FTS5).

A build keeps it up to date by graph. `sdkg.names` looks things up in it, `sdkg.search` searches it.
"""

from __future__ import annotations

import difflib
import re
import shutil
import sqlite3
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from sdkg.namespaces import INFERRED, RDF, RDFS, SD, SKOS

FILE = "names.sqlite"
"""The name of the index in the folder of a generation."""

NAMING = (
    SKOS + "prefLabel",
    RDFS + "label",
    SKOS + "altLabel",
    SKOS + "notation",
    SD + "bwbId",
    SD + "cbsCode",
    SD + "kamerstuk",
)
"""The properties whose values are names; the first two are what a thing is called first."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS name (
  id INTEGER PRIMARY KEY, graph TEXT NOT NULL, iri TEXT NOT NULL, ending TEXT NOT NULL,
  class TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, rank INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS by_folded ON name (folded);
CREATE INDEX IF NOT EXISTS by_iri ON name (iri, rank);
CREATE INDEX IF NOT EXISTS by_graph ON name (graph);
CREATE INDEX IF NOT EXISTS by_ending ON name (ending);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (folded);
CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab (words, row);
CREATE VIRTUAL TABLE IF NOT EXISTS part USING fts5 (word, tokenize = 'trigram');
"""
_ROWS = "SELECT name.iri, name.name, name.folded, name.class, name.rank FROM name"
_MOST_WORDS = 60
_TYPE = ox.NamedNode(RDF + "type")


@dataclass(frozen=True)
class Named:
    """A name of a thing: as written and folded.

    `rank` orders the names of a thing: by the naming property, as in `NAMING`, and Dutch first.
    """

    iri: str
    name: str
    folded: str
    cls: str
    rank: int


def fold(text: str) -> str:
    """A text without case, accents and superfluous blanks, to compare names by.

    Example:
        >>> fold("  Privé-Gegevens ")
        'prive-gegevens'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def write_index(folder: Path, store: ox.Store, graphs: Iterable[str], before: Path | None = None) -> None:
    """Write the index of a generation.

    Args:
        folder: the folder of the generation.
        store: its store.
        graphs: the IRIs of the graphs that changed, came or went; graphs of inferences hold no names.
        before: the folder of the generation it is a copy of, if any.
    """
    path = folder / FILE
    if before is not None and (before / FILE).is_file():
        shutil.copyfile(before / FILE, path)
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(_SCHEMA)
        for graph in graphs:
            if not graph.startswith(INFERRED):
                _replace(base, store, graph)
        gone = "SELECT rowid FROM part WHERE word NOT IN (SELECT term FROM vocabulary)"
        base.execute(f"DELETE FROM part WHERE rowid IN ({gone})")  # noqa: S608
        new = "SELECT term FROM vocabulary WHERE term NOT IN (SELECT word FROM part)"
        base.execute(f"INSERT INTO part (word) {new}")


def _replace(base: sqlite3.Connection, store: ox.Store, graph: str) -> None:
    base.execute("DELETE FROM words WHERE rowid IN (SELECT id FROM name WHERE graph = ?)", [graph])
    base.execute("DELETE FROM name WHERE graph = ?", [graph])
    for named in _names(store, ox.NamedNode(graph)):
        added = base.execute(
            "INSERT INTO name (graph, iri, ending, class, name, folded, rank) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [graph, named.iri, _ending(named.iri), named.cls, named.name, named.folded, named.rank],
        )
        base.execute("INSERT INTO words (rowid, folded) VALUES (?, ?)", [added.lastrowid, named.folded])


def _names(store: ox.Store, graph: ox.NamedNode) -> Iterator[Named]:
    classes: dict[str, str] = {}
    for place, naming in enumerate(NAMING):
        for quad in store.quads_for_pattern(None, ox.NamedNode(naming), None, graph):
            thing, name = quad.subject, quad.object
            if not (isinstance(thing, ox.NamedNode) and isinstance(name, ox.Literal)):
                continue
            if thing.value not in classes:
                types = store.quads_for_pattern(thing, _TYPE, None, graph)
                found = sorted(str(quad.object)[1:-1] for quad in types)
                classes[thing.value] = next((c for c in found if c.startswith(SD)), (found or [""])[0])
            rank = 2 * place + (name.language not in (None, "nl"))
            yield Named(thing.value, name.value, fold(name.value), classes[thing.value], rank)


def _ending(iri: str) -> str:
    return re.split("[/#]", iri)[-1]


class NameIndex:
    """The index of a generation, to read.

    Raises:
        OSError: there is none in the folder.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / FILE
        if not path.is_file():
            raise FileNotFoundError(path)
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._base = sqlite3.connect(uri, uri=True, check_same_thread=False)

    def called(self, name: str) -> list[Named]:
        """The names that are `name`, folded, and those of things whose IRI ends in it."""
        either = f"{_ROWS} WHERE folded = ? OR ending = ? ORDER BY iri, rank, name"
        return self._read(either, [fold(name), name])

    def preferred(self, iri: str) -> Named | None:
        """What a thing is called first, if it has a name."""
        return next(iter(self._read(f"{_ROWS} WHERE iri = ? ORDER BY rank, id LIMIT 1", [iri])), None)

    def like(self, text: str, classes: Collection[str] = (), limit: int = 200) -> list[Named]:
        """Names that hold the words of a text, or words like them: the best `limit` by BM25.

        Args:
            text: what was typed; words may be parts of words, and may have slips of the pen.
            classes: the IRIs of the classes that count; all if empty.
            limit: how many at most.
        """
        folded = fold(text)
        words = [self._alike(word) for word in re.findall(r"[^\W_]+", folded)[:12]]
        known = [" OR ".join(f'"{word}"' for word in alike) for alike in words if alike]
        if not known:
            return []
        only = f" AND name.class IN ({', '.join('?' * len(classes))})" if classes else ""
        holding = f"{_ROWS} JOIN words ON words.rowid = name.id WHERE words MATCH ?{only}"
        found = self._read(f"{_ROWS} WHERE folded = ?{only}", [folded, *classes])
        for join in (" AND ", " OR ") if len(known) > 1 else (" AND ",):
            matching = join.join(f"({alike})" for alike in known)
            found += self._read(f"{holding} ORDER BY words.rank LIMIT ?", [matching, *classes, limit])
            if found:
                break
        return list(dict.fromkeys(found))[:limit]

    def _alike(self, word: str) -> list[str]:
        """The words of the names that hold a word; if none does, those it may be a slip of."""
        if len(word) > 2:
            holding = self._words(
                "part MATCH ? ORDER BY length(word), word LIMIT ?", [f'"{word}"', _MOST_WORDS]
            )
        else:
            holding = self._words("word = ? LIMIT ?", [word, 1])
        if holding:
            return holding
        parts = {word[n : n + 3] for n in range(len(word) - 2)}
        near = []
        if parts:
            matching = " OR ".join(f'"{part}"' for part in sorted(parts))
            near = self._words("part MATCH ? ORDER BY rank LIMIT ?", [matching, 200])
        close = difflib.get_close_matches(word, near, n=5, cutoff=0.75)
        if close or len(word) < 3 or len(word) > 6:
            return close
        short = self._words("length(word) BETWEEN ? AND ? LIMIT ?", [len(word) - 1, len(word) + 1, 20_000])
        return difflib.get_close_matches(word, short, n=5, cutoff=0.75)

    def _words(self, where: str, values: list[object]) -> list[str]:
        return [word for (word,) in self._base.execute(f"SELECT word FROM part WHERE {where}", values)]  # noqa: S608

    def _read(self, query: str, values: list[object]) -> list[Named]:
        return [Named(*row) for row in self._base.execute(query, values)]
