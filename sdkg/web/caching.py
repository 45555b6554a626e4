"""What makes an answer cheap the second time: its ETag, its compressed form, and a bounded store of answers.

The ETag is a digest of the bytes sent, so it is strong (RFC 9110, section 8.8.1), differs per encoding, and
stays when a new build changes other things.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Generic, TypeVar

from sdkg.web.jobs import Answer

_V = TypeVar("_V")
_K = TypeVar("_K", bound=Hashable)

WORTH_COMPRESSING = 800
"""Below so many bytes the headers weigh more than what compression saves."""

_PACKED = ("gzip", "zip", "image/png", "image/jpeg", "font/woff", "spreadsheetml", "parquet")
_OVERHEAD = 500


def may_keep(answer: Answer) -> bool:
    """Whether an answer may be given again, to anyone."""
    asked = (answer.header("cache-control") or "").lower()
    return answer.status == 200 and "no-store" not in asked and "private" not in asked


def packed(answer: Answer, accept_gzip: bool) -> Answer:
    """An answer as it is sent: compressed if the client takes that and it pays, and with an ETag.

    Example:
        >>> sent = packed(Answer(b"x" * 1000, "text/turtle"), accept_gzip=True)
        >>> len(sent.body) < 100, sent.header("content-encoding")
        (True, 'gzip')
    """
    body, added = answer.body, []
    worth = len(body) >= WORTH_COMPRESSING and not any(word in answer.media_type for word in _PACKED)
    if accept_gzip and worth and answer.header("content-encoding") is None:
        body = gzip.compress(body, 5, mtime=0)
        added.append(("Content-Encoding", "gzip"))
    if answer.status == 200 and answer.header("etag") is None:
        added.append(("ETag", f'"{blake2b(body, digest_size=12).hexdigest()}"'))
    return Answer(body, answer.media_type, answer.status, (*answer.headers, *added))


@lru_cache(maxsize=16)
def http_date(seconds: float) -> str:
    """A moment as HTTP writes it (RFC 9110, section 5.6.7).

    Example:
        >>> http_date(0)
        'Thu, 01 Jan 1970 00:00:00 GMT'
    """
    return formatdate(seconds, usegmt=True)


def unchanged(headers: Mapping[str, str], etag: str | None, modified: float) -> bool:
    """Whether what the client holds is still what it would get (RFC 9110, section 13.1).

    Example:
        >>> unchanged({"if-none-match": 'W/"a", "b"'}, '"b"', 0), unchanged({}, '"b"', 0)
        (True, False)
    """
    held = headers.get("if-none-match")
    if held is not None:
        tags = {tag.strip().removeprefix("W/") for tag in held.split(",")}
        return held.strip() == "*" or (etag is not None and etag in tags)
    since = headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return int(modified) <= parsedate_to_datetime(since).timestamp()
    except (ValueError, TypeError, OverflowError):
        return False


@dataclass(frozen=True)
class _Held(Generic[_V]):
    value: _V
    size: int


class Kept(Generic[_K, _V]):
    """Values by key, those used last, as many as fit in a number of bytes.

    Example:
        >>> kept = Kept[str, str](4 * 510)
        >>> for key in "abcd": kept.put(key, key.upper(), 10)
        >>> kept.get("a"), kept.put("e", "E", 10), kept.get("b")
        ('A', None, None)
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes, self.bytes = max_bytes, 0
        self._held: OrderedDict[_K, _Held[_V]] = OrderedDict()

    def get(self, key: _K) -> _V | None:
        """The value of a key, or `None`."""
        held = self._held.get(key)
        if held is None:
            return None
        self._held.move_to_end(key)
        return held.value

    def put(self, key: _K, value: _V, size: int) -> None:
        """Keep a value that takes `size` bytes; what was used longest ago makes room."""
        size += _OVERHEAD
        self.drop(key)
        if size > self.max_bytes // 4:
            return
        self._held[key] = _Held(value, size)
        self.bytes += size
        while self.bytes > self.max_bytes:
            self.bytes -= self._held.popitem(last=False)[1].size

    def drop(self, key: _K) -> None:
        """Forget a key."""
        old = self._held.pop(key, None)
        self.bytes -= old.size if old else 0

    def clear(self) -> None:
        """Forget everything."""
        self._held.clear()
        self.bytes = 0
