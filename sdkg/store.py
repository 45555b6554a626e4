"""The store: Oxigraph on disk, as a cache of the files. Readers open it read-only and never wait for a build.

    <store folder>/current              the name of the generation that answers
    <store folder>/generations/<name>/  one generation: the store, its names, `manifest.json`, `queries.json`

A build writes a new generation beside the old one and then replaces `current`, so that being killed at any
moment leaves the last good generation in place. The generation before stays, for who had just opened it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyoxigraph as ox

from sdkg import __version__
from sdkg.errors import StoreError
from sdkg.project import Project

KEPT_GENERATIONS = 2
LAYOUT = 4
"""Raised when what is in the folder of a generation changes: older ones are then built anew."""


@dataclass(frozen=True)
class Stamp:
    """What tells that a file changed: SHA-256 (hex); size (bytes) and time (ns) to look at first."""

    digest: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Manifest:
    """What a generation was made of: stamps of the files, and the key that each step depended on."""

    engine: str
    files: Mapping[str, Stamp] = field(default_factory=dict)
    inferred: Mapping[str, str] = field(default_factory=dict)
    queries: str = ""

    @classmethod
    def load(cls, path: Path) -> Manifest:
        """The manifest in a generation's folder; an empty one if there is none that can be read."""
        try:
            raw: dict[str, Any] = json.loads((path / "manifest.json").read_text("utf-8"))
            files = {name: Stamp(**stamp) for name, stamp in raw.pop("files").items()}
            return cls(**raw, files=files)
        except (OSError, ValueError, TypeError, KeyError):
            return cls(engine="")

    def save(self, path: Path) -> None:
        """Write the manifest into a generation's folder."""
        (path / "manifest.json").write_text(json.dumps(asdict(self), indent=1), "utf-8")


def engine_name() -> str:
    """What builds stores, with versions: a store built by another version is built anew."""
    from importlib.metadata import version

    return f"sdkg {__version__}, oxigraph {version('pyoxigraph')}, layout {LAYOUT}"


def current(folder: Path) -> Path | None:
    """The folder of the generation that answers, or `None` if nothing was built yet."""
    try:
        path = folder / "generations" / (folder / "current").read_text("utf-8").strip()
    except OSError:
        return None
    return path if path.is_dir() else None


def open_current(folder: Path) -> tuple[ox.Store, Path]:
    """Open the generation that answers, for reading only.

    Raises:
        StoreError: nothing was built yet, or the store cannot be read.
    """
    for _ in range(2):  # a build may end between the look and the opening
        path = current(folder)
        if path is None:
            raise StoreError(f"{folder}: no store yet. Run 'sdkg build'.")
        try:
            return ox.Store.read_only(str(path / "store")), path
        except OSError as error:
            problem = error
    raise StoreError(f"{path}: the store cannot be read ({problem}). Remove {folder} and run 'sdkg build'.")


def stale_files(project: Project, manifest: Manifest) -> list[str]:
    """The names of files that changed since the store was built, are new, or are gone; by size and time."""
    seen = {}
    for path in project.data_files():
        stat = path.stat()
        seen[project.name_of(path)] = (stat.st_size, stat.st_mtime_ns)
    held = {name: (stamp.size, stamp.mtime_ns) for name, stamp in manifest.files.items()}
    return sorted(name for name in seen.keys() | held.keys() if seen.get(name) != held.get(name))


def write_generation(folder: Path, write: Callable[[ox.Store, Path, Path | None], None]) -> None:
    """Write a new generation: a copy of the current one, changed by `write`, that then becomes current.

    `write` gets the writable store, the generation's folder, where it leaves the manifest, and the folder
    of the generation that the store is a copy of, if it is. If it raises, nothing changes.
    """
    path = folder / "generations" / uuid4().hex
    path.mkdir(parents=True)
    old = current(folder)
    if old is not None and Manifest.load(old).engine != engine_name():
        old = None
    try:
        if old is not None:
            ox.Store.read_only(str(old / "store")).backup(str(path / "store"))
        _open_and_write(path, lambda store: write(store, path, old))
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise
    _make_current(folder, path)


def _open_and_write(path: Path, write: Callable[[ox.Store], None]) -> None:
    """In a function of its own: the store closes when its last reference goes."""
    store = ox.Store(str(path / "store"))
    write(store)
    store.flush()


def _make_current(folder: Path, path: Path) -> None:
    before = current(folder)
    pointer = folder / "current.new"
    pointer.write_text(path.name, "utf-8")
    pointer.replace(folder / "current")
    keep = {path, before}
    for other in (folder / "generations").iterdir():
        if other not in keep:
            shutil.rmtree(other, ignore_errors=True)
