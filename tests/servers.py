"""Real SPARQL servers for the tests, on loopback, empty, each with its data in a folder that goes away."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.paths import ROOT

VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
LockFile = {folder}/v.lck
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
[TempDatabase]
DatabaseFile = {folder}/t.db
TransactionFile = {folder}/t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DirsAllowed = {folder}
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{port}
[SPARQL]
ResultSetMaxRows = 1000000
"""


@dataclass(frozen=True)
class Server:
    """A running server: its SPARQL endpoint, and the environment in which sdkg may write to it."""

    name: str
    endpoint: str
    environment: dict[str, str]
    update: str


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"the server at {url} stopped with code {process.returncode}"
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):  # noqa: S310
            return
        time.sleep(0.1)
    raise AssertionError(f"no answer from {url} within {seconds} seconds")


@contextlib.contextmanager
def running(command: list[str], url: str, folder: Path) -> Iterator[None]:
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_for(url, process)
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def oxigraph(folder: Path) -> Iterator[Server]:
    """The Oxigraph server of PyPI; its default graph is not the union of the others."""
    program = Path(sys.executable).parent / "oxigraph"
    base = f"http://127.0.0.1:{free_port()}"
    command = [
        str(program),
        "serve",
        "--location",
        str(folder / "data"),
        "--bind",
        base.removeprefix("http://"),
    ]
    with running(command, f"{base}/query?query=ASK%7B%7D", folder):
        yield Server("oxigraph", f"{base}/query", {}, f"{base}/update")


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[Server]:
    """Virtuoso 7 of Debian, with its own test user."""
    program = shutil.which("virtuoso-t")
    if program is None:
        reason = "virtuoso-t is not installed here (on Debian: apt-get install virtuoso-opensource-7-bin)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    port = free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(VIRTUOSO_INI.format(folder=folder, port=port, sql_port=free_port()))
    base = f"http://127.0.0.1:{port}"
    who = {"USER": "dba", "PASSWORD": "dba", "AUTH": "digest"}
    command = [program, "+foreground", "+configfile", str(settings)]
    with running(command, f"{base}/sparql?query=ASK%7B%7D", folder):
        environment = {f"SDKG_ENDPOINT_{name}": value for name, value in who.items()}
        yield Server("virtuoso", f"{base}/sparql", environment, f"{base}/sparql-auth")


@dataclass(frozen=True)
class Reply:
    """What a server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True)
class Site:
    """A running `sdkg serve`: its address, and its process."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def address(self) -> tuple[str, int]:
        parts = urllib.parse.urlsplit(self.url)
        return str(parts.hostname), int(parts.port or 80)

    def ask(
        self, target: str, method: str = "GET", body: bytes | None = None, timeout: float = 60, **headers: str
    ) -> Reply:
        """One request, sent as it is given; an underscore in the name of a header stands for a hyphen."""
        connection = http.client.HTTPConnection(*self.address, timeout=timeout)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, body, sent)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, found, response.read())
        finally:
            connection.close()

    def query(self, text: str, method: str = "GET", timeout: float = 60, **headers: str) -> Reply:
        """The answer to a query."""
        target = "/sparql?" + urllib.parse.urlencode({"query": text})
        return self.ask(target, method, None, timeout, **headers)


PATIENT = ("--workers", "2", "--timeout", "120")
"""Options of a server on a machine that does other things too."""


@contextlib.contextmanager
def sdkg(project: Path, folder: Path, *options: str) -> Iterator[Site]:
    """`sdkg serve` of a project, on a port that the system chooses; its log goes into `folder`."""
    log = folder / "serve.log"
    command = [sys.executable, "-m", "sdkg", "serve", "--port", "0", "--project", str(project), *options]
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=ROOT, stdout=stream, stderr=stream)
    try:
        yield Site(_address(process, log), process, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[bytes], log: Path, seconds: float = 120) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = re.search(r"http://\S+", log.read_text())
        if found:
            return found[0].rstrip("/")
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    raise AssertionError(f"not listening within {seconds} seconds: {log.read_text()}")
