"""What the commands share: options, opening the graph, notes and progress, and writing what comes out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sdkg.files import write_atomically

if TYPE_CHECKING:
    from sdkg.graph import KnowledgeGraph
    from sdkg.results import Result

TIMEOUT, LIMIT = 120.0, 100_000
"""How many seconds a question may take, and how many rows it gives, unless told otherwise."""

_Command = TypeVar("_Command", bound=Callable[..., Any])

project_option = click.option(
    "--project",
    "folder",
    default=".",
    metavar="FOLDER",
    help="The folder of the project (default: the current one). What it lacks ships with sdkg.",
)
output_option = click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write to a file instead."
)


def asking_options(command: _Command) -> _Command:
    """The options of everything that asks a question: of which engine, for how long, for how many rows."""
    for option in (
        click.option("--limit", type=click.IntRange(min=0), default=LIMIT, show_default=True, metavar="ROWS",
                     help="Give at most so many rows, and say so if there are more; 0 for all."),
        click.option("--timeout", type=click.FloatRange(min=0), default=TIMEOUT, show_default=True,
                     metavar="SECONDS", help="Give up after so long; 0 for never."),
        click.option("--engine", type=click.Choice(["oxigraph", "rdflib"]), default="oxigraph",
                     show_default=True, help="What answers: the engine that ships, or rdflib as reference."),
        click.option("--endpoint", metavar="URL", help="Ask a SPARQL endpoint instead (see 'sdkg push')."),
    ):  # fmt: skip
        command = option(command)
    return command


class Group(click.Group):
    """A group that answers a slip with the nearest command."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """See `click.Group`."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f" Did you mean '{near[0]}'?" if near and "Did you mean" not in error.message else ""
            raise click.UsageError(error.message + hint, ctx) from None


def open_graph(folder: str, engine: str = "oxigraph", endpoint: str | None = None) -> KnowledgeGraph:
    """The graph to ask, with a note if files changed since its store was built."""
    from sdkg.graph import load

    graph = load(folder, progress, os.cpu_count() or 1, engine, endpoint)
    stale = [] if endpoint else graph.stale()
    if stale:
        some = ", ".join(stale[:3]) + (" ..." if len(stale) > 3 else "")
        note(f"{some} changed since the store was built. Run 'sdkg build'.")
    return graph


def rows(result: Result, style: str, output: Path | None) -> bytes:
    """The rows in a format, with a note if there were more; no binary format goes to a terminal."""
    from sdkg.formats import BINARY

    if style in BINARY and output is None and sys.stdout.isatty():
        raise click.UsageError(f"{style} is not for a terminal: name a file with -o.")
    if result.cut:
        note(f"cut after {len(result):,} rows; there are more. Raise --limit (0 for all).")
    return result.write(style)


def note(line: str) -> None:
    """Tell the user something beside the answer."""
    click.echo(f"Note: {line}", err=True)


def progress(line: str) -> None:
    """Tell the user what is being done."""
    click.echo(f"sdkg: {line}", err=True)


def write(data: bytes, output: Path | None) -> None:
    """To standard output, or to a file: whole or not at all.

    Raises:
        InputError: the file cannot be written.
    """
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    write_atomically(output, data)
