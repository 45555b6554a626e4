"""`sdkg serve`: the graph over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import click

from sdkg.cli.common import note, open_graph, progress, project_option
from sdkg.errors import MissingExtraError
from sdkg.web.settings import HOST, PORT, Settings

EXTRA = ("starlette", "uvicorn", "httptools", "jinja2")
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104
_USUAL = Settings()
_Command = TypeVar("_Command", bound=Callable[..., Any])


def limit_options(command: _Command) -> _Command:
    """The limits of a server; each is a setting of the same name."""
    for name, least, unit, text in (
        ("max-age", 0, "SECONDS", "How long others may keep an answer before they ask again."),
        ("max-cache", 0, "BYTES", "How many bytes of answers are kept."),
        ("max-memory", 0, "BYTES", "How much memory a worker may take; 0 for no limit."),
        ("max-request", 1, "BYTES", "How large a request may be."),
        ("max-waiting", 0, "N", "How many requests may wait for a worker; beyond it: 503."),
        ("max-bytes", 1, "BYTES", "How large an answer may be; beyond it: an error, not a part."),
        ("max-rows", 1, "N", "How many rows or triples an answer may have; beyond it: an error."),
        ("workers", 1, "N", "How many processes answer; so many questions run at a time."),
    ):
        usual = getattr(_USUAL, name.replace("-", "_"))
        kind = click.IntRange(min=least)
        option = click.option(
            f"--{name}", type=kind, default=usual, show_default=True, metavar=unit, help=text
        )
        command = option(command)
    return command


@click.command()
@click.option("--host", default=HOST, show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="The port to listen on; 0 for any that is free.",
)
@click.option("--base-url", metavar="URL", help="What the addresses start with that the world sees.")
@click.option("--rebase-data", is_flag=True, help="Write the IRIs in the data under the base URL too.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.01),
    default=_USUAL.timeout,
    show_default=True,
    metavar="SECONDS",
    help="How long a question may take, and how long it may wait.",
)
@limit_options
@click.option(
    "--allow-service",
    multiple=True,
    metavar="HOST[:PORT]",
    help="A host that SERVICE in a query may ask; repeat for more. Without it, none.",
)
@project_option
def serve(host: str, port: int, base_url: str | None, folder: str, **settings: Any) -> None:  # fmt: skip
    """Serve the graph over HTTP: pages, data, an API and a SPARQL endpoint. For reading only.

    Builds the store if there is none. A new 'sdkg build' is taken over while it runs.

    \b
    Example:
      sdkg serve --port 8000
    """
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise MissingExtraError(f"Serving needs {', '.join(missing)}. Run: python -m pip install 'sdkg[web]'")
    from sdkg.web.server import listen, run

    if base_url is not None and not base_url.startswith(("http://", "https://")):
        raise click.UsageError("--base-url starts with http:// or https://.")
    sock, address = listen(host, port)
    open_graph(folder)
    if host in ANYWHERE and base_url is None:
        note(f"links will start with {address}; say with --base-url how others reach this.")
    chosen = Settings(project=Path(folder), base_url=base_url or address, **settings)
    run(chosen, sock, lambda: progress(f"listening on {address} (Ctrl-C ends)"))
