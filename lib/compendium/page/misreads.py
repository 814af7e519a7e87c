"""Reading a damaged table: which digits a scan got wrong, decided by the table's own arithmetic.

A table whose cells hang together (totals of parts, ratios to a common divisor) says most things
more than once. Here every cell gets the readings that a scan could have turned into the string
that we have, each at a cost, and the search finds what they add up to at the least cost, and what
else they could. It proposes; a person accepts, in ``notes.csv``.

Once the common divisors are known, identities among cells form a forest (an item belongs to a row
of ratios and to a sum, a sum to a larger sum), so that least costs are exact by passing messages
along its branches: no reading within the budget is overlooked. An identity that would close a
ring is left to the end, as a test that a proposal must pass. The module is one search.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from compendium.page.constraints import Cell, Constraint, Product, Ratio, Sum
from compendium.page.numerals import NUMBER
from compendium.page.readings import (
    BUDGET,
    SLIP,
    UNUSUAL,
    USUAL,
    Costs,
    Integers,
    Readings,
    as_printed,
    below,
    cheap,
    decimals_of,
    extremes,
    is_grouped,
    is_likely,
    least_of_slices,
    least_sums,
    plus,
    readings_of,
    within,
)

__all__ = ["Decision", "Product", "Ratio", "Sum", "repair"]

#: What it costs to say that an identity does not hold: the source's own error, or damage beyond
#: the model. Less than two strange digits, more than what any one cell may be changed by.
BROKEN = 6.0
#: Readings of a cell, and sums on the way to a total, that are kept; beyond, the search is not
#: complete and nothing that it decides is called unique.
LIMIT = 20_000
#: One broken ratio in so many puts a divisor, and all that rests on it, in doubt.
DOUBT = 4
#: Points that a divisor which is printed nowhere is tried at.
POINTS = 65
#: Beyond all that is printed: what is not 0, over a divisor that may be any.
VAST = 2.0**60
#: A sum or product waits while two of its members have more pairs of readings than this.
LOOSE = 4_000_000


class Decision(NamedTuple):
    """What the search says of one cell.

    `how` is ``"unique"`` (no other reading within the budget fits, its misreading is a
    likely one, and the divisors that it rests on are beyond doubt), ``"preference"``
    (others fit, at `margin` more), or ``"undecided"``.
    """

    scan: str
    reading: str
    how: str
    margin: float
    evidence: str


class Repair(NamedTuple):
    """Decisions by cell, and the interval of each divisor that ratios share."""

    decisions: dict[Cell, Decision]
    divisors: dict[Hashable, tuple[float, float]]


def repair(
    scans: Mapping[Cell, str],
    identities: Sequence[Constraint],
    *,
    decimals: Mapping[Cell, int] | None = None,
    trust: Mapping[Cell, float] | None = None,
    slips: bool = False,
) -> Repair:
    """Decide what stands on the page behind the strings of a scan.

    Parameters
    ----------
    scans : mapping of cell to str
        The strings as scanned, all their damage included.
    identities : sequence of Sum, Product or Ratio
        What holds among the cells.
    decimals : mapping of cell to int, optional
        How many decimals the page has, where the string may have lost its point or a digit.
    trust : mapping of cell to float, optional
        How many times as much it costs to change a cell: above 1 where the scan is clean.
    slips : bool, optional
        Whether the table was typed and not scanned, so that digits are others, swapped, too many
        or lost, or a sign is lost, instead of what a scan confuses.

    Returns
    -------
    Repair

    Raises
    ------
    ValueError
        If an identity names a cell that is not there, or a string has no digit and no identity.

    Notes
    -----
    If the damage of every cell is within the budget and the identities that are kept hold on the
    page, a reading called unique is the true one. An identity that the cheapest readings would
    rather break is left out and named.

    Examples
    --------
    >>> scans = {"bricks": "186,822", "tiles": "50,000", "total": "188,822"}
    >>> result = repair(scans, [Sum("total", ("bricks", "tiles"))])
    >>> result.decisions["bricks"].reading, result.decisions["bricks"].how
    ('136,822', 'preference')
    """
    numbers = _numbers(identities)
    named = (cell for identity in identities for cell in identity.cells)
    missing = [cell for cell in named if cell not in scans and cell not in numbers]
    if missing:
        raise ValueError(f"identities name cells that are not there: {missing}")
    places = {cell: (decimals or {}).get(cell, decimals_of(text)) for cell, text in scans.items()}
    return _Search(scans, identities, places, trust or {}, slips).result()


# Search ------------------------------------------------------------------------------------------


class _Search:
    """Least costs along the branches of a forest of identities."""

    def __init__(
        self,
        scans: Mapping[Cell, str],
        identities: Sequence[Constraint],
        places: Mapping[Cell, int],
        trust: Mapping[Cell, float],
        slips: bool,
    ) -> None:
        self.scans, self.places, self.slips = scans, dict(places), slips
        self.complete = self.sound = True
        grouped = [is_grouped(text, places[cell]) for cell, text in scans.items()]
        self.grouped = grouped.count(True) > grouped.count(False)
        self.readings: dict[Cell, Readings] = {}
        for cell, text in scans.items():
            own = readings_of(text, places[cell], slips=slips)
            if own is not None:
                self.readings[cell] = Readings(own.values, trust.get(cell, 1.0) * own.costs)
        for number in _numbers(identities) - scans.keys():
            self.places[number] = decimals_of(str(number))
            value = round(number * 10 ** self.places[number])
            self.readings[number] = Readings(np.array([value]), np.zeros(1))
        self.doubtful: set[Hashable] = set()
        self.unlike: set[Hashable] = set()
        self._agree_on_divisors(identities)
        self._open(identities)
        self.sound = self.complete
        self.kept: list[Constraint] = list(identities)
        self.broken: list[Constraint] = []
        self._settle()
        for name in self.divisors:
            lost = sum(_is_over(identity, name) for identity in self.broken)
            if DOUBT * lost > sum(_is_over(identity, name) for identity in identities):
                self.doubtful.add(name)

    def _agree_on_divisors(self, identities: Sequence[Constraint]) -> None:
        """Find the interval of each divisor, and doubt those that a single row decides."""
        ratios = [identity for identity in identities if isinstance(identity, Ratio)]
        for name in dict.fromkeys(f.divisor for f in ratios if f.divisor in self.readings):
            self._divide_by_no_zero(name)
        self.divisors = {
            name: self._divisor(name, [f for f in ratios if f.divisor == name])
            for name in dict.fromkeys(f.divisor for f in ratios)
        }
        for name in [name for name in self.divisors if not isinstance(name, float | int)]:
            self._sharpen(name, ratios)
            if sum(_is_over(ratio, name) for ratio in ratios) < 2:
                # A single row cannot tell a wrong divisor from a wrong amount.
                self.doubtful.add(name)

    def result(self) -> Repair:
        """Return the decisions, and the intervals of the divisors that have a name."""
        shared = {n: ends for n, ends in self.divisors.items() if not isinstance(n, float | int)}
        return Repair({cell: self._decision(cell) for cell in self.scans}, shared)

    # Divisors

    def _divide_by_no_zero(self, name: Hashable) -> None:
        """Leave what may be printed for a divisor without 0; where nothing is left, it is open."""
        values, costs = self.readings[name]
        if values.any():
            self.readings[name] = Readings(values[values != 0], costs[values != 0])
        else:
            del self.readings[name]
            self.doubtful.add(name)

    def _divisor(self, name: Hashable, ratios: Sequence[Ratio]) -> tuple[float, float]:
        """Return the interval of a divisor that most ratios, as scanned or nearly so, agree on."""
        if isinstance(name, float | int):
            return float(name), float(name)
        votes = [vote for ratio in ratios if (vote := self._vote(ratio)) is not None]
        if name in self.readings:
            printed = cheap(self.readings[name])
            ends = self._real(name, printed)
            votes.append((ends, ends, 0.5**printed.costs))
        if not votes:
            return 0.0, np.inf
        points = np.unique(np.concatenate([end for low, high, _ in votes for end in (low, high)]))
        points = np.unique(np.concatenate([points, (points[1:] + points[:-1]) / 2]))
        support = np.zeros(len(points))
        for low, high, weight in votes:
            inside = (low[:, None] <= points) & (points <= high[:, None])
            support += np.max(np.where(inside, weight[:, None], 0.0), axis=0)
        # What only one row's vote less supports is kept: a damaged row may cut off the truth.
        best = int(np.argmax(support))
        lacking = np.flatnonzero(support < support[best] - 1.0)
        first = lacking[lacking < best].max(initial=-1) + 1
        last = lacking[lacking > best].min(initial=len(points)) - 1
        return float(points[first]), float(points[last])

    def _vote(self, ratio: Ratio) -> tuple[Costs, Costs, Costs] | None:
        """Return the intervals of a divisor that cheap readings of a ratio leave, and weights."""
        if ratio.amount not in self.readings or ratio.result not in self.readings:
            return None
        amount, result = (cheap(self.readings[cell]) for cell in ratio.cells[::-1])
        low, high = ratio.rounding.interval(result.values, 1.0)
        factor, amounts = self._factor(ratio), amount.values[:, None]
        low, high = np.asarray(low), np.asarray(high)
        below, above = factor * (amounts - ratio.slack), factor * (amounts + ratio.slack)
        with np.errstate(divide="ignore", invalid="ignore"):
            negative = (below / low, above / high)
            ends = [
                np.where(high < 0, a, b)
                for a, b in zip(negative, (below / high, above / low), strict=True)
            ]
        keep = (low * high > 0) & np.isfinite(ends[0]) & (amounts * low * ratio.scale > 0)
        weights = 0.5 ** np.add.outer(amount.costs, result.costs)
        return (ends[0][keep], ends[1][keep], weights[keep]) if keep.any() else None

    def _sharpen(self, name: Hashable, ratios: Sequence[Ratio]) -> None:
        """Keep the part of a divisor's interval that its rows support at the least cost.

        A row is an amount with its ratios; what else it is part of is left aside here. Where the
        divisor is printed, only what may be printed is tried, unless the interval has none of it.
        """
        low, high = self.divisors[name]
        if not np.isfinite(high):
            return
        printed = self._printed(name, low, high)
        if printed is None and name in self.readings:
            # The cells that it divides want another than any that may be printed.
            self.unlike.add(name)
        points = np.linspace(low, high, POINTS) if printed is None else self._real(name, printed)
        costs = np.zeros(len(points)) if printed is None else printed.costs.copy()
        rows = self._rows(name, ratios)
        for place, point in enumerate(points):
            self.divisors[name] = (point, point)
            for amounts, ratio in rows:
                other = self.readings[ratio.result]
                fits = amounts.costs + self._ratio_message(
                    ratio, ratio.amount, amounts.values, other
                )
                costs[place] += min(fits.min(), amounts.costs.min() + BROKEN)
        if printed is not None and np.sum(costs <= costs.min() + BROKEN) > 1:
            self.doubtful.add(name)
        kept = np.flatnonzero(costs <= costs.min() + USUAL)
        step = (high - low) / (POINTS - 1) if printed is None else 0.0
        self.divisors[name] = (float(points[kept[0]]) - step, float(points[kept[-1]]) + step)
        if printed is not None:
            self.readings[name] = Readings(printed.values[kept], printed.costs[kept])

    def _real(self, cell: Cell, readings: Readings) -> Costs:
        """Return readings as numbers."""
        real: Costs = readings.values / 10.0 ** self.places[cell]
        return real

    def _printed(self, name: Hashable, low: float, high: float) -> Readings | None:
        """Return what may be printed for a divisor between low and high, if anything may."""
        if name not in self.readings:
            return None
        values, costs = self.readings[name]
        real = self._real(name, self.readings[name])
        inside = (low <= real) & (real <= high)
        return Readings(values[inside], costs[inside]) if inside.any() else None

    def _rows(self, name: Hashable, ratios: Sequence[Ratio]) -> list[tuple[Readings, Ratio]]:
        """Return each ratio to a divisor with what its amount costs by its other ratios.

        What costs more than to break the ratio decides nothing, and is left out.
        """
        readable = [f for f in ratios if all(cell in self.readings for cell in f.cells)]
        rows = []
        for ratio in readable:
            if ratio.divisor != name:
                continue
            values, costs = self.readings[ratio.amount]
            for other in readable:
                if other.amount == ratio.amount and other is not ratio:
                    result = self.readings[other.result]
                    fits = self._ratio_message(other, other.amount, values, result)
                    costs = costs + np.minimum(fits, BROKEN + result.costs.min())
            rows.append((below(Readings(values, costs), BROKEN), ratio))
        return rows

    # Cells that the scan left without a readable number

    def _open(self, identities: Sequence[Constraint]) -> None:
        for cell in [cell for cell in self.scans if cell not in self.readings]:
            ratios = [f for f in identities if isinstance(f, Ratio) and cell in f.cells]
            found = self._from_ratios(cell, ratios)
            if found is None:
                found = self._from_sums(cell, [f for f in identities if isinstance(f, Sum)])
            if found is None or not len(found):
                what = "number to divide by" if cell in self.divisors else "number"
                raise ValueError(f"{cell}: {self.scans[cell]!r} is no {what}, nothing gives one")
            self.readings[cell] = self._cheapest(Readings(found, np.full(len(found), BUDGET)))

    def _from_ratios(self, cell: Cell, ratios: Sequence[Ratio]) -> Integers | None:
        """Return the values that agree with as many of a cell's ratios as any.

        If they are too many, those that agree with the likelier readings of the ratios.
        """
        for budget in (BUDGET, UNUSUAL, USUAL):
            spans = []
            for ratio in ratios:
                other = ratio.amount if cell == ratio.result else ratio.result
                if other in self.readings:
                    near = self.readings[other].costs <= budget
                    spans.append(self._spans(ratio, cell, self.readings[other].values[near]))
            if not spans:
                return None
            found = _agreeing(spans)
            if len(found) <= LIMIT:
                break
            self.complete = False
        return found

    def _spans(self, ratio: Ratio, cell: Cell, other: Integers) -> tuple[Integers, Integers]:
        """Return, for each value of a ratio's other cell, the values that this one may have."""
        if cell == ratio.result:
            return self._results(ratio, other)
        low, high = ratio.rounding.interval(other, 1.0)
        ends = np.array(self.divisors[ratio.divisor])[:, None] / self._factor(ratio)
        return (
            np.ceil(np.min(low * ends, axis=0) - ratio.slack - 1e-9).astype(np.int64),
            np.floor(np.max(high * ends, axis=0) + ratio.slack + 1e-9).astype(np.int64),
        )

    def _from_sums(self, cell: Cell, sums: Sequence[Sum]) -> Integers | None:
        for total in sums:
            others = [other for other in total.cells if other != cell]
            if cell in total.cells and all(other in self.readings for other in others):
                terms = {other: self.readings[other] for other in others}
                parts, unit = self._left_by(total, cell, terms)
                sums_left = self._sums(parts, None).values
                found: Integers = sums_left[sums_left % unit == 0] // unit
                return found
        return None

    # Identities as messages

    def _factor(self, ratio: Ratio) -> float:
        """Return what turns an amount over the divisor into last digits of the result."""
        return ratio.scale * 10.0 ** (self.places[ratio.result] - self.places[ratio.amount])

    def _results(self, ratio: Ratio, amounts: Integers) -> tuple[Integers, Integers]:
        """Return the least and greatest result of each amount, in last digits."""
        low, high = self.divisors[ratio.divisor]
        if low == high and not ratio.slack:
            only = ratio.rounding.steps(self._factor(ratio) / low * amounts, 1.0).astype(np.int64)
            return only, only
        # A negative amount is least over the least divisor. Of a divisor that no row tells nothing
        # is known; nought over it is nought.
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = self._factor(ratio) / np.array([low, high])[:, None]
            least, most = (
                np.nan_to_num(ends * (amounts + slack), posinf=VAST, neginf=-VAST)
                for slack in (-ratio.slack, ratio.slack)
            )
        low, high = least.min(axis=0), most.max(axis=0)
        least, most = (ratio.rounding.steps(each, 1.0).astype(np.int64) for each in (low, high))
        return least, most

    def _message(self, identity: Constraint, cell: Cell, penalty: float) -> Costs:
        """Return the least cost of everything behind an identity, for each reading of a cell."""
        key = identity, cell, penalty
        if key not in self.memo:
            others = [other for other in identity.cells if other != cell]
            apart = sum(float(self._belief(other, penalty, identity).min()) for other in others)
            held = self._held(identity, cell, penalty)
            self.memo[key] = held, np.minimum(held, penalty + apart)
        return self.memo[key][1]

    def _held(self, identity: Constraint, cell: Cell, penalty: float) -> Costs:
        """Return the same if this identity must hold."""
        if (identity, cell, penalty) in self.memo:
            return self.memo[identity, cell, penalty][0]
        mine = self.readings[cell].values
        others = {
            other: Readings(self.readings[other].values, self._belief(other, penalty, identity))
            for other in identity.cells
            if other != cell
        }
        if isinstance(identity, Ratio):
            return self._ratio_message(identity, cell, mine, *others.values())
        # A reading that costs more than breaking the identity is not needed to satisfy it.
        terms = {name: below(part, penalty) for name, part in others.items()}
        if isinstance(identity, Product):
            return self._product_message(identity, cell, mine, terms)
        parts, unit = self._left_by(identity, cell, terms)
        if not all(len(part.values) for part in parts):
            return np.full(len(mine), np.inf)
        *first, last = parts
        low, high = (unit * int(end) for end in (mine.min(), mine.max()))
        least, most = extremes([last])
        return least_sums(unit * mine, self._sums(first, (low - most, high - least)), last)

    def _ratio_message(self, ratio: Ratio, cell: Cell, mine: Integers, other: Readings) -> Costs:
        if cell == ratio.amount:
            return within(other, *self._results(ratio, mine))
        low, high = self._results(ratio, other.values)
        start, stop = np.searchsorted(high, mine), np.searchsorted(low, mine, "right")
        return least_of_slices(other.costs, start, stop)

    def _product_message(
        self, product: Product, cell: Cell, mine: Integers, others: Mapping[Cell, Readings]
    ) -> Costs:
        """Return the least cost of the other two cells of a product, for each value of a cell."""
        ours = Readings(mine, np.zeros(len(mine)))
        one, other = (others.get(factor, ours) for factor in product.factors)
        result = others.get(product.result, ours)
        if not (len(one.values) and len(other.values) and len(result.values)):
            return np.full(len(mine), np.inf)
        low, high = self._products(product, one.values[:, None], other.values)
        if cell != product.result:
            fits = within(result, low.ravel(), high.ravel()).reshape(low.shape)
            costs = fits + one.costs[:, None] + other.costs  # Our own are none.
            fitting: Costs = costs.min(axis=1 if cell == product.factors[0] else 0)
            return fitting
        costs = np.add.outer(one.costs, other.costs).ravel()
        place, stop = (
            np.searchsorted(mine, low.ravel()),
            np.searchsorted(mine, high.ravel(), "right"),
        )
        least = np.full(len(mine), np.inf)
        while (open_ := place < stop).any():
            place, stop, costs = place[open_], stop[open_], costs[open_]
            np.minimum.at(least, place, costs)
            place = place + 1
        return least

    def _products(
        self, product: Product, one: Integers, other: Integers
    ) -> tuple[Integers, Integers]:
        """Return the least and the greatest product of two numbers, in last digits."""
        places = self.places[product.result] - sum(self.places[f] for f in product.factors)
        factor, slack = product.scale * 10.0**places, product.slack
        ends = [
            factor * (one + off) * (other + apart)
            for off in {-slack, slack}
            for apart in {-slack, slack}
        ]
        least, most = np.minimum.reduce(ends), np.maximum.reduce(ends)
        steps = product.rounding.steps
        return steps(least, 1.0).astype(np.int64), steps(most, 1.0).astype(np.int64)

    def _left_by(
        self, total: Sum, cell: Cell, terms: Mapping[Cell, Readings]
    ) -> tuple[list[Readings], int]:
        """Return what a cell of a sum is the sum of, in the sum's last digits, the most last.

        Beside it stands how many of these the cell's own last digit is.
        """
        finest = max(self.places[member] for member in total.cells)
        parts = [Readings(np.arange(-total.slack, total.slack + 1), np.zeros(2 * total.slack + 1))]
        for name, (values, costs) in sorted(terms.items(), key=lambda term: len(term[1].values)):
            sign = -total.sign(cell) * total.sign(name)
            parts.append(Readings(sign * values * 10 ** (finest - self.places[name]), costs))
        return parts, 10 ** (finest - self.places[cell])

    def _sums(self, terms: Sequence[Readings], bounds: tuple[int, int] | None) -> Readings:
        """Return every sum of one reading of each term within the bounds, at its least cost."""
        sums = Readings(np.zeros(1, dtype=np.int64), np.zeros(1))
        for place, term in enumerate(terms):
            rest = terms[place + 1 :]
            low, high = extremes([sums, term])
            if bounds is not None:
                least, most = extremes(rest)
                low, high = max(low, bounds[0] - most), min(high, bounds[1] - least)
            sums = self._cheapest(plus(sums, term, low, high))
            if not len(sums.values):
                break
        return sums

    def _cheapest(self, readings: Readings) -> Readings:
        """Return as many readings as are kept, and remember whether some were left out."""
        if len(readings.values) <= LIMIT:
            return readings
        self.complete = False
        dearest = np.partition(readings.costs, LIMIT - 1)[LIMIT - 1]
        cheaper = np.flatnonzero(readings.costs < dearest)
        as_dear = np.flatnonzero(readings.costs == dearest)[: LIMIT - len(cheaper)]
        kept = np.sort(np.concatenate([cheaper, as_dear]))
        return Readings(readings.values[kept], readings.costs[kept])

    def _belief(self, cell: Cell, penalty: float, without: Constraint | None = None) -> Costs:
        """Return the least cost of each reading of a cell, by all its identities but one."""
        costs = self.readings[cell].costs
        if len(costs) == 1 and without is not None:
            return costs  # What is decided passes nothing on, and so may stand in a ring.
        for identity in self.forest.get(cell, []):
            if identity is not without:
                costs = costs + self._message(identity, cell, penalty)
        return costs

    # The forest

    def _settle(self) -> None:
        """Leave out what does not hold, and of each cell what nothing kept allows."""
        waiting: list[Constraint] = []
        tried: set[Constraint] = set()
        self.sums_wait = True  # Ratios first: they leave the sums few readings to add up.
        while True:
            sizes = {cell: len(readings.values) for cell, readings in self.readings.items()}
            self.complete = True
            waiting = self._grow([*waiting, *(f for f in self.kept if f not in waiting)])
            tried |= set(self.kept) - set(waiting)
            dropped = self._drop_broken(set(self.kept) - set(waiting))
            self._narrow()
            shrunk = any(len(self.readings[cell].values) < size for cell, size in sizes.items())
            self.sums_wait = False
            loose = {identity for identity in waiting if self._loose(identity)}
            if not shrunk and not dropped and tried | loose >= set(self.kept):
                self.kept = [identity for identity in self.kept if identity in tried]
                return
            waiting = [identity for identity in waiting if identity in self.kept]

    def _grow(self, identities: Sequence[Constraint]) -> list[Constraint]:
        """Take identities into the forest in order; return those that would close a ring.

        A cell with one reading passes nothing on, so it ties nothing together.
        """
        root: dict[Cell, Cell] = {}

        def find(cell: Cell) -> Cell:
            while root.get(cell, cell) != cell:
                cell = root[cell]
            return cell

        self.forest: dict[Cell, list[Constraint]] = {}
        self.memo: dict[tuple[Constraint, Cell, float], tuple[Costs, Costs]] = {}
        waiting = []
        for identity in identities:
            open_ = [find(cell) for cell in identity.cells if len(self.readings[cell].values) > 1]
            if len(set(open_)) < len(open_) or self._loose(identity):
                waiting.append(identity)
                continue
            for cell in open_:
                root[cell] = open_[0]
            for cell in identity.cells:
                self.forest.setdefault(cell, []).append(identity)
        return waiting

    def _loose(self, identity: Constraint) -> bool:
        """Tell whether the members of a sum or product are too open for it to say anything."""
        sizes = sorted(len(self.readings[cell].values) for cell in identity.cells)
        waits = self.sums_wait or sizes[-1] * sizes[-2] > LOOSE
        return not isinstance(identity, Ratio) and waits

    def _drop_broken(self, identities: set[Constraint]) -> bool:
        """Leave out the identities that the cheapest readings would rather break."""
        broken = [f for f in self.kept if f in identities and self._breaks(f)]
        self.broken += broken
        self.kept = [identity for identity in self.kept if identity not in broken]
        for cell, own in self.forest.items():
            self.forest[cell] = [identity for identity in own if identity not in broken]
        if broken:
            self.memo.clear()
        return bool(broken)

    def _breaks(self, identity: Constraint) -> bool:
        beliefs = {cell: self._belief(cell, BROKEN, identity) for cell in identity.cells}
        # Towards a cell to which the costs have been passed already, if there is one.
        known = (cell for cell in identity.cells if (identity, cell, BROKEN) in self.memo)
        first = next(known, identity.cells[0])
        apart = sum(float(costs.min()) for costs in beliefs.values())
        held = beliefs[first] + self._held(identity, first, BROKEN)
        return float(held.min()) > apart + BROKEN

    def _narrow(self) -> None:
        """Keep, of each cell's readings, those that some reading of all the others goes with."""
        feasible = {cell: np.isfinite(self._belief(cell, np.inf)) for cell in self.forest}
        if self.complete:
            for cell, fits in feasible.items():
                if fits.any() and not fits.all():
                    self.memo.clear()
                    values, costs = self.readings[cell]
                    self.readings[cell] = Readings(values[fits], costs[fits])

    # Decisions

    def _as_printed(self, cell: Cell, place: int) -> str:
        """Return a reading as the page has it: as it stands, or as the table sets off thousands."""
        scan, (values, costs) = self.scans[cell], self.readings[cell]
        if (
            costs[place] == 0.0
            and decimals_of(scan) == self.places[cell]
            and NUMBER.fullmatch(scan)
        ):
            return scan
        return as_printed(int(values[place]), self.places[cell], scan, self.grouped)

    def _decision(self, cell: Cell) -> Decision:
        scan = self.scans[cell]
        own = self.readings[cell].costs
        kept = [identity for identity in self.kept if cell in identity.cells]
        broken = [identity for identity in self.broken if cell in identity.cells]
        over = [f for f in self.kept if _is_over(f, cell)]
        costs = self._belief(cell, np.inf)
        order = np.lexsort([own, costs])
        reading = self._as_printed(cell, order[0])
        margin = float(costs[order[1]] - costs[order[0]]) if len(order) > 1 else np.inf
        if not (kept or over) or not np.isfinite(costs[order[0]]):
            how, margin = "undecided", 0.0
            reading = scan
        elif len(order) == 1 and self.sound:
            likely = is_likely(scan, reading) or (self.slips and own[order[0]] <= SLIP)
            how = "unique" if likely else "undecided"
            doubted = any(_is_over(f, d) for d in self.doubtful for f in kept + over)
            if how == "unique" and (doubted or cell in self.unlike):
                how, margin = "preference", USUAL
        else:
            how = "preference" if margin > 0 else "undecided"
        words = _words(kept, broken, len(over))
        if how == "undecided" and np.isinf(margin):
            words += f"; but {reading} for {scan} is no usual misreading: the page may be wrong"
        if how == "preference" and len(order) > 1:
            other = self._as_printed(cell, order[1])
            words += f"; {other} fits too, at {margin:g} more"
        elif how == "undecided" and kept and len(order) > 1:
            words += f"; {self._as_printed(cell, order[1])} fits as well"
        return Decision(scan, reading, how, margin, words)


def _words(kept: Sequence[Constraint], broken: Sequence[Constraint], divided: int) -> str:
    """Say which identities hold with a reading and which do not, and how many cells it divides."""
    parts = []
    for held, word in ((kept, "fits"), (broken, "breaks")):
        kinds = Counter(type(identity).__name__.lower() for identity in held)
        counted = [f"{n} {name}{'s' if n > 1 else ''}" for name, n in sorted(kinds.items())]
        if counted:
            parts.append(f"{word} {' and '.join(counted)}")
    if divided:
        parts.append(f"divides {divided} cell{'s' if divided > 1 else ''}")
    return "; ".join(parts) or "in no identity"


def _numbers(identities: Sequence[Constraint]) -> set[float]:
    """Return the totals that are numbers and no cells."""
    totals = (identity.total for identity in identities if isinstance(identity, Sum))
    return {total for total in totals if isinstance(total, float | int)}


def _is_over(identity: Constraint, divisor: Hashable) -> bool:
    """Tell whether an identity is a ratio to this divisor."""
    return isinstance(identity, Ratio) and identity.divisor == divisor


def _agreeing(spans: Sequence[tuple[Integers, Integers]]) -> Integers:
    """Return the whole numbers that lie in as many sets of intervals as any."""
    values = _integers(*min(spans, key=lambda ends: int(np.sum(ends[1] - ends[0] + 1))))
    agreeing = np.zeros(len(values), dtype=int)
    for low, high in spans:
        started = np.searchsorted(np.sort(low), values, "right")
        agreeing += started > np.searchsorted(np.sort(high), values)
    fitting: Integers = values[agreeing == agreeing.max()]
    return fitting


def _integers(low: Integers, high: Integers) -> Integers:
    """Return every whole number of a set of intervals."""
    return np.unique(np.concatenate([np.arange(a, b + 1) for a, b in zip(low, high, strict=True)]))
