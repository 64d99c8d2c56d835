"""Start the web server: refuse what would be unsafe, say where it listens, and stop at once when asked."""

import gc
import ipaddress
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click

from decomposer.cli.notes import note
from decomposer.errors import ConfigurationError, UsageError
from decomposer.wiring import Workspace

LEAST_TOKEN = 20
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a server listens, what it is called, and what protects it."""

    host: str
    port: int
    token_file: Path | None = None
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None

    @property
    def local(self) -> bool:
        """Whether only this machine can reach it: with a name it stands behind something that others can reach."""
        if self.names or self.host == "localhost":
            return not self.names
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def serve(workspace: Workspace, listening: Listening, *, rate: int) -> None:
    """Serve until interrupted; `rate` is how many requests a minute the API answers an address.

    Raises UsageError for what would be unsafe, ConfigurationError for what can't be.
    """
    token = _token(listening)
    _check_tls(listening)
    try:
        import uvicorn

        from decomposer.web.app import create_app
        from decomposer.web.limiting import Limits
        from decomposer.web.security import LOCAL_NAMES, Access
    except ImportError as error:
        raise ConfigurationError(
            f"the browser review is not installed ({error})", hint="pip install 'decomposer[web]'"
        ) from error
    from decomposer.wiring.serving import Serving
    from decomposer.wiring.upkeep import Upkeep

    faces = Serving(workspace)
    with _listener(listening) as listener, Upkeep(lambda: faces.answering):
        port = listener.getsockname()[1]
        access = Access(
            names=LOCAL_NAMES | {name.lower().rstrip(".") for name in (listening.host, *listening.names)},
            token=token,
            secure=not listening.local,
            cookie=f"decomposer-{port}" if listening.local else f"__Host-decomposer-{port}",
            actor=workspace.settings.actor,
        )
        app = create_app(faces, access=access, limits=Limits(rate))
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=2,
            ssl_certfile=listening.certificate, ssl_keyfile=listening.key,
        )  # fmt: skip
        gc.collect()
        gc.freeze()  # what is loaded by now stays: no pause between two keys goes by looking through it
        note(f"review at {_address(listening, port)} (Ctrl-C ends it)")
        with suppress(KeyboardInterrupt):  # raised once more when all is closed: Ctrl-C is how it ends
            uvicorn.Server(config).run(sockets=[listener])


def _token(listening: Listening) -> str | None:
    file = listening.token_file
    if file is None:
        if listening.local:
            return None
        raise UsageError(
            f"{listening.host} can be reached from other machines, and nothing would keep them out",
            hint="pass --token-file FILE with a secret in it, or leave --host out",
        )
    try:
        token = file.read_text(encoding="utf-8").strip()
        mode = file.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise ConfigurationError(
            f"{file}: can't be read ({reason})", hint="name a file with one line of text"
        ) from error
    if len(token) < LEAST_TOKEN or "\n" in token:
        raise ConfigurationError(
            f"{file}: a token is one line of {LEAST_TOKEN} characters or more",
            hint=f"write a new one: openssl rand -hex 24 > {file}",
        )
    if mode & _OTHERS:
        note(f"{file} can be read by other people of this machine; chmod 600 keeps it to you")
    return token


def _check_tls(listening: Listening) -> None:
    if (listening.certificate is None) != (listening.key is None):
        raise click.UsageError("--certificate and --key go together.")
    hint = "name a certificate and its key, both in PEM"
    for file in (listening.certificate, listening.key):
        if file is not None and not file.is_file():
            raise ConfigurationError(f"{file}: no such file", hint=hint)
    if listening.certificate is not None:
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(listening.certificate, listening.key)
        except (ssl.SSLError, OSError) as error:
            raise ConfigurationError(f"{listening.certificate}: no certificate with its key", hint=hint) from error


def _listener(listening: Listening) -> socket.socket:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            listening.host, listening.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(place)
            listener.listen(128)  # who comes before the server is ready waits, and is not turned away
        except OSError:
            listener.close()
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigurationError(
            f"{listening.host}:{listening.port}: can't listen there ({reason})", hint="choose another --port, or 0"
        ) from error
    return listener


def _address(listening: Listening, port: int) -> str:
    name = listening.names[0] if listening.names else listening.host
    host = f"[{name}]" if ":" in name else name
    return f"{'https' if listening.certificate else 'http'}://{host}:{port}"
