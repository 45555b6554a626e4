"""The command line: parse, call, print, exit code. What it does lives in the modules it calls.

Exit codes: 0 good, 1 the data do not conform, 2 wrong use or unreadable input, 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from sdkg import __version__
from sdkg.cli import ask, data, lacking, publish, rule, serve, style
from sdkg.cli.common import Group
from sdkg.errors import SdkgError


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sdkg")
def cli() -> None:
    """The knowledge graph of Dutch municipal social policy.

    \b
    Example:
      sdkg query doelen-op-wet-en-partner --wet Participatiewet --partner STIP
    """


for command in (
    data.build,
    data.validate,
    rule.rule,
    style.fmt,
    lacking.gaps,
    ask.query,
    ask.sparql,
    data.show,
    data.export,
    data.push,
    publish.score,
    serve.serve,
):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    code = run(arguments)
    deadline = sys.modules.get("sdkg.deadline")
    if deadline is not None and deadline.is_working():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # the abandoned question ends with the process, and nothing waits for it
    sys.exit(code)


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
    except (click.Abort, KeyboardInterrupt):
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
