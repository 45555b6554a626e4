"""`sdkg validate --watch`: an answer after every save, about what was saved."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import PYTHON

PLAN = Path("instances/heerde/heerde-2022.ttl")


@pytest.fixture
def watched(own_project: Path) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    command = [PYTHON, "-m", "sdkg", "validate", "--watch", "--project", str(own_project)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield own_project, process
    process.kill()
    process.communicate()


def told(process: subprocess.Popen[str]) -> str:
    """What it says next, up to the count."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if " violations, " in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


def test_every_save_is_answered(watched: tuple[Path, subprocess.Popen[str]]) -> None:
    project, process = watched
    assert "0 violations" in told(process)
    path = project / PLAN
    text = path.read_text("utf-8")
    path.write_text(text.replace("sd:onderdeelVan", "sd:onderdeelVn", 1), "utf-8")
    answer = told(process)
    assert answer.lstrip().splitlines()[0].endswith(f"  {PLAN.as_posix()}")
    assert "Bedoelde u sd:onderdeelVan?" in answer
    path.write_text(text.replace(" ;", " ", 1), "utf-8")
    assert "puntkomma" in told(process)
    path.unlink()
    path.write_text(text, "utf-8")
    while "0 violations" not in (answer := told(process)):
        pass  # the moment without the file
    assert "Bedoelde u" not in answer
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130


@pytest.mark.parametrize("options", [["--engine", "pyshacl"], ["--format", "json"]])
def test_what_does_not_go_with_it(options: list[str], own_project: Path) -> None:
    from sdkg.cli import run

    assert run(["validate", "--watch", *options, "--project", str(own_project)]) == 2


def test_shared_data_that_break_are_told(watched: tuple[Path, subprocess.Popen[str]]) -> None:
    project, process = watched
    told(process)
    laws = project / "instances" / "referentie" / "wetten.ttl"
    laws.write_text("wet:x a sd:Wet .", "utf-8")
    assert "wetten.ttl:1:1" in told(process)
