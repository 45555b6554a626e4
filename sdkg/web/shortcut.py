"""A shortcut for requests that come again: the same bytes in, the same bytes out, until the data change.

uvicorn parses a request, starts a task and calls the application; for an answer that is kept already, that is
nearly all the time it takes. So what went out for a GET is kept by the bytes that came in, and given again
before any of that. It holds for whole requests on a connection on which nothing else is under way.
"""

from __future__ import annotations

from typing import Any, cast

from starlette.responses import Response
from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from sdkg.errors import ProblemError
from sdkg.web.caching import Kept
from sdkg.web.problems import problem
from sdkg.web.security import HEADERS, lacking

RAW = "sdkg.raw"
_END = b"\r\n\r\n"
_LARGEST = 200_000
_HEAD = 64_000


class Shortcuts:
    """What went out, by what came in."""

    def __init__(self, max_bytes: int) -> None:
        self._kept = Kept[bytes, tuple[bytes, bytes]](max_bytes)
        self.get = self._kept.get
        self.clear = self._kept.clear

    def remember(self, scope: Scope, response: Response) -> None:
        """Keep a response for when the same request comes again."""
        raw: bytes | None = scope.get(RAW)
        if raw is None or len(response.body) > _LARGEST or not _is_whole(raw):
            return
        headers = [*response.raw_headers, *lacking(response.raw_headers)]
        lines = [name + b": " + value + b"\r\n" for name, value in headers]
        rest = b"".join((*lines, b"\r\n", response.body))
        self._kept.put(raw, (STATUS_LINE[response.status_code], rest), len(raw) + len(rest))


def _is_whole(raw: bytes) -> bool:
    """Whether these bytes are one GET and nothing else, on a connection that stays."""
    head = raw.lower()
    one = raw.startswith(b"GET ") and raw.endswith(_END) and raw.count(_END) == 1
    return (
        one and b" http/1.1\r\n" in head and b"\nconnection: close" not in head and b"\nupgrade:" not in head
    )


class ShortcutProtocol(HttpToolsProtocol):
    """uvicorn's protocol with the shortcut before it, and a limit on what comes before a body.

    `shortcuts` and `max_head` are set by `protocol`.
    """

    shortcuts: Shortcuts
    max_head: int

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._raw = b""
        self._reading_head = self._reading = False
        self._head_size = 0

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        free = not self._reading and (self.cycle is None or self.cycle.response_complete)
        held = self.shortcuts.get(data) if free and not self.flow.write_paused else None
        if held is not None:
            self._unset_keepalive_if_required()
            default = b"".join(
                name + b": " + value + b"\r\n" for name, value in self.server_state.default_headers
            )
            self.transport.write(held[0] + default + held[1])
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
            return
        self._raw = data if free else b""
        self._head_size += len(data)
        super().data_received(data)
        if self._reading_head and self._head_size > self.max_head and not self.transport.is_closing():
            self.send_400_response("The request line and the headers are too large.")

    def send_400_response(self, msg: str) -> None:
        """See `HttpToolsProtocol`: what is no HTTP gets a problem too."""
        told = problem(ProblemError(400, "Bad request", msg))
        lines = [(b"content-type", told.media_type.encode()), (b"connection", b"close"), *HEADERS]
        lines += [(b"content-length", str(len(told.body)).encode())]
        head = b"".join(name + b": " + value + b"\r\n" for name, value in lines)
        self.transport.write(STATUS_LINE[400] + head + b"\r\n" + told.body)
        self.transport.close()

    def on_message_begin(self) -> None:
        """See `httptools.HttpRequestParser`."""
        super().on_message_begin()
        self._reading = self._reading_head = True
        if self._raw:
            cast(Scope, self.scope)[RAW] = self._raw

    def on_headers_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        self._reading_head, self._head_size = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        self._reading = False
        super().on_message_complete()


def protocol(shortcuts: Shortcuts, max_request: int) -> type[ShortcutProtocol]:
    """The protocol class of one server."""
    members = {"shortcuts": shortcuts, "max_head": max_request + _HEAD}
    return type("Protocol", (ShortcutProtocol,), members)
