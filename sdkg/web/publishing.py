"""The jobs of publication: the catalogue, VoID, example queries and sitemap, as a worker makes them."""

from __future__ import annotations

from collections.abc import Iterable
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from sdkg.errors import ProblemError
from sdkg.export import serialize
from sdkg.graph import KnowledgeGraph
from sdkg.namespaces import ID
from sdkg.publication.catalogue import Catalogue, make_catalogue
from sdkg.publication.dumps import Dumps, Record
from sdkg.publication.serving import pages, robots, sitemap
from sdkg.publication.void import make_void
from sdkg.query_graph import describe
from sdkg.web.formats import WRITERS, content_type
from sdkg.web.jobs import Answer, Desk
from sdkg.web.negotiation import negotiate

_PAGES = ("", "def", "queries", "query")
_THINGS = f'SELECT DISTINCT ?s WHERE {{ ?s a ?class FILTER(STRSTARTS(STR(?s), "{ID}")) }}'
_made: WeakKeyDictionary[KnowledgeGraph, Catalogue] = WeakKeyDictionary()
_recorded: WeakKeyDictionary[KnowledgeGraph, dict[str, Record]] = WeakKeyDictionary()


def catalogue_of(desk: Desk) -> Catalogue:
    """The catalogue of what this server serves; made once for each build."""
    if desk.graph not in _made:
        _made[desk.graph] = make_catalogue(desk.graph.project, *bases(desk), records_of(desk))
    return _made[desk.graph]


def records_of(desk: Desk) -> dict[str, Record]:
    """The dumps of what this server serves; sought once for each build, so that all is of one moment."""
    if desk.graph not in _recorded:
        _recorded[desk.graph] = Dumps(desk.graph.project, bases(desk)[0]).records()
    return _recorded[desk.graph]


def has_dumps(desk: Desk) -> Answer:
    """Whether all dumps are there already: `yes` or `no`."""
    kept = Dumps(desk.graph.project, bases(desk)[0]).kept()
    return Answer(b"no" if kept is None else b"yes", "text/plain")


def bases(desk: Desk) -> tuple[str, str]:
    """What the IRIs in the data start with, and what addresses start with."""
    return desk.settings.data_base, desk.settings.base_url


def catalogue_in(desk: Desk, accept: str | None) -> Answer:
    """The catalogue in the syntax that a client would rather have.

    Raises:
        ProblemError: 406, it takes none of ours.
    """
    return written(catalogue_of(desk).triples, accept)


def describe_entry(desk: Desk, iri: str, accept: str | None) -> Answer:
    """What the catalogue says of one thing in it, by its IRI; for what the store does not know.

    Raises:
        ProblemError: 404, it is not in the catalogue; 406.
    """
    triples = catalogue_of(desk).describe(iri)
    if not triples:
        raise ProblemError(404, "Not found", "There is no such thing.")
    return written(triples, accept)


def void_in(desk: Desk, accept: str | None) -> Answer:
    """VoID in the syntax that a client would rather have.

    Raises:
        ProblemError: 406, it takes none of ours.
    """
    return written(make_void(desk.graph.project, *bases(desk), records_of(desk)), accept)


def examples_in(desk: Desk, accept: str | None) -> Answer:
    """The saved queries in the syntax that a client would rather have.

    Raises:
        ProblemError: 406, it takes none of ours.
    """
    return written(describe(desk.graph.queries.values()), accept)


def sitemap_of(desk: Desk, number: int | None) -> Answer:
    """A sitemap of every page.

    Raises:
        ProblemError: 404, there is no sitemap of that number.
    """
    found = desk.graph.store.query(_THINGS, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101
    base = desk.settings.base_url
    iris = [solution["s"].value for solution in found]
    urls = [f"{base}{page}" for page in _PAGES] + pages([*iris, *catalogue_of(desk).iris()], base)
    text = sitemap(urls, base, number)
    if not text:
        raise ProblemError(404, "Not found", f"There is no sitemap {number}.")
    return Answer(text.encode(), "application/xml")


def robots_of(desk: Desk) -> Answer:
    """What crawlers may fetch."""
    return Answer(robots(desk.settings.base_url).encode(), "text/plain; charset=utf-8")


def written(triples: Iterable[ox.Triple], accept: str | None) -> Answer:
    """Triples in the syntax that a client would rather have.

    Raises:
        ProblemError: 406, it takes none of ours.

    Example:
        >>> written([], "application/rdf+xml").media_type
        'application/rdf+xml'
    """
    chosen = negotiate(accept, tuple(WRITERS))
    if chosen is None:
        offers = ", ".join(WRITERS)
        raise ProblemError(406, "Not acceptable", f"This is offered as {offers}.", offers=list(WRITERS))
    body = serialize((ox.Quad(t.subject, t.predicate, t.object) for t in triples), WRITERS[chosen])
    return Answer(body, content_type(chosen))
