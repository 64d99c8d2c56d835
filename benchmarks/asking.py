"""Measure what asking a model takes, against the stand-in server: our CPU time per answer, requests and tokens."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ConfigDict

from benchmarks.documents import CHECKOUT
from benchmarks.drafting import read, template
from benchmarks.measuring import Measure, cpu_seconds, spread
from benchmarks.tokens import MISSING, tokenizer
from benchmarks.visible import visible_text
from decomposer.draft import Draft
from decomposer.llm import ModelOptions
from decomposer.llm.openai import OpenAIModel, open_model
from decomposer.pipeline import decompose
from decomposer.records import Message, Source
from decomposer.segment import segment
from decomposer.store.engine import open_database
from decomposer.store.ledger import SqlLedger
from decomposer.text import tokens
from tests.standin import Standin

FIXED = 1600  # tokens: instructions, examples and schema
RATIO = 1.35  # tokens sent for one token of visible text
MODEL = "standin"


class _Titled(Draft):
    """A draft as plain instructor takes it: the title names the tool."""

    model_config = ConfigDict(json_schema_extra={"title": "Draft"})


def cpu_per_answer(paths: Sequence[Path], *, runs: int) -> Measure:
    """Return our CPU time per answer beyond a bare instructor call with the same messages, per 10 KB document.

    Ours reads the file, cuts it, asks through the ledger, grounds, checks and merges. Both alternate in one process;
    the server is another.
    """
    ours, bare, excess = [], [], []
    with _server() as url, tempfile.TemporaryDirectory() as scratch, _model(url, Path(scratch)) as model:
        client = _bare_client(url)
        for run in range(-1, runs):  # the first run imports
            path = paths[run % len(paths)]
            size = path.stat().st_size / 10_000
            file = Path(scratch, f"{run + 1}{path.suffix}")
            file.write_bytes(path.read_bytes() + b"\n\nRun %d.\n" % run)  # a text the ledger has not seen
            messages = template().render(segment(read(file).documents[0])[0]).messages
            mine = cpu_seconds(partial(_read_and_ask, file, model))
            other = cpu_seconds(partial(_ask_bare, client, messages))
            if run >= 0:
                ours.append(mine * 1e3 / size)
                bare.append(other * 1e3 / size)
                excess.append((mine - other) * 1e3 / size)
    rows = [
        {"per answer": "ours, from file to entry, with the ledger", "CPU ms per 10 KB": str(spread(ours))},
        {"per answer": "instructor alone", "CPU ms per 10 KB": str(spread(bare))},
    ]
    found = spread(excess)
    return Measure("CPU per LLM answer beyond bare instructor", found.median, "ms per 10 KB", 20, str(found), rows)


def requests_and_tokens(paths: Sequence[Path]) -> list[Measure]:
    """Return requests per document, tokens sent beside those of the visible text, and requests of a second run."""
    real = tokenizer()
    count = real[1] if real else tokens
    rows = []
    with Standin() as server, tempfile.TemporaryDirectory() as scratch, _model(server.url, Path(scratch)) as model:
        for path in paths:
            before = len(server.requests)
            source = read(path)
            _ask(source, model)
            rows.append({"document": path.name} | _figures(source, server.requests[before:], count))
        first = len(server.requests)
        for path in paths:
            _ask(read(path), model)
        again = len(server.requests) - first
    rows.sort(key=lambda row: -row["ratio"])
    over = [row for row in rows if row["over"] > 0]
    more = [row for row in rows if row["requests"] > row["parts"]]
    note = f"tokens counted by {real[0]}" if real else f"tokens estimated; {MISSING}"
    fixed = max((row["fixed"] / row["requests"] for row in rows if row["requests"]), default=0.0)
    return [
        Measure("requests beyond one a part", len(more), "documents", 0, rows=more),
        Measure(f"documents over {RATIO} x visible + {FIXED}", len(over), "documents", 0, rows=rows, notes=[note]),
        Measure("fixed part of a request", fixed, "tokens", FIXED, notes=[note]),
        Measure("requests of a second run", again, "requests", 0),
    ]


def _figures(source: Source, requests: Sequence[dict[str, Any]], count: Any) -> dict[str, Any]:
    """Return one document's figures. What is fixed: the schema, the system message, and the frame of the user's."""
    parts = [part for document in source.documents for part in segment(document)]
    seen = sum(count(visible_text(document)) for document in source.documents)
    sent = sum(count(_said(body)) for body in requests)
    fixed = sum(count(_said(body)) - count(_units(body)) for body in requests)
    return {
        "requests": len(requests),
        "parts": len(parts),
        "sent": sent,
        "fixed": fixed,
        "visible": seen,
        "ratio": (sent - fixed) / max(1, seen),
        "units": sum(len(part.units) for part in parts),
        "over": round(max(0.0, sent - RATIO * seen - FIXED * len(requests))),
    }


def _said(body: dict[str, Any]) -> str:
    schema = json.dumps(body["tools"], separators=(",", ":"), ensure_ascii=False)
    return "\n".join([*(message["content"] for message in body["messages"]), schema])


def _units(body: dict[str, Any]) -> str:
    """Return the part of the last message that is the document: what stands between the marked lines."""
    lines = body["messages"][-1]["content"].split("\n")
    return "\n".join(lines[2:-1])


@contextmanager
def _server() -> Iterator[str]:
    """Give the address of a stand-in server in a process of its own."""
    command = [sys.executable, str(CHECKOUT / "tests" / "standin.py"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()


@contextmanager
def _model(url: str, folder: Path) -> Iterator[OpenAIModel]:
    """Give the model at `url` with an empty ledger in `folder`."""
    engine = open_database(folder / "ledger.db")
    try:
        yield open_model(MODEL, ModelOptions(base_url=url, ledger=SqlLedger(engine)))
    finally:
        engine.dispose()


def _read_and_ask(path: Path, model: OpenAIModel) -> object:
    return _ask(read(path), model)


def _ask(source: Source, model: OpenAIModel) -> object:
    return decompose(source, model=model, template=template())


def _bare_client(url: str) -> Any:
    import instructor
    from openai import OpenAI

    return instructor.from_openai(OpenAI(base_url=url, api_key="none"))


def _ask_bare(client: Any, messages: Sequence[Message]) -> object:
    said = [{"role": message.role, "content": message.content} for message in messages]
    return client.chat.completions.create(model=MODEL, response_model=_Titled, messages=said)
