"""Bundles the query editor from the npm registry: run by the build of the package, or by hand.

    python sdkg/pages/editor/build.py

Without npm, or without the registry, there is a notice, and the query page has the plain field.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent / "static" / "vendor"
SOURCES = ("editor.js", "package.json")
OPTIONS = (
    "--bundle",
    "--minify",
    "--format=esm",
    "--charset=utf8",
    "--legal-comments=none",
    "--target=es2022",
    "--metafile=meta.json",
    "--outfile=out/editor.js",
)
MINUTES = 5


def bundle(target: Path = VENDOR) -> bool:
    """Bundle the editor with the licences of what is in it, unless that was done of the same sources.

    Returns:
        Whether the editor is there.
    """
    stamp = "".join((HERE / name).read_text("utf-8") for name in SOURCES)
    made = target / "made-of.txt"
    if made.is_file() and made.read_text("utf-8") == stamp:
        return True
    npm = shutil.which("npm")
    if npm is None:
        return _without("npm is not installed")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in SOURCES:
            shutil.copy(HERE / name, work / name)
        try:
            _run([npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], work)
            esbuild = str(work / "node_modules" / ".bin" / "esbuild")
            _run([esbuild, "editor.js", *OPTIONS], work)
        except (OSError, subprocess.SubprocessError) as error:
            return _without(str(error))
        (work / "out" / "licences.txt").write_text(_licences(work), "utf-8")
        (work / "out" / "made-of.txt").write_text(stamp, "utf-8")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(work / "out", target)
    return True


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=MINUTES * 60, check=False
    )
    if done.returncode:
        raise subprocess.SubprocessError(f"{Path(command[0]).name}: {done.stderr.strip()[-300:]}")


def _licences(work: Path) -> str:
    """The licence of each package that went into the bundle, in full."""
    import json

    inputs = json.loads((work / "meta.json").read_text("utf-8"))["inputs"]
    packages = sorted({_package(name) for name in inputs if name.startswith("node_modules/")})
    parts = []
    for package in packages:
        folder = work / "node_modules" / package
        version = json.loads((folder / "package.json").read_text("utf-8"))["version"]
        texts = [
            path.read_text("utf-8")
            for path in sorted(folder.iterdir())
            if path.name.upper().startswith("LICENSE")
        ]
        if not texts:
            raise subprocess.SubprocessError(f"{package} comes without its licence")
        parts.append(f"{package} {version}\n\n" + "\n".join(texts))
    return ("\n" + "-" * 72 + "\n\n").join(parts)


def _package(name: str) -> str:
    """The name of the package of a file.

    Example:
        >>> _package("node_modules/@codemirror/view/dist/index.js")
        '@codemirror/view'
    """
    parts = name.split("/")[1:]
    return "/".join(parts[: 2 if parts[0].startswith("@") else 1])


def _without(why: str) -> bool:
    sys.stderr.write(f"sdkg: the query editor is not bundled ({why}); the query page has a plain field.\n")
    return False


if __name__ == "__main__":
    sys.exit(not bundle())
