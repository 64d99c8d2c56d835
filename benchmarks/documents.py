"""Find and make the documents that are measured: a corpus, the samples, and texts of any size in many shapes."""

from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
CORPUS = CHECKOUT.parent / "shared" / "corpus" / "dev"
SAMPLES = CHECKOUT / "samples"
SUFFIXES = (".md", ".rst", ".html", ".txt")


def corpus(folder: Path | None = None) -> list[Path]:
    """Return the documents in `folder`; without one those of the corpus beside the checkout, else the samples."""
    if folder is None:
        folder = CORPUS if CORPUS.is_dir() else SAMPLES
    return sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())


def near(paths: list[Path], size: int, *, scratch: Path) -> list[Path]:
    """Return the documents of about `size` bytes, half to twice; made ones in `scratch` where there are less than 5."""
    found = [path for path in paths if size // 2 <= path.stat().st_size <= size * 2]
    return found if len(found) >= 5 else [*found, *(written(scratch, shape, size) for shape in REALISTIC)]


def written(folder: Path, shape: str, size: int) -> Path:
    """Return the file in `folder` that holds a made document."""
    path = folder / f"{shape}-{size}.{SHAPES[shape][0]}"
    path.write_text(made(shape, size), encoding="utf-8")
    return path


def made(shape: str, size: int) -> str:
    """Return a text of `size` bytes in UTF-8 (up to one section more), the same every time."""
    section = SHAPES[shape][1]
    parts: list[str] = []
    length = number = 0
    while length < size:
        number += 1
        parts.append(section(number))
        length += len(parts[-1].encode())
    return "".join(parts)


# --- realistic sections


def _prose(n: int) -> str:
    return f"""## Module {n}: routing of requests

Quillfish routes requests between {n} **upstream servers** and keeps the order of messages. It was written for
services that answer slowly, see the [design notes](https://docs.example.org/quillfish/{n}), and it does not need a
broker. Version {n}.2 reads `quill.toml` at start-up; earlier versions read *environment variables* only.

- Retries failed calls up to {n % 7 + 2} times, with a pause that grows
- Streams answers of more than {n} MB without holding them in memory
  - Works with gzip and Brotli
- Unlike a plain proxy, it can replay a recorded session

1. Install it with `pip install quillfish`
2. Start it: `quillfish serve --port {8000 + n}`

"""


def _table(n: int) -> str:
    rows = "".join(
        f"| model-{n}-{i} | {i * 3}B | {60 + i}.{n % 10} | reads [text]({n}.md) and tables |\n" for i in range(20)
    )
    return f"### Results {n}\n\n| Model | Size | Score | Notes |\n|---|---:|---:|---|\n{rows}\n"


def _html(n: int) -> str:
    return f"""<div align="center">
  <h3>Gallery {n}</h3>
  <p>The <b>viewer</b> shows layer {n} of a scan &amp; its outline.<br>It runs in the browser.</p>
  <table><tr><th>Input</th><th>Output</th></tr>
  <tr><td><img src="in{n}.png" alt="a scan of part {n}" width="20%"></td>
      <td><a href="o{n}.html">outline {n}</a></td></tr></table>
  <ul><li>Rotates a volume of {n} slices</li><li style="color: grey">Exports STL files</li></ul>
</div>
<details><summary>More on gallery {n}</summary>

Opened with a click. It lists <kbd>Ctrl</kbd>+<kbd>{n}</kbd> as a shortcut.

</details>
<!-- gallery {n} ends here -->

"""


def _code(n: int) -> str:
    lines = "".join(f"    client.send(record[{i}], retries={n})  # step {i}\n" for i in range(15))
    fence = f"```python\ndef send_{n}(client, record):\n{lines}```"
    return f"### Example {n}\n\nSend fifteen records:\n\n{fence}\n\n    indented {n}\n\n"


def _cjk(n: int) -> str:
    return f"""## 模块{n}:语音识别

本工具可以识别{n}种方言的语音,并把结果保存为字幕文件。它不需要显卡,在普通笔记本电脑上也能运行。详情请看[说明文档](docs/{n}.md)。

- 支持实时识别,延迟低于{n}毫秒
- 支持**离线**使用

このモデルは{n}時間の音声で学習しました。短い文の書き起こしに向いています。長い会議の録音には使えません。

"""


def _badges(n: int) -> str:
    badge = f"[![build {n}](https://img.example.org/{n}.svg)](https://ci.example.org/{n})"
    tool = f"[tool-{n}](https://code.example.org/tool-{n})"
    return f"{badge} {badge}\n\n- {tool} {badge} - Finds {n} kinds of broken links.\n"


def _page(n: int) -> str:
    prose = f"<p>It converts {n} formats. It keeps <em>metadata</em>.</p>"
    return f"<section><h2>Part {n}</h2>{prose}<ul><li>Fast: {n} ms</li></ul></section>\n"


def _rst(n: int) -> str:
    return f"""Part {n}
{"=" * (5 + len(str(n)))}

The *solver* reads ``problem{n}.lp`` and prints a plan. See `docs <https://example.org/{n}>`_.

- Finds cycles
- Runs {n} checks

"""


REALISTIC = ("prose", "tables", "html", "code", "cjk", "badges")
Section = Callable[[int], str]
SHAPES: dict[str, tuple[str, Section]] = {
    "prose": ("md", _prose),
    "tables": ("md", _table),
    "html": ("md", _html),
    "code": ("md", _code),
    "cjk": ("md", _cjk),
    "badges": ("md", _badges),
    "page": ("html", _page),
    "rst": ("rst", _rst),
    "plain": (
        "txt",
        lambda n: f"Step {n}. Open the valve and wait {n} s. Then close it.\n\n- valve {n}\n- pump {n}\n\n",
    ),
    # what only a hostile or broken document holds: each would be quadratic in a careless reader
    "one-line": ("md", lambda n: f"It has {n} words here and goes on. "),
    "one-word": ("md", lambda n: "abcdefghi" * 100),
    "one-paragraph": ("md", lambda n: f"line {n} of a paragraph that\nnever ends, *it seems,\n"),
    "brackets": ("md", lambda n: "[" * 1000),
    "links": ("md", lambda n: "[a](" * 250),
    "images": ("md", lambda n: "![a" * 250),
    "closed-brackets": ("md", lambda n: "[" * 30 + "]" * 30 + "(x"),
    "anchors": ("md", lambda n: "[a] [b](#c "),
    "backticks": ("md", lambda n: "`" * (n % 97 + 1) + "a "),
    "asterisks": ("md", lambda n: "*a **b " * 100),
    "underscores": ("md", lambda n: "_a __b " * 100),
    "comments": ("md", lambda n: "<!-- a " * 100),
    "anchor-tags": ("md", lambda n: '<a href="#c">' * 80),
    "people": ("md", lambda n: "## Contributors\n\n" if n == 1 else "<a href=''>x [a](b " * 40),
    "comment-blocks": ("md", lambda n: f"<!-- a {n}\n\n"),
    "tags": ("md", lambda n: "<a href=\" <a b=' " * 50),
    "tag-blocks": ("md", lambda n: f'<div class="{n}\n\n'),
    "open-elements": ("md", lambda n: '<div style="display:none"><details>' * 20),
    "raw-elements": ("md", lambda n: "<svg> <title> a </svg> b "),
    "entities": ("md", lambda n: "&amp" * 100),
    "addresses": ("md", lambda n: "http://a.,.,.,.,https://" * 40),
    "bars": ("md", lambda n: "|" * 1000),
    "wide-table": ("md", lambda n: "| a | b |\n|---|---|\n" if n == 1 else "| x" * 300),
    "short-rows": ("md", lambda n: "| a | b |\n|---|---|\n" if n == 1 else "|x|y|\n"),
    "nested-list": ("md", lambda n: "  " * (n % 40) + f"- item {n}\n"),
    "nested-quote": ("md", lambda n: ">" * (n % 40 + 1) + f" quote {n}\n"),
    "numbered": ("md", lambda n: f"{n % 999999999}. item\n"),
    "references": ("md", lambda n: f"[name {n}]: /target/{n} 'title\n"),
    "definitions": ("md", lambda n: f"[name {n}]: /target/{n}\n"),
    "fences": ("md", lambda n: "```\n~~~\n"),
    "headings": ("md", lambda n: f"{'#' * (n % 6 + 1)} Heading {n}\n"),
    "rules": ("md", lambda n: "---\n***\n"),
    "abbreviations": ("md", lambda n: "e.g. i.e. A. B. 1. 2. ... " * 20),
    "licences": ("md", lambda n: f"Permission is hereby granted, free of charge, {n}.\n\n"),
    "same-item": ("md", lambda n: f"- Converts documents of kind {n} to text\n"),
    "page-tags": ("html", lambda n: "<b <i \"'" * 50),
    "page-cells": ("html", lambda n: "<td>a" * 100),
    "rst-marks": ("rst", lambda n: "`a <b ``c |d *e "),
    "plain-line": ("txt", lambda n: "a-b " * 100),
}
