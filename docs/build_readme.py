"""Put the real answers of the first questions into the README: `python docs/build_readme.py [--check]`."""

from __future__ import annotations

import contextlib
import io
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from sdkg.cli import run

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = (
    (
        "Welke doelen steunen op de Participatiewet en op STIP?",
        ["doelen-op-wet-en-partner", "--wet", "Participatiewet", "--partner", "STIP"],
    ),
    (
        "En op de Jeugdwet en op STIP?",
        ["doelen-op-wet-en-partner", "--wet", "Jeugdwet", "--partner", "STIP"],
    ),
    (
        "Wat meet het plan over eenzaamheid, vrijwilligers en mantelzorg, en waar moet het heen?",
        ["indicatoren-met-nulmeting-en-streefwaarde", "--thema", "Benut de kracht van de samenleving"],
    ),
    ("Welke secties leveren niets op, en waarom?", ["secties-zonder-elementen", "--plan", "heerde-2022"]),
)
START, END = "<!-- answers -->\n", "<!-- /answers -->"


class _Output(io.StringIO):
    """Standard output that also takes bytes, as the command line writes them."""

    @property
    def buffer(self) -> _Bytes:  # type: ignore[override]
        return _Bytes(self)


class _Bytes(io.RawIOBase):
    def __init__(self, text: io.StringIO) -> None:
        self.text = text

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self.text.write(data.decode())


def answer(arguments: Sequence[str], project: Path = ROOT) -> str:
    """What `sdkg query ARGUMENTS` prints."""
    output = _Output()
    with contextlib.redirect_stdout(output):
        code = run(["query", *arguments, "--project", str(project)])
    if code:
        raise SystemExit(code)
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines())


def readme(project: Path = ROOT) -> str:
    """The README with the answers as they are now."""
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = []
    for question, arguments in QUESTIONS:
        printed = answer(arguments, project)
        command = shlex.join(["sdkg", "query", *arguments])
        blocks.append(f"**{question}**\n\n```sh\n{command}\n```\n\n```text\n{printed}\n```\n")
    before, _, rest = text.partition(START)
    return before + START + "\n" + "\n".join(blocks) + "\n" + END + rest.partition(END)[2]


if __name__ == "__main__":
    new = readme()
    if "--check" in sys.argv:
        sys.exit(new != (ROOT / "README.md").read_text("utf-8"))
    (ROOT / "README.md").write_text(new, "utf-8")
