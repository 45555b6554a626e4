"""Which format, language and encoding a client gets (RFC 9110, section 12.5)."""

from __future__ import annotations

import pytest

from sdkg.web.negotiation import accepts_gzip, language, negotiate

OFFERS = ("text/turtle", "application/ld+json", "application/rdf+xml", "text/html")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/turtle"),
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("text/html", "text/html"),
        ("TEXT/HTML", "text/html"),
        ("application/*", "application/ld+json"),
        ("text/turtle;q=0.5, text/html;q=0.6", "text/html"),
        ("text/turtle; q=0.5, text/html; q=0.5", "text/turtle"),
        ("text/html, */*;q=0.1", "text/html"),
        ("*/*, text/turtle;q=0", "application/ld+json"),
        ("text/*;q=0.9, text/turtle;q=0.1, application/*;q=0.2", "text/html"),
        ("image/png", None),
        ("image/png, */*;q=0.01", "text/turtle"),
        ("text/turtle;q=0", None),
        ("text/turtle;q=2", "text/turtle"),
        ("text/turtle;version=1.2", "text/turtle"),
        ("nonsense", None),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ('text/turtle;profile="a,b", text/html;q=0.1', "text/turtle"),
        (",,;;", "text/turtle"),
    ],
)
def test_media_types(accept: str | None, expected: str | None) -> None:
    assert negotiate(accept, OFFERS) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "nl"),
        ("en", "en"),
        ("en-US,en;q=0.9", "en"),
        ("nl;q=0.2, en;q=0.1", "nl"),
        ("de, fr", "nl"),
        ("de, en;q=0.1", "en"),
        ("*", "nl"),
        ("en;q=0, *", "nl"),
        ("nl;q=0, en", "en"),
    ],
)
def test_languages(accept: str | None, expected: str) -> None:
    assert language(accept) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("gzip;q=0", False),
        ("*", True),
        ("br", False),
        ("br, GZIP;q=0.1", True),
        ("identity, *;q=0", False),
    ],
)
def test_encodings(accept: str | None, expected: bool) -> None:
    assert accepts_gzip(accept) is expected
