"""The static site: the same pages and the data as files, to be put on any host or opened from a disk.

    index.html  doc/…  queries/…  register/…  def.html      pages in Dutch
    en/…                                                    the same in English
    data/…                                                  per plan and thing (ttl, jsonld), all, answers
    catalog.ttl  dumps/…                                    the catalogue, and the files that it tells of
    static/…                                                the design

It is written beside the folder and then put in its place; a folder that is not a site of ours is left alone.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyoxigraph as ox

from sdkg import __version__
from sdkg.errors import ProjectError, SdkgError
from sdkg.export import export, rebase, serialize
from sdkg.graph import KnowledgeGraph
from sdkg.namespaces import BASE, ID
from sdkg.pages.catalogued import catalogue_graph
from sdkg.pages.home import REGISTERS, home_page, register_page
from sdkg.pages.links import Filed
from sdkg.pages.problems import problem_page
from sdkg.pages.questions import example_of, question_page, questions_page
from sdkg.pages.reader import Reader
from sdkg.pages.resource import resource_page
from sdkg.pages.rules import rules_page
from sdkg.pages.vocabulary import vocabulary_page
from sdkg.pages.words import LANGUAGES
from sdkg.project import Project
from sdkg.publication.catalogue import make_catalogue, write_catalogue
from sdkg.publication.dumps import Dumps
from sdkg.publication.parts import SYNTAXES
from sdkg.reading import read
from sdkg.results import Result

MARKER = ".sdkg-site"
"""The file that tells that a folder is a site of ours, which may be replaced."""

WHOLE = (("ttl", "turtle"), ("jsonld", "jsonld"))
ANSWERS = ("csv", "json")
"""The data on offer: of everything, of each plan and thing, of each question's answer."""

CHUNK = 800
"""Of how many things one process writes the pages before it takes other work."""

_PATH = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*", re.ASCII)
Progress = Callable[[str], None]
File = tuple[str, bytes]
"""The name of a file below the site, and what it holds."""


@dataclass(frozen=True)
class SiteResult:
    """What was written: how many files, and how many of them are pages."""

    folder: Path
    files: int
    pages: int


@dataclass(frozen=True)
class _Task:
    """A part of the site, written in a process of its own."""

    name: str
    part: str
    arguments: tuple[Any, ...] = ()


def write_site(
    graph: KnowledgeGraph,
    folder: Path,
    base_url: str = BASE,
    progress: Progress = lambda _: None,
    today: date | None = None,
    workers: int = 1,
) -> SiteResult:
    """Write the site.

    Args:
        graph: the knowledge graph.
        folder: where; it is made, or replaced if it is a site of ours.
        base_url: what to write instead of `BASE` at the start of our IRIs.
        progress: is told what has been written, a line at a time.
        today: the day for which plans are said to be in force; unless told otherwise that of
            SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/), else today.
        workers: how many processes share the work.

    Raises:
        ProjectError: the folder holds something else, or is a file.
    """
    target = folder.resolve()
    check(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.parent / f".{target.name}.{uuid4().hex[:8]}"
    common = (fresh, base_url.rstrip("/") + "/", today or _today())
    try:
        counts = list(_run(graph, _tasks(graph), common, workers, progress))
        _replace(target, fresh)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return SiteResult(folder, sum(files for files, _ in counts), sum(pages for _, pages in counts))


def check(folder: Path) -> None:
    """Refuse a folder that holds something other than a site of ours.

    Raises:
        ProjectError: it does, or it is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise ProjectError(f"{folder} is a file. Name a folder for the site.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise ProjectError(f"{folder} holds other things, and is left alone. Name a new or an empty folder.")


def _tasks(graph: KnowledgeGraph) -> list[_Task]:
    """The parts of the site, the longest first."""
    things, queries = paths(graph), sorted(graph.queries)
    found = [_Task(f"the data ({extension})", "whole", (extension,)) for extension, _ in WHOLE]
    for start in range(0, len(things), CHUNK):
        chunk = tuple(things[start : start + CHUNK])
        found.append(_Task(f"pages of {start + len(chunk)} of {len(things)} things", "things", (chunk,)))
    found += [_Task(f"questions from {queries[n]}", "questions", (tuple(queries[n : n + 10]),))
              for n in range(0, len(queries), 10)]  # fmt: skip
    found.append(_Task("the catalogue and the dumps", "published"))
    found.append(_Task("the data of each thing", "data"))
    found += [_Task(f"registers ({lang})", "overviews", (lang,)) for lang in LANGUAGES]
    return [*found, _Task("the design", "design")]


def _run(
    graph: KnowledgeGraph,
    tasks: list[_Task],
    common: tuple[Path, str, date],
    workers: int,
    progress: Progress,
) -> Iterator[tuple[int, int]]:
    if workers < 2:
        for task in tasks:
            yield _write(graph, task, common)
            progress(task.name)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), _open, (graph.project.root,)) as pool:
        running = {pool.submit(_written_elsewhere, task, common): task for task in tasks}
        for future in as_completed(running):
            yield future.result()
            progress(running[future].name)


_OPENED: list[KnowledgeGraph] = []
"""The graph of a worker process."""


def _open(root: Path) -> None:
    _OPENED.append(KnowledgeGraph(Project.at(root)))


def _written_elsewhere(task: _Task, common: tuple[Path, str, date]) -> tuple[int, int]:
    return _write(_OPENED[0], task, common)


def _write(graph: KnowledgeGraph, task: _Task, common: tuple[Path, str, date]) -> tuple[int, int]:
    """Write one part; how many files and how many pages that were."""
    root, base, today = common
    files = pages = 0
    for name, content in _PARTS[task.part](graph, base, today, *task.arguments):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        files += 1
        pages += name.endswith(".html")
    return files, pages


def _replace(target: Path, fresh: Path) -> None:
    """Put the new site in the place of the old one, which goes only then."""
    old = target.parent / f".{target.name}.{uuid4().hex[:8]}"
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _things(graph: KnowledgeGraph, base: str, today: date, chunk: tuple[str, ...]) -> Iterator[File]:
    """The pages of things; what was looked up for one language is used for the other."""
    shared: dict[str, Reader] = {}
    for lang in LANGUAGES:
        first = next(iter(shared.values()), None)
        shared[lang] = Reader(graph, Filed(lang, "", base), first)
    for path in chunk:
        for lang in LANGUAGES:
            links = Filed(lang, f"doc/{path}", base)
            yield links.name, resource_page(graph, ID + path, links, today, shared[lang])


def paths(graph: KnowledgeGraph) -> list[str]:
    """The paths of the things that have a page, below `ID`: all that the graph says anything about."""
    asked = graph.sparql(f"SELECT DISTINCT ?s {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{ID}')) }}")
    assert not isinstance(asked, ox.QueryBoolean | list)  # noqa: S101 (a SELECT)
    found = {str(row["s"]).removeprefix(ID) for row in asked}
    return sorted(path for path in found if _PATH.fullmatch(path))


def _overviews(graph: KnowledgeGraph, base: str, today: date, lang: str) -> Iterator[File]:
    """The pages that are not about one thing or question."""

    def at(path: str) -> Filed:
        return Filed(lang, path, base)

    shared = Reader(graph, at(""))
    yield at("").name, home_page(graph, at(""), today, shared)
    yield at("404").name, problem_page(404, "", at("404"))
    yield at("def").name, vocabulary_page(graph, at("def"), shared)
    yield at("shapes").name, rules_page(graph, at("shapes"))
    yield at("queries").name, questions_page(graph, at("queries"))
    yield at("register").name, register_page(graph, "", at("register"), shared)
    for kind in REGISTERS:
        links = at(f"register/{kind.lower()}")
        yield links.name, register_page(graph, kind.lower(), links, shared)


def _questions(graph: KnowledgeGraph, base: str, _: date, names: tuple[str, ...]) -> Iterator[File]:
    """The pages of questions, and their answers as data, for example values."""
    shared: Reader | None = None
    for name in names:
        given = example_of(graph, graph.saved(name))
        answer: Result | None = None
        with suppress(SdkgError):  # its page says that there is no answer
            answer = graph.query(name, **given)
            for extension in ANSWERS:
                yield f"data/queries/{name}.{extension}", answer.write(extension)
        for lang in LANGUAGES:
            links = Filed(lang, f"queries/{name}", base)
            shared = Reader(graph, links, shared)
            yield links.name, question_page(graph, name, given, links, 0, shared, answer)


def _design(*_: object) -> Iterator[File]:
    yield MARKER, f"sdkg {__version__}\n".encode()
    folder = Path(str(files("sdkg.pages"))) / "static"
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith("vendor/"):  # the editor needs a server
            yield f"static/{name}", path.read_bytes()


def _whole(graph: KnowledgeGraph, base: str, _: date, extension: str) -> Iterator[File]:
    """Everything in one file, and each plan in one."""
    project, style = graph.project, dict(WHOLE)[extension]
    yield f"data/alles.{extension}", export(project, style, base_url=base)
    for path in project.plan_files:
        yield f"data/{path.stem}.{extension}", export(project, style, plan=path, base_url=base)


def _data(graph: KnowledgeGraph, base: str, _: date) -> Iterator[File]:
    """What is said of each thing, and the ontology."""
    project = graph.project
    ontology = read(project.core_ontology).triples
    yield "def.ttl", serialize(rebase((_quad(t) for t in ontology), base), "turtle")
    plans = {path.stem for path in project.plan_files}
    for iri, triples in _by_subject([project.core_ontology, *project.reference_files, *project.plan_files]):
        name = iri.removeprefix(ID)
        if name not in plans and _PATH.fullmatch(name):
            for extension, style in WHOLE:
                quads = rebase((_quad(triple) for triple in triples), base)
                yield f"data/{name}.{extension}", serialize(quads, style)


def _published(graph: KnowledgeGraph, base: str, today: date) -> Iterator[File]:
    """The catalogue: as data, the page of each thing in it, and the dumps that it tells of."""
    dumps = Dumps(graph.project, base)
    records = dumps.records()
    made = make_catalogue(graph.project, base, records=records)
    for extension, style in (*WHOLE, ("rdf", "rdfxml")):
        yield f"catalog.{extension}", write_catalogue(made, style)
    for record in records.values():
        for syntax in SYNTAXES:
            packed = dumps.file_of(record, syntax.ending).read_bytes()
            yield f"dumps/{record.part}.{syntax.ending}.gz", packed
            yield f"dumps/{record.part}.{syntax.ending}", gzip.decompress(packed)
    found = catalogue_graph(graph.project, made.triples, base)
    for iri in made.iris():
        path = iri.removeprefix(ID.replace(BASE, base))
        for lang in LANGUAGES:
            links = Filed(lang, f"doc/{path}", base)
            yield links.name, resource_page(found, ID + path, links, today)
        for extension, style in WHOLE:
            quads = (_quad(triple) for triple in made.describe(iri))
            yield f"data/{path}.{extension}", serialize(quads, style)


_PARTS: dict[str, Callable[..., Iterator[File]]] = {
    "things": _things,
    "overviews": _overviews,
    "questions": _questions,
    "design": _design,
    "whole": _whole,
    "data": _data,
    "published": _published,
}


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
