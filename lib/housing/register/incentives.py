"""What earning more leaves a household under a policy, and where it leaves it less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from housing._arguments import Floats, number
from housing._limits import ROUNDING, difference, exceeds, reaches
from housing.policy import OUTSIDE, Policy, known_policy
from housing.register._cells import FEW, NOTE, hidden, told, without_few
from housing.register._columns import BUY, RENT, WISHES, Columns, Naming, Piece
from housing.register._outcome import outcome
from housing.register._passes import Register
from housing.register._rows import pieces
from housing.register.problems import LeftOut, counts_table, warn_of

__all__ = ["Marginal", "borders", "marginal"]

MONTHS = 12
#: Parts of an income that one is beyond a border by: noise is none (`exceeds`).
BEYOND = 4.0 * ROUNDING
#: Ends of the bands that rates are counted in, and what the bands are called.
ENDS = np.array([0.0, 0.0, 0.1, 0.2, 0.3, 0.5, 1.0])
BANDS = ("below 0", "0", "to 0.1", "to 0.2", "to 0.3", "to 0.5", "to 1", "above 1")
#: Digits that a rate is told apart by.
DIGITS = 9
MEASURES = ("rows", "households", "rates", "next_rows", "next", "more_rows", "more")


@dataclass(frozen=True)
class Marginal:
    """What `marginal` returns. Households are counted by their weights.

    Parameters
    ----------
    rates : Series or None
        Of each household the share of one more unit of income that it loses in subsidy, NaN where
        its row is invalid: personal data, where the register's are. None where the register was
        read from a file or Dask.
    losing_by_step : float
        Households whom the next unit of income costs more subsidy than it brings; NaN where these
        are one to four rows, as in the tables.
    losing_by_more : float
        Households who have more now than they would beyond some border above them; NaN likewise.
    by_class : DataFrame
        ``households``, their ``mean_rate``, and the two counts above.
    by_band : DataFrame
        ``households`` by the rate that they have.
    borders : DataFrame
        As of `borders`.
    households : float
        All valid ones.
    rows, invalid_rows : int
        Rows of the register, and those that are left out.
    problems : Series
        How many entries are invalid, by column and message.
    note : str
        Why cells are empty; nothing where none is.
    """

    rates: pd.Series | None = field(repr=False)
    losing_by_step: float
    losing_by_more: float
    by_class: pd.DataFrame = field(repr=False)
    by_band: pd.DataFrame = field(repr=False)
    borders: pd.DataFrame = field(repr=False)
    households: float
    rows: int
    invalid_rows: int
    problems: pd.Series = field(repr=False)
    note: str = field(repr=False)


def marginal(
    households: Any,
    policy: Policy | None = None,
    *,
    step: float = 1.0,
    columns: Any = None,
    id: Any = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    progress: bool = True,
) -> Marginal:
    """Work out what one more unit of income leaves each household.

    Parameters
    ----------
    households, policy, columns, id, encoding, delimiter, progress
        As of `assess`.
    step : float, optional
        How much more each earns, money per year, above 0.

    Returns
    -------
    Marginal
        Rates, how many lose by earning more, and the borders of the policy.

    Raises
    ------
    ValueError
        As `assess` does, or if `step` leaves its range.

    Warns
    -----
    UserWarning
        If more than one row in a hundred is left out.

    Notes
    -----
    A rate is the subsidy that is lost over what more is earned, by the year: 0 where the household
    keeps all of it, its burden ratio where it keeps its class, and above 1 where it loses. Below 0
    it gains subsidy by earning more. Taxes and other transfers are not looked at.

    With a column of classes a household keeps its class whatever it earns; without one the
    income limits tell the class anew.

    Examples
    --------
    >>> register = pd.DataFrame(
    ...     {
    ...         "size": 3,
    ...         "income": np.repeat([24_000, 33_000, 47_000, 90_000], 5),
    ...         "owned_area": 0,
    ...         "owned_price": 0,
    ...         "wish": "rent",
    ...     }
    ... )
    >>> found = marginal(register)
    >>> found.rates.round(2).unique().tolist()
    [0.2, 130.0, 0.0]
    >>> found.losing_by_step, found.losing_by_more
    (5.0, 5.0)
    """
    naming = Naming.asked(columns, id)
    rules = known_policy(policy)
    more = number("step", step, above=0)
    register = Register(
        households, naming, encoding=encoding, delimiter=delimiter, progress=progress
    )
    frame = register.frame
    sums: Sums = register.add_up(
        partial(_count, policy=rules, naming=naming, step=more, kept=frame is not None)
    )
    warn_of(sums.out, in_memory=frame is not None)
    rates = None
    if frame is not None:
        own = np.concatenate([np.empty(0), *sums.rates])
        rates = pd.Series(own, frame.index, name="marginal rate")
    return _result(sums, rates, rules)


# Borders ------------------------------------------------------------------------------------------


def borders(policy: Policy | None = None) -> pd.DataFrame:
    """Return each border of a policy, and the income from which crossing it is no loss.

    Parameters
    ----------
    policy : Policy, optional
        The example of `load_policy` where none is given.

    Returns
    -------
    DataFrame
        For households of each size that the policy has an area for, that own no home and wish to
        rent or to buy: the ``border``, its ``income`` (money per year), ``size``, ``wish``, the
        monthly subsidy just ``below`` and just ``above``, the ``loss`` on crossing (money per
        year, 0 for none), and from which income on nothing is lost, ``without_loss_from``. Where
        the policy has no income limits, each ``class`` has its own.

    Raises
    ------
    ValueError
        If `policy` is none.

    Notes
    -----
    Borders are the income limits of the classes, and with `PriceIncomeTest` the incomes at its two
    ratios. What a household has is its income and twelve monthly subsidies. Just above a border it
    grows with income again, by what its burden ratio leaves, up to the next one; the income named
    last is the first at which it is what it was at the border, whatever lies between.

    Examples
    --------
    >>> found = borders()
    >>> found.query("size == 3 and wish == 'rent' and loss > 0").round(2)[
    ...     ["border", "income", "loss", "without_loss_from"]
    ... ].values.tolist()
    [['difficult', 22000.0, 20.0, 22025.0], ['low', 47000.0, 130.0, 47130.0]]
    """
    rules = known_policy(policy)
    where = _incomes_of(rules)
    classes: list[int | None] = [None]
    if rules.income_limits is None:
        classes = [*range(len(rules.classes))]
    rows = []
    for code, size, wish in product(classes, range(1, rules.areas.shape[1] + 1), (RENT, BUY)):
        own = {"size": size, "wish": WISHES[wish]}
        if code is not None:
            own["class"] = rules.class_names[code]
        rows += [
            {"border": name, "income": income, **own, **found}
            for (name, income), found in zip(
                where,
                _crossings(rules, [income for _, income in where], size, wish, code),
                strict=True,
            )
        ]
    names = ["border", "income", "size", "wish", "below", "above", "loss", "without_loss_from"]
    return pd.DataFrame(rows, columns=names if classes == [None] else ["class", *names])


def _incomes_of(policy: Policy) -> list[tuple[str, float]]:
    """Return the incomes at which more than a slope changes, ascending, each with its name."""
    found = []
    if policy.income_limits is not None:
        limits = zip(policy.class_names, policy.income_limits.tolist(), strict=True)
        found += [(name, limit) for name, limit in limits if np.isfinite(limit)]
    test = policy.price_income
    if test is not None:
        price = policy.average_price * test.home_area
        found += [
            ("rent_at_least", price / test.rent_at_least),
            ("buy_above", price / test.buy_above),
        ]
    return sorted((one for one in found if one[1] > 0), key=lambda one: one[1])


def _crossings(
    policy: Policy, incomes: list[float], size: int, wish: int, code: int | None
) -> Iterator[dict[str, float]]:
    """Yield what a household of a kind has on both sides of each border."""
    at = np.array(incomes)
    if not at.size:
        return
    below, _ = _beside(policy, at, -BEYOND, size, wish, code)
    above, ratio = _beside(policy, at, BEYOND, size, wish, code)
    ends = np.append(at[1:], np.inf)
    for place in range(len(at)):
        had = at[place] + MONTHS * below[place]
        # On each stretch beyond, the first income at which it has as much; the nearest counts.
        has = at[place:] + MONTHS * above[place:]
        start = np.maximum(had, at[place:])
        slope = 1.0 - ratio[place:]
        slow = (above[place:] > 0) & (slope > 0)
        rise = np.divide(np.maximum(had - has, 0.0), slope, out=np.zeros_like(has), where=slow)
        first = np.where(slow, np.minimum(start, at[place:] + rise), start)
        first = np.where(reaches(has, had), at[place:], first)
        fits = np.flatnonzero(first < ends[place:])[0]
        yield {
            "below": float(below[place]),
            "above": float(above[place]),
            "loss": float(np.maximum(difference(had, has[0]), 0.0)),
            "without_loss_from": float(first[fits]),
        }


def _beside(
    policy: Policy, at: Floats, part: float, size: int, wish: int, code: int | None
) -> tuple[Floats, Floats]:
    """Return subsidies on one side of some incomes, as near as there is, and burden ratios."""
    near, far = (at * (1.0 + times * part) for times in (1, 2))
    subsidies, ratio = [], np.zeros_like(at)
    for income in (far, near):
        codes = policy.class_of(income) if code is None else np.full(len(at), code, np.int8)
        none, one = np.zeros(len(at)), np.ones(len(at))
        piece = Piece(
            np.full(len(at), size), income, none, none, one, np.full(len(at), wish, np.int8), codes
        )
        subsidies.append(outcome(piece, None, policy).subsidy)
        ratio = policy.burden_ratios[codes]
    # On a line through both: the limit, and not what it is a thousand millionth away.
    limit = 2.0 * subsidies[1] - subsidies[0]
    return np.where((subsidies[1] > 0) & (limit > 0), limit, 0.0), ratio


# Rows ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sums:
    """What some rows come to: by class and measure, by class and band, and the rates themselves."""

    by_class: Floats
    by_band: Floats
    rates: list[Floats]
    out: LeftOut

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.by_class + other.by_class,
            self.by_band + other.by_band,
            self.rates + other.rates,
            self.out + other.out,
        )


def _count(
    frame: pd.DataFrame,
    repeated: Any,
    *,
    policy: Policy,
    naming: Naming,
    step: float,
    kept: bool,
) -> Sums:
    columns = Columns(frame, naming, policy)
    classes = len(policy.classes) + 1
    by_class, by_band = np.zeros((classes, len(MEASURES))), np.zeros((2, len(BANDS)))
    rates, out = [], LeftOut(len(frame))
    limits = [income for _, income in _incomes_of(policy)]
    for _, (piece,), wrong, bad in pieces([columns], repeated):
        out.count(columns, naming.id, wrong, bad)
        paid = outcome(piece, wrong, policy).subsidy
        rate = _rates(piece, wrong, paid, policy, step, columns.given_class)
        loses = exceeds(rate, 1.0)
        trapped = _trapped(piece, wrong, paid, policy, limits, columns.given_class)
        counted = np.nan_to_num(rate)
        by_class += _measured(piece, counted, loses, trapped, classes)
        by_band += _banded(piece, counted)
        if kept:
            rates.append(rate)
    return Sums(by_class, by_band, rates, out)


def _measured(
    piece: Piece,
    rate: Floats,
    loses: NDArray[np.bool_],
    trapped: NDArray[np.bool_],
    classes: int,
) -> Floats:
    """Return the sum of each of `MEASURES` over the rows of each class."""
    weight, valid = piece.weight, piece.weight > 0
    measures = (
        valid,
        weight,
        weight * rate,
        loses & valid,
        weight * loses,
        trapped & valid,
        weight * trapped,
    )
    return np.stack([np.bincount(piece.code, values, classes) for values in measures], axis=1)


def _banded(piece: Piece, rate: Floats) -> Floats:
    """Return the rows and the households whose rate is in each of `BANDS`."""
    band = np.searchsorted(ENDS, rate, side="left")
    band[rate == 0] = 1
    counts = piece.weight > 0, piece.weight
    return np.stack([np.bincount(band, values, len(BANDS)) for values in counts])


def _earning(piece: Piece, income: Floats, policy: Policy, given_class: bool) -> Piece:
    """Return the same households with another income."""
    code = piece.code if given_class else policy.class_of(income)
    return piece._replace(income=income, code=code)


def _rates(
    piece: Piece,
    wrong: NDArray[np.intp] | None,
    paid: Floats,
    policy: Policy,
    step: float,
    given_class: bool,
) -> Floats:
    more = _earning(piece, piece.income + step, policy, given_class)
    lost = difference(paid, outcome(more, wrong, policy).subsidy)
    rates: Floats = np.round(MONTHS * lost / step, DIGITS)
    return rates


def _trapped(
    piece: Piece,
    wrong: NDArray[np.intp] | None,
    paid: Floats,
    policy: Policy,
    limits: list[float],
    given_class: bool,
) -> NDArray[np.bool_]:
    """Tell who has more than just beyond some border above."""
    has = piece.income + MONTHS * paid
    found = np.zeros(len(has), bool)
    for limit in limits:
        beyond = np.maximum(piece.income, limit * (1.0 + BEYOND))
        more = outcome(_earning(piece, beyond, policy, given_class), wrong, policy)
        found |= exceeds(has, beyond + MONTHS * more.subsidy)
    return found


def _hidden_bands(rows: Floats) -> NDArray[np.bool_]:
    """Tell which bands may not be shown, where the last is told as a total too."""
    if 0 < rows[-1] < FEW:
        return hidden(rows)
    return np.append(hidden(rows[:-1]), False)


def _total(households: pd.Series, rows: pd.Series) -> float:
    """Return all households of a kind, NaN where one to four rows stand behind them."""
    return float("nan") if 0 < rows.sum() < FEW else float(households.sum())


def _result(sums: Sums, rates: pd.Series | None, policy: Policy) -> Marginal:
    classes = pd.Index([*policy.class_names, OUTSIDE], name="class")
    own = pd.DataFrame(sums.by_class, classes, [*MEASURES])
    rows = own["rows"].to_numpy()
    by_class = pd.DataFrame(
        {
            "households": own["households"],
            "mean_rate": own["rates"] / own["households"].where(own["households"] > 0),
            "losing_by_step": own["next"],
            "losing_by_more": own["more"],
        }
    )
    counts = [rows, rows, own["next_rows"].to_numpy(), own["more_rows"].to_numpy()]
    by_class = without_few(by_class, dict(zip(by_class, counts, strict=True)), rows)
    bands = pd.Index(BANDS, name="rate")
    few_in = _hidden_bands(sums.by_band[0])
    by_band = pd.DataFrame({"households": np.where(few_in, np.nan, sums.by_band[1])}, bands)
    few = [0 < own[count].sum() < FEW for count in ("next_rows", "more_rows")]
    cut = [by_class.attrs.pop("cut"), few_in.any(), *few]
    return Marginal(
        rates,
        losing_by_step=_total(own["next"], own["next_rows"]),
        losing_by_more=_total(own["more"], own["more_rows"]),
        by_class=by_class,
        by_band=by_band,
        borders=borders(policy),
        households=float(own["households"].sum()),
        rows=sums.out.rows,
        invalid_rows=sums.out.invalid,
        problems=told(counts_table(sums.out.counts)),
        note=NOTE if any(cut) else "",
    )
