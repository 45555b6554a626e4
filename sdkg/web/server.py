"""The server around the application: the socket, and uvicorn."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable

import uvicorn

from sdkg.errors import ProjectError
from sdkg.web.app import create_app
from sdkg.web.settings import Settings
from sdkg.web.shortcut import protocol


def listen(host: str, port: int) -> tuple[socket.socket, str]:
    """A socket that listens, and its address as a URL.

    Raises:
        ProjectError: the port is in use, or there is no such address here.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        sock = socket.create_server(found[4][:2], family=found[0], backlog=2048)
    except OSError as error:
        raise ProjectError(
            f"Cannot listen on {host}, port {port}: {error.strerror}. Choose another --port."
        ) from None
    name, number = sock.getsockname()[:2]
    if name in ("0.0.0.0", "::"):  # noqa: S104
        name = socket.gethostname()
    shown = f"[{name}]" if ":" in name else name
    return sock, f"http://{shown}:{number}/"


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()


def run(settings: Settings, sock: socket.socket, listening: Callable[[], None]) -> None:
    """Serve until told to stop.

    Args:
        settings: what to serve, and how.
        sock: where to listen.
        listening: is called when the first request can be answered.
    """
    logging.basicConfig(level=logging.INFO, format="sdkg: %(message)s")
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        http=protocol(app.state.site.shortcuts, settings.max_request),
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )
    _Server(config, listening).run(sockets=[sock])
