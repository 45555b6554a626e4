"""Jobs: what a worker is asked to do, what it has to do it with, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from sdkg.web.settings import Settings

if TYPE_CHECKING:
    from sdkg.graph import KnowledgeGraph


@dataclass(frozen=True)
class Desk:
    """What a worker has: the graph, opened once per generation of the store, and the settings."""

    graph: KnowledgeGraph
    settings: Settings


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer: body, media type (with its charset where due), status and more headers.

    An answer with status 200 is kept and given again until the data change, unless its `Cache-Control` says
    `no-store` or `private`.
    """

    body: bytes
    media_type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str | None:
        """The value of one of the headers.

        Example:
            >>> Answer(b"", "text/plain", headers=(("Link", "</x>"),)).header("link")
            '</x>'
        """
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True)
class Ready:
    """What a worker says when it has opened the store: which generation, and when that was built."""

    generation: str
    modified: float


Job = Callable[..., Answer]


@cache
def find_job(name: str) -> Job:
    """The function of a name like `sdkg.web.sparql:answer_query`.

    Example:
        >>> find_job("sdkg.web.jobs:find_job").__name__
        'find_job'
    """
    module, _, function = name.partition(":")
    job: Job = getattr(import_module(module), function)
    return job
