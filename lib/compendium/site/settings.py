"""What the site of a compendium is told about itself: ``site`` in ``data/datapackage.json``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from compendium.page.descriptors import PACKAGE, package
from compendium.page.files import DataError
from compendium.project import Project

__all__ = ["Settings", "settings"]

Place = tuple[str, str, str, str]

#: What may be told, and of which kind it is.
KINDS: dict[str, type] = {
    "title": str,
    "author": str,
    "copyright": str,
    "documented": dict,
    "frontFigure": str,
    "plots": str,
    "findings": dict,
}


@dataclass(frozen=True)
class Settings:
    """What a site is told.

    Parameters
    ----------
    title : str
        Its name; by default that of the data package.
    author, copyright : str, optional
        Whose it is, and what stands at the foot of each page.
    documented : dict of str, optional
        The packages that the reference documents, in its order, each with its heading.
    front_figure : str, optional
        The figure of the home page.
    plots : str, optional
        The module of a documented package whose functions draw: it gets a gallery.
    findings : dict of tuple of str, optional
        Numbers that pages quote: for each of their names the source, exhibit, row and column.
    """

    title: str
    author: str = ""
    copyright: str = ""
    documented: dict[str, str] = field(default_factory=dict)
    front_figure: str = ""
    plots: str = ""
    findings: dict[str, Place] = field(default_factory=dict)


def settings(project: Project) -> Settings:
    """Return what the site of a compendium is told.

    Raises
    ------
    DataError
        If something is told that no site knows, or is of another kind.
    """
    content = package(project)
    told = content.get("site", {})
    if not isinstance(told, dict):
        raise DataError(f"{PACKAGE}: site must be an object, got {told!r}")
    for name, value in told.items():
        if name not in KINDS:
            raise DataError(f"{PACKAGE}, site: {name!r} is none of {', '.join(KINDS)}")
        if not isinstance(value, KINDS[name]):
            raise DataError(
                f"{PACKAGE}, site: {name} must be a {KINDS[name].__name__}, got {value!r}"
            )
    findings = {name: _place(name, place) for name, place in told.get("findings", {}).items()}
    return Settings(
        title=told.get("title") or content.get("title") or project.root.name,
        author=told.get("author", ""),
        copyright=told.get("copyright", ""),
        documented=told.get("documented", {}),
        front_figure=told.get("frontFigure", ""),
        plots=told.get("plots", ""),
        findings=findings,
    )


def _place(name: str, place: Any) -> Place:
    if not isinstance(place, list) or len(place) != 4:
        raise DataError(
            f"{PACKAGE}, site, findings, {name}: must be source, exhibit, row and column, "
            f"got {place!r}"
        )
    source, exhibit, row, column = map(str, place)
    return source, exhibit, row, column
