"""Review in the browser."""

from pathlib import Path

import click

from decomposer.cli.options import db_option, settings

HOST = "127.0.0.1"
PORT = 8765
RATE = 60


@click.command("serve", short_help="Review in the browser, catalog pages, API.")
@click.option("--host", default=HOST, show_default=True, metavar="HOST", help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free one.")
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE", help="Who signs in must know this.")
@click.option("--name", "names", multiple=True, metavar="NAME", help="Host name that others call the server by.")
@click.option("--certificate", type=click.Path(path_type=Path), metavar="FILE", help="TLS certificate, in PEM.")
@click.option("--key", type=click.Path(path_type=Path), metavar="FILE", help="Its private key, in PEM.")
@click.option(
    "--rate",
    type=click.IntRange(1, 1_000_000),
    default=RATE,
    show_default=True,
    metavar="N",
    help="Requests a minute that the API answers an address.",
)
@click.option("--log-queries", flag_value="true", help="Keep the words of searches; without it they are only counted.")
@click.option("--actor", metavar="NAME", help="The name that the login form suggests.")
@db_option
def command(
    host: str,
    *,
    port: int,
    token_file: Path | None,
    names: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
    rate: int,
    **flags: str | None,
) -> None:
    """Serve the catalog: its review and its pages to browsers, and an API to programs.

    The review has the same queue, keys and evidence as in the terminal. The API is described at /api/v1/openapi.json.

    It listens on this machine alone. At any other address it needs --token-file, and TLS: of its own with
    --certificate and --key, or that of a proxy before it. Ctrl-C ends it; nothing decided is lost.

    \b
    Examples:
      decomposer serve
      decomposer serve --host 0.0.0.0 --name review.example.org --token-file token.txt --certificate c.pem --key k.pem
    """
    from decomposer.cli.serving import Listening, serve
    from decomposer.wiring import Workspace

    listening = Listening(host, port, token_file, names, certificate, key)
    with Workspace(settings(flags)) as workspace:
        serve(workspace, listening, rate=rate)
