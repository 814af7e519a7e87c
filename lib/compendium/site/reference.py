"""The reference: a page a public module, found by looking, not from a list."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import GenericAlias, ModuleType

from compendium.project import write_in_one_move
from compendium.site.parts import folded

__all__ = ["at_home", "home", "modules", "public", "write"]


def modules(package: str) -> Iterator[ModuleType]:
    """Yield a package and its public modules, its subpackages' too, in the order of their names."""
    top = importlib.import_module(package)
    yield top
    found = pkgutil.walk_packages(getattr(top, "__path__", []), f"{package}.")
    for name in sorted(module.name for module in found):
        if not any(part.startswith("_") for part in name.split(".")):
            yield importlib.import_module(name)


def write(folder: Path, packages: Mapping[str, str]) -> str:
    """Write a page a module, and return the list that leads to them.

    Parameters
    ----------
    folder : Path
        Where to.
    packages : mapping of str
        The heading of each package, in the order of the reference.
    """
    parts = []
    for package, heading in packages.items():
        pages = [module for module in modules(package) if public(module)]
        for module in pages:
            write_in_one_move(folder / f"{module.__name__}.rst", _page(module, packages))
        parts += [f"## {heading}\n", *_listed(pages), ""]
        parts += [f"```{{toctree}}\n:hidden:\n\n{_entries(pages)}\n```\n"]
    return "\n".join(parts)


def _listed(pages: Sequence[ModuleType]) -> Iterator[str]:
    """Yield a line a module; those of a package are folded below it."""
    packages: dict[str, list[str]] = {}
    for module in pages:
        line = f"* [`{module.__name__}`](api/{module.__name__}.rst): {_first_line(module)}"
        packages.setdefault(".".join(module.__name__.split(".")[:2]), []).append(line)
    for name, (first, *parts) in packages.items():
        yield first
        if parts:
            yield ""
            yield from folded(f"{name}: {len(parts)} modules", parts)


def public(module: ModuleType) -> list[str]:
    """Return what a module says is public, by name."""
    return sorted(getattr(module, "__all__", []), key=str.lower)


def at_home(module: ModuleType, packages: Collection[str]) -> list[str]:
    """Return what is public in a module and documented in full on its page."""
    return [thing for thing in public(module) if home(module, thing, packages) == module.__name__]


def _page(module: ModuleType, packages: Collection[str]) -> str:
    """Return the source of a module's page: what it is, a summary, and each thing in full.

    What a module offers on behalf of another stands in its summary, and in full where it is at
    home.
    """
    name = module.__name__
    own = at_home(module, packages)
    lines = [name, "=" * len(name), "", f".. automodule:: {name}", "   :no-members:", ""]
    lines += [".. autosummary::", "   :nosignatures:", ""]
    homes = [f"{home(module, thing, packages)}.{thing}" for thing in public(module)]
    # Names within the module are told from there, others from the top.
    lines += [f"   {home.removeprefix(f'{name}.')}" for home in homes]
    for thing in own:
        lines += ["", *_entry(f"{name}.{thing}", getattr(module, thing))]
    return "\n".join(lines) + "\n"


def home(module: ModuleType, thing: str, packages: Collection[str]) -> str:
    """Return the public module that a name is at home in.

    It is where the name is defined, or the package around it that offers it too: that is where
    readers take it from.
    """
    defined = getattr(getattr(module, thing), "__module__", module.__name__)
    if defined.partition(".")[0] not in packages:
        return module.__name__
    parts = defined.split(".")
    around = [".".join(parts[:depth]) for depth in range(2, len(parts) + 1)] or parts
    public_ones = [name for name in around if not any(p.startswith("_") for p in name.split("."))]
    # A private module is at home in the package that it is a part of.
    public_ones = public_ones or parts[:1]
    offering = [name for name in public_ones if thing in public(importlib.import_module(name))]
    return offering[0] if offering else module.__name__


def _entry(name: str, thing: object) -> list[str]:
    """Return what documents a thing in full, by its kind."""
    if isinstance(thing, GenericAlias):
        # Its docstring is that of what it abbreviates.
        return [f".. py:data:: {name}", "", f"   Short for ``{thing}``."]
    if inspect.isclass(thing):
        kind = "exception" if issubclass(thing, BaseException) else "class"
        return [f".. auto{kind}:: {name}", "   :members:"]
    return [f".. auto{'function' if callable(thing) else 'data'}:: {name}"]


def _first_line(module: ModuleType) -> str:
    return (inspect.getdoc(module) or "").partition("\n")[0]


def _entries(pages: list[ModuleType]) -> str:
    return "\n".join(f"/api/{module.__name__}" for module in pages)
