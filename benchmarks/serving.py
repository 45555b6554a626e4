"""Questions per second over HTTP: `sdkg serve` beside the Oxigraph server of PyPI, on the same store.

    python benchmarks/serving.py [--seconds 5] [--rounds 3] [--connections 8] [--workers N]

Needs wrk (on Debian: apt-get install wrk). The two are asked in turn, in one run, the same questions: a
look-up of one thing and a join; each as one request that comes again and again, and as requests that all
differ, so that nothing kept can answer them. The figure to look at is the ratio.
"""

from __future__ import annotations

import argparse
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
    """A server to ask: its name, and the address of its endpoint in two parts."""

    name: str
    url: str
    path: str


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
    print("| question | requests | sdkg serve /s | oxigraph /s | ratio | p99 sdkg | p99 oxigraph |")
    print("|---|---|---|---|---|---|---|")
    for question, text in QUESTIONS.items():
        for kind, step in (("repeated", 0), ("all different", 1)):
            rates: dict[str, list[float]] = {server.name: [] for server in servers}
            slowest: dict[str, list[float]] = {server.name: [] for server in servers}
            for number in range(options.rounds):
                for server in servers:
                    start = (number + 1) * 10_000_000 if step else 0
                    rate, p99 = load(server, text, folder, start, step, options)
                    rates[server.name].append(rate)
                    slowest[server.name].append(p99)
            first, second = (statistics.median(rates[server.name]) for server in servers)
            late = [statistics.median(slowest[server.name]) for server in servers]
            figures = (
                f"{first:,.0f} | {second:,.0f} | {first / second:.2f} | {late[0]:.1f} ms | {late[1]:.1f} ms"
            )
            print(f"| {question} | {kind} | {figures} |", flush=True)


def load(
    server: Server, text: str, folder: Path, start: int, step: int, options: argparse.Namespace
) -> tuple[float, float]:
    """Requests per second, and the milliseconds in which 99 % had their answer."""
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
    said = subprocess.run([*command, server.url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(f"{server.name} failed:\n{said}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    if rate is None or p99 is None:
        sys.exit(f"wrk said:\n{said}")
    return float(rate[1]), float(p99[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]


@contextmanager
def ours(folder: Path, workers: int) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "sdkg", "serve", "--port", str(port), "--workers", str(workers)]
    with running(command, folder / "sdkg.log", f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D"):
        yield Server("sdkg", f"http://127.0.0.1:{port}", "/sparql")


@contextmanager
def theirs(folder: Path) -> Iterator[Server]:
    port = free_port()
    generation = ROOT / ".sdkg" / "generations" / (ROOT / ".sdkg" / "current").read_text().strip()
    command = [str(Path(sys.executable).parent / "oxigraph"), "serve-read-only", "--union-default-graph"]
    command += ["--location", str(generation / "store"), "--bind", f"127.0.0.1:{port}"]
    with running(command, folder / "oxigraph.log", f"http://127.0.0.1:{port}/query?query=ASK%7B%7D"):
        yield Server("oxigraph", f"http://127.0.0.1:{port}", "/query")


@contextmanager
def running(command: list[str], log: Path, url: str) -> Iterator[None]:
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
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


if __name__ == "__main__":
    main()
