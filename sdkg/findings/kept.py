"""What was found in files that have not changed since: kept beside the store, and never more than a cache."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sdkg import __version__
from sdkg.errors import InputError
from sdkg.files import write_atomically
from sdkg.findings.model import Located, Region, Related, Text
from sdkg.findings.part import Part

FORM = 1
"""Raised when what is kept is written in another way."""


class Kept:
    """Parts by their names, each with the digest of all that it depends on.

    Args:
        path: the file to keep them in; one that is not there or cannot be read is as good as empty.
        shared: the digest of what all parts depend on; what was kept with another is forgotten.
    """

    def __init__(self, path: Path, shared: str) -> None:
        self._path = path
        self._key = f"sdkg {__version__}, form {FORM}, {shared}"
        self._parts: dict[str, Any] = {}
        self._changed = False
        with suppress(OSError, ValueError, TypeError, KeyError):
            raw = json.loads(path.read_text("utf-8"))
            self._parts = raw["parts"] if raw["key"] == self._key else {}

    @property
    def is_known(self) -> bool:
        """Whether something was found with what all parts depend on as it is now: it can be read."""
        return bool(self._parts)

    def links(self, name: str, digest: str) -> tuple[str, ...] | None:
        """What may be plans that a part points at, if its file still has this digest."""
        held = self._parts.get(name)
        return tuple(held["links"]) if held and held["digest"] == digest else None

    def part(self, name: str, digest: str, near: str) -> Part | None:
        """What was found in a part whose file and whose neighbours still have these digests."""
        held = self._parts.get(name)
        if not held or (held["digest"], held["near"]) != (digest, near):
            return None
        return Part(tuple(map(_read, held["findings"])), tuple(held["links"]))

    def keep(self, name: str, digest: str, near: str, part: Part) -> None:
        """Keep what was found."""
        findings = [asdict(finding) for finding in part.findings]
        self._parts[name] = {"digest": digest, "near": near, "links": part.links, "findings": findings}
        self._changed = True

    def save(self, names: frozenset[str]) -> None:
        """Write what is kept of these parts, if it changed; without a word where that is not allowed."""
        parts = {name: part for name, part in self._parts.items() if name in names}
        if not self._changed and len(parts) == len(self._parts):
            return
        with suppress(OSError, InputError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, json.dumps({"key": self._key, "parts": parts}).encode())


def _read(raw: Mapping[str, Any]) -> Located:
    texts = {word: Text(**raw[word]) for word in ("what", "todo", "name", "asks")}
    related = tuple(Related(Region(**r["region"]), Text(**r["why"])) for r in raw["related"])
    return Located(**{**raw, **texts, "region": Region(**raw["region"]), "related": related})
