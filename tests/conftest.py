"""One store for the whole session, made from the repository; and copies for tests that change things."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import httpx
import pytest
from filelock import FileLock

import sdkg
from sdkg.project import PARTS
from tests import servers
from tests.paths import ROOT


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built project whose parts are those of the repository; not to be changed.

    Where tests run in several processes, the first one builds it for all.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "project"
    with FileLock(shared / "project.lock"):
        if not (folder / ".sdkg" / "current").is_file():
            folder.mkdir()
            for part in PARTS:
                (folder / part).symlink_to(ROOT / part, target_is_directory=True)
            sdkg.build(sdkg.Project.at(folder), workers=2)
    return folder


@pytest.fixture(scope="session")
def graph(project: Path) -> sdkg.KnowledgeGraph:
    """The knowledge graph of the repository."""
    return sdkg.load(project)


@pytest.fixture
def own_project(project: Path, tmp_path: Path) -> Path:
    """A built copy of the project with one plan, to change at will."""
    folder = tmp_path / "project"
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("lock"))
    for path in sdkg.Project.at(folder).plan_files:
        if path.stem != "heerde-2022":
            path.unlink()
    return folder


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What is entered here is left at the end of the test."""
    with ExitStack() as found:
        yield found


def _serving(
    start: Callable[[Path], AbstractContextManager[servers.Server]],
    graph: sdkg.KnowledgeGraph,
    factory: pytest.TempPathFactory,
) -> Iterator[servers.Server]:
    """A server that holds the graph, for as long as it is wanted."""
    from sdkg.push import Target, push

    with start(factory.mktemp("server")) as server:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in server.environment.items():
                patch.setenv(name, value)
            push(graph, Target.at(server.endpoint))
        yield server


@pytest.fixture(scope="session")
def loaded_oxigraph(
    graph: sdkg.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[servers.Server]:
    """An Oxigraph server with the knowledge graph of the repository."""
    yield from _serving(servers.oxigraph, graph, tmp_path_factory)


@pytest.fixture(scope="session")
def loaded_virtuoso(
    graph: sdkg.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[servers.Server]:
    """A Virtuoso server with the knowledge graph of the repository."""
    yield from _serving(servers.virtuoso, graph, tmp_path_factory)


@pytest.fixture(scope="session")
def site(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Site]:
    """`sdkg serve` of the repository, as it is started without options."""
    with servers.sdkg(project, tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture(scope="session")
def address(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address, with a slash at its end, of an `sdkg serve` of the repository that has patience."""
    with servers.sdkg(project, tmp_path_factory.mktemp("address"), *servers.PATIENT) as found:
        yield found.url + "/"


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    """A client of that server."""
    with httpx.Client(base_url=address, timeout=120) as found:
        yield found
