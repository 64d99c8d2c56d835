"""Make text safe to show: no control, bidirectional or invisible character of the data reaches a terminal."""

import re

# C1 and DEL, format characters (Cf), separators, fillers that look like nothing, lone surrogates. Arabic and other
# signs that Unicode calls "format" but that print (U+0600-0605, 06DD, 070F, 0890, 0891, 08E2) are left alone.
_UNSEEN = (
    "\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ud800-\udfff"
)
_UNSAFE = re.compile(f"[\x00-\x08\x0b-\x1f{_UNSEEN}]")
_UNSAFE_IN_JSON = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f{_UNSEEN}]")

_USUAL = bytes([9, 10, 13, *range(0x20, 0x7F)])

# Joiners that a script or an emoji needs: between letters of scripts that join, between pictures; a picture's style.
_JOINING = (
    r"\u0620-\u06d3\u06fa-\u06ff\u0750-\u07ff\u0860-\u08c7"  # Arabic, Syriac
    r"\u0900-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u17d3\u1800-\u180a\u1820-\u18aa"  # Indic, Khmer, Mongolian
)
_PICTURE = (
    r"\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf"
    r"\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_WELCOME = re.compile(
    f"(?<=[{_JOINING}])[\u200c\u200d](?=[{_JOINING}])"
    f"|(?<=[{_PICTURE}])\ufe0f?\u200d(?=[{_PICTURE}])"
    f"|(?<=[{_PICTURE}#*0-9])[\ufe0e\ufe0f](?![\ufe00-\ufe0f])"
)
_CUT_ESCAPE = re.compile(r"\\(?:u[0-9a-f]{0,3}|U[0-9a-f]{0,7})?\Z")


def display_safe(text: str, *, limit: int | None = None) -> str:
    r"""Return `text` with a visible escape such as `\u202e` for every character that acts on a terminal or hides.

    Newlines and tabs stay, CRLF becomes a newline. Joiners stay inside words and emoji that need them. The result has
    at most `limit` characters, the last one `…` where something was cut.
    """
    shown = _escaped(text.replace("\r\n", "\n"))
    if limit is None or len(shown) <= limit:
        return shown
    return _CUT_ESCAPE.sub("", shown[: limit - 1]) + "…"


def one_line(text: str, *, limit: int | None = None) -> str:
    """Return `text` as `display_safe` does, on one line: every run of white space is one space."""
    return display_safe(" ".join(text.split()), limit=limit)


def json_safe(text: str) -> str:
    r"""Return the JSON document `text` with control, bidirectional and invisible characters as `\u....` escapes.

    `text` comes from a JSON encoder: such characters can only stand inside its strings, so the value stays the same.
    """
    try:
        unusual = text.encode().translate(None, _USUAL).decode()  # a search in all of a long text takes far longer
    except UnicodeEncodeError:
        unusual = text
    return _UNSAFE_IN_JSON.sub(_json_escape, text) if _UNSAFE_IN_JSON.search(unusual) else text


def _escaped(text: str) -> str:
    if (text.isascii() and text.isprintable()) or _UNSAFE.search(text) is None:
        return text
    kept = 0
    pieces = []
    for welcome in _WELCOME.finditer(text):
        pieces += [_UNSAFE.sub(_visible, text[kept : welcome.start()]), welcome.group()]
        kept = welcome.end()
    pieces.append(_UNSAFE.sub(_visible, text[kept:]))
    return "".join(pieces)


def _visible(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
