"""Lines of a text by number, as offsets; a line ends at CRLF, LF or a lone CR, as CommonMark has it."""

import re

_NEWLINE = re.compile(r"\r\n?|\n")


class Lines:
    """The lines of `text` from offset `start` on, numbered from 0."""

    def __init__(self, text: str, start: int = 0) -> None:
        self.text = text
        self.starts = [start]
        self.ends: list[int] = []
        for found in _NEWLINE.finditer(text, start):
            self.ends.append(found.start())
            self.starts.append(found.end())
        self.ends.append(len(text))

    def __len__(self) -> int:
        return len(self.starts)

    def line(self, number: int) -> str:
        """Return a line without its end."""
        return self.text[self.starts[number] : self.ends[number]]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where the lines first..last (both included) begin and end, white space at both ends left out."""
        start, end = self.starts[first], self.ends[last]
        inside = self.text[start:end]
        return start + len(inside) - len(inside.lstrip()), start + len(inside.rstrip())
