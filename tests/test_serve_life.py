"""The life of a server: how it starts, takes over a new build, and ends."""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from sdkg.project import Project
from sdkg.store import current, write_generation
from sdkg.web import app
from sdkg.web.responses import Sent
from sdkg.web.settings import Settings
from tests.paths import PYTHON, ROOT
from tests.servers import Site, sdkg

COUNT = "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/nieuw> ?o }"
LONG = """SELECT (COUNT(*) AS ?n) {
  ?s ?p ?o . ?a a sd:Beleidsplan . ?b a sd:Beleidsplan . ?c a sd:Beleidsplan }"""


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Path:
    """A copy of the project whose store can be changed."""
    folder = tmp_path / "project"
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("lock"), symlinks=True)
    return folder


def build_again(folder: Path, number: int) -> None:
    """A new generation, with one more statement."""
    store_folder = Project.at(folder).store_folder
    before = current(store_folder)
    assert before is not None

    def write(store: ox.Store, generation: Path, _: Path | None) -> None:
        s, p = ox.NamedNode(f"http://example.org/{number}"), ox.NamedNode("http://example.org/nieuw")
        store.add(ox.Quad(s, p, ox.Literal("x"), ox.NamedNode("http://example.org/g")))
        for name in ("manifest.json", "queries.json", "names.sqlite"):
            shutil.copy(before / name, generation / name)

    write_generation(store_folder, write)


def counted(site: Site) -> int:
    return int(site.query(COUNT).json()["results"]["bindings"][0]["n"]["value"])


def wait_for_count(site: Site, number: int) -> None:
    end = time.monotonic() + 60
    while counted(site) != number:
        assert time.monotonic() < end
        time.sleep(0.1)


def test_new_builds_are_taken_over_without_a_dropped_request(copy: Path, tmp_path: Path) -> None:
    with sdkg(copy, tmp_path, "--workers", "2", "--timeout", "120") as site:
        first = site.query(COUNT)
        stop = threading.Event()
        statuses: list[int] = []

        def keep_asking(number: int) -> None:
            while not stop.is_set():
                statuses.append(site.query(f"{COUNT} # {number} {len(statuses)}").status)

        with ThreadPoolExecutor(4) as threads:
            long = threads.submit(site.query, LONG, "GET", 120)
            asking = [threads.submit(keep_asking, number) for number in range(2)]
            for number in (1, 2, 3):
                build_again(copy, number)
                wait_for_count(site, number)
            assert len(list((copy / ".sdkg" / "generations").iterdir())) == 2
            assert long.result(120).status == 200
            stop.set()
            for one in asking:
                one.result(60)
        assert len(statuses) > 3
        assert set(statuses) == {200}
        last = site.query(COUNT, If_None_Match=first.headers["etag"])
        assert (last.status, last.headers["etag"] != first.headers["etag"]) == (200, True)


def test_a_build_that_cannot_be_opened_changes_nothing(copy: Path, tmp_path: Path) -> None:
    with sdkg(copy, tmp_path, "--workers", "1") as site:
        broken = copy / ".sdkg" / "generations" / "broken"
        broken.mkdir()
        (copy / ".sdkg" / "current").write_text("broken")
        time.sleep(3)
        assert counted(site) == 0
        broken.rmdir()


def test_the_address_is_given_and_ctrl_c_ends_it(site_to_stop: Site) -> None:
    assert site_to_stop.query("ASK {}").status == 200
    process = site_to_stop.process
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) in (130, -signal.SIGINT)
    log = site_to_stop.log.read_text()
    assert "Traceback" not in log
    assert log.count("listening") == 1


@pytest.fixture
def site_to_stop(project: Path, tmp_path: Path) -> Iterator[Site]:
    """A server of its own."""
    with sdkg(project, tmp_path, "--workers", "1") as site:
        yield site


@pytest.mark.skipif(sys.platform != "linux", reason="looks in /proc")
def test_no_worker_outlives_a_killed_server(site_to_stop: Site) -> None:
    children = Path(f"/proc/{site_to_stop.process.pid}/task/{site_to_stop.process.pid}/children")
    workers = [int(number) for number in children.read_text().split()]
    assert workers
    site_to_stop.process.kill()
    site_to_stop.process.wait()
    end = time.monotonic() + 20
    while any(Path(f"/proc/{number}/stat").exists() and not _is_dead(number) for number in workers):
        assert time.monotonic() < end
        time.sleep(0.1)


def _is_dead(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def start(*options: str, code: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [PYTHON, "-c", code] if code else [PYTHON, "-m", "sdkg"]
    return subprocess.run(
        [*command, "serve", *options], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_port_in_use(site: Site) -> None:
    done = start("--port", str(site.address[1]))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"Error: Cannot listen on 127.0.0.1, port {site.address[1]}: it is in use. Choose another.\n"
    )


def test_an_address_that_is_not_here() -> None:
    done = start("--host", "203.0.113.1", "--port", "0")
    assert done.returncode == 2
    assert "Cannot listen on 203.0.113.1" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_extra_is_missing() -> None:
    hide = """
import sys, importlib.util as u
found = u.find_spec
u.find_spec = lambda name, *rest: None if name == "uvicorn" else found(name, *rest)
from sdkg.cli import main
main(sys.argv[1:])
"""
    done = start(code=hide)
    assert done.returncode == 2
    assert done.stderr == "Error: Serving needs uvicorn. Run: python -m pip install 'sdkg[web]'\n"


def test_a_base_url_that_is_none() -> None:
    done = start("--base-url", "data.example.nl")
    assert done.returncode == 2
    assert "--base-url" in done.stderr


def test_the_base_url_is_in_what_is_served(project: Path, tmp_path: Path) -> None:
    with sdkg(project, tmp_path, "--workers", "1", "--base-url", "https://data.example.nl/beleid") as site:
        assert b"<https://data.example.nl/beleid/sparql>" in site.ask("/sparql").body


def test_a_store_is_built_if_there_is_none(own_project: Path, tmp_path: Path) -> None:
    shutil.rmtree(own_project / ".sdkg")
    with sdkg(own_project, tmp_path, "--workers", "1") as site:
        assert "writing the store" in site.log.read_text()
        assert site.query("ASK { ?plan a sd:Beleidsplan }").json()["boolean"] is True


def test_a_new_day_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    class Tomorrow(date):
        days = iter([date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 2), *[date(2026, 1, 2)] * 1000])

        @classmethod
        def today(cls) -> date:  # type: ignore[override]
            return next(cls.days)

    monkeypatch.setattr(app, "date", Tomorrow)
    monkeypatch.setattr(app, "A_WHILE", 0.01)

    async def wait() -> bool:
        site = app.Site(Settings())
        sent = Sent(200, (), b"", None, 0.0)
        site.kept.put(b"page", sent, 10)
        task = asyncio.create_task(app._forget_daily(site))
        for _ in range(100):
            await asyncio.sleep(0.01)
            if site.kept.get(b"page") is None:
                break
        task.cancel()
        return site.kept.get(b"page") is None

    assert asyncio.run(wait())
