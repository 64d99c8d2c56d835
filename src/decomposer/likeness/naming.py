"""Take names apart: what a thing is called at heart, and what tells it from others of its name."""

import re
from unicodedata import normalize

from decomposer.records.likeness import Name

_PIECE = re.compile(r"\d{4}[-_.]\d{1,2}[-_.]\d{1,2}|\d+(?:\.\d+)+|\d+(?:\.\d+)?|[^\W\d_]+")
_SIZE = re.compile(r"\d+(?:\.\d+)?(?:[bmk]|bit)")
_SIZES = frozenset("nano tiny mini small medium large huge xs xl xxl xlarge".split())
_FORMATS = frozenset(
    "gguf ggml awq gptq exl2 mlx onnx openvino tensorrt coreml tflite safetensors quantized quantised quant int4 int8 "
    "fp8 fp16 bf16 lora qlora peft adapter finetune finetuned distill distilled pruned mirror".split()
)
_NUMBERED = ("int", "fp", "bf", "exl")  # formats that go on with a number
_VARIANTS = frozenset("it instruct chat base pretrained vision code coder math preview turbo cased uncased".split())
_EMPTY = frozenset(
    "the a an of for readme md card model modelcard official repo repository hf github docs index".split()
)
_LANGUAGES = frozenset(
    "en zh cn tw hans hant ja jp ko kr ru uk ar fa ir hi de fr es pt br it nl pl tr vi id th he el cs sv ro hu fi da "
    "no bn ur ta te".split()
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST = 200


def name(text: str) -> Name:
    """Return a name taken apart; its core is empty where it says nothing, such as "Model card".

    A language counts as that of a translation at the end only, and never alone.
    """
    pieces = _pieces(text[:_LONGEST])
    found: dict[str, list[str]] = {key: [] for key in ("words", "versions", "dates", "sizes", "formats", "variants")}
    language = ""
    while len(pieces) > 1 and pieces[-1] in _LANGUAGES and (found_in := pieces.pop()):
        language = f"{found_in}-{language}" if language else found_in
    for piece in pieces:
        found[_kind(piece)].append(piece)
    words = [word for word in found.pop("words") if word not in _EMPTY]
    return Name(
        core="".join(words),
        words=tuple(words),
        language=language,
        **{key: tuple(dict.fromkeys(values)) for key, values in found.items()},
    )


def _pieces(text: str) -> list[str]:
    """Return the words and numbers of a name, a number with the letters behind it that make it a size."""
    text = normalize("NFKC", text).casefold()
    found: list[str] = []
    end = -1
    for match in _PIECE.finditer(text):
        piece = match[0]
        glued = found and match.start() == end
        if glued and (_SIZE.fullmatch(found[-1] + piece) or (found[-1] in _NUMBERED and piece.isdigit())):
            found[-1] += piece
        elif glued and found[-1] == "v" and piece[0].isdigit():
            found[-1] = piece
        elif glued and _YEAR.fullmatch(piece) and found[-1].isalpha():
            found.append(f"{found.pop()}{piece}")
        elif glued and piece[0].isdigit() and found[-1].endswith("v") and len(found[-1]) > 2:
            found[-1] = found[-1][:-1]  # yolov5
            found.append(piece)
        else:
            found.append(piece)
        end = match.end()
    return found


def _kind(piece: str) -> str:
    if _SIZE.fullmatch(piece) or piece in _SIZES:
        return "sizes"
    if piece in _FORMATS:
        return "formats"
    if piece in _VARIANTS:
        return "variants"
    if _YEAR.fullmatch(piece) or re.fullmatch(r"\d{4}[-_.]\d{1,2}[-_.]\d{1,2}", piece):
        return "dates"
    return "versions" if piece[0].isdigit() else "words"
