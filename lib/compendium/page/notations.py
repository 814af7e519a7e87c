"""How numbers may be written on a page, and what each form says of value and last digit.

A column holds plain numbers unless its descriptor declares more: `groupChar` and `decimalChar`,
which are Frictionless's own, and `notation`, one or more of these words. Whatever else stands there
is refused, with the word that would read it.

=============  ==========================================  =====================================
notation       reads, beside plain numbers                 value; unit of the last digit
=============  ==========================================  =====================================
(plain)        ``1,234.50``, ``-0.7``, ``−0.7``, ``12 %``  a percentage keeps its hundredfold;
                                                           the place of its last digit
accounting     ``(370)``, ``(3.5%)``                       -370; as without brackets
currency       ``$5``, ``EUR 5``, ``-$5.00``, ``5 €``      5; as without the sign
scientific     ``1.2e-5``, ``1.2 × 10⁻⁵``, ``1.2×10^-5``   0.000012; 0.1e-5
fraction       ``1/6``, ``½``, ``3 1/2``, ``3½``           exact, so that it has no unit: 0
marks          ``5*``, ``5a``, ``0.05***``, ``5 †``        5; as without marks. Not l and o, which
                                                           a scan takes for 1 and 0
qualified      ``<.001``, ``≥ 5``, ``~5``                  .001, and the cell is qualified "under";
                                                           as without the sign
indian         ``1,23,456`` (by groupChar)                 123456; 1
range          ``0.5-0.7``, ``5 to 7%``, ``5–7``           two numbers, "low" and "high", each with
                                                           its own; they must ascend
(sd)           ``12.3 (4.5)``                              two numbers, the second named by the
                                                           word in brackets; any word will do
=============  ==========================================  =====================================

Words combine: ``marks (se)`` reads ``0.05*** (0.01)``, and ``range (ci)`` three numbers of
``1.2 (0.9-1.5)``. Nothing groups digits behind a leading 0: ``0,125`` is no 125.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

__all__ = ["CUSTOMS", "FORMS", "ILLEGIBLE", "MINUS", "PLAIN", "Notation", "Reading", "pattern"]

FORMS = (
    "accounting",
    "currency",
    "scientific",
    "fraction",
    "marks",
    "qualified",
    "indian",
    "range",
)
#: Printed where a number should be and the page, or our text of it, does not show which.
ILLEGIBLE = "?"
#: What the signs before a number say.
QUALIFIERS = {
    "<": "under",
    ">": "over",
    "<=": "at most",
    "≤": "at most",
    ">=": "at least",
    "≥": "at least",
    "~": "about",
    "≈": "about",
}
#: A word in brackets that names a second number.
SECOND = re.compile(r"\(([a-z][a-z0-9]*)\)")
IN_BRACKETS = re.compile(r"(.*\S)\s*\(([^()]+)\)")
BETWEEN = re.compile(r"\s*(?:[-–—~]|\bto\b)\s*")
MINUS = "\N{MINUS SIGN}"
SIGN = f"[-+{MINUS}]"
#: A blank, and those that keep a line together.
BLANK = "[ \N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}]"
VULGAR = re.compile(rf"([0-9]?){BLANK}?([¼½¾⅐-⅞])")
SUPERSCRIPTS = str.maketrans(f"⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻{MINUS}", "0123456789+--")
#: As many digits as a power or a part of a fraction can sensibly have.
FEW = "[0-9]{1,6}"
#: Other ways to group and to set the decimals off, tried for a hint.
CUSTOMS = (("", "."), (",", "."), (" ", "."), ("'", "."), ("", ","), (".", ","), (" ", ","))


class Reading(NamedTuple):
    """What a printed number says: its value, and how much of it the digits vouch for.

    `step` is the unit of the last digit, 0 where the number is exact; `slack` the unit of the last
    digit that an "about" before it vouches for; `exact` the value with all of its digits, where it
    is printed in digits.
    """

    value: float
    step: float
    slack: float
    qualifier: str = ""
    exact: Decimal | None = None


@dataclass(frozen=True)
class Notation:
    """The forms that the numbers of a column may have.

    Parameters
    ----------
    group : str, optional
        What groups the digits before the decimals, or nothing. A blank also stands for those that
        keep a line together.
    decimal : str, optional
        What sets the decimals off.
    words : frozenset of str, optional
        Of `FORMS`, and words in brackets.

    Raises
    ------
    ValueError
        If a word is unknown, or a character does for both or is none.

    Examples
    --------
    >>> european = Notation(".", ",")
    >>> european.read("1.234,5")[:3]
    (1234.5, 0.1, 0.1)
    >>> print(PLAIN.refusal("1.234,5"))
    '1.234,5' is not a printed number; groupChar "." and decimalChar "," would read it
    >>> Notation.of("(sd)").numbers("12.3 (4.5)")
    {(): '12.3', ('sd',): '4.5'}
    """

    group: str = ","
    decimal: str = "."
    words: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for word in sorted(self.words):
            if word not in FORMS and not SECOND.fullmatch(word):
                raise ValueError(
                    f"notation must be of {', '.join(FORMS)}, or a name in brackets, got {word!r}"
                )
        if len(self._seconds) > 1:
            raise ValueError(f"notation has two names in brackets: {', '.join(self._seconds)}")
        for name, character, least in (
            ("groupChar", self.group, 0),
            ("decimalChar", self.decimal, 1),
        ):
            if not least <= len(character) <= 1 or re.match(r"[\w+%()-]", character):
                raise ValueError(f"{name} must be one character, no letter or digit: {character!r}")
        if self.group == self.decimal:
            raise ValueError(f"groupChar and decimalChar must differ, got {self.group!r} for both")

    @classmethod
    def of(cls, said: str, group: str = ",", decimal: str = ".") -> Notation:
        """Return the notation of words with blanks between them; "plain" adds nothing."""
        return cls(group, decimal, frozenset(said.split()) - {"plain"})

    def and_of(self, said: str) -> Notation:
        """Return this notation with more words."""
        return replace(self, words=self.words | Notation.of(said).words) if said else self

    def read(self, text: str) -> Reading | None:
        """Return what one number says, or None where it is none."""
        return _read(self, text)

    def numbers(self, text: str) -> dict[tuple[str, ...], str] | None:
        """Part a string into its printed numbers, each under the words that its place adds.

        Returns
        -------
        dict or None
            ``{(): text}`` for a single number; None where there is none.
        """
        if self._is_number(text):
            return {(): text}
        return self._ends(text) or self._with_second(text)

    @property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """The words that the place of a number can add, in the order of the page."""
        single = ((), ("low",), ("high",)) if "range" in self.words else ((),)
        return single + tuple((name, *part) for name in self._seconds for part in single)

    def refusal(self, text: str) -> str:
        """Say that a string is no number, and what declaration would make it one."""
        said = f"{text!r} is not a printed number"
        for character in text:
            if character.isdecimal() and not character.isascii():
                return f"{said}: {unicodedata.name(character)} is none of the digits 0 to 9"
        if several := self.numbers(text):
            return f"{text!r} is not one printed number but {len(several)}"
        if self._ends(text, ascending=False):
            return f"{said}: the ends of a range must ascend"
        hint = self.hint(text)
        return f"{said}; {hint} would read it" if hint else said

    def hint(self, text: str) -> str:
        """Name the least that could be declared to read a string; nothing if no declaration does.

        Each of several ways is named.
        """
        told = sorted(set(self._would_read(text)))
        return " or ".join(words for changes, words in told if changes == told[0][0])

    # Inner parts ---------------------------------------------------------------------------

    @property
    def _seconds(self) -> list[str]:
        return sorted(word.strip("()") for word in self.words if word not in FORMS)

    def _ends(self, text: str, *, ascending: bool = True) -> dict[tuple[str, ...], str]:
        """Return both ends of a range; nothing where there is no one way to part it."""
        if "range" not in self.words:
            return {}
        ways = [
            (text[: gap.start()], text[gap.end() :])
            for gap in BETWEEN.finditer(text)
            if self._is_number(text[: gap.start()]) and self._is_number(text[gap.end() :])
        ]
        if len(ways) != 1:
            return {}
        least, most = map(self.read, ways[0])
        if ascending and least and most and least.value > most.value:
            return {}
        return dict(zip((("low",), ("high",)), ways[0], strict=True))

    def _is_number(self, text: str) -> bool:
        return text == ILLEGIBLE or self.read(text) is not None

    def _with_second(self, text: str) -> dict[tuple[str, ...], str] | None:
        found = IN_BRACKETS.fullmatch(text)
        if not self._seconds or not found:
            return None
        alone = replace(self, words=self.words.intersection(FORMS))
        first, second = alone.numbers(found[1]), alone.numbers(found[2])
        if not first or not second:
            return None
        (name,) = self._seconds
        return first | {(name, *part): number for part, number in second.items()}

    def _would_read(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield what could be declared to read a string, and how many declarations it takes."""
        more = [word for word in (*FORMS, "(sd)") if word not in self.words]
        for count in (0, 1, 2):
            customs = CUSTOMS if count < 2 else ()
            for added in combinations(more, count):
                for group, decimal in {(self.group, self.decimal), *customs}:
                    if Notation(group, decimal, self.words.union(added)).numbers(text):
                        told = self._told(group, decimal, added)
                        yield len(added) + len(told) - bool(added), " and ".join(told)

    def _told(self, group: str, decimal: str, added: tuple[str, ...]) -> list[str]:
        told = [f'notation "{" ".join(added)}"'] if added else []
        told += [f'groupChar "{group}"'] if group not in ("", self.group) else []
        return told + ([f'decimalChar "{decimal}"'] if decimal != self.decimal else [])


PLAIN = Notation()


@lru_cache(maxsize=2**16)
def _read(notation: Notation, text: str) -> Reading | None:
    text = text.strip()
    if "fraction" in notation.words:
        text = VULGAR.sub(_spelt, text)
    found = pattern(notation).fullmatch(text)
    if not found:
        return None
    part = {name: value or "" for name, value in found.groupdict().items()}
    signs = [part[name] for name in ("open", "sign", "inner_sign") if part.get(name)]
    size = _fraction(part) if part.get("below") else _decimal(part)
    if size is None or len(signs) > 1:
        return None
    if signs and signs[0] != "+":
        size = size._replace(value=-size.value, exact=size.exact and size.exact.copy_negate())
    return size._replace(qualifier=QUALIFIERS.get(part.get("qualifier", ""), ""))


def _spelt(found: re.Match[str]) -> str:
    """Return a vulgar fraction as two numbers, behind a blank where a whole number goes before."""
    return f"{found[1]}{' ' if found[1] else ''}{unicodedata.normalize('NFKC', found[2])}"


def _decimal(part: dict[str, str]) -> Reading | None:
    """Return a number in digits: its unit is the place of the last one."""
    whole, decimals = _digits(part["whole"]), part["decimals"]
    power = int((part.get("power") or part.get("raised") or "0").strip("^").translate(SUPERSCRIPTS))
    exact = Decimal(f"{whole or 0}.{decimals or 0}e{power}")
    value, step = float(exact), float(f"1e{power - len(decimals)}")
    if not math.isfinite(value) or not 0.0 < step < math.inf:
        return None
    if decimals:
        return Reading(value, step, step, exact=exact)
    round_zeros = len(whole) - len(whole.rstrip("0"))
    slack = min(step * 10.0**round_zeros, max(value / 5.0, step))
    return Reading(value, step, slack, exact=exact)


def _fraction(part: dict[str, str]) -> Reading | None:
    """Return a fraction: it is exact, and an "about" vouches for one of its parts."""
    whole, above, below = _digits(part["wholes"]), int(part["above"]), int(part["below"])
    if not below or (whole and above >= below):
        return None
    value = float(int(whole or 0) + Fraction(above, below))
    return Reading(value, 0.0, min(1.0 / below, value / 5.0) or 1.0 / below)


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


@lru_cache(maxsize=256)
def pattern(notation: Notation) -> re.Pattern[str]:
    """Return what one number of a notation looks like, its parts named."""
    words = notation.words
    whole, point = _whole(notation), re.escape(notation.decimal)
    body = rf"(?=(?:{point})?[0-9])(?P<whole>{whole})?(?:{point}(?P<decimals>[0-9]+))?"
    if "scientific" in words:
        raised = rf"\^{SIGN}?{FEW}|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,4}}"
        body += rf"(?:[eE](?P<power>{SIGN}?{FEW})|{BLANK}?[×x]{BLANK}?10(?P<raised>{raised}))?"
    if "fraction" in words:
        parted = rf"(?:(?P<wholes>{whole}){BLANK})?(?P<above>{FEW})[/⁄](?P<below>{FEW})"
        body = rf"(?:{parted}|{body})"
    look = rf"{body}(?:{BLANK}?%)?"
    if "currency" in words:
        money = _money()
        look = rf"(?:{money}{BLANK}?(?P<inner_sign>{SIGN})?)?{look}(?:{BLANK}?{money})?"
    look = rf"(?P<sign>{SIGN})?{look}"
    if "accounting" in words:
        outer = rf"(?:{_money()}{BLANK}?(?=\())?" if "currency" in words else ""
        look = rf"{outer}(?P<open>\()?{look}(?(open)\)%?)"
    if "qualified" in words:
        signs = "|".join(sorted(map(re.escape, QUALIFIERS), key=len, reverse=True))
        look = rf"(?:(?P<qualifier>{signs}){BLANK}?)?{look}"
    if "marks" in words:
        letter = "[a-km-np-z]"
        look += rf"(?:{BLANK}?(?:\*+|[†‡§¶]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|{letter}(?:,{letter})*))*"
    return re.compile(look)


def _whole(notation: Notation) -> str:
    if not notation.group:
        return "[0-9]+"
    gap = BLANK if notation.group == " " else re.escape(notation.group)
    if "indian" in notation.words:
        return rf"[1-9][0-9]?(?:{gap}[0-9]{{2}})*{gap}[0-9]{{3}}|[0-9]+"
    return rf"[1-9][0-9]{{0,2}}(?:{gap}[0-9]{{3}})+|[0-9]+"


@lru_cache(maxsize=1)
def _money() -> str:
    """Return what a currency looks like: its sign, or three letters."""
    signs = "".join(c for c in map(chr, range(0x20D0)) if unicodedata.category(c) == "Sc")
    return rf"(?:[A-Z]{{0,3}}[{re.escape(signs)}￥元]|[A-Z]{{3}}|Rs\.?)"
