"""The reference: a page a public module, found by looking, not from a list."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from compendium.project import write_in_one_move

__all__ = ["modules", "write"]

#: In the order of the reference.
PACKAGES = {
    "housing": "The models",
    "compendium": "The scholar's tools",
    "rounding": "What both need",
}


def modules(package: str) -> Iterator[ModuleType]:
    """Yield a package and its public modules, its subpackages' too, in the order of their names."""
    top = importlib.import_module(package)
    yield top
    found = pkgutil.walk_packages(getattr(top, "__path__", []), f"{package}.")
    for name in sorted(module.name for module in found):
        if not any(part.startswith("_") for part in name.split(".")):
            yield importlib.import_module(name)


def write(folder: Path) -> str:
    """Write a page a module, and return the list that leads to them."""
    parts = []
    for package, heading in PACKAGES.items():
        pages = [module for module in modules(package) if public(module)]
        for module in pages:
            write_in_one_move(folder / f"{module.__name__}.rst", _page(module))
        lines = [f"* [`{m.__name__}`](api/{m.__name__}.rst): {_first_line(m)}" for m in pages]
        parts += [f"## {heading}\n", *lines, ""]
        parts += [f"```{{toctree}}\n:hidden:\n\n{_entries(pages)}\n```\n"]
    return "\n".join(parts)


def public(module: ModuleType) -> list[str]:
    """Return what a module says is public, by name."""
    return sorted(getattr(module, "__all__", []), key=str.lower)


def _page(module: ModuleType) -> str:
    """Return the source of a module's page: what it is, a summary, and each thing in full.

    What a module offers on behalf of another stands in its summary, and in full where it is at
    home.
    """
    name = module.__name__
    own = [thing for thing in public(module) if _home(module, thing) == name]
    lines = [name, "=" * len(name), "", f".. automodule:: {name}", "   :no-members:", ""]
    lines += [".. autosummary::", "   :nosignatures:", ""]
    homes = [f"{_home(module, thing)}.{thing}" for thing in public(module)]
    # Names within the module are told from there, others from the top.
    lines += [f"   {home.removeprefix(f'{name}.')}" for home in homes]
    for thing in own:
        kind = _kind(getattr(module, thing))
        lines += ["", f".. auto{kind}:: {name}.{thing}"]
        lines += ["   :members:"] if kind in ("class", "exception") else []
    return "\n".join(lines) + "\n"


def _home(module: ModuleType, thing: str) -> str:
    """Return the public module that a name is at home in: its own, if that one offers it too."""
    home = getattr(getattr(module, thing), "__module__", module.__name__)
    if home == module.__name__ or any(part.startswith("_") for part in home.split(".")):
        return module.__name__
    offered = home.partition(".")[0] in PACKAGES and thing in public(importlib.import_module(home))
    return home if offered else module.__name__


def _kind(thing: object) -> str:
    if inspect.isclass(thing):
        return "exception" if issubclass(thing, BaseException) else "class"
    return "function" if callable(thing) and not isinstance(thing, type) else "data"


def _first_line(module: ModuleType) -> str:
    return (inspect.getdoc(module) or "").partition("\n")[0]


def _entries(pages: list[ModuleType]) -> str:
    return "\n".join(f"/api/{module.__name__}" for module in pages)
