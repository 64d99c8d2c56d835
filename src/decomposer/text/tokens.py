"""Estimate how many tokens a text costs, without a tokenizer."""

import re

_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_CHARS_PER_TOKEN_ASCII = 4.0
_CHARS_PER_TOKEN_OTHER = 2.2


def tokens(text: str) -> int:
    """Return an estimate of the tokens of `text` for common tokenizers; `benchmarks/tokens.py` measures how good."""
    if text.isascii():
        return round(len(text) / _CHARS_PER_TOKEN_ASCII)
    ascii_chars = len(text.encode("ascii", "ignore"))
    wide = len(_WIDE.findall(text))
    other = len(text) - ascii_chars - wide
    return round(ascii_chars / _CHARS_PER_TOKEN_ASCII + wide + other / _CHARS_PER_TOKEN_OTHER)
