"""The command about how files are written: `sdkg fmt`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sdkg.cli.common import project_option, write
from sdkg.errors import InputError

if TYPE_CHECKING:
    from sdkg.formatting import Rewritten


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILES]...")
@click.option("--check", is_flag=True, help="Write nothing: list what would change, and exit with 1 if any.")
@click.option("--diff", is_flag=True, help="Write nothing: show what would change.")
@project_option
def fmt(files: tuple[Path, ...], check: bool, diff: bool, folder: str) -> None:
    """Rewrite Turtle in the house style; without FILES all Turtle of the project, with - standard input.

    Comments, the order of everything and the graph itself stay as they are. A file that cannot be read is an
    error; the others are still done.

    \b
    Example:
      sdkg fmt --check --diff
    """
    from sdkg.formatting import rewrite, turtle_files
    from sdkg.project import Project

    if files == (Path("-"),):
        _standard_input(check, diff)
        return
    changed = failed = 0
    chosen = files or tuple(turtle_files(Project.at(folder)))
    for path in chosen:
        try:
            rewritten = rewrite(path)
            changed += rewritten.changed
            if rewritten.changed:
                _tell(rewritten, check, diff)
        except InputError as error:
            failed += 1
            click.echo(f"Error: {error}", err=True)
    verb = "would change" if check or diff else "rewritten"
    bad = f", {failed} unreadable" if failed else ""
    click.echo(f"{len(chosen)} files: {changed} {verb}{bad}.", err=True)
    if failed or (check and changed):
        sys.exit(2 if failed else 1)


def _tell(rewritten: Rewritten, check: bool, diff: bool) -> None:
    """Write a file, or say what would become of it."""
    if not check and not diff:
        rewritten.write()
    if diff:
        click.echo(rewritten.diff(), nl=False)
    else:
        click.echo(str(rewritten.path))


def _standard_input(check: bool, diff: bool) -> None:
    from sdkg.formatting import rewrite_bytes

    rewritten = rewrite_bytes(sys.stdin.buffer.read(), Path("stdin.ttl"))
    if diff:
        click.echo(rewritten.diff(), nl=False)
    elif not check:
        write(rewritten.after.encode(), None)
    if check and rewritten.changed:
        sys.exit(1)
