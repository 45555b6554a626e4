"""Does an address answer? Asked over HTTP, told by what the project serves, or not told at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

TIMEOUT = 10.0
_WORKERS = 8


class Reach(Protocol):
    """Something that tells whether addresses answer with status 200."""

    @property
    def asks(self) -> bool:
        """Whether it can tell."""
        ...

    @property
    def how(self) -> str:
        """How it tells, for the report."""
        ...

    def answers(self, urls: Sequence[str]) -> Mapping[str, bool]:
        """Whether each address answers."""
        ...


@dataclass(frozen=True)
class Unasked:
    """Nobody asks.

    Example:
        >>> Unasked().asks
        False
    """

    asks: bool = False
    how: str = "addresses were not asked: with --ask they are, for 80 points"

    def answers(self, urls: Sequence[str]) -> Mapping[str, bool]:
        """Nothing is known."""
        return dict.fromkeys(urls, False)


@dataclass(frozen=True)
class Served:
    """The project serves these addresses, `sdkg serve` and the written dumps alike.

    Example:
        >>> Served({"https://example.org/a"}).answers(["https://example.org/a", "https://example.org/b"])
        {'https://example.org/a': True, 'https://example.org/b': False}
    """

    urls: Collection[str]
    asks: bool = True
    how: str = "addresses were not asked: they are among those that the project serves"

    def answers(self, urls: Sequence[str]) -> Mapping[str, bool]:
        """An address answers if it is one of those that are served."""
        return {url: url in self.urls for url in urls}


@dataclass(frozen=True)
class Asked:
    """Every address is asked, a few at a time.

    Attributes:
        moved: start of an address to what takes its place, to ask a server that runs elsewhere.
    """

    moved: Mapping[str, str] = field(default_factory=dict)
    asks: bool = True

    @property
    def how(self) -> str:
        """See `Reach`."""
        elsewhere = "".join(f", {old} at {new}" for old, new in self.moved.items())
        return f"every address was asked{elsewhere}"

    def answers(self, urls: Sequence[str]) -> Mapping[str, bool]:
        """An address answers if HEAD, or else GET, gets a 200 in time."""
        with ThreadPoolExecutor(_WORKERS) as pool:
            return dict(zip(urls, pool.map(self._ask, urls), strict=True))

    def _ask(self, url: str) -> bool:
        import requests

        for old, new in self.moved.items():
            if url.startswith(old):
                url = new + url.removeprefix(old)
        if not url.startswith(("http://", "https://")):
            return False
        for method in ("HEAD", "GET"):
            try:
                with requests.request(
                    method, url, timeout=TIMEOUT, allow_redirects=True, stream=True
                ) as response:
                    if response.status_code == 200:
                        return True
            except requests.RequestException:
                return False
        return False
