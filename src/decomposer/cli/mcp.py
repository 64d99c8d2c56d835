"""Serve the catalog to agents."""

import click

from decomposer.cli.options import db_option, settings


@click.command("mcp", short_help="Serve the catalog to agents (MCP, stdio).")
@click.option("--log-queries", is_flag=True, help="Keep the words of searches; without it they are only counted.")
@db_option
def command(*, log_queries: bool, **flags: str | None) -> None:
    """Serve the catalog over the Model Context Protocol, on standard input and output.

    A client starts this command and talks to it: search, resolve_capability, compare, trust_passport, feedback. Nothing
    but feedback and counts of searches is written. It ends when the client goes away.

    \b
    Example:
      decomposer mcp --db catalog.db
    """
    from decomposer.errors import ConfigurationError

    try:
        from decomposer.mcp.server import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types", "anyio"):
            raise
        raise ConfigurationError(
            f"the agent server is not installed ({error})", hint="pip install 'decomposer[mcp]'"
        ) from error
    from decomposer.cli.canonical import up_to_date
    from decomposer.cli.notes import note
    from decomposer.wiring import Workspace
    from decomposer.wiring.answering import Answering
    from decomposer.wiring.upkeep import Upkeep

    with Workspace(settings(flags)) as workspace:
        up_to_date(workspace)
        answering = Answering(workspace, log_queries=log_queries, waits=False)
        answering.searching.catch_up()
        note(f"serving {workspace.settings.shown('db')} to an agent on standard input and output")
        with Upkeep(lambda: answering):
            serve(answering)
        answering.searching.settle()
