"""Finding a back end by name: a module of its room's package, imported only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def module(package: str, names: tuple[str, ...], name: str) -> ModuleType:
    """The module of a back end; ``auto`` is the first of ``names``.

    Raises:
        KeyError: there is no back end of that name.

    """
    chosen = names[0] if name == "auto" else name
    if chosen not in names:
        raise KeyError(chosen)
    return import_module(f"{package}.{chosen}")
