"""The committed figures: shown on their notebook's page and in the gallery, with words."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from xml.etree import ElementTree

__all__ = ["Figure", "drawn"]

DESCRIPTION = "{http://purl.org/dc/elements/1.1/}description"


def drawn(source: str) -> list[str]:
    """Return the names of the figures that a cell keeps, in order.

    Examples
    --------
    >>> drawn('figures.keep(fig, "toy_line", alt="A line.")')
    ['toy_line']
    >>> drawn('figures.keep(map_of(city), "toy_map", alt="A map.")')
    ['toy_map']
    """
    if "figures.keep" not in source:
        return []
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [
        ast.literal_eval(call.args[1]) for call in calls if ast.unparse(call.func) == "figures.keep"
    ]


@dataclass(frozen=True)
class Figure:
    """A committed figure.

    Parameters
    ----------
    path : Path
        Its SVG.
    drawn_at : str
        The page whose notebook draws it, and the anchor of the cell there.
    picture : bytes
        The notebook's picture of it, a PNG.
    """

    path: Path
    drawn_at: str = ""
    picture: bytes = b""

    @cached_property
    def _root(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.path.read_text("utf8"))

    @property
    def name(self) -> str:
        """Its name, without ending."""
        return self.path.stem

    @property
    def alt(self) -> str:
        """What it shows, in words.

        Raises
        ------
        ValueError
            If the file does not say.
        """
        found = self._root.find(f".//{DESCRIPTION}")
        if found is None or not found.text:
            raise ValueError(f"{self.path.name} has no description")
        return found.text

    @property
    def size(self) -> tuple[int, int]:
        """Its width and height, in the pixels of a page."""
        width, height = (
            round(float(self._root.attrib[side].removesuffix("pt")) * 96 / 72)
            for side in ("width", "height")
        )
        return width, height

    def html(self, folder: str) -> str:
        """Return it as a picture that leads to its file in a folder."""
        width, height = self.size
        return (
            f'<a class="figure" href="{folder}{self.name}.svg"><img src="{folder}{self.name}.svg" '
            f'width="{width}" height="{height}" loading="lazy" decoding="async" '
            f'alt="{escape(self.alt, quote=True)}"></a>'
        )

    def title(self, source: str) -> str:
        """Return its name as a reader would say it, without that of its source."""
        return self.name.removeprefix(f"{source}_").replace("_", " ").capitalize()

    def entry(self, source: str, folder: str) -> str:
        """Return it with its title, its place, its files and its words, for the gallery."""
        title = self.title(source)
        png = (
            f'<a href="{folder}{self.name}.png" download>PNG'
            f'<span class="visually-hidden"> of {title}</span></a>'
        )
        return (
            f'<figure id="{self.name}">{self.html(folder)}<figcaption><b>{title}.</b> '
            f"{escape(self.alt)} "
            f'<a href="{self.drawn_at}">In its notebook<span class="visually-hidden">: {title}'
            f"</span></a> &middot; {png}</figcaption></figure>"
        )
