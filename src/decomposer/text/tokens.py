"""Estimate how many tokens a text costs, without a tokenizer."""

import re

_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = b"0123456789"
_SPACE = b" \t\r\n"
# tokens a character, by kind of character; fitted to o200k_base and cl100k_base (benchmarks/tokens.py measures them)
_ASCII_LETTER, _DIGIT, _BLANK, _SIGN, _NEXT_SIGN = 1 / 6, 1.0, 0.3, 0.8, 0.35
_SIGNS = re.compile(rb"[!-/:-@\[-`{-~]+")
_OTHERS = (
    (re.compile(r"[\u0370-\u052f]"), 0.35),  # Greek, Cyrillic
    (re.compile(r"[\u0530-\u07ff\ufb50-\ufdff\ufe70-\ufeff]"), 0.5),  # Arabic, Hebrew, Armenian
    (re.compile(r"[\u3040-\u9fff\uac00-\ud7af\uf900-\ufaff]"), 0.8),  # kana, Han, Hangul
    (re.compile(r"[\u2000-\u2bff\u3000-\u303f\uff00-\uffef\U00010000-\U0010ffff]"), 1.7),  # signs, emoji
)
_REST = 0.6


def tokens(text: str) -> int:
    """Return an estimate of the tokens of `text` for common tokenizers; `benchmarks/tokens.py` measures how good."""
    data = text.encode("ascii", "ignore")
    letters = len(data) - len(data.translate(None, _LETTERS))
    digits = len(data) - len(data.translate(None, _DIGITS))
    blanks = len(data) - len(data.translate(None, _SPACE))
    signs = len(data) - letters - digits - blanks
    runs = len(_SIGNS.findall(data)) if signs else 0
    cost = letters * _ASCII_LETTER + digits * _DIGIT + blanks * _BLANK + runs * _SIGN + (signs - runs) * _NEXT_SIGN
    if len(data) < len(text):
        left = len(text) - len(data)
        for kind, rate in _OTHERS:
            found = len(kind.findall(text))
            cost += found * rate
            left -= found
        cost += left * _REST
    return round(cost)
