"""One store for the whole session, made from the repository; and copies for tests that change things."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import sdkg
from sdkg.project import PARTS
from tests.paths import ROOT


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built project whose parts are those of the repository; not to be changed."""
    folder = tmp_path_factory.mktemp("project")
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
