"""The command about what the rules ask: `sdkg rule`."""

from __future__ import annotations

from pathlib import Path

import click

from sdkg.cli.common import output_option, project_option, write


@click.command()
@click.argument("name", required=False)
@project_option
@output_option
def rule(name: str | None, folder: str, output: Path | None) -> None:
    """Explain a rule of 'sdkg validate': what it asks, why, on what, with examples; without NAME list all.

    NAME is what a finding calls it: the last part of its IRI, such as volgorde-vorm or syntax-dot.

    \b
    Example:
      sdkg rule volgorde-vorm
    """
    from sdkg.findings.guide import page_of, rules_of
    from sdkg.project import Project

    project = Project.at(folder)
    if name is not None:
        write(page_of(project, name).encode(), output)
        return
    lines = (f"{one.name}: {one.summary.nl}\n" for one in rules_of(project).values())
    write("".join(lines).encode(), output)
