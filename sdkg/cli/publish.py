"""The commands of a publisher: `sdkg score`, and what `sdkg export` writes for portals and readers."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sdkg.cli.common import output_option, progress, project_option, write

if TYPE_CHECKING:
    import pyoxigraph as ox

    from sdkg.project import Project
    from sdkg.publication.harvest import Harvest
    from sdkg.publication.reach import Reach


@click.command()
@click.argument("source", required=False, metavar="[FILE|URL]")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option("--ask", is_flag=True, help="Ask every address whether it answers.")
@click.option("--server", metavar="URL", help="Ask this running 'sdkg serve' instead.")
@click.option("--harvest", is_flag=True, help="Only a dry run of what a harvester does with it.")
@output_option
@project_option
def score(
    source: str | None, style: str, lang: str, ask: bool, server: str | None, harvest: bool,
    output: Path | None, folder: str,
) -> None:  # fmt: skip
    """Score a catalogue before portals do: its MQA points out of 405, and what to fix first.

    Without FILE or URL: the catalogue of the project. Nothing is asked of the network unless told to.

    \b
    Example:
      sdkg score
    """
    from sdkg.project import Project
    from sdkg.publication.score import read_catalogue
    from sdkg.publication.score import score as run

    project = Project.at(folder)
    if harvest:
        found = _harvest(project, source)
        write(found.text().encode(), output)
        sys.exit(1 if found.problems else 0)
    triples = read_catalogue(source) if source else _own_catalogue(project)
    result = run(triples, _reach(project, source, ask, server))
    write((result.json() if style == "json" else result.text(lang)).encode(), output)


def publish(project: Project, what: str, style: str, base_url: str, output: Path | None) -> None:
    """Write what `sdkg export` was asked for: `catalog` or `void` to a file, `dumps` into a folder."""
    from sdkg.publication.dumps import Dumps

    dumps, workers = Dumps(project, base_url), os.cpu_count() or 1
    if what == "dumps":
        assert output is not None  # noqa: S101
        written = dumps.write(output, workers, progress)
        click.echo(f"Wrote {len(written)} dumps to {output}.")
    elif what == "void":
        from sdkg.publication.void import export_void

        write(export_void(project, style, base_url, dumps.records(workers, progress)), output)
    else:
        from sdkg.publication.catalogue import export_catalogue

        write(export_catalogue(project, style, base_url, dumps.records(workers, progress)), output)


def _harvest(project: Project, source: str | None) -> Harvest:
    """A dry run on an address, a file, or the catalogue of the project."""
    from sdkg.publication.harvest import Page, dry_run, over_http

    if source and source.startswith(("http://", "https://")):
        return dry_run(source, over_http)
    import pyoxigraph as ox

    from sdkg.export import serialize
    from sdkg.publication.score import read_catalogue

    triples = read_catalogue(source) if source else _own_catalogue(project)
    body = serialize((ox.Quad(t.subject, t.predicate, t.object) for t in triples), "nt")
    return dry_run(source or "catalog", lambda _: Page("application/n-triples", body))


def _own_catalogue(project: Project) -> list[ox.Triple]:
    from sdkg.publication.catalogue import make_catalogue
    from sdkg.publication.dumps import Dumps

    records = Dumps(project).records(os.cpu_count() or 1, progress)
    return list(make_catalogue(project, records=records).triples)


def _reach(project: Project, source: str | None, ask: bool, server: str | None) -> Reach:
    from sdkg.publication.reach import Asked, Served, Unasked
    from sdkg.publication.serving import served_at, served_urls

    if server:
        return Asked({served_at(project): server.rstrip("/") + "/"})
    if ask:
        return Asked()
    return Unasked() if source else Served(served_urls(project))
