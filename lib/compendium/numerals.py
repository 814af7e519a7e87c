"""Printed numbers as strings: the value of the digits, and how much of it they vouch for."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

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

NUMBER = re.compile(r"(?=.*\d)[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?%?")
#: Printed where a number should be and the page, or our text of it, does not show which.
ILLEGIBLE = "?"


def parse(text: str) -> float:
    """Return the value of a printed number; a percentage keeps its hundredfold.

    Examples
    --------
    >>> parse("1,234.50"), parse("3%"), parse("-0.7")
    (1234.5, 3.0, -0.7)
    """
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a printed number")
    return float(text.replace(",", "").rstrip("%"))


def is_number(text: str) -> bool:
    """Tell whether a key or a head is a printed number, and not a word such as "total".

    Examples
    --------
    >>> is_number("1,500"), is_number("total"), is_number(ILLEGIBLE)
    (True, False, True)
    """
    return text == ILLEGIBLE or NUMBER.fullmatch(text) is not None


def plain_label(label: Any) -> str:
    """Return a label as text, so that 10, 10.0 and "10" are one.

    Examples
    --------
    >>> plain_label(10), plain_label(10.0), plain_label("10%"), plain_label("total")
    ('10', '10', '10', 'total')
    """
    try:
        return f"{parse(str(label)):g}"
    except ValueError:
        return str(label)


def last_digit(text: str) -> float:
    """Return the unit of the last printed digit.

    Examples
    --------
    >>> last_digit("16.0"), last_digit("1,500")
    (0.1, 1.0)
    """
    _, _, decimals = text.rstrip("%").partition(".")
    return float(f"1e-{len(decimals)}")


def slack_digit(text: str) -> float:
    """Return the unit of the last digit that an "about" vouches for.

    Zeros at the end are round, but half the unit is never more than a tenth of the number.

    Examples
    --------
    >>> slack_digit("140"), slack_digit("5,000"), slack_digit("100"), slack_digit("0.40")
    (10.0, 1000.0, 20.0, 0.01)
    """
    if "." in text:
        return last_digit(text)
    digits = text.rstrip("%").replace(",", "").lstrip("+-")
    round_zeros = len(digits) - len(digits.rstrip("0"))
    return min(10.0**round_zeros, max(abs(parse(text)) / 5.0, 1.0))


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
    """A printed number: a float that knows its interval.

    Parameters
    ----------
    printed : str
        The digits on the page.
    rounding : Rule, optional
        The rule that they were rounded by.
    """

    low: float
    high: float

    def __new__(cls, printed: str, rounding: Rule = NEAREST) -> Number:
        """Parse the digits."""
        number = super().__new__(cls, parse(printed))
        number.low, number.high = rounding.interval(float(number), last_digit(printed))
        return number
