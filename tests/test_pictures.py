"""Two pictures are the same where elements and texts are and coordinates nearly are."""

from __future__ import annotations

import base64
import io

import numpy as np
import PIL.Image
import pytest

from compendium.project import Project
from compendium.run.pictures import differences

FIGURES = sorted(Project().figures.glob("*.svg"))


def embedded(levels: np.ndarray) -> str:
    """Return an image of these levels, packed as a link."""
    buffer = io.BytesIO()
    PIL.Image.fromarray(levels.astype("uint8"), "RGBA").save(buffer, "png")
    return "data:image/png;base64,\n" + base64.encodebytes(buffer.getvalue()).decode()


GREY = np.full((4, 3, 4), 128)


def picture(
    *,
    x: str = "12.5",
    word: str = "Rent",
    turn: str = "30",
    moved: str = "4",
    colour: str = "#0072b2",
    clip: str = "p1",
    corner: str = "7",
    levels: np.ndarray = GREY,
    more: str = "",
) -> str:
    """Draw a line, a word of one glyph and an image as Matplotlib writes them."""
    return f"""<?xml version="1.0" encoding="utf-8" standalone="no"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
  width="72pt" viewBox="0 0 72 72">
 <defs><style type="text/css">*{{stroke-linejoin: round}}</style></defs>
 <g id="axes_1">
  <path d="M {x} 3
L 60 30.25" clip-path="url(#{clip})" style="stroke: {colour}; stroke-width: 2"/>
  <!-- {word} -->
  <g transform="translate({moved} 9) rotate({turn}) scale(0.1 -0.1)">
   <defs><path id="DejaVuSans-52" d="M 0 0 L 8 8" transform="scale(0.015625)"/></defs>
   <use xlink:href="#DejaVuSans-52"/>
  </g>
  <image xlink:href="{embedded(levels)}" id="image{clip}" x="1" y="2" width="3" height="4"/>{more}
 </g>
 <defs><clipPath id="{clip}"><rect x="{corner}" y="1" width="50" height="40"/></clipPath></defs>
</svg>
"""


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_a_figure_with_other_line_ends_is_the_same(path):
    text = path.read_text("utf8")
    assert differences(text, text.replace("\n", "\r\n")) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"x": "12.51"},
        {"moved": "3.99"},
        {"turn": "30.000001"},
        {"clip": "p2", "corner": "7.01"},
        {"x": "1.25e1"},
        {"levels": GREY + 4},
    ],
)
def test_what_no_eye_sees_is_the_same(changes):
    assert differences(picture(), picture(**changes)) == []
    assert differences(picture(**changes), picture()) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"x": "12.53"}, "axes_1: path: d: 12.5 and 12.53"),
        ({"moved": "4.03"}, "axes_1: g: transform: 4 and 4.03"),
        ({"turn": "30.001"}, "axes_1: g: transform: 30 and 30.001"),
        ({"word": "Price"}, "axes_1: text: 'Rent' and 'Price'"),
        ({"colour": "#d55e00"}, "axes_1: path: style: 'stroke: #0072b2; stroke-width: 2' and "),
        ({"clip": "p2", "corner": "7.03"}, "axes_1: path: rect: x: 7 and 7.03"),
        ({"x": "12.5 3 L 9"}, "axes_1: path: d: 6 and 9 numbers and commands, or other ones"),
        ({"more": "<g/>"}, "g: 4 and 5 elements"),
        ({"more": '<use xlink:href="#p1"/>'}, "g: 4 and 5 elements"),
        ({"levels": GREY + 5}, "axes_1: image: 12 pixels are more than 4 levels apart, at most 5"),
        ({"levels": GREY[:3]}, "axes_1: image: 4 x 3 x 4 and 3 x 3 x 4 pixels"),
    ],
)
def test_what_an_eye_sees_differs_and_is_named(changes, said):
    (found,) = differences(picture(), picture(**changes))
    assert found.startswith(said)
    assert len(differences(picture(**changes), picture())) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("<rect", "<circle"), "axes_1: path: rect and circle"),
        ((' height="40"', ""), "axes_1: path: rect: height: 40 and None"),
        (("url(#p1)", "url(#p3)"), "axes_1: path: p1 and p3"),
        (("url(#p1)", "none"), "axes_1: path: clip-path: 'url(#p1)' and 'none'"),
        (("rotate(30)", "skewX(30)"), "axes_1: g: transform: "),
        (("translate(4 9)", "translate(4)"), "axes_1: g: transform: translate(4 9) and "),
        (("linejoin: round", "linejoin: bevel"), "style: '*{stroke-linejoin: round}' and "),
        (("</clipPath>", "<<<<<<<"), "cannot be read as SVG: "),
    ],
)
def test_any_other_element_attribute_or_reference_differs(change, said):
    found = differences(picture(), picture().replace(*change))
    assert found
    assert found[0].startswith(said)
