"""A local OpenAI-compatible server that answers deterministically and fails on demand, for tests and benchmarks."""

import argparse
import json
import re
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

UNIT = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
CAPABILITIES = 3
Body = dict[str, Any]
Answer = Body | str | Callable[[Body], Body | str]
Limits = Mapping[str, str] | Callable[[int], Mapping[str, str]]
STEPS = ("validating", "in_progress", "finalizing", "completed")


class Standin:
    """The server. `requests` are the bodies it got, `headers` and `paths` what came with them, in order.

    `answer` is what every request is answered with: an object, JSON text, or a function of the request's body; without
    it a draft is made of the units in the prompt. `faults` are used up one a request, each `NAME` or `NAME:ARGUMENT`
    (see FAULTS, SLIPS, or an HTTP status, whose argument is Retry-After), `ok` for none; `repeat` starts them over.
    `limits` are headers sent with every answer, or a function of how many requests there were. `answered` counts the
    answers given to each body, as canonical JSON: nothing is paid twice where no count is above 1. `batches` is the
    Files and Batches API.
    """

    def __init__(
        self,
        *,
        answer: Answer | None = None,
        faults: Sequence[str] = (),
        repeat: bool = False,
        latency: float = 0.0,
        limits: Limits | None = None,
        port: int = 0,
    ) -> None:
        self.answer: Answer = drafted if answer is None else answer
        self.faults = list(faults)
        for name in (fault.partition(":")[0] for fault in faults):
            if not (name.isdigit() or name in FAULTS or name in SLIPS):
                raise ValueError(f"no fault is called {name!r}; known: {', '.join([*FAULTS, *SLIPS])}, or a status")
        self.repeat = repeat
        self.latency = latency
        self.limits: Limits = limits or {}
        self.answered: Counter[str] = Counter()
        self.batches = Batches(self)
        self.requests: list[Body] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.prompt_tokens = self.completion_tokens = 0
        self.in_flight = self.max_in_flight = 0
        self.stopped = Event()
        self._lock = Lock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.standin = self
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        """The base URL that clients are given."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> "Standin":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, body: Body, headers: dict[str, str], path: str) -> str:
        """Note a request and return its fault."""
        with self._lock:
            number = len(self.requests)
            self.requests.append(body)
            self.headers.append(headers)
            self.paths.append(path)
            self.prompt_tokens += prompt_tokens(body)
            self.in_flight += 1
            self.max_in_flight = max(self.max_in_flight, self.in_flight)
            if self.repeat and self.faults:
                return self.faults[number % len(self.faults)]
            return self.faults[number] if number < len(self.faults) else "ok"

    def leave(self, reply: Body | None, body: Body) -> None:
        """Note that a request is over, answered or not."""
        with self._lock:
            self.in_flight -= 1
        if reply is not None:
            self.charge(reply, body)

    def charge(self, reply: Body, body: Body) -> None:
        """Note that a request was answered."""
        with self._lock:
            self.answered[json.dumps(body, sort_keys=True)] += 1
            self.completion_tokens += reply["usage"]["completion_tokens"]

    def pace(self) -> Mapping[str, str]:
        """Return the headers that say what is left of the limits."""
        return self.limits(len(self.requests)) if callable(self.limits) else self.limits


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    standin: Standin

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print what went wrong here, and nothing of a client that went away."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def do_GET(self) -> None:
        """List the one model, or tell of files and batches."""
        if self.path.split("?")[0].endswith("/models"):
            self.send(200, {"object": "list", "data": [{"id": "standin", "object": "model"}]})
        else:
            self.serve(b"")

    def do_DELETE(self) -> None:
        """Delete a file."""
        self.serve(b"")

    def serve(self, raw: bytes) -> None:
        """Answer a request to the Files and Batches API, or fail as planned: `lost` does as told and never says so."""
        batches = self.server.standin.batches
        fault = batches.fault()
        if fault.isdigit():
            self.refuse(int(fault), "")
            return
        if fault == "stall":
            batches.stalled.set()
            self.server.standin.stopped.wait()
            return
        status, body = batches.serve(self.command, self.path, raw, self.headers.get("Content-Type", ""))
        if fault == "stalled":
            batches.stalled.set()
            self.server.standin.stopped.wait()
        if fault in ("lost", "stalled"):
            self.close_connection = True
        else:
            self.send(status, body)

    def do_POST(self) -> None:
        """Answer a chat completion, or fail as planned."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.path.split("?")[0].endswith("/chat/completions"):
            self.serve(raw)
            return
        standin = self.server.standin
        body = json.loads(raw)
        headers = {name.lower(): value for name, value in self.headers.items()}
        fault, _, argument = standin.take(body, headers, self.path).partition(":")
        reply: Body | None = None
        try:
            if standin.latency:
                standin.stopped.wait(standin.latency)
            if fault.isdigit():
                self.refuse(int(fault), argument)
            elif fault in FAULTS:
                FAULTS[fault](self, body, argument)
            else:
                reply = completion(body, standin.answer)
                SLIPS[fault](reply, body)
                standin.leave(reply, body)
                self.send(200, reply)
        finally:
            if reply is None:
                standin.leave(None, body)

    def refuse(self, status: int, retry_after: str) -> None:
        """Answer an HTTP error, which repeats the credentials as careless servers do."""
        message = f"planned error; you sent {self.headers.get('Authorization', 'no key')}"
        self.send(status, {"error": {"message": message}}, {"Retry-After": retry_after} if retry_after else {})

    def send(self, status: int, body: Body | bytes, headers: dict[str, str] | None = None, *, length: int = 0) -> None:
        """Send a body of `length` bytes, or as long as it is."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length or len(content)))
        for name, value in {**self.server.standin.pace(), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def half(self, body: Body) -> bytes:
        """Return the first half of the right answer."""
        whole = json.dumps(completion(body, self.server.standin.answer)).encode()
        return whole[: len(whole) // 2]


# --- the Files and Batches API


class Batches:
    """Files and batches. A batch makes a step of STEPS for each `polls` / 3 times that it is asked for.

    `line_faults` are used up one a line of the batches, in order: a SLIP, an HTTP status, `expired`, `missing` (in
    neither file), `malformed` or `unknown` (another custom_id). `batch_faults` are used up one a batch and say how it
    ends: `failed`, `expired` or `cancelled`. `call_faults` are used up one a call: an HTTP status; `lost`, where
    the call takes effect and its answer is lost; `stall` and `stalled`, where nothing comes before the server stops,
    the latter after it took effect. `calls` are the methods and paths that were asked.
    """

    def __init__(self, standin: Standin) -> None:
        self.polls = 3
        self.line_faults: list[str] = []
        self.batch_faults: list[str] = []
        self.call_faults: list[str] = []
        self.calls: list[str] = []
        self.stalled = Event()
        self.files: dict[str, tuple[str, bytes]] = {}
        self.batches: dict[str, Body] = {}
        self._seen: Counter[str] = Counter()
        self._standin = standin
        self._lock = Lock()

    def fault(self) -> str:
        """Return the fault of the next call."""
        with self._lock:
            return _next(self.call_faults)

    def serve(self, method: str, path: str, raw: bytes, content_type: str) -> tuple[int, Body | bytes]:
        """Return the status and the body that a call is answered with."""
        parts = urlsplit(path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        kind, *rest = parts.path.removeprefix("/v1/").split("/")
        with self._lock:
            self.calls.append(f"{method} {parts.path}")
            match (method, kind, rest):
                case "POST", "files", []:
                    return 200, self._file(*_uploaded(raw, content_type))
                case "GET", "files", [name, "content"] if name in self.files:
                    return 200, self.files[name][1]
                case "DELETE", "files", [name] if name in self.files:
                    del self.files[name]
                    return 200, {"id": name, "object": "file", "deleted": True}
                case "POST", "batches", []:
                    return 200, self._created(json.loads(raw))
                case "GET", "batches", []:
                    return 200, self._listed(query)
                case "GET", "batches", [name] if name in self.batches:
                    return 200, self._polled(name)
                case "POST", "batches", [name, "cancel"] if name in self.batches:
                    self._end(name, "cancelled")
                    return 200, self.batches[name]
        return 404, {"error": {"message": f"no such path: {method} {path}"}}

    def _file(self, name: str, content: bytes) -> Body:
        made = f"file-{len(self.files) + len(self.calls)}"
        self.files[made] = (name, content)
        return {"id": made, "object": "file", "bytes": len(content), "created_at": 0, "filename": name,
                "purpose": "batch", "status": "processed"}  # fmt: skip

    def _created(self, asked: Body) -> Body:
        made = f"batch_{len(self.batches) + 1}"
        batch = {"id": made, "object": "batch", "status": STEPS[0], "created_at": int(time.time()), **asked}
        self.batches[made] = batch | {"output_file_id": None, "error_file_id": None, "errors": None}
        self._seen[made] = 0
        return self.batches[made]

    def _listed(self, query: Mapping[str, str]) -> Body:
        newest = list(reversed(self.batches.values()))
        names = [batch["id"] for batch in newest]
        start = names.index(query["after"]) + 1 if query.get("after") in names else 0
        page = newest[start : start + int(query.get("limit", 20))]
        return {"object": "list", "data": page, "has_more": start + len(page) < len(newest),
                "first_id": page[0]["id"] if page else None, "last_id": page[-1]["id"] if page else None}  # fmt: skip

    def _polled(self, name: str) -> Body:
        batch = self.batches[name]
        if batch["status"] in STEPS[:-1]:
            self._seen[name] += 1
            step = STEPS[min(3, 3 * self._seen[name] // self.polls)] if self.polls else STEPS[-1]
            batch["status"] = step
            if step == STEPS[-1]:
                fault = _next(self.batch_faults)
                self._end(name, "completed" if fault == "ok" else fault)
        return batch

    def _end(self, name: str, status: str) -> None:
        """End a batch: one that expired or was cancelled has answered the first half of its lines."""
        batch = self.batches[name]
        batch["status"] = status
        if status == "failed":
            told = {"code": "token_limit_exceeded", "message": "Enqueued token limit reached", "line": None}
            batch["errors"] = {"object": "list", "data": [told]}
            return
        lines = [json.loads(line) for line in self.files[batch["input_file_id"]][1].splitlines()]
        done = len(lines) if status == "completed" else len(lines) // 2
        results = [self._result(line, _next(self.line_faults)) for line in lines[:done]]
        results += [(_ended_early(line), False) for line in lines[done:]]
        for kind, good in (("output_file_id", True), ("error_file_id", False)):
            of_kind = [line for line, well in results if line and well == good]
            if of_kind:
                batch[kind] = self._file(f"{name}_{kind}.jsonl", b"\n".join(of_kind) + b"\n")["id"]

    def _result(self, line: Body, fault: str) -> tuple[bytes, bool]:
        """Return the line that a request ends as, and whether it is one of the output."""
        name = f"{line['custom_id']}?" if fault == "unknown" else line["custom_id"]
        if fault in ("missing", "malformed"):
            return (b"" if fault == "missing" else b'{"custom_id": "' + b"half a li"), True
        if fault == "expired":
            return _ended_early(line), False
        if fault.isdigit():
            response = {"status_code": int(fault), "body": {"error": {"message": "planned error"}}}
            return json.dumps({"id": "r", "custom_id": name, "response": response, "error": None}).encode(), False
        reply = completion(line["body"], self._standin.answer)
        SLIPS["ok" if fault == "unknown" else fault](reply, line["body"])
        self._standin.prompt_tokens += reply["usage"]["prompt_tokens"]
        self._standin.charge(reply, line["body"])
        response = {"status_code": 200, "request_id": "q", "body": reply}
        return json.dumps({"id": "r", "custom_id": name, "response": response, "error": None}).encode(), True


def _ended_early(line: Body) -> bytes:
    error = {"code": "batch_expired", "message": "This request could not be executed before the batch expired."}
    return json.dumps({"id": "r", "custom_id": line["custom_id"], "response": None, "error": error}).encode()


def _next(faults: list[str]) -> str:
    return faults.pop(0) if faults else "ok"


def _uploaded(raw: bytes, content_type: str) -> tuple[str, bytes]:
    """Return the name and the content of the file in a multipart form."""
    boundary = content_type.partition("boundary=")[2].strip('"').encode()
    for part in raw.split(b"--" + boundary):
        head, _, content = part.partition(b"\r\n\r\n")
        named = re.search(rb'filename="([^"]*)"', head)
        if named:
            return named[1].decode(), content[:-2]
    raise ValueError("the form holds no file")


# --- faults of the wire: no reply comes of them


def _reset(handler: _Handler, body: Body, _: str) -> None:
    half = handler.half(body)
    handler.send(200, half, length=2 * len(half))
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def _truncated(handler: _Handler, body: Body, _: str) -> None:
    handler.send(200, handler.half(body))


def _slow(handler: _Handler, body: Body, argument: str) -> None:
    handler.server.standin.stopped.wait(float(argument or 1))
    handler.close_connection = True


def _html(handler: _Handler, body: Body, _: str) -> None:
    handler.send(200, b"<!DOCTYPE html><title>Sign in</title>")


def _gateway(handler: _Handler, body: Body, argument: str) -> None:
    handler.send(200, {"error": {"message": "the provider is away", "code": int(argument or 502)}})


def _filtered(handler: _Handler, body: Body, _: str) -> None:
    handler.send(400, {"error": {"message": "the prompt was filtered", "code": "content_filter"}})


FAULTS: dict[str, Callable[[_Handler, Body, str], None]] = {
    "reset": _reset,
    "truncated": _truncated,
    "slow": _slow,
    "html": _html,
    "gateway": _gateway,
    "filtered": _filtered,
}


# --- slips of the model: a reply comes, and something is wrong with it


def _say(reply: Body, text: str | None) -> None:
    reply["choices"][0]["message"] = {"role": "assistant", "content": text}


def _put(reply: Body, answer: str) -> None:
    """Replace the answer, wherever the mode has it."""
    message = reply["choices"][0]["message"]
    if message.get("tool_calls"):
        message["tool_calls"][0]["function"]["arguments"] = answer
    else:
        message["content"] = answer


def _answer_of(reply: Body) -> str:
    message = reply["choices"][0]["message"]
    return str(message["tool_calls"][0]["function"]["arguments"] if message.get("tool_calls") else message["content"])


def _draft(reason: str = '"as told"', units: str = "[1]") -> str:
    claim = '{"text": "It does.", "units": ' + units + "}"
    capability = '{"name": "Does", "category": "other", "description": ' + claim + "}"
    return '{"source_kind": {"kind": "model", "reason": ' + reason + '}, "capabilities": [' + capability + "]}"


def _refusal(reply: Body, _: Body) -> None:
    _say(reply, None)
    reply["choices"][0]["message"]["refusal"] = "I can't help with that."


def _content_filter(reply: Body, _: Body) -> None:
    _say(reply, "")
    reply["choices"][0]["finish_reason"] = "content_filter"


def _length(reply: Body, _: Body) -> None:
    _put(reply, _answer_of(reply)[:40])
    reply["choices"][0]["finish_reason"] = "length"


def _no_choices(reply: Body, _: Body) -> None:
    reply["choices"] = []


SLIPS: dict[str, Callable[[Body, Body], None]] = {
    "ok": lambda reply, body: None,
    "refusal": _refusal,
    "content_filter": _content_filter,
    "length": _length,
    "no_choices": _no_choices,
    "null": lambda reply, body: _say(reply, None),
    "prose": lambda reply, body: _say(reply, "This is a model card [1]. It has {no} answer."),
    "bare": lambda reply, body: _say(reply, _answer_of(reply)),
    "fenced": lambda reply, body: _say(reply, f"Here is {{it}}:\n```json\n{_answer_of(reply)}\n```\nAs unit [1] says."),
    "schema": lambda reply, body: _put(reply, '{"source_kind": {"kind": "novel", "reason": "?"}}'),
    "broken": lambda reply, body: _put(reply, '{"source_kind": {"kind": "mo'),
    "nan": lambda reply, body: _put(reply, _draft(units="[NaN, 1e400]")),
    "number": lambda reply, body: _put(reply, _draft(units="[" + "9" * 5000 + "]")),
    "deep": lambda reply, body: _put(reply, '{"source_kind": ' + "[" * 100_000),
    "surrogate": lambda reply, body: _put(reply, _draft(reason='"\\ud800"')),
    "raw_surrogate": lambda reply, body: _put(reply, _draft(reason='"\ud800"')),
    "many_errors": lambda reply, body: _put(reply, '{"capabilities": [' + ",".join("1" * 20_000) + "]}"),
    "huge": lambda reply, body: _put(reply, _draft(reason=f'"{"x" * 10_000_000}"')),
}


# --- answers


def completion(body: Body, answer: Answer) -> Body:
    """Return the chat completion for a request, the answer placed as its mode asks."""
    given = answer(body) if callable(answer) else answer
    text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    message: Body = {"role": "assistant", "content": text, "refusal": None}
    if body.get("tools"):
        name = body["tools"][0]["function"]["name"]
        call = {"id": "call_0", "type": "function", "function": {"name": name, "arguments": text}}
        message = {"role": "assistant", "content": None, "refusal": None, "tool_calls": [call]}
    prompt, completed = prompt_tokens(body), estimated(text)
    return {
        "id": "chatcmpl-standin",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": completed, "total_tokens": prompt + completed},
    }


def drafted(body: Body) -> Body:
    """Return a draft that makes capabilities of the first units in the last message that shows any."""
    shown = [UNIT.findall(message["content"] or "") for message in body["messages"] if message["role"] == "user"]
    units: list[tuple[str, str]] = next((found for found in reversed(shown) if found), [])
    capabilities = [
        {
            "name": " ".join(text.split()[:5]),
            "category": "other",
            "description": {"text": text, "units": [int(number)]},
        }
        for number, text in units[:CAPABILITIES]
    ]
    kind = {"kind": "software", "reason": "it has text"} if units else {"kind": "placeholder", "reason": "no text"}
    return {"source_kind": kind, "capabilities": capabilities}


def prompt_tokens(body: Body) -> int:
    """Return what a request is charged for: its messages, tools and form."""
    charged = [body.get("messages"), body.get("tools"), body.get("response_format")]
    return estimated("".join(json.dumps(part, ensure_ascii=False) for part in charged if part))


def estimated(text: str) -> int:
    """Return a token count: four characters a token."""
    return (len(text) + 3) // 4


def main() -> None:
    """Serve until interrupted; the first line printed is the base URL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--faults", default="", help="such as 429:1,ok,reset: one a request, in order")
    parser.add_argument("--repeat", action="store_true", help="start the faults over when they are used up")
    options = parser.parse_args()
    faults = [fault for fault in options.faults.split(",") if fault]
    with Standin(faults=faults, repeat=options.repeat, latency=options.latency, port=options.port) as standin:
        print(standin.url, flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print(
                f"{len(standin.requests)} requests, {standin.prompt_tokens} + {standin.completion_tokens} tokens, "
                f"at most {standin.max_in_flight} in flight"
            )


if __name__ == "__main__":
    main()
