"""Limits: time, rows, and Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
import weakref
from pathlib import Path

import pytest

import sdkg
from sdkg import deadline
from sdkg.deadline import within
from sdkg.errors import DeadlineError
from tests.paths import PYTHON

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i) }"


def sdkg_command(project: Path, *arguments: str) -> list[str]:
    return [str(PYTHON), "-m", "sdkg", *arguments, "--project", str(project)]


def test_in_time() -> None:
    assert within(5, lambda: "ja") == "ja"
    assert within(None, lambda: "ja") == "ja"


def test_what_goes_wrong_comes_through() -> None:
    def fail() -> None:
        raise LookupError("weg")

    with pytest.raises(LookupError, match="weg"):
        within(5, fail)


def test_too_late() -> None:
    with pytest.raises(DeadlineError, match=r"No answer within 0\.1 seconds"):
        within(0.1, lambda: time.sleep(1))
    assert deadline.is_working()


def test_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "FIRST_SIGN", 0.05)
    lines: list[str] = []
    within(5, lambda: time.sleep(0.3), lines.append)
    assert lines
    assert "still working; the limit is 5 s" in lines[0]


def test_a_query_has_a_time_limit_and_the_work_stops_with_it(project: Path) -> None:
    command = sdkg_command(project, "sparql", SLOW, "--timeout", "1")
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False
    )  # the query takes hours
    assert done.returncode == 2
    assert (
        done.stderr.strip()
        == "Error: No answer within 1 seconds. Ask less (one plan, say), or raise --timeout."
    )


def test_the_limit_counts_for_the_reasons_too(project: Path) -> None:
    command = sdkg_command(project, "query", "cijfers", "--why", "--timeout", "2")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "No answer within 2 seconds" in done.stderr


def test_work_within_work_goes_on_in_its_thread() -> None:
    here = within(5, lambda: (threading.get_ident(), within(None, threading.get_ident)))
    assert here[0] == here[1] != threading.get_ident()


def test_a_thread_does_the_next_work_too_unless_it_was_abandoned() -> None:
    kept = within(5, threading.get_ident)
    assert within(5, threading.get_ident) == kept
    with pytest.raises(DeadlineError):
        within(0.05, lambda: time.sleep(0.3))
    assert within(5, threading.get_ident) != kept  # which still sleeps
    end = time.monotonic() + 30
    while deadline.is_working() and time.monotonic() < end:
        time.sleep(0.01)
    assert kept not in {thread.ident for thread in threading.enumerate()}


def test_work_leaves_nothing_behind_in_its_thread() -> None:
    class Thing:
        pass

    thing = Thing()
    gone = weakref.ref(thing)
    assert within(5, lambda held=thing: held) is thing  # type: ignore[misc]
    del thing
    assert gone() is None


def test_a_child_process_has_threads_of_its_own() -> None:
    within(5, lambda: "ja")
    child = os.fork()
    if child == 0:
        os._exit(within(20, lambda: 7))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_ctrl_c_ends_cleanly(project: Path) -> None:
    command = sdkg_command(project, "sparql", SLOW)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err.strip().splitlines()[-1]) == (130, "", "Stopped.")
    assert "Traceback" not in err


def test_a_row_limit_says_that_it_cut(project: Path, graph: sdkg.KnowledgeGraph) -> None:
    command = sdkg_command(project, "query", "cijfers", "--plan", "heerde-2022", "--format", "csv")
    done = subprocess.run([*command, "--limit", "3"], capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 1 + 3
    assert "cut after 3 rows; there are more" in done.stderr
    whole = subprocess.run([*command, "--limit", "0"], capture_output=True, text=True, check=True)
    assert len(graph.query("cijfers", plan="heerde-2022")) > 3
    assert whole.stderr == ""
    assert whole.stdout.startswith(done.stdout)
    cut = graph.query("cijfers", limit=3)
    assert (len(cut), cut.cut) == (3, True)
