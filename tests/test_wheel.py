"""The wheel: built, installed in an empty environment outside the checkout, and asked a question."""

from __future__ import annotations

import os
import subprocess
import venv
from pathlib import Path

from tests.paths import PYTHON, ROOT


def test_an_installed_wheel_answers(tmp_path: Path) -> None:
    subprocess.run(
        [PYTHON, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    installed = [str(environment / "bin" / "pip"), "install", "--quiet", str(wheel)]
    subprocess.run(installed, check=True, capture_output=True)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    asked = [str(environment / "bin" / "sdkg"), "query", "doelen-op-wet-en-partner", "--format", "csv"]
    asked += ["--wet", "Participatiewet", "--partner", "STIP"]
    settings = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    settings.pop("PYTHONPATH", None)
    done = subprocess.run(asked, cwd=folder, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "doel-meer-inzicht-ontwikkelingen-jeugdhulp" in done.stdout
    assert not list(folder.iterdir())
    explained = [str(environment / "bin" / "sdkg"), "rule", "volgorde-vorm"]
    page = subprocess.run(explained, cwd=folder, env=settings, capture_output=True, text=True, check=True)
    assert "sd:volgorde 0 ." in page.stdout
    again = subprocess.run(asked, cwd=folder, env=settings, capture_output=True, text=True, check=True)
    assert (again.stdout, again.stderr) == (done.stdout, "")
