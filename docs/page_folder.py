"""A folder of pages that a command makes: what is stale in it, and bringing it up to date."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path


def stale(folder: Path, made: Mapping[str, str]) -> list[str]:
    """The names of the pages that are missing, differ, or should not be there."""
    held = {path.stem: path.read_text("utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in made.keys() | held.keys() if made.get(name) != held.get(name))


def write(folder: Path, made: Mapping[str, str]) -> None:
    """Write what is stale, and remove what should not be there."""
    folder.mkdir(exist_ok=True)
    for name in stale(folder, made):
        path = folder / f"{name}.md"
        if name in made:
            path.write_text(made[name], "utf-8")
        else:
            path.unlink()


def main(folder: Path, made: Mapping[str, str], command: str) -> int:
    """Write the pages; with `--check`, only tell which are stale, with exit code 1 if any is."""
    if "--check" not in sys.argv:
        write(folder, made)
        return 0
    for name in stale(folder, made):
        print(f"{folder}/{name}.md is not up to date; run `{command}`.", file=sys.stderr)
    return 1 if stale(folder, made) else 0
