"""What can be offered: the formats of graphs and of rows, with their media types and names in addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from types import MappingProxyType

from sdkg.errors import ProblemError
from sdkg.formats import SYNTAXES
from sdkg.web.formats import content_type
from sdkg.web.negotiation import negotiate


@dataclass(frozen=True)
class Offer:
    """One format.

    Attributes:
        name: what it is called in `?format=`, and for a graph at the end of its address.
        media_type: its media type as a header says it.
        writer: its name in `sdkg.formats`.
        download: the ending of the file that it should be saved as; empty if it is to be shown.
    """

    name: str
    media_type: str
    writer: str
    download: str = ""

    @property
    def plain_type(self) -> str:
        """The media type without its parameters.

        Example:
            >>> GRAPHS["ttl"].plain_type
            'text/turtle'
        """
        return self.media_type.partition(";")[0]


def _by_name(*offers: Offer) -> Mapping[str, Offer]:
    return MappingProxyType({offer.name: offer for offer in offers})


GRAPHS = _by_name(
    *(Offer(syntax.ending, content_type(syntax.media_type), syntax.name) for syntax in SYNTAXES)
)
"""The formats of a graph, the one to take when any will do first."""

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROWS = (
    Offer("json", "application/json", "json"),
    Offer("sparql-json", "application/sparql-results+json", "json"),
    Offer("xml", "application/sparql-results+xml", "xml"),
    Offer("csv", "text/csv; charset=utf-8; header=present", "csv", "csv"),
    Offer("tsv", "text/tab-separated-values; charset=utf-8", "tsv"),
    Offer("html", "text/html; charset=utf-8", "html"),
    Offer("markdown", "text/markdown; charset=utf-8", "markdown"),
    Offer("csv-nl", "text/csv; charset=utf-8; header=present", "csv-nl", "csv"),
    Offer("xlsx", _SHEET, "xlsx", "xlsx"),
    Offer("parquet", "application/vnd.apache.parquet", "parquet", "parquet"),
)
_NEEDS = {"xlsx": "openpyxl", "parquet": "pyarrow", "markdown": "tabulate"}

ROWS = tuple(offer for offer in _ROWS if find_spec(_NEEDS.get(offer.name, "sdkg")))
"""The formats of rows, the one to take when any will do first; those whose package is installed."""

HTML = Offer("html", "text/html; charset=utf-8", "html")


def choose(offers: Sequence[Offer], accept: str | None, name: str | None = None) -> Offer:
    """The format to answer in: the one that is named (`?format=`), or else what the client would rather have.

    Args:
        offers: what there is, the one to take when any will do first.
        accept: the Accept header.
        name: the name of one of the offers, if the client gave one.

    Raises:
        ProblemError: 400, there is no format of that name; 406, nothing that the client takes is on offer.

    Example:
        >>> choose(tuple(GRAPHS.values()), "application/ld+json;q=0.9, text/html").name
        'jsonld'
    """
    if name:
        for offer in offers:
            if offer.name == name:
                return offer
        have = [offer.name for offer in offers]
        raise ProblemError(400, "Invalid input", f"'format' is one of {', '.join(have)}.", candidates=have)
    types = tuple(offer.plain_type for offer in offers)
    found = negotiate(accept, types)
    if found is None:
        raise ProblemError(406, "Not acceptable", f"There is {', '.join(types)}.", available=list(types))
    return offers[types.index(found)]
