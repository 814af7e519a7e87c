"""The letters of formulas: a font that can set them, cut to the signs that the pages have."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from html import unescape
from importlib.util import find_spec
from pathlib import Path

__all__ = ["NAME", "signs", "write"]

#: The file, beside the style sheet that names it.
NAME = "formulas.woff"
FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
MARK = re.compile(r"<[^>]*>")
#: A browser sets a letter that stands alone as the sign of a variable, Latin or Greek; and draws
#: the sign of a root, which stands in no text.
DRAWN = {
    *map(chr, (*range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C))),
    "\N{PLANCK CONSTANT}",
    "\N{SQUARE ROOT}",
}
#: What makes a sign larger, or fit to be an index.
FORMS = ("ssty", "flac", "dtls", "kern", "mark", "mkmk", "ccmp")


def signs(pages: Iterable[str]) -> set[str]:
    """Return the signs of all formulas of pages, and those that a browser draws of itself.

    Examples
    --------
    >>> found = signs(["x <math><mi>b</mi><mo>&le;</mo><mn>2</mn></math> y"])
    >>> {"b", "≤", "2"} <= found, "y" in found
    (True, False)
    """
    found = set(DRAWN)
    for page in pages:
        for formula in FORMULA.findall(page):
            found |= set(unescape(MARK.sub("", formula)))
    return found


def write(site: Path) -> None:
    """Write the font that the formulas of a built site need.

    Parameters
    ----------
    site : Path
        The built site; ``_static/formulas.woff`` is new.
    """
    # Only the extra `site` brings them.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    found = find_spec("ziamath")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("the site needs the package ziamath, for its font")
    # It says at length what it leaves out.
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    # Two builds of the same pages give the same bytes.
    font = TTFont(
        Path(found.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf", recalcTimestamp=False
    )
    cut = Subsetter(Options(layout_features=FORMS, name_IDs=["*"], notdef_outline=True))
    pages = (path.read_text("utf8") for path in sorted(site.rglob("*.html")))
    cut.populate(unicodes=map(ord, signs(pages)))
    cut.subset(font)
    font.flavor = "woff"
    font.save(site / "_static" / NAME)
