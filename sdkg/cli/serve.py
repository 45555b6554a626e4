"""`sdkg serve`: the graph over HTTP."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from sdkg.cli.common import open_graph, progress, project_option

EXTRA = ("starlette", "uvicorn", "jinja2")
HOST, PORT = "127.0.0.1", 8000


@click.command()
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True,
              help="The port to listen on; 0 for any that is free.")  # fmt: skip
@click.option("--base-url", metavar="URL", help="What the addresses served start with, behind a proxy.")
@click.option("--rebase-data", is_flag=True, help="Write the data, too, under the base URL.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="How many processes answer.")
@click.option(
    "--timeout", type=click.FloatRange(min=0.01), metavar="SECONDS", help="How long a request may take."
)
@click.option("--max-rows", type=click.IntRange(min=1), metavar="N", help="How many rows an answer may have.")
@click.option("--max-bytes", type=click.IntRange(min=1), metavar="N", help="How large an answer may be.")
@click.option("--max-waiting", type=click.IntRange(min=0), metavar="N", help="How many requests may wait.")
@click.option(
    "--max-memory", type=click.IntRange(min=0), metavar="BYTES", help="What a worker may take; 0 for all."
)
@click.option(
    "--max-age", type=click.IntRange(min=0), metavar="SECONDS", help="How long others may keep answers."
)
@click.option(
    "--allow-service", multiple=True, metavar="HOST", help="A host that SERVICE may ask; repeat for more."
)
@project_option
def serve(host: str, port: int, base_url: str | None, folder: str, **limits: object) -> None:
    """Serve the graph over HTTP: pages, data, an API and a SPARQL endpoint.

    \b
    Example:
      sdkg serve --port 8000
    """
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        from sdkg.errors import MissingExtraError

        raise MissingExtraError(
            f"{', '.join(missing)} is not installed. Run: python -m pip install 'sdkg[web]'"
        )
    from sdkg.web.server import listen, run
    from sdkg.web.settings import Settings

    open_graph(folder)
    sock, address = listen(host, port)
    given = {name: value for name, value in limits.items() if value is not None}
    settings = Settings(project=Path(folder), base_url=base_url or address, **given)  # type: ignore[arg-type]
    run(settings, sock, lambda: progress(f"listening on {address} (Ctrl-C ends)"))
