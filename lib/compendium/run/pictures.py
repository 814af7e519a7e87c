"""Whether two SVG files show the same, where they cannot be the same to the byte.

Another processor or mathematical library may change the last bit of a coordinate, and with it a
digit that no eye sees and every name that is made from it. Two pictures are the same by this rule:

* the same elements in the same order, with the same attributes, styles and texts;
* coordinates (of paths, transforms, places and sizes) within 0.02 points of each other; a factor
  or an angle of a transform within 0.00001, which moves no point of a page by more;
* embedded images of one size, with every level of every pixel within 4 of 255, which is a step of
  the scales of colours in use;
* definitions (glyphs, markers, clips, hatches) by what they define, wherever a picture uses them:
  their names are made from their coordinates.

Line ends do not matter.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from itertools import zip_longest
from xml.etree import ElementTree

import numpy as np
import PIL.Image
from numpy.typing import NDArray

__all__ = ["APART", "LEVELS", "differences", "pixel_differences"]

#: Points that a coordinate may be apart: a fortieth of the line that frames a plot.
APART = 0.02
#: What a factor or an angle may be apart: over a page of a thousand points, half of `APART`.
TURN = 1e-5
#: Levels of 255 that a colour of an embedded image may be apart: neighbours among the 256 colours
#: of a scale are as far apart.
LEVELS = 4

COORDINATES = {"d", "points", "viewBox", "x", "y", "width", "height", "x1", "x2", "y1", "y2", "r"}
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
CALL = re.compile(r"(\w+)\(([^)]*)\)")
REFERENCE = re.compile(r"url\(#([^)]+)\)")
LINK = "{http://www.w3.org/1999/xlink}href"
#: Where the numbers of a transform begin that are lengths; before them stand factors.
LENGTHS = {"translate": 0, "matrix": 4}

Element = ElementTree.Element


def differences(one: str, other: str) -> list[str]:
    """Say in what two SVG texts show something else: an empty list where they show the same.

    Parameters
    ----------
    one, other : str
        The texts of the two files.

    Returns
    -------
    list of str
        A line a difference: the group that it is in, the element, and both values.

    Examples
    --------
    >>> picture = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M {} 0 L 9 9"/></svg>'
    >>> differences(picture.format(2), picture.format(2.01))
    []
    >>> differences(picture.format(2), picture.format(2.03))
    ['path: d: 2 and 2.03']
    """
    if one == other:
        return []
    try:
        return list(_Pair(_parsed(one), _parsed(other)).differences())
    except ElementTree.ParseError as error:
        return [f"cannot be read as SVG: {error}"]


def pixel_differences(one: bytes, other: bytes, levels: int = LEVELS) -> list[str]:
    """Say in what two images differ: in size, or in pixels by more than so many levels of 255.

    How the pixels are packed is the choice of a library.

    Parameters
    ----------
    one, other : bytes
        The two files, PNG or another kind that Pillow reads.
    levels : int, optional
        What red, green, blue and opacity of a pixel may each be apart.

    Returns
    -------
    list of str
        A line, or none.
    """
    if one == other:
        return []
    a, b = _pixels(one), _pixels(other)
    if a.shape != b.shape:
        return [f"{' x '.join(map(str, a.shape))} and {' x '.join(map(str, b.shape))} pixels"]
    apart = np.abs(a - b).max(axis=-1)
    if (apart <= levels).all():
        return []
    count = int((apart > levels).sum())
    return [f"{count:,} pixels are more than {levels} levels apart, at most {apart.max()}"]


def _parsed(text: str) -> Element:
    """Return the root; comments are kept, since they hold the words that glyphs spell."""
    builder = ElementTree.TreeBuilder(insert_comments=True)
    return ElementTree.fromstring(text, ElementTree.XMLParser(target=builder))


class _Pair:
    """Two pictures that are compared element by element."""

    def __init__(self, one: Element, other: Element) -> None:
        self.roots = one, other
        self.named = _named(one), _named(other)
        self.compared: set[tuple[str, str]] = set()

    def differences(self) -> Iterator[str]:
        yield from self._elements(*self.roots, place="")

    def _elements(self, one: Element, other: Element, place: str) -> Iterator[str]:
        if one.tag != other.tag:
            yield f"{place}{_tag(one)} and {_tag(other)}"
            return
        here = f"{place}{_tag(one)}: "
        if _text(one) != _text(other):
            yield f"{here}{_text(one)!r} and {_text(other)!r}"
        yield from self._attributes(one, other, here)
        inside = f"{one.get('id')}: " if one.get("id", "").startswith(("axes", "legend")) else place
        ours, theirs = _shown(one), _shown(other)
        if len(ours) != len(theirs):
            yield f"{here}{len(ours)} and {len(theirs)} elements"
            return
        for child, its in zip(ours, theirs, strict=True):
            yield from self._elements(child, its, inside)

    def _attributes(self, one: Element, other: Element, place: str) -> Iterator[str]:
        for name in sorted({*one.attrib, *other.attrib} - {"id"}):
            a, b = one.get(name), other.get(name)
            if a is None or b is None:
                yield f"{place}{_local(name)}: {a} and {b}"
            elif name == LINK and a.startswith("data:") and b.startswith("data:"):
                found = pixel_differences(_unpacked(a), _unpacked(b))
                yield from (f"{place}{words}" for words in found)
            elif name == LINK:
                yield from self._references(a.lstrip("#"), b.lstrip("#"), place)
            elif name == "transform":
                yield from (f"{place}transform: {found}" for found in _transforms(a, b))
            elif name in COORDINATES:
                yield from (f"{place}{name}: {found}" for found in _numbers(a, b, APART))
            else:
                if REFERENCE.sub("", a) != REFERENCE.sub("", b):
                    yield f"{place}{_local(name)}: {a!r} and {b!r}"
                for pair in zip_longest(REFERENCE.findall(a), REFERENCE.findall(b), fillvalue=""):
                    yield from self._references(*pair, place)

    def _references(self, one: str, other: str, place: str) -> Iterator[str]:
        """Compare what two names stand for, once."""
        if (one, other) in self.compared:
            return
        self.compared.add((one, other))
        ours, theirs = self.named[0].get(one), self.named[1].get(other)
        if ours is None or theirs is None:
            if one != other:
                yield f"{place}{one or 'nothing'} and {other or 'nothing'}"
            return
        yield from self._elements(ours, theirs, place)


def _named(root: Element) -> dict[str, Element]:
    return {name: element for element in root.iter() if (name := element.get("id")) is not None}


def _shown(element: Element) -> list[Element]:
    """Return the children that show something where they stand: definitions do where they serve."""
    shown = []
    for child in element:
        if _tag(child) != "defs":
            shown.append(child)
        else:
            shown += [part for part in child if part.get("id") is None]
    return shown


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _tag(element: Element) -> str:
    return _local(element.tag) if isinstance(element.tag, str) else "text"


def _text(element: Element) -> str:
    return " ".join((element.text or "").split())


def _numbers(one: str, other: str, apart: float) -> Iterator[str]:
    """Compare two strings whose numbers may be apart and whose other characters may not."""
    if NUMBER.sub("0", one).split() != NUMBER.sub("0", other).split():
        yield f"{len(one.split())} and {len(other.split())} numbers and commands, or other ones"
        return
    for a, b in zip(NUMBER.findall(one), NUMBER.findall(other), strict=True):
        if abs(float(a) - float(b)) > apart:
            yield f"{a} and {b}"
            # A curve that has moved has moved at many points: one is enough to find it.
            return


def _transforms(one: str, other: str) -> Iterator[str]:
    """Compare two transforms: lengths as coordinates, factors and angles more closely."""
    calls, others = CALL.findall(one), CALL.findall(other)
    if [name for name, _ in calls] != [name for name, _ in others]:
        yield f"{one} and {other}"
        return
    for (name, ours), (_, theirs) in zip(calls, others, strict=True):
        start = LENGTHS.get(name, len(ours))
        a, b = ours.split(), theirs.split()
        if len(a) != len(b):
            yield f"{name}({ours}) and {name}({theirs})"
            return
        yield from _numbers(" ".join(a[:start]), " ".join(b[:start]), TURN)
        yield from _numbers(" ".join(a[start:]), " ".join(b[start:]), APART)


def _unpacked(link: str) -> bytes:
    """Return the file that a link holds."""
    return base64.b64decode(link.partition(",")[2])


def _pixels(file: bytes) -> NDArray[np.int_]:
    """Return the rows and columns of an image, and its four channels."""
    with PIL.Image.open(io.BytesIO(file)) as image:
        return np.asarray(image.convert("RGBA")).astype(int)
