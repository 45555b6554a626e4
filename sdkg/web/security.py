"""Headers that go with every answer: what a browser may do with it, and who may read it."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import Message, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing inline, nothing from elsewhere, in nobody's frame."""

_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Location, Retry-After",
}
HEADERS = [(name.lower().encode(), value.encode()) for name, value in _ALWAYS.items()]


def lacking(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Those of the headers that an answer does not have already; what it says itself holds.

    Example:
        >>> len(HEADERS) - len(lacking([(b"content-security-policy", b"default-src 'none'")]))
        1
    """
    have = {name.lower() for name, _ in headers}
    return [(name, value) for name, value in HEADERS if name not in have]


def secured(scope: Scope, send: Send) -> Send:
    """A `send` that adds the headers to an answer."""
    if scope["type"] != "http":
        return send

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *lacking(message["headers"])]
        await send(message)

    return sending
