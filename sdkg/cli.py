"""The command line: parse, call, print, exit code. What it does lives in the modules it calls.

Exit codes: 0 good, 1 the data do not conform, 2 wrong use or unreadable input.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sdkg import __version__
from sdkg.errors import InputError, Place, SdkgError

if TYPE_CHECKING:
    from sdkg.catalog import SavedQuery
    from sdkg.graph import KnowledgeGraph
    from sdkg.project import Project

_ROWS = ("table", "csv", "tsv", "json", "xml", "markdown")
_GRAPHS = ("turtle", "trig", "nt", "nq", "jsonld", "rdfxml")
_Command = TypeVar("_Command", bound=Callable[..., Any])

_project_option = click.option(
    "--project",
    "folder",
    default=".",
    metavar="FOLDER",
    help="The folder of the project (default: the current one). What it lacks ships with sdkg.",
)
_output_option = click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write to a file instead."
)


class _Group(click.Group):
    """A group that answers a slip with the nearest command."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f" Did you mean '{near[0]}'?" if near and "Did you mean" not in error.message else ""
            raise click.UsageError(error.message + hint, ctx) from None


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sdkg")
def cli() -> None:
    """The knowledge graph of Dutch municipal social policy.

    \b
    Example:
      sdkg query doelen-op-wet-en-partner --wet Participatiewet --partner STIP
    """


@cli.command()
@_project_option
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
    result = run(project, (lambda _: None) if quiet else _progress, os.cpu_count() or 1)
    if quiet:
        return
    if not result.changed:
        click.echo("Nothing changed: the store is up to date.")
        return
    click.echo(
        f"Built {project.store_folder}: {len(result.parsed)} files read, {len(result.validated)} validated, "
        f"{len(result.inferred)} inferred, {len(result.removed)} removed; {result.warnings} warnings."
    )


@cli.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILES]...")
@_project_option
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option("--severity", type=click.Choice(["must", "should"]), default="should", show_default=True,
              help="Show only what must hold, or also what should.")  # fmt: skip
def validate(files: tuple[Path, ...], folder: str, lang: str, severity: str) -> None:
    """Check files against the shapes; without FILES the whole project.

    Plans are checked with the reference data of the project, and never on what is inferred.

    \b
    Example:
      sdkg validate instances/heerde/heerde-2022.ttl
    """
    from sdkg.project import Project
    from sdkg.validation import validate as run

    report = run(Project.at(folder), files or None, _progress, os.cpu_count() or 1)
    must, should = report.of("Violation"), report.of("Warning")
    for finding in must if severity == "must" else report.findings:
        click.echo(finding.text(lang))
    click.echo(f"{len(must)} violations, {len(should)} warnings.")
    if must:
        sys.exit(1)


class _Queries(_Group):
    """The saved queries of the project as commands: `sdkg query NAME --wet ... --format ...`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(path.stem for path in _project(ctx).query_files)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        from sdkg.catalog import find_query
        from sdkg.graph import compiled_queries

        project = _project(ctx)
        return _query_command(find_query(cmd_name, project.query_files, compiled_queries(project)))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from sdkg.catalog import load_catalog

        queries = load_catalog(_project(ctx).query_files).values()
        with formatter.section("Queries"):
            formatter.write_dl([(saved.name, saved.question.nl) for saved in queries])


def _project(ctx: click.Context) -> Project:
    from sdkg.project import Project

    return Project.at(str(ctx.params.get("folder") or "."))


@cli.command(cls=_Queries, invoke_without_command=True, subcommand_metavar="[NAME] [--PARAM VALUE]...")
@_project_option
@click.pass_context
def query(ctx: click.Context, folder: str) -> None:
    """Ask a saved query; without a name, list them.

    A parameter takes an IRI, a label, an alias or the last part of an IRI.

    \b
    Examples:
      sdkg query
      sdkg query doelen-op-wet-en-partner --help
      sdkg query doelen-op-wet-en-partner --wet Participatiewet --partner STIP --format csv
    """
    if ctx.invoked_subcommand is None:
        from sdkg.catalog import load_catalog
        from sdkg.project import Project

        for saved in load_catalog(Project.at(folder).query_files).values():
            click.echo(f"{saved.name}\n    {saved.question.nl}\n    {saved.question.en}")


def _query_command(saved: SavedQuery) -> click.Command:
    options: list[click.Parameter] = [
        click.Option(
            [f"--{parameter.name}", parameter.name],
            metavar="|".join(parameter.options) or parameter.type.upper(),
            help=f"{parameter.label.nl} / {parameter.label.en}"
            + (" [required]" if parameter.required else "")
            + (f" [default: {parameter.default}]" if parameter.default else "")
            + (f" Example: {parameter.example}" if parameter.example else ""),
        )
        for parameter in saved.parameters
    ]

    @_output_option
    @click.option("--format", "style", type=click.Choice(_ROWS), default="table", show_default=True)
    @click.option("--project", "folder", default=None, hidden=True)
    @click.pass_context
    def run(
        ctx: click.Context, /, style: str, output: Path | None, folder: str | None, **given: str | None
    ) -> None:
        where = folder or (ctx.parent.params["folder"] if ctx.parent else ".")
        values = {name: value for name, value in given.items() if value is not None}
        _write(_load(where).query(saved.name, **values).write(style), output)

    example = " ".join(f'--{p.name} "{p.example}"' for p in saved.parameters if p.example)
    command = click.command(name=saved.name)(run)
    command.params = [*options, *command.params]
    command.help = (
        f"{saved.question.nl}\n\n{saved.question.en}\n\n{saved.description.nl}\n\n{saved.description.en}\n\n"
        + "\b\nColumns:\n"
        + "\n".join(f"  {name}: {text.nl} / {text.en}" for name, text in saved.columns.items())
        + f"\n\n\b\nExample:\n  sdkg query {saved.name} {example}".rstrip()
    )
    command.short_help = saved.question.nl
    return command


@cli.command()
@click.argument("text", metavar="QUERY", required=False)
@click.option(
    "-f", "--file", type=click.Path(path_type=Path), metavar="FILE", help="Read the query from a file."
)
@click.option("--format", "style", type=click.Choice((*_ROWS, *_GRAPHS)),
              help="Default: table for rows, turtle for a graph.")  # fmt: skip
@_output_option
@_project_option
def sparql(text: str | None, file: Path | None, style: str | None, output: Path | None, folder: str) -> None:
    """Ask any SPARQL 1.1 query (SELECT, ASK, CONSTRUCT, DESCRIBE) over all graphs together.

    The prefixes of the project need no PREFIX.

    \b
    Example:
      sdkg sparql "SELECT ?label { ?thema a sd:Thema ; skos:prefLabel ?label }"
    """
    if (text is None) == (file is None):
        raise click.UsageError("Give one query: as text, or in a file with -f.")
    if file is not None:
        from sdkg.reading import read_text

        text = read_text(file)
    _write(_answer(_load(folder), text or "", style), output)


def _answer(graph: KnowledgeGraph, text: str, style: str | None) -> bytes:
    import pyoxigraph as ox

    from sdkg import catalog
    from sdkg.results import write_boolean, write_triples

    unknown = catalog.unknown_terms(text, graph.terms)
    if unknown:
        click.echo(f"Note: the ontology has no {', '.join(unknown)}.", err=True)
    answer = graph.sparql(text)
    if isinstance(answer, ox.QueryTriples):
        return write_triples(answer, style or "turtle")
    if isinstance(answer, ox.QueryBoolean):
        return write_boolean(answer, style or "table")
    return answer.write(style or "table")


@cli.command()
@click.argument("name")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_output_option
@_project_option
def show(name: str, style: str, output: Path | None, folder: str) -> None:
    """Show one thing: what it says, what points at it, and where the plan says so.

    NAME is an IRI, a label, an alias or the last part of an IRI. Inferred statements are marked with ~.

    \b
    Example:
      sdkg show Participatiewet
    """
    description = _load(folder).show(name)
    if style == "json":
        import json

        _write((json.dumps(description.as_dict(), ensure_ascii=False, indent=2) + "\n").encode(), output)
    else:
        _write(description.text().encode(), output)


@cli.command()
@click.option("--plan", help="Only this plan, by any of its names.")
@click.option("--format", "style", type=click.Choice(_GRAPHS), default="turtle", show_default=True)
@click.option("--ontology", is_flag=True, help="Add the ontology and its alignments.")
@click.option("--base-url", metavar="URL", help="Write our IRIs under another base.")
@_output_option
@_project_option
def export(
    plan: str | None, style: str, ontology: bool, base_url: str | None, output: Path | None, folder: str
) -> None:
    """Write the data, literals as in the files; the same bytes for the same data.

    \b
    Example:
      sdkg export --plan heerde-2022 --format jsonld -o heerde.jsonld
    """
    from sdkg.export import export as run
    from sdkg.export import plan_file
    from sdkg.namespaces import BASE
    from sdkg.project import Project

    project = Project.at(folder)
    path = plan_file(project, _load(folder).find(plan, "Beleidsplan")) if plan else None
    _write(run(project, style, path, ontology, base_url or BASE), output)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns 0 (good), 1 (the data do not conform) or 2 (wrong use, unreadable input).

    Example:
        >>> run(["--version"])
        sdkg, version 0.1.0
        0
    """
    try:
        code = cli.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        return 130
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    except SdkgError as error:
        click.echo(f"Error: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return code if isinstance(code, int) else 0


def _load(folder: str) -> KnowledgeGraph:
    from sdkg.graph import load

    graph = load(folder, _progress, os.cpu_count() or 1)
    stale = graph.stale()
    if stale:
        some = ", ".join(stale[:3]) + (" ..." if len(stale) > 3 else "")
        click.echo(f"Note: {some} changed since the store was built. Run 'sdkg build'.", err=True)
    return graph


def _progress(line: str) -> None:
    click.echo(f"sdkg: {line}", err=True)


def _write(data: bytes, output: Path | None) -> None:
    """To standard output, or to a file: whole or not at all."""
    if output is None:
        sys.stdout.buffer.write(data)
        return
    part = output.with_name(output.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(output)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}.", Place(output)) from None
