"""Bring a database to the newest schema; the only door to Alembic, which is slow to import."""

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from decomposer.errors import CatalogError

_FOLDER = Path(__file__).parent
_one_at_a_time = Lock()  # Alembic keeps the running migration in module globals


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, inside the transaction of `connection`. Raises CatalogError."""
    config = _config()
    config.attributes["connection"] = connection
    try:
        with _one_at_a_time:
            command.upgrade(config, "head")
    except CommandError as error:
        raise CatalogError(f"the schema can't be brought up to date: {error}", hint="restore a backup") from error


def head() -> str | None:
    """Return the newest revision."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config
