"""Questions per second over HTTP: `sdkg serve` beside the Oxigraph server of PyPI, on the same store.

    python -m benchmarks.serving [--seconds 5] [--rounds 3] [--connections 8] [--workers N]

Needs wrk (on Debian: apt-get install wrk). The two are asked in turn, in one run, the same questions: a
look-up of one thing and a join; each as one request that comes again and again, and as requests that all
differ, so that nothing kept can answer them. The figure to look at is the ratio; the processor time that a
request takes (Linux only) shows where it comes from.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
MARK = "NUMBER"
BASE = "https://w3id.org/sociaal-domein/"
QUESTIONS = {
    "look-up": f"SELECT ?p{MARK} ?o {{ <{BASE}id/wet/jeugdwet> ?p{MARK} ?o }}",
    "join": f"""SELECT ?x{MARK} ?label ?plan {{
        ?x{MARK} <{BASE}def#steuntOpWet> <{BASE}id/wet/jeugdwet> ; <{BASE}def#inPlan> ?plan ;
                 <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }} LIMIT 14""",
}
LUA = """
local n = {start}
request = function()
  n = n + {step}
  local headers = {{ ["Accept"] = "application/sparql-results+json" }}
  return wrk.format("GET", (string.gsub("{target}", "{mark}", n)), headers)
end
"""


@dataclass(frozen=True)
class Server:
    """A server to ask: its name, the address of its endpoint in two parts, and its process."""

    name: str
    url: str
    path: str
    process: int


@dataclass(frozen=True)
class Load:
    """What a run gave: requests per second, the milliseconds in which 99 % had their answer, and the
    microseconds of processor time that a request took."""

    rate: float
    p99: float
    cpu: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--workers", type=int, default=4)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed (on Debian: apt-get install wrk).")
    subprocess.run([sys.executable, "-m", "sdkg", "build", "--quiet"], cwd=ROOT, check=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = [
            stack.enter_context(ours(folder, options.workers)),
            stack.enter_context(theirs(folder)),
        ]
        compare(servers, folder, options)


def compare(servers: list[Server], folder: Path, options: argparse.Namespace) -> None:
    print("| question | requests | sdkg /s | oxigraph /s | ratio | p99 (ms) | processor time (us) |")
    print("|---|---|---|---|---|---|---|")
    for question, text in QUESTIONS.items():
        for kind, step in (("repeated", 0), ("all different", 1)):
            runs: dict[str, list[Load]] = {server.name: [] for server in servers}
            for number in range(options.rounds):
                for server in servers:
                    start = (number + 1) * 10_000_000 if step else 0
                    runs[server.name].append(load(server, text, folder, start, step, options))
            print(f"| {question} | {kind} | {figures(*runs.values())} |", flush=True)


def figures(first: list[Load], second: list[Load]) -> str:
    """The medians of two servers."""
    rates = [statistics.median(run.rate for run in runs) for runs in (first, second)]
    late = [statistics.median(run.p99 for run in runs) for runs in (first, second)]
    cpu = [statistics.median(run.cpu for run in runs) for runs in (first, second)]
    both = f"{late[0]:.1f}, {late[1]:.1f} | {cpu[0]:.0f}, {cpu[1]:.0f}"
    return f"{rates[0]:,.0f} | {rates[1]:,.0f} | {rates[0] / rates[1]:.2f} | {both}"


def load(server: Server, text: str, folder: Path, start: int, step: int, options: argparse.Namespace) -> Load:
    """One run of wrk."""
    target = f"{server.path}?query={quote(' '.join(text.split()))}"
    script = folder / "requests.lua"
    script.write_text(LUA.format(start=start, step=step, target=target, mark=MARK))
    command = [
        "wrk",
        "-t1",
        f"-c{options.connections}",
        f"-d{options.seconds}s",
        "--latency",
        "-s",
        str(script),
    ]
    before = ticks(server.process)
    said = subprocess.run([*command, server.url], capture_output=True, text=True, check=True).stdout
    used = (ticks(server.process) - before) / os.sysconf("SC_CLK_TCK")
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(f"{server.name} failed:\n{said}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    number = re.search(r"(\d+) requests in", said)
    if rate is None or p99 is None or number is None:
        sys.exit(f"wrk said:\n{said}")
    milliseconds = float(p99[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]
    return Load(float(rate[1]), milliseconds, used / int(number[1]) * 1e6)


def ticks(process: int) -> int:
    """The processor time of a process and its children, in clock ticks; 0 where that cannot be read."""
    folder = Path(f"/proc/{process}")
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        children = (folder / "task" / str(process) / "children").read_text().split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12]) + sum(ticks(int(child)) for child in children)


@contextmanager
def ours(folder: Path, workers: int) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "sdkg", "serve", "--port", str(port), "--workers", str(workers)]
    with running(command, folder / "sdkg.log", f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D") as process:
        yield Server("sdkg", f"http://127.0.0.1:{port}", "/sparql", process)


@contextmanager
def theirs(folder: Path) -> Iterator[Server]:
    port = free_port()
    generation = ROOT / ".sdkg" / "generations" / (ROOT / ".sdkg" / "current").read_text().strip()
    command = [str(Path(sys.executable).parent / "oxigraph"), "serve-read-only", "--union-default-graph"]
    command += ["--location", str(generation / "store"), "--bind", f"127.0.0.1:{port}"]
    with running(
        command, folder / "oxigraph.log", f"http://127.0.0.1:{port}/query?query=ASK%7B%7D"
    ) as process:
        yield Server("oxigraph", f"http://127.0.0.1:{port}", "/query", process)


@contextmanager
def running(command: list[str], log: Path, url: str) -> Iterator[int]:
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=ROOT, stdout=stream, stderr=stream)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(url, timeout=5).close()  # noqa: S310
                break
            except OSError:
                time.sleep(0.1)
        else:
            sys.exit(f"{command[0]} does not answer:\n{log.read_text()}")
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


if __name__ == "__main__":
    main()
