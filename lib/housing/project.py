"""Accounts of a housing project: charges that are shares of what stands before them in the price.

Money is in whatever unit the caller uses, for the whole project or per m2 of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from typing import Any

from numpy.typing import ArrayLike

from housing._arrays import elementwise, numbers, share

__all__ = ["charges", "implied_rates"]


def charges(
    cost: ArrayLike,
    rates: Mapping[str, ArrayLike],
    *,
    excluding: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Any]:
    """Fees, taxes and profits, each a share of the cost and of the charges before it.

    Parameters
    ----------
    cost : array_like
        What the charges are put on: land, construction, fees that are fixed sums; at least 0.
    rates : mapping of str to array_like
        The share that each charge takes of its base, a decimal from 0 to 1, in the order of the
        account.
    excluding : mapping of str to collection of str, optional
        For a charge, the charges before it that its base leaves out. Without it every charge is a
        share of all that precedes it, so that charges are charged on charges.

    Returns
    -------
    dict of str to float, ndarray, Series or DataFrame
        Each charge, in the unit of the cost and in the order of `rates`.

    Raises
    ------
    ValueError
        If the cost or a rate leaves its range, or a charge excludes what does not precede it.

    See Also
    --------
    implied_rates : the inverse.

    References
    ----------
    World Bank (1991), Table 3.2, notes e to g.

    Examples
    --------
    >>> rates = {"tax": 0.10, "fee": 0.025, "profit": 0.08}
    >>> charges(1_000, rates, excluding={"fee": ["tax"], "profit": ["tax", "fee"]})
    {'tax': 100.0, 'fee': 25.0, 'profit': 80.0}
    >>> {name: round(amount, 2) for name, amount in charges(1_000, rates).items()}
    {'tax': 100.0, 'fee': 27.5, 'profit': 90.2}
    """
    left_out = _exclusions(rates, excluding)
    amounts: dict[str, Any] = {}
    for name, rate in rates.items():
        amounts[name] = _charge(_base(cost, amounts, left_out[name]), rate, name)
    return amounts


def implied_rates(
    cost: ArrayLike,
    amounts: Mapping[str, ArrayLike],
    *,
    excluding: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Any]:
    """Share of its base that each charge of an account takes.

    Parameters
    ----------
    cost : array_like
        What the charges are put on, above 0.
    amounts : mapping of str to array_like
        The charges, at least 0, in the unit of the cost and the order of the account.
    excluding : mapping of str to collection of str, optional
        As in `charges`.

    Returns
    -------
    dict of str to float, ndarray, Series or DataFrame
        A decimal for each charge.

    Raises
    ------
    ValueError
        If the cost or an amount leaves its range, or a charge excludes what does not precede it.

    References
    ----------
    World Bank (1991), Table 3.2, notes e to g.

    Examples
    --------
    >>> implied_rates(1_000, {"tax": 100, "fee": 27.5})
    {'tax': 0.1, 'fee': 0.025}
    """
    left_out = _exclusions(amounts, excluding)
    earlier: dict[str, Any] = {}
    rates = {}
    for name, amount in amounts.items():
        rates[name] = _rate(_base(cost, earlier, left_out[name]), amount, name)
        earlier[name] = amount
    return rates


def _base(cost: Any, earlier: Mapping[str, Any], left_out: Collection[str]) -> Any:
    """Return the cost and the earlier charges that a charge is a share of."""
    kept = (amount for name, amount in earlier.items() if name not in left_out)
    return reduce(_sum, kept, cost)


def _exclusions(
    names: Iterable[str], excluding: Mapping[str, Collection[str]] | None
) -> dict[str, set[str]]:
    """Return what each charge's base leaves out, having checked that it stands before it."""
    excluding = excluding or {}
    order = list(names)
    unknown = [name for name in excluding if name not in order]
    if unknown:
        raise ValueError(f"excluding names {unknown[0]!r}, which is no charge of {order}")
    result = {}
    for place, name in enumerate(order):
        given = excluding.get(name, ())
        result[name] = {given} if isinstance(given, str) else set(given)
        if stray := sorted(result[name] - set(order[:place])):
            raise ValueError(
                f"excluding leaves {stray[0]!r} out of the base of {name!r}, "
                f"but before it stand only {order[:place]}"
            )
    return result


@elementwise
def _sum(first: ArrayLike, second: ArrayLike) -> Any:
    return numbers("cost", first) + numbers("a charge", second, at_least=0)


@elementwise
def _charge(base: ArrayLike, rate: ArrayLike, name: str) -> Any:
    return numbers("cost", base, at_least=0) * share(f"the rate of {name!r}", rate)


@elementwise
def _rate(base: ArrayLike, amount: ArrayLike, name: str) -> Any:
    paid = numbers(f"the amount of {name!r}", amount, at_least=0)
    return paid / numbers("cost", base, above=0)
