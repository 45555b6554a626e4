"""The static site: the same pages and the data as files, to be put on any host or opened from a disk.

    index.html  doc/…  queries/…  register/…  def.html      pages in Dutch
    en/…                                                    the same in English
    data/…                                                  per plan and per thing (ttl, jsonld), everything, answers
    static/…                                                the design

It is written beside the folder and then put in its place; a folder that is not a site of ours is left alone.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import pyoxigraph as ox

from sdkg import __version__
from sdkg.errors import ProjectError
from sdkg.export import export, rebase, serialize
from sdkg.graph import KnowledgeGraph
from sdkg.namespaces import BASE, ID
from sdkg.pages.home import REGISTERS, home_page, register_page
from sdkg.pages.links import Filed
from sdkg.pages.problems import problem_page
from sdkg.pages.questions import example_of, question_page, questions_page
from sdkg.pages.reader import Reader
from sdkg.pages.resource import resource_page
from sdkg.pages.vocabulary import vocabulary_page
from sdkg.pages.words import LANGUAGES
from sdkg.reading import read

MARKER = ".sdkg-site"
"""The file that tells that a folder is a site of ours, which may be replaced."""

WHOLE = (("ttl", "turtle"), ("trig", "trig"), ("jsonld", "jsonld"))
EACH = (("ttl", "turtle"), ("jsonld", "jsonld"))
ANSWERS = ("csv", "json")
"""The data on offer: of everything, of each plan and thing, of each question's answer."""

_PATH = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*", re.ASCII)
Progress = Callable[[str], None]


@dataclass(frozen=True)
class SiteResult:
    """What was written: how many files, of which pages."""

    folder: Path
    files: int
    pages: int


def write_site(
    graph: KnowledgeGraph,
    folder: Path,
    base_url: str = BASE,
    progress: Progress = lambda _: None,
    today: date | None = None,
) -> SiteResult:
    """Write the site.

    Args:
        graph: the knowledge graph.
        folder: where; it is made, or replaced if it is a site of ours.
        base_url: what to write instead of `BASE` at the start of our IRIs.
        progress: is told what is being written, a line at a time.
        today: the day for which plans are said to be in force; unless told otherwise that of
            SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/), else today.

    Raises:
        ProjectError: the folder holds something else, or is a file.
    """
    target = folder.resolve()
    check(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.parent / f".{target.name}.{uuid4().hex[:8]}"
    writer = _Writer(fresh)
    try:
        for name, content in _all(graph, base_url.rstrip("/") + "/", progress, today or _today()):
            writer.write(name, content)
        _replace(target, fresh)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return SiteResult(folder, writer.files, writer.pages)


def check(folder: Path) -> None:
    """Refuse a folder that holds something other than a site of ours.

    Raises:
        ProjectError: it does, or it is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise ProjectError(f"{folder} is a file. Name a folder for the site.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise ProjectError(f"{folder} holds other things, and is left alone. Name a new or an empty folder.")


class _Writer:
    """Writes files below a folder, and counts."""

    def __init__(self, root: Path) -> None:
        self._root, self._made = root, set[Path]()
        self.files = self.pages = 0

    def write(self, name: str, content: bytes) -> None:
        path = self._root / name
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        path.write_bytes(content)
        self.files += 1
        self.pages += name.endswith(".html")


def _replace(target: Path, fresh: Path) -> None:
    """Put the new site in the place of the old one, which goes only then."""
    old = target.parent / f".{target.name}.{uuid4().hex[:8]}"
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _all(graph: KnowledgeGraph, base: str, progress: Progress, today: date) -> Iterator[tuple[str, bytes]]:
    yield MARKER, f"sdkg {__version__}\n".encode()
    yield from _design()
    progress("writing the data")
    yield from _data(graph, base)
    things = paths(graph)
    shared: Reader | None = None
    for lang in LANGUAGES:
        shared = Reader(graph, Filed(lang, "", base), shared)
        yield from _overviews(graph, lang, base, shared, today)
        progress(f"writing {len(things)} pages ({lang})")
        for number, path in enumerate(things, 1):
            links = Filed(lang, f"doc/{path}", base)
            yield links.name, resource_page(graph, ID + path, links, today, shared)
            if number % 500 == 0:
                progress(f"{number} of {len(things)} pages ({lang})")


def paths(graph: KnowledgeGraph) -> list[str]:
    """The paths of the things that have a page, below `ID`: all that the graph says anything about."""
    asked = graph.sparql(f"SELECT DISTINCT ?s {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{ID}')) }}")
    assert not isinstance(asked, ox.QueryBoolean | list)  # noqa: S101 (a SELECT)
    found = {str(row["s"]).removeprefix(ID) for row in asked}
    return sorted(path for path in found if _PATH.fullmatch(path))


def _overviews(
    graph: KnowledgeGraph, lang: str, base: str, shared: Reader, today: date
) -> Iterator[tuple[str, bytes]]:
    """The pages that are not about one thing."""

    def at(path: str) -> Filed:
        return Filed(lang, path, base)

    yield at("").name, home_page(graph, at(""), today, shared)
    yield at("404").name, problem_page(404, "", at("404"))
    yield at("def").name, vocabulary_page(graph, at("def"), shared)
    yield at("queries").name, questions_page(graph, at("queries"))
    yield at("register").name, register_page(graph, "", at("register"), shared)
    for kind in REGISTERS:
        links = at(f"register/{kind.lower()}")
        yield links.name, register_page(graph, kind.lower(), links, shared)
    for name, saved in graph.queries.items():
        links = at(f"queries/{name}")
        yield links.name, question_page(graph, name, example_of(saved), links, shared=shared)


def _design() -> Iterator[tuple[str, bytes]]:
    folder = Path(str(files("sdkg.pages"))) / "static"
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith("vendor/"):  # the editor needs a server
            yield f"static/{name}", path.read_bytes()


def _data(graph: KnowledgeGraph, base: str) -> Iterator[tuple[str, bytes]]:
    project = graph.project
    for extension, style in WHOLE:
        yield f"data/alles.{extension}", export(project, style, base_url=base)
    for path in project.plan_files:
        for extension, style in EACH:
            yield f"data/{path.stem}.{extension}", export(project, style, plan=path, base_url=base)
    ontology = read(project.core_ontology).triples
    yield "def.ttl", serialize(rebase((_quad(t) for t in ontology), base), "turtle")
    plans = {path.stem for path in project.plan_files}
    for iri, triples in _by_subject([*project.reference_files, *project.plan_files]):
        name = iri.removeprefix(ID)
        if name not in plans and _PATH.fullmatch(name):
            for extension, style in EACH:
                quads = rebase((_quad(triple) for triple in triples), base)
                yield f"data/{name}.{extension}", serialize(quads, style)
    for name, saved in graph.queries.items():
        answer = graph.query(name, **example_of(saved))
        for extension in ANSWERS:
            yield f"data/queries/{name}.{extension}", answer.write(extension)


def _by_subject(paths: Iterable[Path]) -> list[tuple[str, list[ox.Triple]]]:
    """What the files say, by the thing they say it of; literals as written."""
    found: dict[str, list[ox.Triple]] = {}
    for path in paths:
        for triple in read(path).triples:
            if isinstance(triple.subject, ox.NamedNode) and triple.subject.value.startswith(ID):
                found.setdefault(triple.subject.value, []).append(triple)
    return sorted(found.items())


def _quad(triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object)


def _today() -> date:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC).date() if epoch.isdigit() else date.today()
