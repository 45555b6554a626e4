"""Answers as they go out: the headers that let others keep them, and 304 for who has them already."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from starlette.requests import Request
from starlette.responses import Response

from sdkg.web.caching import http_date, unchanged
from sdkg.web.jobs import Answer

VARY = "Accept, Accept-Language, Accept-Encoding"
_WITHOUT_BODY = (b"content-length", b"content-type", b"content-encoding")


@dataclass(frozen=True)
class Sent:
    """A whole answer as it goes out."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    etag: str | None
    modified: float

    def to(self, request: Request) -> Whole:
        """The response to a request, which may say that it has this already (RFC 9110, section 15.4.5)."""
        conditional = "if-none-match" in request.headers or "if-modified-since" in request.headers
        reads = request.method in ("GET", "HEAD")
        if conditional and reads and unchanged(request.headers, self.etag, self.modified):
            return Whole(self._not_modified)
        return Whole(self)

    @cached_property
    def _not_modified(self) -> Sent:
        headers = tuple((name, value) for name, value in self.headers if name not in _WITHOUT_BODY)
        return Sent(304, headers, b"", self.etag, self.modified)


class Whole(Response):
    """A response that is ready, headers and all."""

    def __init__(self, sent: Sent) -> None:
        self.status_code, self.body, self.background = sent.status, sent.body, None
        self.raw_headers = list(sent.headers)


def as_sent(answer: Answer, max_age: int = 0, modified: float = 0.0) -> Sent:
    """An answer with its headers; one that may be kept says for how long, and what it depends on.

    Example:
        >>> sent = as_sent(Answer(b"{}", "application/json"))
        >>> dict(sent.headers)[b"cache-control"]
        b'public, no-cache'
    """
    headers = {name.lower(): value for name, value in answer.headers}
    if answer.status == 200:
        headers.setdefault("cache-control", f"public, max-age={max_age}" if max_age else "public, no-cache")
        headers.setdefault("last-modified", http_date(modified))
        headers.setdefault("vary", VARY)
    else:
        headers.setdefault("cache-control", "no-store")
    if answer.media_type:
        headers["content-type"] = answer.media_type
    headers["content-length"] = str(len(answer.body))
    raw = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items())
    return Sent(answer.status, raw, answer.body, headers.get("etag"), modified)


def respond(answer: Answer) -> Response:
    """An answer that nobody keeps, as a response."""
    return Whole(as_sent(answer))
