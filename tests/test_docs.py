"""Documentation that cannot rot: examples run, answers are real, every command and query is told of."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import sys
from pathlib import Path

import pytest

import sdkg
from tests.paths import ROOT

WITHOUT_EXAMPLES = ("errors", "formats", "solver", "store", "witness")
"""Names only; or a machine that is shown by the examples of those who use it."""

MODULES = sorted(m.name for m in pkgutil.iter_modules([str(ROOT / "sdkg")]) if m.name != "__main__")
INNER = sorted(
    m.name.removeprefix("sdkg.")
    for m in pkgutil.walk_packages([str(ROOT / "sdkg")], "sdkg.")
    if m.name.count(".") > 1 and not m.name.startswith("sdkg.pages.editor")
)


def examples(name: str) -> doctest.TestResults:
    """What came of the examples of a module."""
    return doctest.testmod(importlib.import_module(f"sdkg.{name}"), optionflags=doctest.ELLIPSIS)


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings(name: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    found = examples(name)
    assert found.failed == 0
    assert found.attempted > 0 or (ROOT / "sdkg" / name).is_dir() or name in WITHOUT_EXAMPLES


@pytest.mark.parametrize("name", INNER)
def test_examples_of_inner_modules(name: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert examples(name).failed == 0


def test_example_of_the_package(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert doctest.testmod(sdkg).failed == 0
    assert doctest.testmod(sdkg).attempted >= 4


def test_answers_of_the_readme_are_real(project: Path) -> None:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        build_readme = importlib.import_module("build_readme")
    finally:
        sys.path.pop(0)
    assert build_readme.readme(project) == (ROOT / "README.md").read_text("utf-8")


def test_every_command_is_in_the_readme() -> None:
    from sdkg.cli import cli

    readme = (ROOT / "README.md").read_text("utf-8")
    for command in cli.commands:
        assert f"sdkg {command}" in readme, command


def test_commands_in_the_docs_exist() -> None:
    from sdkg.cli import cli

    known = set(cli.commands)
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        text = path.read_text("utf-8")
        code = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text))
        for name in re.findall(r"(?:^|&& )sdkg ([a-z]+)\b", code, re.MULTILINE):
            assert name in known, f"{path.name}: sdkg {name}"


def test_python_of_the_readme_runs(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    readme = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})  # noqa: S102 (our own text)
