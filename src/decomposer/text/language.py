"""Guess the language of a text from its script, and for Latin script from its commonest words."""

import re
from collections import Counter

_SAMPLE = 20_000
_SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
}
_LETTERS_OF = {"uk": (re.compile(r"[іїєґ]"), "ru"), "fa": (re.compile(r"[پچژگی]"), "ar")}
_COMMON = {
    "en": "the of and to in is for with that this are you on be as it from can",
    "de": "der die und das ist mit für auf ein eine nicht von zu den werden",
    "fr": "le la les et des est une pour dans avec sur qui que du au",
    "es": "el la los las y es una para con del que por se en como",
    "pt": "o os as e um uma para com não que do da em por como",
    "it": "il lo gli e di che una per con non del della è sono nel",
    "nl": "de het een en van is voor met niet op te dat zijn aan",
    "pl": "i w na z do jest nie się że to dla oraz od po jak",
    "tr": "ve bir bu için ile de da olarak daha çok gibi olan",
    "vi": "và của là cho các một không được trong có với này",
    "id": "dan yang di untuk dengan ini dari pada adalah dalam tidak",
}
_WORDS = {code: frozenset(words.split()) for code, words in _COMMON.items()}
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+|<[^>]{0,400}>", re.DOTALL)


def language(text: str) -> str | None:
    """Return the ISO 639-1 code of the text's language, or None where there is too little text to tell.

    Looks at the first 20,000 characters; code, tags and addresses do not count.
    """
    sample = _CODE.sub(" ", text[:_SAMPLE]).lower()
    words = _WORD.findall(sample)
    letters = sum(map(len, words))
    if letters < 20:
        return None
    by_script = {code: len(pattern.findall(sample)) for code, pattern in _SCRIPTS.items()}
    if by_script["ja"] > 0.1 * letters:
        return "ja"
    best = max(by_script, key=lambda code: by_script[code])
    if by_script[best] > 0.25 * letters:
        for code, (pattern, of) in _LETTERS_OF.items():
            if of == best and len(pattern.findall(sample)) > 0.02 * by_script[best]:
                return code
        return best
    return _by_common_words(words)


def _by_common_words(words: list[str]) -> str | None:
    counts = Counter(words)
    scores = {code: sum(counts[word] for word in common) for code, common in _WORDS.items()}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] >= max(3, 0.03 * len(words)) else None
