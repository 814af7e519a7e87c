"""Checks: an argument as numbers or words in their range, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from numbers import Real
from typing import Any, NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from housing._limits import ROUNDING, to_whole

Floats = NDArray[np.float64]
#: Numbers that a call may make of an argument that counts: 0.4 GB, a few seconds.
MOST_NUMBERS = 50_000_000


def bare(name: str, value: Any) -> Any:
    """Return an argument without its labels: a scalar as it is, anything else as an array."""
    if np.isscalar(value) or value is None:
        return value
    refuse_masked(name, value)
    if isinstance(value, list | tuple) and _holds(value, _is_boolean):
        # Beside a number it would become one.
        raise _no_number(name, value)
    try:
        array = np.asarray(value)
        if isinstance(value, pd.Series | pd.DataFrame) and _holds_numbers(array):
            return value.to_numpy(dtype=float, na_value=np.nan)
        return array
    except OverflowError:
        return np.asarray(value, dtype=object)
    except (TypeError, ValueError):
        raise _no_number(name, value) from None


def refuse_masked(name: str, value: Any) -> None:
    """Refuse masked entries: what stands under a mask is nothing that the caller gave."""
    try:
        masked = _holds(value, _is_masked)
    except RecursionError:
        raise ValueError(f"{name} must not hold itself, got {value!r}") from None
    if masked:
        raise ValueError(f"{name} must have no masked entries, got {value!r}")


def _holds(value: Any, odd: Callable[[Any], bool]) -> bool:
    """Tell whether a value, or a part of a list, is of an odd kind."""
    if isinstance(value, list | tuple):
        return any(_holds(part, odd) for part in value)
    return odd(value)


def _is_masked(value: Any) -> bool:
    return isinstance(value, np.ma.MaskedArray) and bool(np.ma.is_masked(value))


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool | np.bool_)


def _holds_numbers(array: NDArray[Any]) -> bool:
    """Tell whether an array's elements are real numbers, and not words that look like some."""
    if array.dtype.kind == "O":
        return all(map(_is_number, array.flat))
    return array.dtype.kind in "iuf"


def _is_number(element: Any) -> bool:
    return not _is_boolean(element) and (isinstance(element, Real | Decimal) or element is pd.NA)


def _no_number(name: str, value: Any) -> ValueError:
    said = repr(value)
    if isinstance(value, pd.DataFrame):
        # A whole table says nothing: where is the word?
        for column, entries in value.items():
            odd = next((at for at in entries.items() if not _is_number(at[1])), None)
            if odd is not None:
                said = f"{odd[1]!r} in row {odd[0]!r}, column {column!r}"
                break
    return ValueError(f"{name} must be a number or an array of numbers, got {said}")


def _as_floats(name: str, given: NDArray[Any]) -> Floats:
    """Return numbers of any kind as floats, or say which of them no float can hold."""
    try:
        with np.errstate(over="ignore"):  # a wider float becomes infinite, which is refused later
            # In C order: NumPy's kernels for numbers that stand backwards may differ from the
            # others in the last bit.
            return given.astype(float, order="C", copy=False)
    except (OverflowError, TypeError, ValueError):
        for place, element in enumerate(given.flat):
            try:
                float(element)
            except OverflowError:
                # Its digits may be hundreds: only its size is told.
                size = f"{Decimal(int(element)):.3e}"
                where = _position(given.shape, place)
                raise ValueError(f"{name} must be finite as a float, got {size}{where}") from None
            except (TypeError, ValueError):
                break
        raise _no_number(name, given.tolist()) from None


def numbers(
    name: str,
    value: Any,
    *,
    above: float | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
    hint: str = "",
) -> Floats:
    """Return an argument as a float array, or say what is wrong with it.

    Parameters
    ----------
    name : str
        The argument's name, for the message.
    value : array_like
        What the caller gave.
    above, at_least, at_most : float, optional
        The allowed range.
    hint : str, optional
        What the caller may have meant; added to the message.

    Returns
    -------
    ndarray of float
        What lies beyond an end of the range by no more than noise (`ROUNDING` of the range) is
        taken for that end: a computed ``0.33 + 0.56 + 0.11`` is 1.

    Raises
    ------
    ValueError
        If the argument is empty, is no number, has masked entries, is NaN or infinite, or leaves
        the range. The message names the argument, the allowed range and the first offending value.
    """
    given = np.asarray(bare(name, value))
    if given.size and not _holds_numbers(given):
        raise _no_number(name, value)
    array = _as_floats(name, given)
    if array.size == 0:
        raise ValueError(f"{name} is empty: at least one number is needed")
    low = -np.inf if at_least is None else at_least
    high = np.inf if at_most is None else at_most
    # Two passes and no temporaries for the usual, valid case; a NaN makes every comparison false.
    smallest, largest = array.min(), array.max()
    valid = smallest >= low and largest <= high and -np.inf < smallest and largest < np.inf
    if valid and (above is None or smallest > above):
        return array
    require(name, array, np.isfinite(array), "finite")
    noise = ROUNDING * max((abs(end) for end in (low, high) if np.isfinite(end)), default=0.0)
    inside = (array >= low - noise) & (array <= high + noise)
    if above is not None:
        inside &= array > above
    bounds = [f"above {above:g}"] if above is not None else []
    bounds += [f"at least {at_least:g}"] if at_least is not None else []
    bounds += [f"at most {at_most:g}"] if at_most is not None else []
    require(name, array, inside, " and ".join(bounds), hint)
    return np.clip(array, low, high)


def require(
    name: str, values: NDArray[Any], fine: NDArray[np.bool_], allowed: str, hint: str = ""
) -> None:
    """Refuse an argument unless all its entries are fine; say which is not, and what is allowed.

    Parameters
    ----------
    name : str
        The argument's name.
    values : ndarray
        Its entries.
    fine : ndarray of bool
        Which of them are as they should be, of the same shape.
    allowed : str
        What they must be, as in "at least 0".
    hint : str, optional
        What the caller may have meant.

    Raises
    ------
    ValueError
        If not all are fine.
    """
    if not np.all(fine):
        refuse(name, values, int(np.argmin(fine)), allowed, hint)


def refuse(name: str, values: NDArray[Any], place: int, allowed: str, hint: str = "") -> NoReturn:
    """Refuse the entry of an argument that stands at a place of its flat form."""
    where = _position(np.shape(values), place)
    got = np.asarray(values).flat[place]
    raise ValueError(f"{name} must be {allowed}, got {got:.12g}{where}{hint}")


def _position(shape: tuple[int, ...], place: int) -> str:
    """Say where an entry stands, counted from 0: nothing for a scalar."""
    if not shape:
        return ""
    if len(shape) == 1:
        return f" at position {place}"
    index = tuple(int(i) for i in np.unravel_index(place, shape))
    if len(shape) == 2:
        return f" at row {index[0]}, column {index[1]}"
    return f" at index {index}"


def fitting(
    name: str, given: float, count: float, *, most: int = MOST_NUMBERS, things: str = "numbers"
) -> None:
    """Refuse an argument that asks for more than a machine holds, or does while one waits.

    Parameters
    ----------
    name : str
        The argument's name.
    given : float
        Its value.
    count : float
        How many numbers it asks for.
    most : int, optional
        How many it may.
    things : str, optional
        What is counted, where it takes time rather than memory.

    Raises
    ------
    ValueError
        If they are more than `most`; the message says how many, and how much memory numbers take.
    """
    if not count <= most:
        size = f" ({count * 8 / 1e9:.3g} GB)" if things == "numbers" else ""
        raise ValueError(
            f"{name} must ask for at most {most:,} {things}, got {given:.12g}, "
            f"which asks for {count:.3g}{size}"
        )


def one_of(name: str, value: Any, words: Iterable[str]) -> str:
    """Return an argument that must be one of some words."""
    allowed = [*words]
    if not isinstance(value, str) or value not in allowed:
        said = (
            f"one of {', '.join(allowed)}" if len(allowed) > 2 else " or ".join(map(repr, allowed))
        )
        raise ValueError(f"{name} must be {said}, got {value!r}")
    return value


def codes(name: str, value: Any, words: Iterable[str]) -> Any:
    """Return words, each one of some, as their places among these; labels stay.

    Parameters
    ----------
    name : str
        The argument's name.
    value : str or array_like of str
        What the caller gave.
    words : iterable of str
        What is allowed.

    Returns
    -------
    int, ndarray, Series or DataFrame

    Raises
    ------
    ValueError
        If there is none, or one is not allowed.
    """
    refuse_masked(name, value)
    given = np.asarray(value, dtype=object)
    if given.size == 0:
        raise ValueError(f"{name} is empty: at least one word is needed")
    places = {word: place for place, word in enumerate(words)}
    for word in given.flat:
        if str(word) not in places:
            raise ValueError(f"{name} must be one of {', '.join(places)}, got {word!r}")
    found = np.array([places[str(word)] for word in given.flat]).reshape(given.shape)
    if isinstance(value, pd.DataFrame):
        return pd.DataFrame(found, value.index, value.columns)
    if isinstance(value, pd.Series):
        return pd.Series(found, value.index)
    return found if found.ndim else int(found)


def by_name(name: str, value: Any) -> dict[Any, Any]:
    """Return an argument that names its entries: a dict, a Series, or the columns of a frame."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, pd.Series | pd.DataFrame) and value.axes[-1].is_unique:
        return dict(value.items())
    raise ValueError(
        f"{name} must have a name for each entry, as a dict or a Series has, got {value!r}"
    )


def number(
    name: str,
    value: Any,
    *,
    above: float | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> float:
    """Return an argument that must be one number."""
    if np.ndim(bare(name, value)) != 0:
        raise ValueError(f"{name} must be one number, got {value!r}")
    return float(numbers(name, value, above=above, at_least=at_least, at_most=at_most))


def annual_rate(value: Any, name: str = "annual_rate") -> Floats:
    """Return a rate per year as a decimal above -1 and at most 1."""
    return numbers(
        name,
        value,
        above=-1.0,
        at_most=1.0,
        hint=". Rates are decimals per year: for ten per cent give 0.10",
    )


def share(name: str, value: Any, *, positive: bool = False, kind: str = "Shares") -> Floats:
    """Return a share as a decimal between 0 and 1; above 0 where it divides."""
    hint = f". {kind} are decimals: for ten per cent give 0.10"
    if positive:
        return numbers(name, value, above=0.0, at_most=1.0, hint=hint)
    return numbers(name, value, at_least=0.0, at_most=1.0, hint=hint)


def whole_numbers(name: str, value: Any, *, at_least: float = 0) -> Floats:
    """Return an argument of whole numbers, such as years; ``0.3 / 0.1`` is taken for 3."""
    given = numbers(name, value)
    whole = to_whole(given)
    fine = (whole == np.rint(whole)) & (whole >= at_least)
    require(name, given, fine, f"a whole number of at least {at_least:g}")
    return whole


def whole_number(name: str, value: Any, *, at_least: float = 1) -> int:
    """Return one whole number, at least 1 unless told otherwise."""
    return int(whole_numbers(name, number(name, value), at_least=at_least))


def row(name: str, value: Any, *, at_least: float | None = None) -> Floats:
    """Return a row of numbers; one number is a row of one."""
    given = np.atleast_1d(numbers(name, value, at_least=at_least))
    if given.ndim != 1:
        raise ValueError(f"{name} must be a row of numbers, got the shape {given.shape}")
    return given
