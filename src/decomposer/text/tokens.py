"""Estimate how many tokens a text costs, without a tokenizer."""

import re

_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
# characters a token, between o200k_base and cl100k_base, rather over than under (benchmarks/tokens.py)
_ASCII = 3.8
_WIDE_ONE = 0.82
_ARABIC_ONE = 1.8
_OTHER = 2.1


def tokens(text: str) -> int:
    """Return an estimate of the tokens of `text` for common tokenizers; `benchmarks/tokens.py` measures how good."""
    if text.isascii():
        return round(len(text) / _ASCII)
    ascii_chars = len(text.encode("ascii", "ignore"))
    wide, arabic = len(_WIDE.findall(text)), len(_ARABIC.findall(text))
    other = len(text) - ascii_chars - wide - arabic
    return round(ascii_chars / _ASCII + wide / _WIDE_ONE + arabic / _ARABIC_ONE + other / _OTHER)
