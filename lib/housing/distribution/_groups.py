"""Groups of households: their amounts and weights as arrays, and what is told of each group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from housing._arguments import (
    Floats,
    broadcast,
    numbers,
    require,
    same_last_axis,
    whole_number,
    with_rows,
    within_floats,
)
from housing._limits import ROUNDING

#: Parts that households may be cut into.
MOST_PARTS = 1_000_000


def groups(
    values: Any,
    weights: Any,
    by: Any = None,
    *,
    of_a_whole: bool = False,
    any_weight: bool = False,
    at_most: float | None = None,
) -> tuple[Floats, Floats, Floats, pd.Index | None]:
    """Return amounts, what orders them and weights, of one shape, and the labels of the rows."""
    rows = same_last_axis(values=values, by=by, weights=weights)
    least = None if at_most is None else -at_most
    amounts = np.atleast_1d(numbers("values", values, at_least=least, at_most=at_most))
    order = amounts if by is None else np.atleast_1d(numbers("by", by))
    weight = np.ones(1) if weights is None else numbers("weights", weights, at_least=0)
    amounts, order, weight = broadcast(values=amounts, by=order, weights=weight)
    if not any_weight and not weight.any(axis=-1).all():
        raise ValueError("weights must not all be 0: no household is left")
    if of_a_whole:
        require_shares(amounts, bool((amounts * (weight > 0)).any(axis=-1).all()))
    return amounts, order, weight, rows


def require_shares(amounts: Floats, any_left: bool) -> None:
    """Refuse amounts of which there are no shares: one is below 0, or they add up to nothing."""
    hint = ". Below 0 it is no share of a whole: decide what such an amount is to count as"
    require("values", amounts, amounts >= 0, "at least 0", hint)
    if not any_left:
        raise ValueError("values must not all be 0: a share of nothing has no value")


def of_each_group(
    of_one: Callable[..., Floats | np.float64],
    values: Any,
    weights: Any,
    *by: Any,
    columns: NDArray[Any] | None = None,
    of_a_whole: bool = False,
) -> Any:
    """Apply a function of one group's amounts and weights to each, and answer in kind."""
    amounts, order, weight, rows = groups(values, weights, *by, of_a_whole=of_a_whole)
    arrays = (amounts, weight, order)[: 2 + len(by)]
    each = zip(*(x.reshape(-1, x.shape[-1]) for x in arrays), strict=True)
    found = np.array([of_one(*(x[one[1] > 0] for x in one)) for one in each])
    result = found.reshape(amounts.shape[:-1] + found.shape[1:])
    if rows is not None and columns is not None:
        return pd.DataFrame(result, rows, columns)
    return with_rows(result, rows)


@within_floats
def products(values: Floats, weights: Floats) -> Floats:
    """Return money by weight, or say that no float can hold it."""
    return values * weights


def ends_of_parts(parts: Any) -> Floats:
    """Return the shares of the households at which equal parts of them end, from 0 on."""
    count = whole_number("parts", parts)
    if count > MOST_PARTS:
        raise ValueError(f"parts must be at least 1 and at most {MOST_PARTS:,}, got {count}")
    return np.arange(count + 1) / count


def places(upto: Floats, shares_of_all: Floats) -> NDArray[np.intp]:
    """Return which of cumulated weights is the first to reach each share of them all."""
    return np.asarray(np.searchsorted(upto, shares_of_all * upto[-1] * (1.0 - ROUNDING)))


def cumulated(weight: Floats, total: Floats) -> tuple[Floats, Floats]:
    """Return shares of households and money up to each of some groups, from 0 to 1."""
    households, money = (np.insert(np.cumsum(x), 0, 0.0) for x in (weight, total))
    return households / households[-1], money / money[-1]


def curve_table(households: Floats, amount: Floats) -> pd.DataFrame:
    return pd.DataFrame({"households": households, "amount": amount})


def gini_of(ascending: Floats, weight: Floats) -> Floats:
    """Return the sum of F (1 - F) over steps between amounts, over their mean."""
    upto = np.cumsum(weight)
    below, above = upto[:-1] / upto[-1], (upto[-1] - upto[:-1]) / upto[-1]
    mean = products(ascending, weight / upto[-1]).sum()
    return np.asarray((np.diff(ascending) * below * above).sum() / mean)
