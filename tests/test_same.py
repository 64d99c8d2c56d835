"""Names of one capability have something in common."""

from decomposer.records import Capability, Provenance
from decomposer.same import same_name


def named(name: str) -> Capability:
    return Capability(id="", name=name, category="other", provenance=Provenance(model="m", prompt="p"))


def test_word_order_and_endings_do_not_matter() -> None:
    assert same_name(named("Sorting of files")) == same_name(named("file sorting"))


def test_another_word_is_another_capability() -> None:
    assert same_name(named("Text to image")) != same_name(named("Image"))
    assert same_name(named("Python 2 export")) != same_name(named("Python 3 export"))
    assert same_name(named("文本生成")) != same_name(named("图像生成"))


def test_names_without_content_words_are_compared_as_they_are() -> None:
    assert same_name(named("It")) == ("it",)
