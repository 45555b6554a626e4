"""The hooks for pre-commit: what they run exists, and looks at the files it should."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from sdkg.cli import cli
from tests.paths import PYTHON, ROOT

HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
}


def test_the_hooks() -> None:
    assert sorted(HOOKS) == ["sdkg-fmt", "sdkg-validate"]
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    for hook in HOOKS.values():
        program, command = shlex.split(hook["entry"])
        assert program in scripts
        assert command in cli.commands
        assert (hook["language"], hook["require_serial"]) == ("python", True)


@pytest.mark.parametrize(
    ("hook", "path", "seen"),
    [
        ("sdkg-fmt", "instances/heerde/heerde-2022.ttl", True),
        ("sdkg-fmt", "shapes/verplicht.ttl", True),
        ("sdkg-fmt", "queries/wetten.rq", False),
        ("sdkg-validate", "instances/heerde/heerde-2022.ttl", True),
        ("sdkg-validate", "instances/heerde/heerde-2022.ttl.bak", False),
        ("sdkg-validate", "shapes/verplicht.ttl", False),
    ],
)
def test_which_files_they_see(hook: str, path: str, seen: bool) -> None:
    assert bool(re.search(HOOKS[hook]["files"], path)) is seen


def test_they_run_in_a_repository_with_only_plans(tmp_path: Path) -> None:
    """As pre-commit runs them: the entry, with the files, from the top; a changed file fails the commit."""
    plan = tmp_path / "instances" / "hier" / "heemstede-2025.ttl"
    plan.parent.mkdir(parents=True)
    for name in ("heemstede-2019.ttl", "heemstede-2025.ttl"):  # the second points at the first
        shutil.copy(ROOT / "instances" / "heemstede" / name, plan.parent)
    canonical = plan.read_text("utf-8")
    plan.write_text(canonical.replace("    a sd:Sectie ;", "  a sd:Sectie;"), "utf-8")
    for hook in ("sdkg-fmt", "sdkg-validate"):
        _, command = shlex.split(HOOKS[hook]["entry"])
        arguments = [PYTHON, "-m", "sdkg", command, str(plan.relative_to(tmp_path))]
        done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
    assert plan.read_text("utf-8") == canonical


def test_the_docs_show_them() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (shown,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(shown.splitlines()) == 3
    (config,) = yaml.safe_load(shown)
    assert sorted(hook["id"] for hook in config["hooks"]) == sorted(HOOKS)
