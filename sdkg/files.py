"""Writing files: whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sdkg.errors import InputError, Place


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file, or make it; if that fails it is as it was. The permissions of an old one stay.

    Raises:
        InputError: it cannot be written.

    Example:
        >>> from tempfile import mkdtemp
        >>> path = Path(mkdtemp()) / "a.txt"
        >>> write_atomically(path, b"whole")
        >>> path.read_text()
        'whole'
    """
    target = path.resolve()
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(f"cannot be written: {error.strerror}.", Place(path)) from None
