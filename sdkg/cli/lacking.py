"""The command about what plans leave open: `sdkg gaps`."""

from __future__ import annotations

from pathlib import Path

import click

from sdkg.cli.common import open_graph, output_option, project_option, write


@click.command()
@click.option("--plan", help="Only this plan, by any of its names; the others are still counted, to compare.")
@click.option("--format", "style", type=click.Choice(["text", "json", "html"]), default="text",
              show_default=True)  # fmt: skip
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@output_option
@project_option
def gaps(plan: str | None, style: str, lang: str, output: Path | None, folder: str) -> None:
    """Tell what the plans themselves leave open: goals without indicator, results nobody owns, ...

    A gap of a plan is not a fault of the data (see 'sdkg validate'), so the exit code is 0.

    \b
    Example:
      sdkg gaps --plan heerde-2022
    """
    from sdkg.gaps import find_gaps
    from sdkg.gaps.writing import write_gaps

    write(write_gaps(find_gaps(open_graph(folder), plan), style, lang).encode(), output)
