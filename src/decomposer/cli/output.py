"""Write records to stdout or a file: as JSON, as JSON lines, as Markdown, or for people."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, cast

from decomposer.cli.options import Form
from decomposer.cli.screen import Screen
from decomposer.display import display_safe, json_safe
from decomposer.errors import UsageError


@dataclass(frozen=True, slots=True)
class Shown:
    """One record in every form: `value` is plain JSON data, `table` prints it, `md` gives it as Markdown."""

    value: Callable[[], Any]
    table: Callable[[Screen], None]
    md: Callable[[], str]


class Output:
    """Where records go. As `json`, `many` makes an array of them that is closed even when the run is cut short."""

    def __init__(self, form: Form, *, many: bool = False, out: Path | None = None) -> None:
        self._form = form
        self._many = many
        self._count = 0
        self._file = opened(out) if out is not None else cast(IO[str], sys.stdout)
        self._owned = out is not None
        self._ascii = not (getattr(self._file, "encoding", None) or "utf-8").lower().startswith("utf")
        self._screen = Screen(self._file) if form == "table" else None

    def __enter__(self) -> "Output":
        if self._form == "json" and self._many:
            self._file.write("[")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._form == "json" and self._many and not isinstance(error, BrokenPipeError):
                self._file.write("\n]\n" if self._count else "]\n")
        finally:
            if self._owned:
                self._file.close()

    def write(self, record: Shown) -> None:
        """Write one record, at once: whoever reads along sees it when it is ready."""
        if self._screen is not None:
            record.table(self._screen)
        elif self._form == "md":
            self._file.write(("\n" if self._count else "") + display_safe(record.md()))
        elif self._form == "jsonl":
            self._file.write(self._json(record, indent=None) + "\n")
        elif self._many:
            self._file.write((",\n" if self._count else "\n") + self._json(record, indent=2))
        else:
            self._file.write(self._json(record, indent=2) + "\n")
        self._count += 1
        self._file.flush()

    def _json(self, record: Shown, *, indent: int | None) -> str:
        return json_safe(json.dumps(record.value(), ensure_ascii=self._ascii, indent=indent))


def opened(out: Path) -> IO[str]:
    """Open a file to write records into. Raises UsageError where that can't be done."""
    try:
        return out.open("w", encoding="utf-8", newline="\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"--out {out}: can't be written ({reason})", hint="name a file in a folder that exists"
        ) from error
