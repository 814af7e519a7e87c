"""What policies come to over the rows of a register, side by side: sums that can be added up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial, reduce
from operator import add
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from housing._arguments import Floats
from housing._limits import difference
from housing.distribution import Histogram, poverty_gap
from housing.policy import OUTSIDE, Policy
from housing.register._cells import grouped
from housing.register._columns import WISHES, Columns, MissingClassError, Naming, Piece
from housing.register._outcome import GRANTED, REASONS, Outcome, outcome
from housing.register._passes import Register
from housing.register._rows import pieces
from housing.register.problems import LeftOut

__all__ = ["BEFORE", "Plan", "Sums", "tenth_borders"]

#: How it is without any policy: a name that none of them may have.
BEFORE = "before"
#: How many of those who lose most are looked at by kind.
LOSERS = 100
#: Groups that a column may tell apart: more are households, and not groups of them.
MOST_GROUPS = 1_000
MONTHS = 12


def tenth_borders(register: Register, plan: Plan) -> Floats:
    """Return the highest income of each tenth but the last: exact, after two readings."""
    tenths = np.arange(1, 10) / 10
    coarse: Histogram = register.add_up(partial(plan.incomes, bits=8, within=None))
    if not len(coarse.low):
        return np.full(len(tenths), np.nan)
    bins = coarse.at(tenths)
    exact: Histogram = register.add_up(partial(plan.incomes, bits=52, within=bins))
    high: Floats = coarse.refined(exact).quantile(tenths).high
    return high


@dataclass(frozen=True)
class Plan:
    """What is asked of each part of a register."""

    naming: Naming
    policies: dict[str, Policy]
    line: float | None
    unit: str
    equivalence: float
    by: Any

    @property
    def names(self) -> list[str]:
        """The policies' names."""
        return [*self.policies]

    @property
    def measures(self) -> list[tuple[str, str]]:
        """What is added up: of all policies (with no name), of each, and of each change."""
        poor = ["poor_rows", "poor", "gaps", "squares"] if self.line else []
        own = ["recipient_rows", "recipients", "cost", *poor]
        change = ["gain_rows", "gain", "gain_money", "lose_rows", "lose", "lose_money"]
        return [
            *[("", name) for name in ("rows", "households")],
            *([(BEFORE, name) for name in ("units", *poor)] if self.line else []),
            *[(policy, name) for policy in self.names for name in own],
            *[(policy, name) for policy in self.names[1:] for name in change],
        ]

    def incomes(
        self, frame: pd.DataFrame, repeated: Any, *, bits: int, within: Histogram | None
    ) -> Histogram:
        """Return the incomes of valid households, in bins."""
        parts = [
            Histogram.of(each[0].income, each[0].weight, bits=bits, within=within)
            for _, each, _, _ in pieces(self._readings(frame), repeated)
        ]
        return reduce(add, parts) if parts else Histogram.of([])

    def count(self, frame: pd.DataFrame, repeated: Any, *, borders: Floats) -> Sums:
        """Return the sums over some rows."""
        readings = self._readings(frame)
        groups = None if self.by is None else grouped(frame[self.by])
        if groups is not None:
            _require_groups(self.by, len(groups.categories))
        classes, wide = len(readings[0].policy.classes) + 1, len(self.measures)
        cells, by_group = np.zeros((classes * 10, wide)), np.zeros((0, wide))
        if groups is not None:
            by_group = np.zeros((len(groups.categories), wide))
        kept: dict[str, pd.DataFrame] = {}
        out = LeftOut(len(frame))
        for part, each, wrong, bad in pieces(readings, repeated):
            out.count(readings[0], self.naming.id, wrong, bad)
            found = [
                outcome(piece, wrong, policy)
                for piece, policy in zip(each, self.policies.values(), strict=True)
            ]
            valid = each[0].weight > 0
            tenth = np.searchsorted(borders, each[0].income, side="left")
            place = each[0].code.astype(np.intp) * 10 + tenth
            group = None if groups is None else groups.codes[part]
            for column, values in enumerate(self._values(each, found, valid)):
                cells[:, column] += np.bincount(place, values, len(cells))
                if group is not None:
                    by_group[:, column] += np.bincount(group, values, len(by_group))
            words = None if groups is None else groups[part]
            for name, losers in self._losers(each, found, valid, tenth, words):
                kept[name] = _most(kept.get(name), losers)
        labels: Any = [] if groups is None else groups.categories
        parted = pd.DataFrame(by_group, index=pd.Index(labels, dtype=object))
        by_income = not readings[0].given_class
        return Sums(cells.reshape(classes, 10, wide), parted, kept, out, by_income)

    def _readings(self, frame: pd.DataFrame) -> list[Columns]:
        readings: list[Columns] = []
        for name, policy in self.policies.items():
            try:
                if readings:
                    readings.append(readings[0].under(policy))
                else:
                    readings.append(Columns(frame, self.naming, policy))
            except MissingClassError as error:
                raise ValueError(f"policies: {name}: {error}") from None
            readings[-1].called = name
        return readings

    def _values(
        self, each: list[Piece], found: list[Outcome], valid: NDArray[np.bool_]
    ) -> Iterator[Floats]:
        """Yield what each row adds to each measure, in their order."""
        piece = each[0]
        weight = piece.weight
        paid = [np.where(one.reason == GRANTED, one.subsidy, 0.0) for one in found]
        yield valid.astype(float)
        yield weight
        if self.line:
            units = weight * piece.size if self.unit == "person" else weight
            scale = np.asarray(piece.size, dtype=float) ** self.equivalence
            yield units
            yield from self._poor(piece.income / scale, units, valid)
        for subsidy, one in zip(paid, found, strict=True):
            granted = one.reason == GRANTED
            yield (granted & valid).astype(float)
            yield weight * granted
            yield weight * subsidy
            if self.line:
                yield from self._poor((piece.income + MONTHS * subsidy) / scale, units, valid)
        for subsidy in paid[1:]:
            change = difference(subsidy, paid[0])
            for side in (change, -change):
                yield ((side > 0) & valid).astype(float)
                yield weight * (side > 0)
                yield weight * np.maximum(side, 0.0)

    def _poor(self, income: Floats, units: Floats, valid: NDArray[np.bool_]) -> Iterator[Floats]:
        assert self.line is not None
        gaps = [np.asarray(poverty_gap(income, self.line, alpha)) for alpha in (0, 1, 2)]
        yield gaps[0] * valid
        for gap in gaps:
            yield gap * units

    def _losers(
        self,
        each: list[Piece],
        found: list[Outcome],
        valid: NDArray[np.bool_],
        tenth: NDArray[np.intp],
        groups: pd.Categorical | None,
    ) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield of each change what those who lose most are like: no id, and no row."""
        classes = np.array([*self.policies[self.names[0]].class_names, OUTSIDE], dtype=object)
        paid = [np.where(one.reason == GRANTED, one.subsidy, 0.0) for one in found]
        for name, after, one in zip(self.names[1:], paid[1:], found[1:], strict=True):
            loss = difference(paid[0], after) * valid
            place = np.argsort(-loss, kind="stable")[:LOSERS]
            place = place[loss[place] > 0]
            entries: dict[Any, Any] = {
                "loss": loss[place],
                "class": classes[each[0].code[place]],
                "decile": (tenth[place] + 1).astype(str),
                "size": each[0].size[place].astype(int).astype(str),
                "wish": np.array(WISHES, dtype=object)[each[0].wish[place]],
                "reason": np.array(REASONS, dtype=object)[one.reason[place]],
            }
            if groups is not None:
                entries[f"by {self.by}"] = np.asarray(groups[place], dtype=object)
            yield name, pd.DataFrame(entries)


def _require_groups(by: Any, count: int) -> None:
    if count > MOST_GROUPS:
        raise ValueError(
            f"by must name a column of at most {MOST_GROUPS:,} different entries, got {count:,} "
            f"in {by}"
        )


def _most(one: pd.DataFrame | None, other: pd.DataFrame) -> pd.DataFrame:
    """Return those of two lists who lose most; of equal losses the first ones."""
    if one is None or one.empty:
        return other
    both = pd.concat([one, other], ignore_index=True)
    return both.sort_values("loss", ascending=False, kind="stable", ignore_index=True).head(LOSERS)


@dataclass(frozen=True)
class Sums:
    """What some rows come to.

    Parameters
    ----------
    cells : ndarray
        By class, tenth and measure.
    groups : DataFrame
        By group and measure.
    losers : dict of str to DataFrame
        Those who lose most by each policy after the first.
    out : LeftOut
        Rows seen, and left out.
    by_income : bool
        Whether the income limits of the first policy told the classes.
    """

    cells: Floats
    groups: pd.DataFrame
    losers: dict[str, pd.DataFrame]
    out: LeftOut
    by_income: bool

    def __add__(self, other: Sums) -> Sums:
        groups = self.groups.add(other.groups, fill_value=0.0)
        _require_groups("by", len(groups))
        losers = {**self.losers}
        for name, more in other.losers.items():
            losers[name] = _most(losers.get(name), more)
        return Sums(self.cells + other.cells, groups, losers, self.out + other.out, self.by_income)
