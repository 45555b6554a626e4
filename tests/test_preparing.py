"""The dumps are made ahead, by a process of its own; who asks before they are there is told so."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
from pathlib import Path

import pytest
from filelock import FileLock

from sdkg.errors import ProblemError
from sdkg.project import Project
from sdkg.publication.dumps import Dumps
from sdkg.web import preparing
from sdkg.web.preparing import Preparation
from sdkg.web.settings import Settings
from tests.servers import sdkg


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Path:
    """A copy of the project, built, without dumps."""
    folder = tmp_path / "project"
    unwanted = shutil.ignore_patterns("lock", "dumps", "national")
    shutil.copytree(project, folder, ignore=unwanted, symlinks=True)
    return folder


async def nothing() -> bool:
    """What is there already."""
    return False


def test_dumps_are_made_without_being_asked_for(copy: Path, tmp_path: Path) -> None:
    folder = Dumps(Project.at(copy)).folder
    with sdkg(copy, tmp_path, "--workers", "1", "--timeout", "120") as site:
        end = time.monotonic() + 300
        while not list(folder.glob("alles-*.json")):
            assert time.monotonic() < end, site.log.read_text()
            time.sleep(0.2)
        assert site.ask("/catalog.ttl").status == 200


def test_until_they_are_there_others_are_answered(copy: Path, tmp_path: Path) -> None:
    folder = Dumps(Project.at(copy)).folder
    folder.mkdir(parents=True)
    lock = FileLock(folder / "lock")
    with sdkg(copy, tmp_path, "--workers", "1", "--timeout", "5") as site:
        with lock:
            for path in ("/catalog.ttl", "/dumps/alles.nt", "/doc/catalogus", "/data/dataset/alles.ttl"):
                reply = site.ask(path)
                assert (reply.status, reply.headers.get("retry-after")) == (503, "15"), path
                assert reply.media_type == "application/problem+json"
            assert site.ask("/doc/heerde-2022").status == 200
            assert site.query("ASK {}").status == 200
        end = time.monotonic() + 300
        while site.ask("/catalog.ttl").status == 503:
            assert time.monotonic() < end, site.log.read_text()
        assert site.ask("/dumps/alles.nt").status == 200


def test_no_more_wait_than_may() -> None:
    async def ask() -> list[str]:
        preparation = Preparation(Settings(timeout=0.2, max_waiting=1), nothing)
        waiting = [asyncio.create_task(preparation.ready()) for _ in range(3)]
        started = time.monotonic()
        told = []
        for one in waiting[::-1]:
            with contextlib.suppress(ProblemError):
                await one
            told.append("at once" if time.monotonic() - started < 0.1 else "late")
        return told

    assert asyncio.run(ask()) == ["at once", "at once", "late"]


def test_what_fails_ahead_is_left_to_who_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(preparing, "DELAY", 0.0)

    async def prepare() -> None:
        preparation = Preparation(Settings(project=tmp_path / "nowhere", timeout=300), nothing)
        preparation.start()
        await preparation.ready()
        await preparation.stop()

    asyncio.run(prepare())
    assert "does not exist" in capfd.readouterr().err
