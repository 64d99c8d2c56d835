"""Drafts catalog entries for AI artifacts from their model card or README, with evidence for every sentence."""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decomposer.library import Catalog, draft
    from decomposer.records import Entry

    __version__: str

__all__ = ["Catalog", "Entry", "__version__", "draft"]

_PLACES = {"Catalog": "decomposer.library", "Entry": "decomposer.records"}


class _Package(ModuleType):
    """A package whose `draft` is always the function, although it also has a submodule of that name.

    Importing a submodule binds it on its package; the property takes that binding and forgets it.
    """

    @property
    def draft(self) -> Any:
        from decomposer.library import draft

        return draft

    @draft.setter
    def draft(self, submodule: ModuleType) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            from importlib.metadata import version

            return version("decomposer")
        if name in _PLACES:
            from importlib import import_module

            return getattr(import_module(_PLACES[name]), name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _Package
