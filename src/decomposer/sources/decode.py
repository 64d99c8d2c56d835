"""Turn bytes into text: byte-order marks, declared character sets, UTF-8, UTF-16 without a mark, legacy encodings."""

import codecs
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# what servers declare when nobody told them: only worth trying after UTF-8
_DEFAULTS = ("ascii", "iso8859-1", "cp1252")
# text codecs of Python that no document is written in
_NOT_CHARSETS = ("idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape", "utf-7")
# the commoner of two that explain the bytes equally well stands first
_LEGACY = [
    "cp1252", "cp1251", "koi8_r", "cp866", "gb18030", "big5", "cp932", "euc_jp", "iso2022_jp", "euc_kr", "cp949",
    "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "iso8859_2", "iso8859_15", "tis_620",
]  # fmt: skip
_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF media file"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x7fELF", "a program"),
)
_SAMPLE = 65_536


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text as it was decoded, less a byte-order mark; line ends are kept. `warnings` say what was guessed or lost."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, *, charset: str | None = None) -> Decoded:
    """Return the text of any bytes, never an error. `charset` is what the sender declared."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _forgiving(data[len(mark) :], encoding)
    for encoding in _certain(data, charset):
        text = _strict(data, encoding)
        if text is not None:
            return Decoded(text, encoding)
    if _mostly_utf8(data):
        return _forgiving(data, "utf-8")
    guess = _guess(data)
    if guess is None:
        return _forgiving(data, "utf-8")
    decoded = _forgiving(data, guess)
    note = f"the text is not UTF-8 and names no encoding; read as {guess}"
    return Decoded(decoded.text, guess, (note, *decoded.warnings))


def binary_kind(data: bytes) -> str | None:
    """Return what bytes that are not text seem to be ("a PNG image"), or None for text."""
    if any(data.startswith(mark) for mark, _ in _MARKS) or _wide(data):
        return None
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    sample = data[:8192]
    controls = sum(sample.count(byte) for byte in range(32) if byte not in b"\t\n\x0b\x0c\r\x1b")
    return "binary data" if sample.count(0) * 100 > len(sample) or controls * 10 > len(sample) else None


def _certain(data: bytes, charset: str | None) -> list[str]:
    """Return the encodings that are believed when they decode without an error, best first."""
    declared = _known(charset)
    late = declared in _DEFAULTS
    order = [_wide(data), None if late else declared, "utf-8", declared]
    return [encoding for encoding in order if encoding]


def _known(charset: str | None) -> str | None:
    try:
        name = codecs.lookup(charset or "").name
    except (LookupError, ValueError):
        return None
    return None if name in _NOT_CHARSETS else name


def _wide(data: bytes) -> str | None:
    """Return the UTF-16 flavour of text without a mark where zero bytes give it away: one side only, and often."""
    sample = data[:4096]
    if len(data) < 4 or len(data) % 2:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even == 0 and odd * 5 > len(sample):
        return "utf-16-le"
    return "utf-16-be" if odd == 0 and even * 5 > len(sample) else None


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError, ValueError):
        return None


def _forgiving(data: bytes, encoding: str) -> Decoded:
    text = _strict(data, encoding)
    if text is not None:
        return Decoded(text, encoding)
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, (f"some bytes are not valid {encoding}; they read as \ufffd",))


def _mostly_utf8(data: bytes) -> bool:
    """Say whether the bytes are UTF-8 with a few broken characters, such as a text that was cut off."""
    text = data.decode("utf-8", errors="ignore")
    letters = sum(1 for char in text if char > "\x7f")
    used = len(text.encode("utf-8"))
    return letters >= 4 * (len(data) - used)


def _guess(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    matches = from_bytes(data[:_SAMPLE], cp_isolation=_LEGACY)
    best = matches.best()
    if best is None:
        return None
    as_good = [match for match in matches if (match.chaos, match.coherence) == (best.chaos, best.coherence)]
    possible = {encoding for match in as_good for encoding in match.could_be_from_charset}
    return next((encoding for encoding in _LEGACY if encoding in possible), best.encoding)
