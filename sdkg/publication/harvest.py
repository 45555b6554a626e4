"""A dry run of the strictest receivers: would a harvester take all of a catalogue, every time?

CKAN's DCAT harvester gives up a whole run for one dataset without a title, deletes what is no longer there,
follows pages as they say (Hydra Core, `hydra:next`), and takes no answer over 50 MB.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pyoxigraph as ox

from sdkg.errors import EndpointError, InputError
from sdkg.namespaces import DCAT, DCT
from sdkg.publication.mqa import Graph
from sdkg.reading import parse

LARGEST = 50_000_000
"""So many bytes may one answer have."""

MOST_PAGES = 1000
_HYDRA = "http://www.w3.org/ns/hydra/core#"
_NEXT = (_HYDRA + "next", _HYDRA + "nextPage")


@dataclass(frozen=True)
class Page:
    """An answer to a harvester: its media type, and its bytes."""

    media_type: str
    body: bytes


@dataclass(frozen=True)
class Harvest:
    """What a dry run gave: the IRIs of the datasets, how many pages, and what a receiver trips over."""

    datasets: tuple[str, ...]
    pages: int
    problems: tuple[str, ...]

    def text(self) -> str:
        """The dry run for people."""
        lines = [f"Harvest (dry run): {len(self.datasets)} datasets on {self.pages} pages, "
                 f"{len(self.problems)} problems"]  # fmt: skip
        return "\n".join([*lines, *(f"  {problem}" for problem in self.problems)]) + "\n"


def dry_run(url: str, fetch: Callable[[str], Page]) -> Harvest:
    """Harvest a catalogue as a portal would, and say what would go wrong.

    Args:
        url: the address of the catalogue.
        fetch: gets a page.

    Example:
        >>> page = Page("text/turtle", b"<urn:a> a <http://www.w3.org/ns/dcat#Dataset> .")
        >>> dry_run("https://example.org/catalog", lambda _: page).problems[0]
        'urn:a: no title (dct:title)'
    """
    problems: list[str] = []
    triples: list[ox.Triple] = []
    seen: list[str] = []
    where: str | None = url
    while where is not None:
        if where in seen or len(seen) == MOST_PAGES:
            problems.append(f"{where}: the pages go round in a circle")
            break
        seen.append(where)
        page = fetch(where)
        found = list(_read(page, where, problems))
        triples += found
        where = _next(found, where)
    graph = Graph(triples)
    datasets = graph.of_class(DCAT + "Dataset")
    if not datasets:
        problems.append(f"{url}: no datasets")
    problems += [problem for one in datasets for problem in _faults(graph, one)]
    problems += _shared(graph, datasets)
    names = tuple(one.value for one in datasets if isinstance(one, ox.NamedNode))
    return Harvest(names, len(seen), tuple(problems))


def over_http(url: str) -> Page:
    """Get a page as a harvester does.

    Raises:
        EndpointError: it does not answer with 200.
    """
    import requests

    try:
        response = requests.get(url, headers={"Accept": "application/rdf+xml, text/turtle;q=0.9"}, timeout=60)
        response.raise_for_status()
    except requests.RequestException as error:
        raise EndpointError(f"{url} does not answer: {error}.") from None
    return Page(response.headers.get("Content-Type", "").partition(";")[0].strip(), response.content)


def gone(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """The datasets that a receiver would delete: those that were there, and left no tombstone.

    Example:
        >>> gone(["urn:a", "urn:b"], ["urn:b"])
        ['urn:a']
    """
    return sorted(set(before) - set(after))


def _read(page: Page, url: str, problems: list[str]) -> Iterator[ox.Triple]:
    syntax = ox.RdfFormat.from_media_type(page.media_type)
    if len(page.body) > LARGEST:
        problems.append(f"{url}: {len(page.body):,} bytes; at most {LARGEST:,} are read")
    if syntax is None:
        problems.append(f"{url}: '{page.media_type}' is no media type of RDF")
        return
    try:
        yield from parse(page.body, Path(f"page.{syntax.file_extension}"))
    except InputError as error:
        problems.append(f"{url}: not {page.media_type}: {error.message}")


def _next(triples: Iterable[ox.Triple], base: str) -> str | None:
    found = (triple.object for triple in triples if triple.predicate.value in _NEXT)
    texts = [term.value for term in found if isinstance(term, ox.NamedNode | ox.Literal)]
    return urljoin(base, min(texts)) if texts else None


def _faults(graph: Graph, dataset: object) -> Iterator[str]:
    name = dataset.value if isinstance(dataset, ox.NamedNode) else str(dataset)
    if not isinstance(dataset, ox.NamedNode):
        yield f"{name}: no URI of its own: every harvest makes it anew"
    if not _texts(graph, dataset, DCT + "title"):
        yield f"{name}: no title (dct:title)"
    identifiers = _texts(graph, dataset, DCT + "identifier")
    if len(identifiers) != 1:
        yield f"{name}: {len(identifiers)} identifiers (dct:identifier); exactly one is stable"
    words = Counter(word.lower() for word in _texts(graph, dataset, DCAT + "keyword"))
    for word in sorted(word for word, count in words.items() if count > 1):
        yield f"{name}: the keyword '{word}' is there twice"
    for distribution in graph.values(dataset, DCAT + "distribution"):
        if not graph.values(distribution, DCAT + "accessURL"):
            yield f"{name}: a distribution without address (dcat:accessURL)"


def _shared(graph: Graph, datasets: Iterable[object]) -> Iterator[str]:
    counts = Counter(text for one in datasets for text in _texts(graph, one, DCT + "identifier"))
    for text in sorted(text for text, count in counts.items() if count > 1):
        yield f"{text}: the identifier of more than one dataset"


def _texts(graph: Graph, subject: object, predicate: str) -> list[str]:
    values = graph.values(subject, predicate)
    return [term.value for term in values if isinstance(term, ox.Literal) and term.value.strip()]
