"""The commands about the data themselves: `sdkg build`, `validate`, `show`, `export` and `push`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import click

from sdkg.cli.common import note, open_graph, output_option, progress, project_option, write
from sdkg.formats import GRAPHS


@click.command()
@project_option
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something is wrong.")
def build(folder: str, quiet: bool) -> None:
    """Bring the store up to date with the files: read, validate, infer what changed.

    \b
    Example:
      sdkg build
    """
    from sdkg.builder import build as run
    from sdkg.project import Project

    project = Project.at(folder)
    result = run(project, (lambda _: None) if quiet else progress, os.cpu_count() or 1)
    if quiet:
        return
    if not result.changed:
        click.echo("Nothing changed: the store is up to date.")
        return
    click.echo(
        f"Built {project.store_folder}: {len(result.parsed)} files read, {len(result.validated)} validated, "
        f"{len(result.inferred)} inferred, {len(result.removed)} removed; {result.warnings} warnings."
    )


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILES]...")
@project_option
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option(
    "--severity",
    type=click.Choice(["must", "should", "may"]),
    default="may",
    show_default=True,
    help="Show only what must hold, or also what should or may.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["must", "should", "may", "never"]),
    default="must",
    show_default=True,
    help="What makes the exit code 1; 2 if a file does not parse.",
)
@click.option("--format", "style", type=click.Choice(["text", "json", "sarif", "html", "turtle"]),
              default="text", show_default=True)  # fmt: skip
@click.option("--watch", is_flag=True, help="Stay, and check again whenever a file is saved; Ctrl-C ends it.")
@click.option("--engine", type=click.Choice(["compiled", "pyshacl"]), default="compiled", show_default=True,
              help="The shapes compiled, which is fast, or the reference; both find the same.")  # fmt: skip
@output_option
def validate(files: tuple[Path, ...], folder: str, lang: str, severity: str, **options: Any) -> None:
    """Check files against the shapes; without FILES the whole project.

    Plans are checked with the reference data of the project, and never on what is inferred. A file that does
    not parse is a finding; the others are still checked. What has not changed since is not checked again.

    \b
    Examples:
      sdkg validate instances/heerde/heerde-2022.ttl
      sdkg validate --format sarif -o findings.sarif --fail-on should
      sdkg validate --watch instances/heerde/heerde-2022.ttl
    """
    from sdkg.findings.check import check
    from sdkg.findings.forms import WRITERS
    from sdkg.project import Project

    workers = os.cpu_count() or 1
    if options["watch"]:
        if options["engine"] != "compiled" or (options["style"] != "text" and not options["output"]):
            raise click.UsageError("--watch shows text, or writes to a file (-o), with the compiled shapes.")
        _watch(Path(folder), files, lang, severity, options["style"], options["output"])
        return
    found = check(Project.at(folder), files or None, progress, workers, options["engine"])
    shown = found.at_least(severity)
    write(WRITERS[options["style"]](shown, lang).encode(), options["output"])
    if found.fails(options["fail_on"]):
        sys.exit(2 if found.unreadable else 1)


def _watch(
    folder: Path, files: tuple[Path, ...], lang: str, severity: str, style: str, output: Path | None
) -> None:
    from sdkg.findings.forms import WRITERS
    from sdkg.findings.watch import news, watch

    note("watching; save a file to check it again, Ctrl-C ends this")
    for found in watch(folder, files or None, os.cpu_count() or 1):
        shown = found.at_least(severity)
        if output is not None:
            write(WRITERS[style](shown, lang).encode(), output)
        told = WRITERS["text"](news(shown), lang)
        write(f"{time.strftime('%H:%M:%S')}  {', '.join(found.fresh) or '-'}\n{told}\n".encode(), None)


@click.command()
@click.argument("name")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output_option
@project_option
def show(name: str, style: str, output: Path | None, folder: str) -> None:
    """Show one thing: what it says, what points at it, and where the plan says so.

    NAME is an IRI, a label, an alias or the last part of an IRI. Inferred statements are marked with ~.

    \b
    Example:
      sdkg show Participatiewet
    """
    description = open_graph(folder).show(name)
    if style == "json":
        import json

        write((json.dumps(description.as_dict(), ensure_ascii=False, indent=2) + "\n").encode(), output)
    else:
        write(description.text().encode(), output)


@click.command()
@click.option("--plan", help="Only this plan, by any of its names.")
@click.option("--format", "style", type=click.Choice(GRAPHS), default="turtle", show_default=True)
@click.option("--ontology", is_flag=True, help="Add the ontology and its alignments.")
@click.option("--queries", is_flag=True, help="Only the catalogue of saved queries, as RDF.")
@click.option("--catalog", is_flag=True, help="Only the catalogue of what is published: DCAT-AP-NL 3.0.")
@click.option("--void", is_flag=True, help="Only what it holds, in numbers: VoID.")
@click.option("--dumps", metavar="DIR", type=click.Path(path_type=Path),
              help="Write every dump, in every format, into a folder.")  # fmt: skip
@click.option("--base-url", metavar="URL", help="Write our IRIs under another base.")
@click.option("--site", type=click.Path(path_type=Path), metavar="DIR",
              help="Write the pages and the data as a site of files into this folder.")  # fmt: skip
@output_option
@project_option
def export(
    plan: str | None, style: str, ontology: bool, queries: bool, catalog: bool, void: bool,
    dumps: Path | None, base_url: str | None, site: Path | None, output: Path | None, folder: str,
) -> None:  # fmt: skip
    """Write the data, literals as in the files; the same bytes for the same data.

    Everything is the reference data, the plans and the catalogue of saved queries.

    \b
    Example:
      sdkg export --plan heerde-2022 --format jsonld -o heerde.jsonld
    """
    from sdkg.export import export as run
    from sdkg.export import plan_file
    from sdkg.namespaces import BASE
    from sdkg.project import Project

    chosen = {"--plan": plan, "--queries": queries, "--catalog": catalog, "--void": void, "--dumps": dumps}
    chosen["--site"] = site
    given = [name for name, value in chosen.items() if value]
    if len(given) > 1:
        raise click.UsageError(f"Choose: {' or '.join(given)}.")
    if site:
        _write_site(folder, site, base_url)
        return
    project = Project.at(folder)
    if catalog or void or dumps:
        from sdkg.cli.publish import publish

        what = given[0].removeprefix("--")
        publish(project, what, style, base_url or BASE, dumps or output)
        return
    path = plan_file(project, open_graph(folder).find(plan, "Beleidsplan")) if plan else None
    write(run(project, style, path, ontology, base_url or BASE, queries), output)


def _write_site(folder: str, site: Path, base_url: str | None) -> None:
    from sdkg.namespaces import BASE
    from sdkg.pages.site import write_site

    done = write_site(open_graph(folder), site, base_url or BASE, progress, workers=os.cpu_count() or 1)
    click.echo(f"Wrote {done.files} files, {done.pages} of them pages, into {site}.")


@click.command()
@click.option("--endpoint", required=True, metavar="URL", help="The SPARQL endpoint of the store.")
@click.option(
    "--graph-store", metavar="URL", help="Its Graph Store Protocol address, if it cannot be guessed."
)
@click.option("--update", metavar="URL", help="Its SPARQL Update address: use Update instead of Graph Store.")
@click.option("--all", "everything", is_flag=True, help="Load every graph again, also what did not change.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing.")
@click.option("--timeout", type=click.FloatRange(min=0), default=300.0, show_default=True, metavar="SECONDS",
              help="How long one graph may take.")  # fmt: skip
@project_option
def push(
    endpoint: str, graph_store: str | None, update: str | None, everything: bool, dry_run: bool,
    timeout: float, folder: str,
) -> None:  # fmt: skip
    """Load the graphs of the project into a SPARQL store, or refresh them: only what changed.

    Broken off, it can be run again. Who you are comes from SDKG_ENDPOINT_USER and SDKG_ENDPOINT_PASSWORD
    (SDKG_ENDPOINT_AUTH=digest for Virtuoso), or from SDKG_ENDPOINT_TOKEN.

    \b
    Example:
      sdkg push --endpoint http://127.0.0.1:7878/query
    """
    from sdkg.push import Target
    from sdkg.push import push as run

    target = Target.at(endpoint, graph_store, update, timeout or None)
    result = run(open_graph(folder), target, everything, dry_run, progress)
    click.echo(result.text())
