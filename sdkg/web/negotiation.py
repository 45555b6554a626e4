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
    ranges = _parse(accept or "*/*")
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
    best = (0.0, offers[0])
    wanted = [(name.partition("-")[0], q) for name, _, q in _parse(accept or "")]
    for offer in offers:
        weight = max((q for name, q in wanted if name == offer), default=None)
        if weight is None:
            weight = max((q for name, q in wanted if name == "*"), default=0.0)
        if weight > best[0]:
            best = (weight, offer)
    return best[1]


@lru_cache(maxsize=256)
def accepts_gzip(accept: str | None) -> bool:
    """Whether a client takes gzip.

    Example:
        >>> accepts_gzip("br, gzip;q=0.5"), accepts_gzip("gzip;q=0, *"), accepts_gzip(None)
        (True, False, False)
    """
    weights = {name: q for name, _, q in _parse(accept or "")}
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def _weight(ranges: list[tuple[str, int, float]], offer: str) -> float:
    """The weight of the most specific range that an offer is in."""
    kind = offer.partition("/")[0]
    matching = [
        (parameters, len(name), q) for name, parameters, q in ranges if name in (offer, f"{kind}/*", "*/*")
    ]
    exact = [m for m in matching if m[1] == len(offer)] or matching
    return max(exact, key=lambda m: m[1] if m[1] != 3 else 0)[2] if exact else 0.0


def _parse(header: str) -> list[tuple[str, int, float]]:
    """The ranges of an Accept header: name, how many parameters, weight. What is no range is left out."""
    found = []
    for part in header.split(","):
        name, *parameters = part.split(";")
        name = name.strip().lower()
        weight, others = 1.0, 0
        for parameter in parameters:
            match = _WEIGHT.fullmatch(parameter)
            if match:
                weight = min(float(match["q"]), 1.0)
            else:
                others += 1
        if name == "*":
            name = "*/*" if "/" in header else "*"
        if name:
            found.append((name, others, weight))
    return found
