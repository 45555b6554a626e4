"""Content negotiation: which of the formats, languages and encodings on offer a client would rather have.

RFC 9110, section 12.5: weights (`q`), wildcards, and the most specific range that matches decides.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WEIGHT = re.compile(r"\s*q\s*=\s*(?P<q>[01](?:\.\d{0,3})?)\s*", re.IGNORECASE)


@lru_cache(maxsize=1024)
def negotiate(accept: str | None, offers: tuple[str, ...]) -> str | None:
    """The media type to answer with, or `None` if nothing on offer will do.

    Args:
        accept: the Accept header; none, or an empty one, takes anything.
        offers: media types without parameters, the one we would rather give first.

    Example:
        >>> offers = ("text/turtle", "application/ld+json", "text/html")
        >>> negotiate("text/html;q=0.5, application/ld+json", offers)
        'application/ld+json'
        >>> negotiate("text/*, text/turtle;q=0.1", offers)
        'text/html'
        >>> negotiate("image/png", offers) is None
        True
    """
    ranges = _parse(accept) or [("*/*", 1.0)]
    weights = [(_weight(ranges, offer), offer) for offer in offers]
    best = max((weight for weight, _ in weights), default=0.0)
    return next((offer for weight, offer in weights if weight == best), None) if best > 0 else None


@lru_cache(maxsize=256)
def language(accept: str | None, offers: tuple[str, ...] = ("nl", "en")) -> str:
    """The language to answer in; the first on offer if the client takes none of them.

    Example:
        >>> language("de, en-GB;q=0.8, nl;q=0.3"), language("de"), language(None)
        ('en', 'nl', 'nl')
    """
    wanted = [(name.partition("-")[0], weight) for name, weight in _parse(accept)]
    weights = []
    for offer in offers:
        named = [weight for name, weight in wanted if name == offer]
        weights.append(max(named or [weight for name, weight in wanted if name == "*"], default=0.0))
    return offers[weights.index(max(weights))]


@lru_cache(maxsize=256)
def accepts_gzip(accept: str | None) -> bool:
    """Whether a client takes gzip.

    Example:
        >>> accepts_gzip("br, gzip;q=0.5"), accepts_gzip("gzip;q=0, *"), accepts_gzip(None)
        (True, False, False)
    """
    weights = dict(_parse(accept))
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def _weight(ranges: list[tuple[str, float]], offer: str) -> float:
    """The weight of the most specific range that an offer is in."""
    for names in ((offer,), (offer.partition("/")[0] + "/*",), ("*/*", "*")):
        weights = [weight for name, weight in ranges if name in names]
        if weights:
            return max(weights)
    return 0.0


def _parse(header: str | None) -> list[tuple[str, float]]:
    """The ranges of an Accept header, each with its weight; other parameters do not count."""
    found = []
    for part in (header or "").split(","):
        name, *parameters = part.split(";")
        weights = [float(match["q"]) for text in parameters if (match := _WEIGHT.fullmatch(text))]
        if name.strip():
            found.append((name.strip().lower(), min(weights[0] if weights else 1.0, 1.0)))
    return found
