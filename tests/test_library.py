"""The package offers its function, its catalog and its record, in whatever order things are imported."""

import subprocess
import sys
from itertools import permutations

import pytest

import decomposer

IMPORTS = (
    "from decomposer import draft",
    "from decomposer.draft import Draft",
    "import decomposer.draft",
    "import decomposer.wiring",
)


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_all_is_what_the_package_offers() -> None:
    assert {name: getattr(decomposer, name).__module__ for name in decomposer.__all__ if name != "__version__"} == {
        "Catalog": "decomposer.library",
        "Entry": "decomposer.records.entry",
        "draft": "decomposer.library",
    }
    assert set(decomposer.__all__) <= set(dir(decomposer))
    assert decomposer.__version__.count(".") == 2


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'decomposer' has no attribute 'undraft'"):
        getattr(decomposer, "un" + "draft")


@pytest.mark.parametrize(
    "order", list(permutations(IMPORTS)), ids=lambda order: "-".join(str(IMPORTS.index(i)) for i in order)
)
def test_draft_is_the_function_whatever_is_imported_first(order: tuple[str, ...]) -> None:
    check = (
        "import decomposer, sys\n"
        "from decomposer import draft\n"
        "from decomposer.draft import Draft, Claim\n"
        "assert callable(draft) and draft is decomposer.draft and draft.__module__ == 'decomposer.library', draft\n"
        "assert Draft.__module__ == 'decomposer.draft' and sys.modules['decomposer.draft'].Draft is Draft\n"
    )
    done = run("\n".join([*order, check]))
    assert (done.returncode, done.stderr) == (0, "")


def test_importing_the_package_imports_nothing_heavy() -> None:
    done = run(
        "import decomposer, sys; print({'pydantic', 'sqlalchemy', 'openai', 'rich', 'click'} & set(sys.modules))"
    )
    assert done.stdout == "set()\n"


def test_a_star_import_gives_what_all_names() -> None:
    done = run("from decomposer import *; print(draft.__name__, Catalog.__name__, Entry.__name__)")
    assert (done.stdout, done.stderr) == ("draft Catalog Entry\n", "")
