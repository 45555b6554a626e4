"""What a server is told when it starts: where it listens, what it calls itself, and its limits."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sdkg.namespaces import BASE

HOST, PORT = "127.0.0.1", 8000
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Settings:
    """The settings of a server; the same in the application and in its workers.

    Attributes:
        project: the folder of the project.
        base_url: what the addresses served start with; ends in a slash. It takes the place of `BASE`.
        rebase_data: whether the data are written under `base_url` too; else only links move.
        workers: how many worker processes answer; so many jobs run at a time.
        timeout: how many seconds a job may take, and may wait for a worker.
        max_rows: how many rows or triples an answer may have.
        max_bytes: how many bytes an answer may have, before compression.
        max_request: how many bytes a request may have.
        max_waiting: how many jobs may wait for a worker.
        max_memory: how many bytes of memory a worker may take; 0 for as many as there are.
        max_cache: how many bytes of answers are kept.
        max_age: for how many seconds others may keep an answer without asking whether it still holds.
        allow_service: the hosts that SERVICE may ask, with their port if a URL has one.

    Example:
        >>> Settings(base_url="https://data.example.nl/beleid").base_url
        'https://data.example.nl/beleid/'
    """

    project: Path = Path()
    base_url: str = f"http://{HOST}:{PORT}/"
    rebase_data: bool = False
    workers: int = max(4, os.cpu_count() or 1)
    timeout: float = 30.0
    max_rows: int = 100_000
    max_bytes: int = 50 * MEGABYTE
    max_request: int = MEGABYTE
    max_waiting: int = 64
    max_memory: int = 4000 * MEGABYTE
    max_cache: int = 64 * MEGABYTE
    max_age: int = 0
    allow_service: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", self.base_url.rstrip("/") + "/")

    @property
    def data_base(self) -> str:
        """What the IRIs in the data start with as they are served."""
        return self.base_url if self.rebase_data else BASE

    def served(self, iri: str) -> str:
        """Where an IRI of ours is served; any other IRI is what it is.

        Example:
            >>> Settings(base_url="http://localhost:8000").served("https://w3id.org/sociaal-domein/id/x/y")
            'http://localhost:8000/id/x/y'
        """
        return self.base_url + iri[len(BASE) :] if iri.startswith(BASE) else iri
