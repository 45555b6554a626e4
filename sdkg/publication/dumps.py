"""Dumps: every part of the project in every syntax, plain and gzipped, the same bytes for the same data.

They are kept in `dumps/` beside the store, compressed, under a key of what they were made of: a catalogue can
then tell size and checksum of every file without writing it again, and only what changed is written. One
process at a time makes what is missing; who comes second finds it made.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from sdkg.errors import InputError, Place, ProjectError, StoreError
from sdkg.export import Ordered, rebase, serialize
from sdkg.formats import Syntax
from sdkg.namespaces import BASE, ID
from sdkg.project import Project
from sdkg.publication.composing import compose
from sdkg.publication.parts import ALL, SYNTAXES, Part, parts, together
from sdkg.publication.statistics import Statistics, count
from sdkg.reading import digest
from sdkg.store import engine_name

if TYPE_CHECKING:
    from filelock import BaseFileLock

_CHUNK = 1 << 20
_WORTH_SPREADING = 12
"""Below so many parts, starting processes takes longer than they save."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Dump:
    """One file of a dump: its name, size in bytes and SHA-256 (hex)."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Record:
    """What is known of a part: its key, its files by name, its statistics, and what a plan says of itself.

    `about` is N-Triples with our own IRIs, empty for what is no plan. `blank`: whether there are blank nodes.
    """

    part: str
    key: str
    files: Mapping[str, Dump]
    statistics: Statistics
    about: str = ""
    blank: bool = False


class Dumps:
    """The dumps of a project.

    Args:
        project: whose dumps.
        base_url: what the IRIs in them start with.

    Raises:
        InputError, QueryError: a file cannot be read, or a query is faulty.
        StoreError: the folder of the dumps cannot be written.
    """

    def __init__(self, project: Project, base_url: str = BASE) -> None:
        self.project = project
        self.base_url = base_url
        self.folder = project.store_folder / "dumps" / digest(base_url.encode())[:8]

    def records(self, workers: int = 1, progress: Progress = lambda _: None) -> dict[str, Record]:
        """What is known of every part, by name; makes what changed.

        Args:
            workers: how many processes share what there is to make.
            progress: is told now and then what has been made.
        """
        kept = self.kept()
        if kept is not None:
            return kept
        with self._lock():
            found = parts(self.project)
            keyed = [(part, self._key_of(part)) for part in found if part.name != ALL]
            missing = [(part, key) for part, key in keyed if self._kept(part.name, key) is None]
            made = {record.part: record for record in self._make(missing, workers, progress)}
            records = {part.name: made.get(part.name) or self._kept_or_made(part, key) for part, key in keyed}
            return {ALL: self._whole(together(found), records), **records}

    def kept(self) -> dict[str, Record] | None:
        """What is known of every part, if all of it is there already; makes nothing.

        Raises:
            InputError: a file cannot be read.
        """
        found, records = parts(self.project), dict[str, Record]()
        for part in found:
            record = self._kept(part.name, self._key_of(part)) if part.name != ALL else None
            if part.name != ALL and record is None:
                return None
            records |= {part.name: record} if record else {}
        whole = self._kept(ALL, _key_together(together(found), records))
        return None if whole is None else {ALL: whole, **records}

    def _make(
        self, missing: Sequence[tuple[Part, str]], workers: int, progress: Progress
    ) -> Iterator[Record]:
        """The records of what is missing; what another process made meanwhile is found."""
        if not missing:
            return
        with ExitStack() as stack:
            spread: Callable[..., Iterator[Record]] = map
            if workers > 1 and len(missing) >= _WORTH_SPREADING:
                pool = ProcessPoolExecutor(workers, get_context("spawn"))
                spread = stack.enter_context(pool).map
            for number, record in enumerate(spread(self._kept_or_made, *zip(*missing, strict=True)), 1):
                yield record
                if number % 10 == 0:
                    progress(f"dumps of {number} of {len(missing)} parts")

    def _kept_or_made(self, part: Part, key: str) -> Record:
        return self._kept(part.name, key) or self._made(part, key)

    def _lock(self) -> BaseFileLock:
        """Held by who makes dumps.

        Raises:
            StoreError: the folder cannot be written.
        """
        from filelock import FileLock

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return FileLock(self.folder / "lock")
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> StoreError:
        return StoreError(f"{self.folder}: dumps cannot be written ({error.strerror}).")

    def find(self, name: str) -> tuple[Dump, Path]:
        """A dump by its name, and the compressed file that holds it, of the dump itself or of its `.gz`.

        Raises:
            ProjectError: there is no such dump.
        """
        part, _, ending = name.removesuffix(".gz").rpartition(".")
        found = {one.name: one for one in parts(self.project)}
        if part not in found or ending not in {syntax.ending for syntax in SYNTAXES}:
            raise ProjectError(f"There is no dump '{name}'.")
        one = found[part]
        record = self.records()[ALL] if part == ALL else self._kept_or_made(one, self._key_of(one))
        return record.files[name], self.file_of(record, ending)

    def file_of(self, record: Record, ending: str) -> Path:
        """The compressed file of a syntax, by its ending."""
        return self._file(record.part, record.key, ending)

    def write(self, folder: Path, workers: int = 1, progress: Progress = lambda _: None) -> list[Path]:
        """Write all dumps into a folder: a new one, or in the place of dumps that are there.

        All or nothing: until the last file is complete, what was there stays as it was.

        Raises:
            InputError: the folder holds something else, or cannot be written.
        """
        records = self.records(workers, progress)
        names = {name for record in records.values() for name in record.files}
        _refuse_others(folder, names)
        fresh = folder.with_name(folder.name + ".part")
        try:
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir(parents=True)
            for record in records.values():
                self._copy(record, fresh)
            _swap(fresh, folder)
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror}.", Place(folder)) from None
        return sorted(folder.iterdir())

    def _copy(self, record: Record, folder: Path) -> None:
        for name in record.files:
            if name.endswith(".gz"):
                packed = self._file(record.part, record.key, name.split(".")[-2])
                shutil.copyfile(packed, folder / name)
                with gzip.open(packed) as source, (folder / name.removesuffix(".gz")).open("wb") as target:
                    shutil.copyfileobj(source, target, _CHUNK)

    def _file(self, part: str, key: str, ending: str) -> Path:
        return self.folder / f"{part}-{key[:16]}.{ending}.gz"

    def _key_of(self, part: Part) -> str:
        return digest(f"{_writer()} {self.base_url} {part.key(self.project)}".encode())

    def _made(self, part: Part, key: str) -> Record:
        stated = list(part.quads(self.project))
        quads = list(rebase(stated, self.base_url))
        ordered = Ordered(quads)
        files: dict[str, Dump] = {}
        for syntax in SYNTAXES:
            files |= self._save(part.name, key, syntax, [ordered.write(syntax.name)])
        itself = ox.NamedNode(ID + part.name)
        about = [quad.triple for quad in stated if quad.subject == itself] if part.is_plan else []
        said = "".join(f"{triple} .\n" for triple in sorted(about, key=str))
        blank = any(isinstance(t, ox.BlankNode) for quad in quads for t in (quad.subject, quad.object))
        return self._keep(Record(part.name, key, files, self._count(part.name, key), said, blank))

    def _whole(self, found: Sequence[Part], records: Mapping[str, Record]) -> Record:
        made_of, key = [records[part.name] for part in found], _key_together(found, records)
        kept = self._kept(ALL, key)
        if kept:
            return kept
        files: dict[str, Dump] = {}
        for syntax in SYNTAXES:
            files |= self._save(ALL, key, syntax, self._composed(found, made_of, syntax))
        return self._keep(Record(ALL, key, files, self._count(ALL, key)))

    def _composed(self, found: Iterable[Part], records: Sequence[Record], syntax: Syntax) -> Iterable[bytes]:
        """The text of several parts as one; blank nodes of two parts might share a name, so then anew."""
        if any(record.blank for record in records):
            quads = (quad for part in found for quad in rebase(part.quads(self.project), self.base_url))
            return [serialize(quads, syntax.name)]
        texts = (_unpacked(self._file(one.part, one.key, syntax.ending)) for one in records)
        return compose(texts, syntax.name)

    def _count(self, part: str, key: str) -> Statistics:
        with gzip.open(self._file(part, key, "nt")) as lines:
            return count(lines, self.base_url)

    def _save(self, part: str, key: str, syntax: Syntax, chunks: Iterable[bytes]) -> dict[str, Dump]:
        """Write a dump, compressed; its size and checksum, and those of the compressed file."""
        path = self._file(part, key, syntax.ending)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        size, plain = 0, hashlib.sha256()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as target, pack(target) as packed:
                for chunk in chunks:
                    size += len(chunk)
                    plain.update(chunk)
                    packed.write(chunk)
            fresh.replace(path)
        except OSError as error:
            raise self._unwritable(error) from None
        name = f"{part}.{syntax.ending}"
        zipped = Dump(f"{name}.gz", path.stat().st_size, _sha256(path))
        return {name: Dump(name, size, plain.hexdigest()), zipped.name: zipped}

    def _kept(self, part: str, key: str) -> Record | None:
        try:
            raw = json.loads((self.folder / f"{part}-{key[:16]}.json").read_text("utf-8"))
            files = {name: Dump(**dump) for name, dump in raw["files"].items()}
            statistics = Statistics(**raw["statistics"])
            record = Record(part, raw["key"], files, statistics, raw["about"], raw["blank"])
        except (OSError, ValueError, TypeError, KeyError):
            return None
        present = all(self._file(part, key, syntax.ending).is_file() for syntax in SYNTAXES)
        return record if present and record.key == key else None

    def _keep(self, record: Record) -> Record:
        path = self.folder / f"{record.part}-{record.key[:16]}.json"
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.write_text(json.dumps(asdict(record), sort_keys=True), "utf-8")
        fresh.replace(path)
        for old in self.folder.glob(f"{record.part}-????????????????.*"):
            if not old.name.startswith(f"{record.part}-{record.key[:16]}."):
                old.unlink(missing_ok=True)
        return record


def _key_together(found: Iterable[Part], records: Mapping[str, Record]) -> str:
    return digest(" ".join([_writer(), *(records[part.name].key for part in found)]).encode())


def pack(target: IO[bytes]) -> gzip.GzipFile:
    """A gzip stream without name and time, so that the same content gives the same bytes (RFC 1952, 2.3).

    Example:
        >>> import io
        >>> made = [io.BytesIO(), io.BytesIO()]
        >>> for one in made:
        ...     with pack(one) as packed:
        ...         _ = packed.write(b"tekst")
        >>> made[0].getvalue() == made[1].getvalue()
        True
    """
    return gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=target, mtime=0)


@cache
def _writer() -> str:
    """What writes the dumps: another version of it must not reuse what this one wrote."""
    import sdkg.export
    import sdkg.publication.composing
    import sdkg.publication.statistics
    import sdkg.query_graph
    import sdkg.turtle

    publication = (sdkg.publication.composing, sdkg.publication.statistics)
    modules = (sdkg.export, *publication, sdkg.query_graph, sdkg.turtle)
    code = [digest(Path(str(module.__file__)).read_bytes()) for module in modules]
    return " ".join([engine_name(), digest(Path(__file__).read_bytes()), *code])


def _unpacked(path: Path) -> Iterator[bytes]:
    with gzip.open(path) as source:
        while chunk := source.read(_CHUNK):
            yield chunk


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_others(folder: Path, names: Iterable[str]) -> None:
    """Refuse to replace a folder that holds anything but dumps."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError("this is a file.", Place(folder), "Name a folder.")
    endings = tuple(f".{syntax.ending}{more}" for syntax in SYNTAXES for more in ("", ".gz"))
    known = set(names)
    others = [path.name for path in folder.iterdir() if path.name not in known]
    strange = [name for name in others if not name.endswith(endings)]
    if strange:
        what = ", ".join(sorted(strange)[:3])
        raise InputError(f"holds more than dumps ({what}).", Place(folder), "Name an empty or new folder.")


def _swap(fresh: Path, folder: Path) -> None:
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
