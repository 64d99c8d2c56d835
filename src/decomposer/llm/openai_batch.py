"""Use the batch mode of OpenAI and of servers that speak like it: the Files API carries requests and replies."""

import json
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, BinaryIO, Final

from decomposer.errors import EndpointRefused, TransportError
from decomposer.llm.endpoint import Endpoint
from decomposer.llm.sdk import Sdk
from decomposer.llm.wire import body_of, parse, read, sendable, tokens
from decomposer.ports import BatchLine, RemoteBatch, Request

CHAT: Final = "/v1/chat/completions"
MARK = "decomposer"  # the name of our metadata at the provider
ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
LONGEST_LINE = 64_000_000  # bytes
_PAGE = 100
_UPLOAD_SECONDS = 600.0


class OpenAIBatches:
    """A `Provider` over the SDK: one attempt at each call, no retries. `timeout` is in seconds."""

    def __init__(self, endpoint: Endpoint, *, timeout: float = 120.0) -> None:
        self._endpoint = endpoint
        self._sdk = Sdk(endpoint, timeout=max(timeout, _UPLOAD_SECONDS))

    @property
    def endpoint(self) -> str:
        """The address that requests are asked at, without secrets."""
        return self._endpoint.url

    def line(self, request: Request, custom_id: str) -> bytes:
        """Return a request as a line of a file, its line feed included."""
        asked = {"custom_id": custom_id, "method": "POST", "url": CHAT, "body": body_of(request)}
        return json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace") + b"\n"

    def submit(self, lines: BinaryIO, *, mark: str) -> RemoteBatch:
        """Upload a file of JSON lines, one request each, and begin a batch that carries `mark`."""
        client, headers = self._sdk.client(), self._sdk.headers
        with self._sdk.calling():
            uploaded = client.files.with_raw_response.create(
                file=(f"{mark}.jsonl", lines, "application/jsonl"), purpose="batch", extra_headers=headers
            )
            begun = client.batches.with_raw_response.create(
                input_file_id=str(self._parsed(uploaded.text).get("id")),
                endpoint=CHAT,
                completion_window="24h",
                metadata={MARK: mark},
                extra_headers=headers,
            )
        return self._batch(self._parsed(begun.text))

    def recent(self) -> Iterator[RemoteBatch]:
        """Yield the batches of the account, newest first, page by page."""
        last = ""
        while True:
            with self._sdk.calling():
                after = {"after": last} if last else {}
                page = self._sdk.client().batches.with_raw_response.list(
                    limit=_PAGE, extra_query=after, extra_headers=self._sdk.headers
                )
            body = self._parsed(page.text)
            found = [self._batch(batch) for batch in _list(body.get("data")) if isinstance(batch, dict)]
            yield from found
            if not body.get("has_more") or not found or found[-1].id in ("", last):
                return
            last = found[-1].id

    def find(self, remote: str) -> RemoteBatch:
        """Return a batch as it is now."""
        with self._sdk.calling():
            got = self._sdk.client().batches.with_raw_response.retrieve(remote, extra_headers=self._sdk.headers)
        return self._batch(self._parsed(got.text))

    def results(self, batch: RemoteBatch) -> Iterator[BatchLine]:
        """Yield what became of the requests of a batch that has ended, streaming, in any order."""
        for file in batch.results:
            with (
                self._sdk.calling(),
                self._sdk.client().files.with_streaming_response.content(
                    file, extra_headers=self._sdk.headers
                ) as streamed,
            ):
                for line in _lines(streamed.iter_bytes()):
                    yield self._line(line)

    def forget(self, batch: RemoteBatch) -> None:
        """Delete the files of a batch at the provider; those that are gone already are no error."""
        for file in filter(None, (batch.source, *batch.results)):
            try:
                with self._sdk.calling():
                    self._sdk.client().files.with_raw_response.delete(file, extra_headers=self._sdk.headers)
            except (TransportError, EndpointRefused) as error:
                if error.status != HTTPStatus.NOT_FOUND:
                    raise

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._sdk.close()

    def _parsed(self, raw: str) -> dict[str, Any]:
        try:
            return parse(raw)
        except ValueError as error:
            raise self._endpoint.garbled(raw, str(error)) from None

    def _batch(self, body: dict[str, Any]) -> RemoteBatch:
        status, counts, marks = _text(body.get("status")), _object(body.get("request_counts")), body.get("metadata")
        done = sum(_number(counts.get(name)) for name in ("completed", "failed"))
        files = (_text(body.get("output_file_id")), _text(body.get("error_file_id")))
        told = [_object(one) for one in _list(_object(body.get("errors")).get("data"))]
        trouble = "; ".join(f"{_text(one.get('code'))}: {_text(one.get('message'))}" for one in told[:3])
        return RemoteBatch(
            id=_text(body.get("id")),
            status=self._endpoint.scrubbed(status),
            ended=status in ENDED,
            mark=_text(_object(marks).get(MARK)),
            trouble=(self._endpoint.scrubbed(trouble) or "no reason given") if status == "failed" else "",
            done=done,
            lines=_number(counts.get("total")),
            made=_number(body.get("created_at")),
            source=_text(body.get("input_file_id")),
            results=tuple(file for file in files if file),
        )

    def _line(self, line: bytes) -> BatchLine:
        try:
            held = parse(line.decode())
        except ValueError as wrong:
            return BatchLine("", error=f"a line of {len(line):,} bytes can't be read: {wrong}")
        name, response, error = _text(held.get("custom_id")), _object(held.get("response")), _object(held.get("error"))
        body = _object(response.get("body"))
        raw = json.dumps(body)
        declined = bool(read(raw).declined)
        if not name:
            return BatchLine("", error="a line names no request")
        if body and (declined or (_number(response.get("status_code")) < 400 and not _only_an_error(body))):
            return BatchLine(name, raw, declined, "", *tokens(body))
        said = error or _object(body.get("error"))
        code = _text(error.get("code")) or str(_number(response.get("status_code")) or "")
        told = self._endpoint.scrubbed(f"{code}: {_text(said.get('message')) or 'no reason given'}")
        return BatchLine(name, error=told.removeprefix(": "))


def open_batches(base_url: str | None, *, key: str | None = None, timeout: float = 120.0) -> OpenAIBatches:
    """Return the batch mode of the endpoint at `base_url`, None for OpenAI itself. Raises ConfigurationError."""
    return OpenAIBatches(Endpoint(base_url, key=key), timeout=timeout)


def _lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines that a stream holds, less empty ones; only a line feed ends one, as in JSON lines."""
    held = b""
    for block in blocks:
        held += block
        if b"\n" in block:
            *whole, held = held.split(b"\n")
            yield from (line for line in whole if line.strip())
        if len(held) > LONGEST_LINE:
            raise TransportError(f"a line of the replies is longer than {LONGEST_LINE:,} bytes")
    if held.strip():
        yield held


def _only_an_error(body: dict[str, Any]) -> bool:
    return bool(body.get("error")) and not body.get("choices")


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return sendable(value)[:2000] if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else 0
