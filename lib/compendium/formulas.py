"""Formulas as MathML, which browsers set by themselves and voices read: no page needs a script.

What TeX a formula may have is what docutils reads. Of that it reads some otherwise than TeX does,
and says nothing: such formulas are refused here.
"""

from __future__ import annotations

import re
from typing import Any

from docutils.nodes import SkipNode
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml

__all__ = ["NAME", "mathml", "set_up"]

#: By which name Sphinx is told to use it.
NAME = "mathml"
#: TeX takes one sign where no braces stand, and docutils as many as are digits.
UNBRACED = re.compile(r"\\[dt]?frac\s*[^\s{]|[_^]\d[\d.,]*\d")
#: A comma in braces parts thousands, and has no space after it.
THOUSANDS = re.compile(r"(?<=\d)\{,\}(?=\d)")
#: A name such as cos stands apart from what is before it and, unless that is in brackets, after it.
BEFORE_NAME = re.compile(r"(</m(?!o>|space>)\w+>)(?=<mi[^>]*>\w+</mi><mo>&ApplyFunction;)")
AFTER_NAME = re.compile(r"<mo>(?=&ApplyFunction;</mo><m(?!o))")
THIN = "0.1667em"


def mathml(tex: str, *, block: bool = False) -> str:
    r"""Return a formula as MathML.

    Parameters
    ----------
    tex : str
        As TeX writes it, without dollars.
    block : bool, optional
        Whether it stands alone.

    Raises
    ------
    ValueError
        If docutils does not read it, or reads it otherwise than TeX.

    Examples
    --------
    >>> mathml("R_0")
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><msub><mi>R</mi><mn>0</mn></msub></math>'
    >>> mathml(r"\tfrac23")
    Traceback (most recent call last):
        ...
    ValueError: a formula must have braces around what is not one sign, got '\\tfrac23'
    """
    if UNBRACED.search(tex):
        raise ValueError(f"a formula must have braces around what is not one sign, got {tex!r}")
    try:
        found = tex2mathml(THOUSANDS.sub(",", tex), as_block=block)
    except MathError as error:
        raise ValueError(f"a formula must be TeX that docutils reads: {error} In {tex!r}") from None
    # It writes for people, who want lines and blanks; a page has no use for them.
    found = re.sub(r"\n *", "", found)
    # A star on the line is what TeX sets, and it is raised but once.
    found = found.replace("<mo>*</mo>", "<mo>\N{ASTERISK OPERATOR}</mo>")
    found = BEFORE_NAME.sub(rf'\1<mspace width="{THIN}"></mspace>', found)
    return AFTER_NAME.sub(f'<mo rspace="{THIN}">', found)


def set_up(app: Any) -> None:
    """Let Sphinx set the formulas of its pages so: to be called where `html_math_renderer` is NAME.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        What makes the pages.
    """
    app.add_html_math_renderer(NAME, (_inline, None), (_block, None))


def _inline(self: Any, node: Any) -> None:
    self.body.append(f'<span class="math">{mathml(node.astext())}</span>')
    raise SkipNode


def _block(self: Any, node: Any) -> None:
    self.body.append(f'<div class="math">{mathml(node.astext(), block=True)}</div>')
    raise SkipNode
