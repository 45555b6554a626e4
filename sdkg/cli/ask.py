"""The commands that ask: `sdkg query` and `sdkg sparql`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sdkg.cli.common import (
    Group,
    asking_options,
    note,
    open_graph,
    output_option,
    progress,
    project_option,
    rows,
    write,
)
from sdkg.deadline import within
from sdkg.formats import GRAPHS, ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sdkg.catalog import SavedQuery
    from sdkg.graph import KnowledgeGraph
    from sdkg.project import Project
    from sdkg.rows import Row


class _Queries(Group):
    """The saved queries of the project as commands: `sdkg query NAME --wet ... --format ...`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_project(ctx).query_files)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        from sdkg.catalog import find_query, load_query
        from sdkg.graph import compiled_queries

        project = _project(ctx)
        path = find_query(cmd_name, project.query_files)
        return _query_command(load_query(path, compiled_queries(project)))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for group, queries in _by_group(_project(ctx)).items():
            with formatter.section(group):
                formatter.write_dl([(saved.name, saved.question.nl) for saved in queries])


def _project(ctx: click.Context) -> Project:
    from sdkg.project import Project

    return Project.at(str(ctx.params.get("folder") or "."))


def _by_group(project: Project) -> dict[str, list[SavedQuery]]:
    """The saved queries by the name of their group, in the order of the groups."""
    from sdkg.catalog import load_catalog
    from sdkg.graph import compiled_queries
    from sdkg.header import GROUPS

    queries = load_catalog(project.query_files.values(), compiled_queries(project)).values()
    others = [saved.tags[0] for saved in queries if saved.tags[0] not in GROUPS]
    found = {}
    for tag in dict.fromkeys([*GROUPS, *others]):
        members = [saved for saved in queries if saved.tags[0] == tag]
        if members:
            found[GROUPS[tag][0] if tag in GROUPS else tag] = members
    return found


@click.command(cls=_Queries, invoke_without_command=True, subcommand_metavar="[NAME] [--PARAM VALUE]...")
@project_option
@click.pass_context
def query(ctx: click.Context, folder: str) -> None:
    """Ask a saved query; without a name, list them.

    A parameter takes an IRI, a label, an alias, an identifier or the last part of an IRI. An optional one
    also takes 'alle', which leaves it open.

    \b
    Examples:
      sdkg query
      sdkg query doelen-op-wet-en-partner --help
      sdkg query doelen-op-wet-en-partner --wet Participatiewet --partner STIP --format csv
      sdkg query doelen-op-wet-en-partner --wet Participatiewet --partner STIP --why
      sdkg query doelen-op-wet-en-partner --wet Participatiewet --partner STIP --show
    """
    if ctx.invoked_subcommand is None:
        from sdkg.project import Project

        for group, queries in _by_group(Project.at(folder)).items():
            click.echo(group)
            for saved in queries:
                click.echo(f"  {saved.name}\n      {saved.question.nl}\n      {saved.question.en}")


def _query_command(saved: SavedQuery) -> click.Command:
    @output_option
    @click.option("--format", "style", type=click.Choice(ROWS), default="table", show_default=True)
    @click.option("--why", "explained", is_flag=True,
                  help="Say for each row which statements it rests on, and where they are made.")  # fmt: skip
    @click.option(
        "--show", "shown", is_flag=True, help="Print the SPARQL with the parameters bound; ask nothing."
    )
    @asking_options
    @click.option("--project", "folder", default=None, hidden=True)
    @click.pass_context
    def run(ctx: click.Context, /, folder: str | None, **options: Any) -> None:
        given = {p.name: options[p.name] for p in saved.parameters if options[p.name] is not None}
        where = folder or (ctx.parent.params["folder"] if ctx.parent else ".")
        graph = open_graph(where, options["engine"], options["endpoint"])
        write(_asked(graph, saved, given, options), options["output"])

    command = click.command(name=saved.name)(run)
    command.params = [*map(_option, saved.parameters), *command.params]
    command.help = _help(saved)
    command.short_help = saved.question.nl
    return command


def _asked(
    graph: KnowledgeGraph, saved: SavedQuery, given: Mapping[str, Any], options: Mapping[str, Any]
) -> bytes:
    if options["shown"]:
        return graph.sparql_of(saved.name, **given).encode()
    timeout, limit = options["timeout"] or None, options["limit"] or None
    if options["explained"]:
        return within(timeout, lambda: _explained(graph, saved, given, options), progress)
    result = graph.query(saved.name, timeout=timeout, limit=limit, **given)
    return rows(result, options["style"], options["output"])


def _explained(
    graph: KnowledgeGraph, saved: SavedQuery, given: Mapping[str, Any], options: Mapping[str, Any]
) -> bytes:
    """The rows with their reasons, as text or JSON."""
    if options["style"] not in ("table", "json"):
        raise click.UsageError("--why is written as text, or with --format json.")
    found = graph.why(saved.name, limit=options["limit"] or None, **given)
    if options["style"] == "json":
        told = [{"row": _plain(row), "why": reasons.as_dict()} for row, reasons in found]
        return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
    texts = [f"{number}. {_in_words(row)}\n{why.text()}" for number, (row, why) in enumerate(found, 1)]
    return "\n".join(texts).encode() or b"(geen rijen)\n"


def _plain(row: Row) -> dict[str, Any]:
    """The row as JSON can hold it."""
    return {
        name: value if value is None or isinstance(value, (int, str)) else str(value)
        for name, value in row.as_dict().items()
    }


def _in_words(row: Row) -> str:
    """What tells the row from others: its labels and values, without IRIs."""
    from sdkg.rows import IRI

    return " | ".join(str(value) for value in row.values if value is not None and not isinstance(value, IRI))


def _option(parameter: Any) -> click.Option:
    return click.Option(
        [f"--{parameter.name}", parameter.name],
        metavar="|".join(parameter.options) or parameter.type.upper(),
        help=f"{parameter.label.nl} / {parameter.label.en}"
        + (" [required]" if parameter.required else "")
        + (f" [default: {parameter.default}]" if parameter.default else "")
        + f" Example: {parameter.example}",
    )


def _help(saved: SavedQuery) -> str:
    example = " ".join(f'--{p.name} "{p.example}"' for p in saved.parameters if p.required)
    columns = "\n".join(f"  {name}: {text.nl} / {text.en}" for name, text in saved.columns.items())
    return (
        f"{saved.question.nl}\n\n{saved.question.en}\n\n{saved.description.nl}\n\n{saved.description.en}\n\n"
        f"\b\nColumns:\n{columns}\n\n\b\nExample:\n  sdkg query {saved.name} {example}"
    ).rstrip()


@click.command()
@click.argument("text", metavar="QUERY", required=False)
@click.option(
    "-f", "--file", type=click.Path(path_type=Path), metavar="FILE", help="Read the query from a file."
)
@click.option("--format", "style", type=click.Choice((*ROWS, *GRAPHS)),
              help="Default: table for rows, turtle for a graph.")  # fmt: skip
@asking_options
@output_option
@project_option
def sparql(text: str | None, file: Path | None, folder: str, **options: Any) -> None:
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
    graph = open_graph(folder, options["engine"], options["endpoint"])
    write(_answer(graph, text or "", options), options["output"])


def _answer(graph: KnowledgeGraph, text: str, options: Mapping[str, Any]) -> bytes:
    import pyoxigraph as ox

    from sdkg import catalog
    from sdkg.export import write_triples
    from sdkg.results import Result, write_boolean

    unknown = catalog.unknown_terms(text, graph.terms)
    if unknown:
        note(f"the ontology has no {', '.join(unknown)}.")
    style = options["style"]
    answer = graph.sparql(text, options["timeout"] or None, options["limit"] or None)
    if isinstance(answer, Result):
        return rows(answer, style or "table", options["output"])
    if isinstance(answer, ox.QueryBoolean):
        return write_boolean(answer, style or "table")
    return write_triples(answer, style or "turtle")
