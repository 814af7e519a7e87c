"""Sums over the rows of a register, which can be added to others, and the summary of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from housing._arguments import Floats
from housing.policy import OUTSIDE, Policy
from housing.register._cells import without_few
from housing.register._columns import Piece
from housing.register._outcome import GRANTED, INVALID, Outcome

__all__ = ["Summary", "Tally"]

#: Incomes are counted in bins of 1/256 of a doubling, from 0 to 2**40: finer than 0.4 percent.
BIN_BITS = 8
OCTAVES = 40
BINS = OCTAVES << BIN_BITS
MANTISSA_BITS = 52
FIRST_BIN = 1023 << BIN_BITS  # the exponent of 1.0 in a float


@dataclass(frozen=True)
class Summary:
    """What a policy does to a register, with households counted by their weights.

    It is whole, so that one can reckon with it, and so tells of classes with few households. What
    `housing.report`, the command and the manifest print and write of it has no count from one to
    four (`report.Report`).

    Parameters
    ----------
    cost_per_month : float
        All subsidies, money per month.
    households, recipients : float
        All valid households, and those that get a subsidy.
    poor_before, poor_after : float
        Households in housing poverty: of a class, with less space than its standard, and too poor
        to rent the rest at the standard rent with its burden ratio; and those of them that get
        no subsidy.
    rows, invalid_rows : int
        Rows of the register, and those left out of everything above.
    by_class : DataFrame
        The same by class, with coverage and the mean subsidy of those that get one.
    by_decile : Series
        Share of the cost that each tenth of the households gets, from the poorest, by income.
    """

    cost_per_month: float
    households: float
    recipients: float
    poor_before: float
    poor_after: float
    rows: int
    invalid_rows: int
    by_class: pd.DataFrame = field(repr=False)
    by_decile: pd.Series = field(repr=False)

    @property
    def coverage(self) -> float:
        """Share of the households that get a subsidy."""
        return self.recipients / self.households if self.households else np.nan

    def table(self) -> pd.Series:
        """Return the totals as a Series."""
        names = "households recipients coverage cost_per_month poor_before poor_after rows"
        return pd.Series(
            {
                name.replace("_", " "): getattr(self, name)
                for name in (*names.split(), "invalid_rows")
            }
        )


@dataclass
class Tally:
    """Sums over rows, which can be added to those over other rows.

    Parameters
    ----------
    by_class : ndarray
        One row a class and one for none: households, recipients, cost, poor before, poor after;
        then, without weights, rows of all, of recipients, of the poor before and after.
    by_income : ndarray
        Households and cost by bin of income.
    rows, invalid : int
        Rows seen, and rows left out.
    """

    by_class: Floats
    by_income: Floats
    rows: int = 0
    invalid: int = 0

    @classmethod
    def empty(cls, policy: Policy) -> Tally:
        """Return the sums over no rows."""
        return cls(np.zeros((len(policy.classes) + 1, 9)), np.zeros((2, BINS)))

    def count(self, piece: Piece, found: Outcome) -> None:
        """Add rows; invalid ones have no weight."""
        classes = len(self.by_class)
        granted = found.reason == GRANTED
        cost = piece.weight * np.where(granted, found.subsidy, 0.0)
        # One count by class, poverty and outcome costs a third of five counts by class.
        kind = 4 * piece.code.astype(np.intp) + 2 * found.poor + granted
        households = np.bincount(kind, piece.weight, 4 * classes).reshape(classes, 2, 2)
        self.by_class[:, 0] += households.sum(axis=(1, 2))
        self.by_class[:, 1] += households[:, :, 1].sum(axis=1)
        self.by_class[:, 2] += np.bincount(kind, cost, 4 * classes).reshape(classes, 4).sum(axis=1)
        self.by_class[:, 3] += households[:, 1].sum(axis=1)
        self.by_class[:, 4] += households[:, 1, 0]
        rows = np.bincount(kind, piece.weight > 0, 4 * classes).reshape(classes, 2, 2)
        self.by_class[:, 5] += rows.sum(axis=(1, 2))
        self.by_class[:, 6] += rows[:, :, 1].sum(axis=1)
        self.by_class[:, 7] += rows[:, 1].sum(axis=1)
        self.by_class[:, 8] += rows[:, 1, 0]
        bins = income_bins(piece.income)
        self.by_income[0] += np.bincount(bins, piece.weight, BINS)
        self.by_income[1] += np.bincount(bins, cost, BINS)
        self.rows += len(cost)
        self.invalid += int((found.reason == INVALID).sum())

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.by_class + other.by_class,
            self.by_income + other.by_income,
            self.rows + other.rows,
            self.invalid + other.invalid,
        )

    def summary(self, policy: Policy) -> Summary:
        """Turn the sums into a summary."""
        names = ["households", "recipients", "cost_per_month", "poor_before", "poor_after"]
        index = pd.Index([*policy.class_names, OUTSIDE], name="class")
        by_class = pd.DataFrame(self.by_class[:, : len(names)], index, names)
        by_class["coverage"] = by_class["recipients"] / by_class["households"]
        by_class["mean_subsidy"] = by_class["cost_per_month"] / by_class["recipients"]
        totals = {name: float(by_class[name].sum()) for name in names}
        return Summary(
            **totals,
            rows=self.rows,
            invalid_rows=self.invalid,
            by_class=by_class,
            by_decile=self._by_decile(),
        )

    def shown(self, policy: Policy) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the summary's totals and its table by class as they may be shown.

        Cells that fewer than five rows stand behind are NaN, and such as would tell them: each
        table's attribute ``cut`` says whether there are any.
        """
        table = self.summary(policy).by_class
        shown = without_few(table, _behind(table, self.by_class[:, 5:]), self.by_class[:, 5])
        whole = table.sum().to_frame(policy.name).T
        whole["coverage"] = whole["recipients"] / whole["households"]
        whole = whole[["households", "recipients", "coverage", *table.columns[2:5]]]
        return without_few(whole, _behind(whole, self.by_class[:, 5:].sum(axis=0)[None])), shown

    def _by_decile(self) -> pd.Series:
        """Return each tenth's share of the cost; a bin that a tenth ends in is split evenly."""
        households, cost = np.cumsum(np.insert(self.by_income, 0, 0.0, axis=1), axis=1)
        ends = np.interp(np.linspace(0, households[-1], 11), households, cost)
        shares = np.diff(ends) / cost[-1] if cost[-1] else np.zeros(10)
        index = pd.RangeIndex(1, 11, name="decile")
        return pd.Series(shares, index, name="share of the cost")


def _behind(table: pd.DataFrame, rows: Floats) -> dict[str, Floats]:
    """Return how many rows of a register stand behind each column of a table of classes.

    Parameters
    ----------
    table : DataFrame
        Its columns are those of `Summary.by_class`, or some of them.
    rows : ndarray
        Of all, of recipients, of the poor before and after, one row a row of the table.
    """
    everyone, recipients, before, after = rows.T
    counts = {"households": everyone, "poor_before": before, "poor_after": after}
    return {str(name): counts.get(str(name), recipients) for name in table}


def income_bins(income: Floats) -> NDArray[np.int64]:
    """Return the bin of each income: exponent and first bits of the float one above it."""
    above_one = np.add(income, 1.0, dtype=np.float64)
    bins: NDArray[np.int64] = above_one.view(np.int64) >> (MANTISSA_BITS - BIN_BITS)
    return np.minimum(bins - FIRST_BIN, BINS - 1)
