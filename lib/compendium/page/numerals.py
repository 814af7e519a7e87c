"""Printed numbers as strings: the value of the digits, and how much of it they vouch for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import copysign, inf, isfinite
from typing import Any

from compendium.page.notations import ILLEGIBLE, PLAIN, Notation, Reading, pattern
from rounding import NEAREST, Rule

__all__ = [
    "ILLEGIBLE",
    "NUMBER",
    "Number",
    "fixed",
    "is_number",
    "last_digit",
    "parse",
    "plain_label",
    "significant",
    "slack_digit",
]

NUMBER = pattern(PLAIN)


def parse(text: str, notation: Notation = PLAIN) -> float:
    """Return the value of a printed number; a percentage keeps its hundredfold.

    Parameters
    ----------
    text : str
        As on the page.
    notation : Notation, optional
        The forms that its column may have.

    Raises
    ------
    ValueError
        If it is no such number; the message names the notation that would read it.

    Examples
    --------
    >>> parse("1,234.50"), parse("3%"), parse("-0.7"), parse("3 1/2", Notation.of("fraction"))
    (1234.5, 3.0, -0.7, 3.5)
    """
    return _reading(text, notation).value


def _reading(text: str, notation: Notation) -> Reading:
    reading = notation.read(text)
    if reading is None:
        raise ValueError(notation.refusal(text))
    return reading


def is_number(text: str, notation: Notation = PLAIN) -> bool:
    """Tell whether a key or a head is a printed number, and not a word such as "total".

    Examples
    --------
    >>> is_number("1,500"), is_number("total"), is_number(ILLEGIBLE)
    (True, False, True)
    """
    return text == ILLEGIBLE or notation.read(text) is not None


def plain_label(label: Any, notation: Notation = PLAIN) -> str:
    """Return a label as text, so that 10, 10.0 and "10" are one.

    Every digit of a string or a whole number counts; a float has fifteen, its last bit is noise. A
    date is as in ISO 8601.

    Examples
    --------
    >>> plain_label(10), plain_label(10.0), plain_label("10%"), plain_label("total")
    ('10', '10', '10', 'total')
    >>> plain_label("12,345.67"), plain_label(12_345.68), plain_label(0.1 + 0.2)
    ('12345.67', '12345.68', '0.3')
    """
    if isinstance(label, float) and isfinite(label):
        return _shortest(Decimal(f"{label:.15g}"))
    if isinstance(label, date):
        return label.isoformat().removesuffix("T00:00:00")
    return _plain_text(str(label), notation)


@lru_cache(maxsize=2**16)
def _plain_text(text: str, notation: Notation) -> str:
    reading = notation.read(text)
    return text if reading is None else _shortest(reading.exact or Decimal(f"{reading.value:.15g}"))


def _shortest(number: Decimal) -> str:
    """Return all digits of a number, but no zeros that say nothing."""
    text = f"{number:f}" if number else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def last_digit(text: str, notation: Notation = PLAIN) -> float:
    """Return the unit of the last printed digit; 0 where the number is exact, as a fraction is.

    Examples
    --------
    >>> last_digit("16.0"), last_digit("1,500"), last_digit("1.2e-5", Notation.of("scientific"))
    (0.1, 1.0, 1e-06)
    """
    return _reading(text, notation).step


def slack_digit(text: str, notation: Notation = PLAIN) -> float:
    """Return the unit of the last digit that an "about" vouches for.

    Zeros at the end are round, but half the unit is never more than a tenth of the number. Of a
    fraction it is one part, within the same limit.

    Examples
    --------
    >>> slack_digit("140"), slack_digit("5,000"), slack_digit("100"), slack_digit("0.40")
    (10.0, 1000.0, 20.0, 0.01)
    """
    return _reading(text, notation).slack


def fixed(value: float, decimals: int, grouping: str = "") -> str:
    """Return a computed number with so many decimals, halves away from zero; a zero has no sign.

    What is a half on paper is one here, on whichever side of it the last bit of the float falls;
    that may be another side on another processor.

    Examples
    --------
    >>> fixed(1.005, 2), f"{1.005:.2f}", fixed(12_345, 1, ",")
    ('1.01', '1.00', '12,345.0')
    >>> fixed(-0.0004, 3), f"{-0.0004:.3f}"
    ('0.000', '-0.000')
    """
    step = float(f"1e-{decimals}")
    return f"{NEAREST.round(value, step):z{grouping}.{decimals}f}"


def significant(value: float, digits: int) -> str:
    """Return a computed number to so many significant digits, halves as in `fixed`.

    Examples
    --------
    >>> significant(39891.193125, 10), f"{39891.193125:.10g}", significant(2 / 3, 4)
    ('39891.19313', '39891.19312', '0.6667')
    >>> significant(-0.0, 4), f"{-0.0:.4g}"
    ('0', '-0')
    """
    first = Decimal(value).adjusted()
    step = float(f"1e{first + 1 - digits}")
    return f"{NEAREST.round(value, step):z.{digits}g}"


class Number(float):
    """A printed number: a float that knows the interval of what it says.

    Parameters
    ----------
    printed : str
        The digits on the page.
    rounding : Rule, optional
        The rule that they were rounded by.
    notation : Notation, optional
        The forms that its column may have. An exact number is the whole of its interval.
    qualifier : str, optional
        What the words before it say, unless a sign of its notation does: "about" vouches for fewer
        digits; what is over, under, at least or at most a number has no other end.

    Examples
    --------
    >>> number = Number("5,000", qualifier="about")
    >>> number.low, number.high, Number("3", qualifier="over").high
    (4500.0, 5500.0, inf)
    """

    low: float
    high: float
    #: Whether each end itself is printed so: of 12, rounded to nearest, 11.5 is and 12.5 is not.
    closed: tuple[bool, bool]

    def __new__(
        cls,
        printed: str,
        rounding: Rule = NEAREST,
        notation: Notation = PLAIN,
        qualifier: str = "",
    ) -> Number:
        """Read the digits."""
        reading = _reading(printed, notation)
        value = reading.value
        number = super().__new__(cls, value)
        match qualifier or reading.qualifier:
            case "over" | "at least" as words:
                number.low, number.high = value, inf
                number.closed = (words == "at least", False)
            case "under" | "at most" as words:
                number.low, number.high = -inf, value
                number.closed = (False, words == "at most")
            case words:
                step = reading.slack if words == "about" else reading.step
                ends = rounding.interval(value, step) if step else (value, value)
                number.low, number.high = ends
                of = rounding.agrees(ends, value, step) if step else (True, True)
                number.closed = (bool(of[0]), bool(of[1]))
        if value == 0.0 and copysign(1.0, value) < 0.0 and number.high >= 0.0:
            # Nothing above zero is printed with a minus.
            number.high, number.closed = 0.0, (number.closed[0], True)
        return number
