"""What a project serves of its publication, and where: the addresses, the sitemap, robots.txt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from sdkg.namespaces import BASE, ID
from sdkg.project import Project
from sdkg.publication.dumps import Dumps
from sdkg.publication.settings import load_settings

MOST = 50_000
"""A sitemap may list so many addresses (https://www.sitemaps.org/protocol.html)."""

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def served_at(project: Project) -> str:
    """Where the project is published: `basis_url` of `sdkg.toml`, or the address of its IRIs.

    Raises:
        InputError, ProjectError: `sdkg.toml` is wrong.
    """
    return load_settings(project).publisher.basis_url or BASE


def served_urls(project: Project) -> set[str]:
    """The addresses of the dumps of a project, as `sdkg serve` answers them.

    Raises:
        InputError, QueryError, ProjectError, StoreError: as `sdkg.publication.catalogue.make_catalogue`.

    Example:
        >>> any(url.endswith("/dumps/heerde-2022.ttl.gz") for url in served_urls(Project.at(".")))
        True
    """
    base = served_at(project)
    records = Dumps(project).records()
    return {f"{base}dumps/{name}" for record in records.values() for name in record.files}


def pages(iris: Iterable[str], base: str) -> list[str]:
    """The addresses of the pages of things, sorted: `id/...` is told about at `doc/...`.

    Example:
        >>> pages([ID + "wet/jeugdwet", ID + "wet/jeugdwet#deel"], "https://example.org/")
        ['https://example.org/doc/wet/jeugdwet']
    """
    found = {iri.partition("#")[0] for iri in iris if iri.startswith(ID)}
    return sorted(f"{base}doc/{iri.removeprefix(ID)}" for iri in found)


def sitemap(urls: Sequence[str], base: str, number: int | None = None) -> str:
    """A sitemap of some addresses; an index of sitemaps if there are more than fit in one.

    Args:
        urls: the addresses, in a fixed order.
        base: where the site is.
        number: which of the sitemaps of the index; `None` for the first thing to fetch.

    Returns:
        An empty text if there is no sitemap of that number.

    Example:
        >>> sitemap(["https://example.org/a?b&c"], "https://example.org/").splitlines()[2]
        '<url><loc>https://example.org/a?b&amp;c</loc></url>'
        >>> "sitemap-2.xml" in sitemap(["https://example.org/"] * (MOST + 1), "https://example.org/")
        True
    """
    if number is None and len(urls) > MOST:
        count = -(-len(urls) // MOST)
        return _listing("sitemapindex", "sitemap", [f"{base}sitemap-{n}.xml" for n in range(1, count + 1)])
    start = ((number or 1) - 1) * MOST
    chosen = urls[start : start + MOST] if start >= 0 else []
    if number is not None and not chosen:
        return ""
    return _listing("urlset", "url", chosen)


def robots(base: str) -> str:
    """robots.txt (RFC 9309): everything is welcome but the endpoint, whose answers have no end.

    Example:
        >>> "Disallow: /sparql" in robots("https://example.org/")
        True
    """
    path = "/" + base.partition("://")[2].partition("/")[2]
    closed = "".join(f"Disallow: {path}{name}\n" for name in ("sparql", "search", "api/"))
    return f"User-agent: *\nAllow: {path}\n{closed}\nSitemap: {base}sitemap.xml\n"


def _listing(root: str, item: str, urls: Iterable[str]) -> str:
    lines = [f"<{item}><loc>{escape(url)}</loc></{item}>" for url in urls]
    return _XML + "\n".join([f'<{root} xmlns="{_NAMESPACE}">', *lines, f"</{root}>"]) + "\n"
