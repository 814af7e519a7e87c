r"""Formulas as MathML, which browsers set by themselves and voices read: no page needs a script.

docutils makes it. Of some TeX it makes something else than TeX does, and says nothing. So a formula
may have the commands that were looked at, and is refused where it has what was seen to go wrong.
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
#: What was looked at, set by a browser: signs and spaces, what takes arguments, and letters.
KNOWN = {
    " ",
    *re.findall(
        r"\S+",
        r"""
        , ; : ! % { } \ quad qquad left right bigl bigr Bigl Bigr begin end
        cdot cdots ldots times div pm le leq ge geq ne neq ll gg in notin propto partial sum prod
        infty approx sim simeq equiv to rightarrow Rightarrow Leftrightarrow mid prime circ ell
        Longleftrightarrow frac tfrac dfrac sqrt text operatorname mathrm underset underbrace
        bar overline hat sin cos exp ln log max min
        alpha beta gamma delta zeta eta theta iota kappa lambda mu nu xi pi
        rho sigma tau phi varphi chi psi omega Gamma Delta Theta Lambda Sigma Phi Omega
        """,
    ),
}
COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
ENVIRONMENT = re.compile(r"\\(?:begin|end)\{(?!aligned\})")
WORDS = re.compile(r"\\(?:text|operatorname|mathrm)\{([^{}]*)\}")
#: What docutils takes for something else, and what to write.
MISREAD = {
    r"[_^]\s*\d[\d.,]*\d": "braces around a script of more than one sign",
    r"\\(?:sqrt|bar|overline|hat)\s*\d": "braces around what stands under a root or a mark",
    r"\\(?:bar|overline|hat)\s*(?:\{[^{}]*\}|\w|\\[a-z]+)[\s}]*[_^]": "no script beside a mark",
    r"\\(?:bar|overline|hat)\s*\{[^{}\\]{2,}\}": "one letter under a mark",
    r"\\underbrace\s*\{[^{}]*\}\s*[_^]": r"\underset for what stands under a brace",
    r"([_^])\s*(?:\{[^{}]*\}|[^\s{}\\])\s*\1": "one script on a side",
    r"(?:\\\\|aligned\})\s*\[": "no length after a line's end",
    r"(?<!\d)\d+,(?!\d{3}(?!\d))\d": "a blank after a comma that parts numbers",
    r"(?<![\d.])\.\d": "a nought before the point",
    r"['~]|^\s*[_^]": r"^{\prime} for a prime, no tie, and something before a script",
}
#: A comma in braces parts thousands, and has no space after it.
THOUSANDS = re.compile(r"(?<=\d)\{,\}(?=\d)")
THIN = '<mspace width="0.1667em"></mspace>'
FUNCTION = r'<mi[^>]*>\w+</mi><mo>&ApplyFunction;</mo>|<mo[^>]* rspace="0">(?:max|min)</mo>'
#: What docutils leaves to a browser, which does it otherwise than TeX.
MENDED = (
    # It writes for people, who want lines and blanks; a page has no use for them.
    (r"\n *", ""),
    # A star on the line is what TeX sets, and it is raised but once.
    (r"<mo>\*</mo>", "<mo>\N{ASTERISK OPERATOR}</mo>"),
    (r'class="capital-greek"', 'mathvariant="normal"'),
    (r"<mo([^>]*)>([/|])</mo>", r'<mo\1 lspace="0" rspace="0">\2</mo>'),
    (r"<mo([^>]*)>(max|min)</mo>", r'<mo\1 lspace="0" rspace="0">\2</mo>'),
    # The name of a function stands apart from what is before it and, unless that is in brackets,
    # after it.
    (rf"(</m(?!o>|space>)\w+>)(?={FUNCTION})", rf"\1{THIN}"),
    (rf"({FUNCTION})(?=<m(?!o|space))", rf"\1{THIN}"),
    # A sign that nothing stands before is no operation.
    (
        r"(<mo[^>]*>(?:[,;:=×≤≥∈≈∝]|max|min|&lt;|&gt;)</mo>(?:<mspace[^>]*></mspace>)*)<mo>([−+])",
        r'\1<mo form="prefix">\2',
    ),
)


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
        If docutils does not read it, or would read it otherwise than TeX.

    Examples
    --------
    >>> mathml("R_0")
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><msub><mi>R</mi><mn>0</mn></msub></math>'
    >>> mathml(r"\tfrac23")
    Traceback (most recent call last):
        ...
    ValueError: a formula must have both parts of a fraction in braces, got '\\tfrac23'
    """
    tex = " ".join(tex.split())
    if wanted := _wanted(tex):
        raise ValueError(f"a formula must have {wanted}, got {tex!r}")
    try:
        found: str = tex2mathml(THOUSANDS.sub(",", tex), as_block=block)
    except (MathError, LookupError, AttributeError) as error:
        raise ValueError(f"a formula must be TeX that docutils reads: {error} In {tex!r}") from None
    for pattern, instead in MENDED:
        found = re.sub(pattern, instead, found)
    return found


def _wanted(tex: str) -> str:
    """Return what a formula must have and has not."""
    if any(re.search(r"[\\~`]|--", words) for words in WORDS.findall(tex)):
        return "plain words in a text"
    bare = WORDS.sub("{w}", tex)
    commands = COMMAND.findall(bare)
    if other := [name for name in commands if name not in KNOWN]:
        return f"commands that were looked at, and not \\{other[0]}"
    if ENVIRONMENT.search(bare):
        return "no environment but aligned"
    pairs = (("left", "right"), ("begin", "end"))
    if not _is_balanced(bare) or any(commands.count(a) != commands.count(b) for a, b in pairs):
        return "an end to each group"
    if any(not _has_two_groups(bare[m.end() :]) for m in re.finditer(r"\\[dt]?frac", bare)):
        return "both parts of a fraction in braces"
    # They would stretch to all that stands beside them.
    if "frac" in bare and re.search(r"(?<!\\left)(?<!\\right)\\[{}]", bare):
        return r"\left and \right at braces beside a fraction"
    bare = THOUSANDS.sub(",", bare)
    return next((told for pattern, told in MISREAD.items() if re.search(pattern, bare)), "")


def _is_balanced(tex: str) -> bool:
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", tex):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _has_two_groups(tex: str) -> bool:
    """Tell whether what follows is two groups in braces, of which only the first needs an end."""
    depth = 0
    for place, sign in enumerate(tex.lstrip()):
        if place == 0 and sign != "{":
            return False
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            return tex.lstrip()[place + 1 :].lstrip().startswith("{")
    return False


def set_up(app: Any) -> None:
    """Let Sphinx set the formulas of its pages so: to be called where `html_math_renderer` is NAME.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        What makes the pages. A formula that is refused is a warning, with its place.
    """
    app.add_html_math_renderer(NAME, (_inline, None), (_block, None))


def _inline(self: Any, node: Any) -> None:
    self.body.append(f'<span class="math">{_set(node, block=False)}</span>')
    raise SkipNode


def _block(self: Any, node: Any) -> None:
    # Its anchor and its number, if it has any.
    self.body.append(self.starttag(node, "div", "", CLASS="math"))
    if node.get("number"):
        self.body.append(f'<span class="eqno">({node["number"]})</span>')
    self.body.append(f"{_set(node, block=True)}</div>")
    raise SkipNode


def _set(node: Any, *, block: bool) -> str:
    # Whom Sphinx calls has it; the converter does without.
    from sphinx.util import logging

    try:
        return mathml(node.astext(), block=block)
    except ValueError as error:
        logging.getLogger(__name__).warning("%s", error, location=node)
        return ""
