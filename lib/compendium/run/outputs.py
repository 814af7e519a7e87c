"""Whether two runs of a notebook say the same, and show the same."""

from __future__ import annotations

import base64
import copy
import json
import textwrap
from itertools import zip_longest
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from compendium.notebook import runs
from compendium.run.pictures import pixel_differences

__all__ = ["SHADES", "differences"]

#: Kinds of outputs that are pictures of pixels: all others are text.
PICTURES = ("image/png", "image/jpeg")
#: Levels of 255 that a pixel of a shown picture may be apart. The picture has a palette of its own,
#: chosen among colours that are nearly as frequent: a pixel at the edge of a line may be given its
#: second nearest colour. Another line or letter is two hundred levels from the paper.
SHADES = 64


def differences(one: Path, other: Path) -> list[str]:
    """Say in what two executed copies of a notebook differ: an empty list where in nothing.

    All is compared as text, whatever the line ends, but pictures: they are compared by their
    pixels, which may be `SHADES` apart.

    Parameters
    ----------
    one, other : Path
        The two copies.

    Returns
    -------
    list of str
        A line a cell: its number as Jupyter counts, which is among those with code alone; and
        where the two first part. A text is named by the code that follows.
    """
    if one.read_bytes() == other.read_bytes():
        return []
    first, second = (nbformat.read(path, as_version=4) for path in (one, other))
    found = [f"metadata: {words}"] if (words := _parting(first.metadata, second.metadata)) else []
    if len(first.cells) != len(second.cells):
        return [*found, f"{len(first.cells)} and {len(second.cells)} cells, texts counted"]
    number = 0
    for cells in zip(first.cells, second.cells, strict=True):
        is_code = runs(cells[0])
        number += is_code
        where = f"cell {number}" if is_code else f"text before cell {number + 1}"
        if cells[0] == cells[1]:
            continue
        (ours, pictures), (theirs, others) = map(_parted, cells)
        if words := _parting(ours, theirs):
            found.append(f"{where}: {words}")
            continue
        for a, b in zip(pictures, others, strict=True):
            found += [f"{where}: {words}" for words in pixel_differences(a, b, SHADES)]
    return found


def _parted(cell: NotebookNode) -> tuple[NotebookNode, list[bytes]]:
    """Return a cell without what its pictures hold, and what they hold."""
    pictures: list[bytes] = []
    cell = copy.deepcopy(cell)
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        for kind in sorted(data.keys() & set(PICTURES)):
            pictures.append(base64.b64decode(data[kind]))
            data[kind] = ""
    return cell, pictures


def _parting(one: NotebookNode, other: NotebookNode) -> str:
    """Return the first two lines that are not the same, from just before they part."""
    for a, b in zip_longest(_lines(one), _lines(other), fillvalue=""):
        if a != b:
            pairs = enumerate(zip(a, b, strict=False))
            parts_at = next((at for at, (x, y) in pairs if x != y), min(len(a), len(b)))
            start = max(parts_at - 20, 0)
            a, b = (textwrap.shorten(line[start:], 80) for line in (a, b))
            return f"{a!r} and {b!r}"
    return ""


def _lines(node: NotebookNode) -> list[str]:
    """Return what a part of a notebook holds, each line of a text a line of its own."""
    whole = json.dumps(node, indent=1, sort_keys=True, ensure_ascii=False)
    return whole.replace("\\r\\n", "\\n").replace("\\n", "\n").splitlines()
