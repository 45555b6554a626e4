"""`sdkg serve` as others run it: a process of its own, on a port that is free."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.paths import PYTHON


@contextmanager
def serving(project: Path, *options: str) -> Iterator[str]:
    """The address of a server of a built project, with its last slash, for as long as it is wanted."""
    command = [PYTHON, "-m", "sdkg", "serve", "--port", "0", "--workers", "2", "--project", str(project)]
    with subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told: list[str] = []
        try:
            for line in process.stderr:
                told.append(line)
                found = re.search(r"listening on (\S+)", line)
                if found:
                    threading.Thread(target=process.stderr.read, daemon=True).start()
                    yield found[1]
                    return
            raise AssertionError("".join(told))
        finally:
            process.terminate()
            process.wait(20)
