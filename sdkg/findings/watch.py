"""`sdkg validate --watch`: the findings again whenever a file is saved."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sdkg.findings.check import check
from sdkg.findings.model import Findings
from sdkg.project import REFERENCE, Project

PAUSE = 0.2
"""Seconds between two looks at the files."""

Stamps = dict[Path, tuple[int, int]]


def watch(root: Path, files: Sequence[Path] | None, workers: int) -> Iterator[Findings]:
    """The findings of a project or of some files now, and after every change; never ends by itself.

    A file that is gone for a moment, as while an editor replaces it, is waited for.

    Raises:
        InputError: as `sdkg.findings.check.check`.
    """
    before: Stamps | None = None
    while True:
        project = Project.at(root)
        now = stamps([*project.data_files(), *project.shape_files, *(files or ())])
        if now != before and all(path in now for path in files or ()):
            before = now
            yield check(project, files, workers=workers)
        time.sleep(PAUSE)


def stamps(paths: Sequence[Path]) -> Stamps:
    """Size (bytes) and time of change (ns) of the files that are there."""
    found: Stamps = {}
    for path in paths:
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        found[path] = (stat.st_size, stat.st_mtime_ns)
    return found


def news(found: Findings) -> Findings:
    """The findings in what was checked just now, and not those that were told before."""
    shared = REFERENCE in found.fresh
    plans = {name for name, _ in found.unchecked} | set(found.fresh)
    new = [f for f in found.findings if f.region.file in plans or (shared and not f.plan)]
    return replace(found, findings=tuple(new))
