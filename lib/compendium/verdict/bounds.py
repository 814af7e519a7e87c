"""Bounds: what a formula can give when its inputs are themselves printed roundings.

Of a formula that is known by its values alone no search can prove that it went far enough. This
one looks where the formulas of tables and texts have their extremes, leaves nothing to chance, and
says how it searched. The module is one search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, pairwise, product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from compendium.page.cells import Cell
from compendium.page.numerals import Number, significant
from compendium.page.printed import PrintedTable
from rounding import Rule

__all__ = ["Reach", "judged", "reach", "shown"]

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

#: Up to so many input numbers, every corner of their box is tried.
FEW = 8
#: How many values of each make the grid over one, two or three numbers.
LEVELS = {1: 17, 2: 5, 3: 3}
#: So far inwards, in widths of the box, a best corner is asked whether it is the best place.
INWARDS = (1 / 64, 1 / 2)
#: What is better by no larger a part of all that was found, or of itself, is no better.
NOISE = 1e-9
OWN_NOISE = 1e-12
#: Multiples of the golden section, less their whole part, move numbers each by another part.
GOLDEN = (5**0.5 - 1) / 2

#: Where directions turn, the way up begins at so many of the best corners known.
STARTS = 8
#: Inside the box it begins at the best point and at so many others, with these levels of a number.
CLIMBS, SWEEP = 5, tuple(k / 8 for k in range(9))
#: Between the nearest results below and above a number, a search for it halves so many times.
HALVINGS = 60
#: From so many of the nearest results on each side it starts.
NEAREST_RESULTS = 4
#: What is said where it finds none.
JUMPS = "which jumps over what is printed"
#: What is said where only an end would print so, which is the end of an input that does not.
TOUCHES = "whose end touches what is printed and is not reached"
#: So near an end, in last digits and of its size, a number is asked whether it prints as the end.
BESIDE = (1e-6, 1e-11)


@dataclass(frozen=True)
class Reach:
    """The lowest and highest results that were found, of the formula's shape, and how."""

    low: Vector
    high: Vector
    searched: str
    box: _Box = field(repr=False, compare=False)

    def ends(self, result: int) -> tuple[float, float]:
        """Return the lowest and the highest of one result, of all in order."""
        return float(np.ravel(self.low)[result]), float(np.ravel(self.high)[result])

    def meets(self, result: int, stated: float, admits: Callable[[float], bool]) -> bool:
        """Tell whether a result is reached that is admitted, near a number between its ends.

        A formula with steps or a pole jumps over some numbers. This one looks among the points that
        were tried, and then between those of the nearest results below and above, halving.

        Parameters
        ----------
        result : int
            Which result, of all in order.
        stated : float
            The number.
        admits : callable
            Tells of a result whether it is one that is looked for.

        Examples
        --------
        >>> found = reach(np.floor, [Number("3.0")])
        >>> float(found.low), float(found.high), found.meets(0, 2.5, lambda x: 2.4 < x < 2.6)
        (2.0, 3.0, False)
        """
        return self.box.meets(result, stated, admits)


def reach(formula: Callable[..., Any], inputs: Sequence[Any]) -> Reach:
    """Return the lowest and highest results over the box that the printed inputs leave.

    Parameters
    ----------
    formula : callable
        Takes the inputs, in order, and returns an array.
    inputs : sequence
        `Number`, `PrintedTable`, or exact floats and arrays.

    Returns
    -------
    Reach
        A result without a finite value anywhere is NaN.

    Raises
    ------
    Exception
        Whatever the formula raises for the inputs as printed. Where it has no value elsewhere in
        the box, because it raises there or gives NaN, `Reach.searched` says at how many points.

    Notes
    -----
    Of one to three numbers a grid over the box is tried; of up to eight all corners, and the
    middles of the box and of its faces. Of more, those that move no result, alone or together,
    stay where they are. Each other one is moved alone to both of its ends, which tells its
    direction in every result, and each result is taken at the corner that its directions name.
    There the rest is moved, so that any two of it are once both low, both high and apart.

    From a corner to the opposite one each number is moved once more; where a result then goes
    another way than in the middle, neighbours of its best corners are tried while they are better.
    A dip at one lone corner may so be missed, and `Reach.searched` says *not all corners*.

    Then each number is moved to its other end and inwards from the best corner of each result.
    Where a point of the grid or one inwards is better than every corner, the numbers are moved one
    after the other to the best of nine levels, from several points, and a bounded local search
    (Powell's) goes on from the best place.

    Examples
    --------
    >>> found = reach(lambda a, b: a / b, [Number("4.4"), Number("2.0")])
    >>> round(float(found.low), 3), round(float(found.high), 3), found.searched
    (2.122, 2.282, '25 points of their box tried')
    >>> found = reach(lambda m: (m * (1 - m)) ** 0.5, [Number("0.5")])
    >>> round(float(found.low), 4), round(float(found.high), 4), found.searched
    (0.4975, 0.5, '17 points of their box tried, the highest is no corner')
    """
    box = _Box(formula, inputs)
    numbers = box.try_grid() if len(box.free) <= FEW else box.try_directions()
    tried = len(box.points)
    missing = sum(bool(np.isnan(results).any()) for results in box.results)
    numbers = box.follow_turns(numbers)
    inner = [
        word
        for word, sign in (("lowest", -1.0), ("highest", 1.0))
        if any([box.goes_on(result, sign, numbers[result]) for result in range(box.size)])
    ]
    words = [f"{tried} point{'' if tried == 1 else 's'} of their box tried"]
    words += ["not all corners"] if len(box.free) > FEW else []
    words += [f"no value at {missing} of them"] if missing else []
    words += [f"the {inner[0]} is no corner"] if len(inner) == 1 else []
    words += ["lowest and highest are no corners"] if len(inner) == 2 else []
    low, high = (
        extreme(box.results, axis=0).reshape(box.shape)
        for extreme in (np.fmin.reduce, np.fmax.reduce)
    )
    return Reach(low, high, ", ".join(words), box)


def shown(low: float, high: float) -> str:
    """Return a range to six digits, or to as many as tell its ends apart.

    Examples
    --------
    >>> shown(2.1219512, 2.2820513), shown(8809856.4, 8809860.4)
    ('2.12195 to 2.28205', '8809856 to 8809860')
    """
    digits = 6
    while digits < 12 and low < high and significant(low, digits) == significant(high, digits):
        digits += 1
    return f"{significant(low, digits)} to {significant(high, digits)}"


def judged(cell: Cell, rounding: Rule, found: Reach, result: int) -> tuple[bool, str]:
    """Tell whether some value within reach meets what is printed, and how much of it does.

    Parameters
    ----------
    cell : Cell
        The printed number, with its qualifier.
    rounding : Rule
        How the source rounded.
    found : Reach
        What its formula gives.
    result : int
        Which of its results, of all in order, is this number.

    Returns
    -------
    bool, str
        The words tell how many printed numbers the reach admits or, with a qualifier, whether all
        of it, a part (*straddling*) or none meets the claim.

    Notes
    -----
    An end of the reach counts if inputs that round to what is printed give it: a copy of 12 may be
    11.5, and below 12.5, so that it is not printed as 13.
    """
    outer = found.ends(result)
    if cell.reading is None or np.isnan(outer).any():
        return False, "with which nothing can be compared"
    least, most = (
        _counted(cell, rounding, found, result, end, inwards)
        for end, inwards in zip(outer, (1.0, -1.0), strict=True)
    )
    ends = [cell.admits(end, rounding) for end in (least, most)]
    some = any(ends)
    claim = cell.stated
    if cell.qualifier in ("", "about"):
        stated = cell.reading.value
        # A number on the page rounds to itself.
        between = bool(least <= stated <= most and rounding.agrees(stated, stated, cell.step))
        if (
            between
            and not some
            and not found.meets(result, stated, lambda value: cell.admits(value, rounding))
        ):
            return False, JUMPS
        some |= between
    if not some and any(cell.admits(end, rounding) for end in outer):
        return False, TOUCHES
    if cell.qualifier in ("", "about"):
        if not cell.qualifier and not cell.reading.step:
            return some, f"in which it {'lies' if some else 'does not lie'}"
        if not cell.qualifier:
            count = rounding.count(least, most, cell.step)
            said = f"{count:.0f}" if np.isfinite(count) else "no end of"
            return some, f"which admits {said} printed value{'' if count == 1 else 's'}"
        claim += f" ({shown(*rounding.interval(stated, cell.step))})"
    if some and not all(ends):
        return True, f"straddling: only a part is {claim}"
    return some, f"{'all' if some else 'none'} of it {claim}"


def _counted(
    cell: Cell, rounding: Rule, found: Reach, result: int, end: float, inwards: float
) -> float:
    """Return an end of a reach, or what is beside it where the end itself is not reached."""
    width = max(BESIDE[0] * cell.step, BESIDE[1] * abs(end))
    beside = end + inwards * width
    low, high = sorted((end, beside))
    if cell.admits(end, rounding) == cell.admits(beside, rounding) and (
        rounding.count(low, high, cell.step) == 1.0
    ):
        return end
    return end if found.box.attains(result, end, width / 2.0) else beside


class _Box:
    """The box of the inputs, and what the formula gave at every point of it that was tried.

    Points are flat: all numbers of all inputs, in order. Results are flat as well.
    """

    def __init__(self, formula: Callable[..., Any], inputs: Sequence[Any]) -> None:
        lows, highs = zip(*map(_ends, inputs), strict=True)
        closed = [_closed(*each) for each in zip(inputs, lows, strict=True)]
        self._formula, self._inputs = formula, inputs
        ends = np.cumsum([0, *(np.size(low) for low in lows)]).tolist()
        self._slices = [slice(*pair) for pair in pairwise(ends)]
        self.low, self.high = map(_flat, (lows, highs))
        self.free = np.flatnonzero(self.low < self.high)
        # The ends that do not round to what is printed themselves.
        self._open = [
            np.intersect1d(self.free, np.flatnonzero(~_flags(p))) for p in zip(*closed, strict=True)
        ]
        self.shape = np.shape(formula(*inputs))
        self.size = int(np.prod(self.shape))
        self._known: dict[bytes, Vector] = {}
        # Every point that was tried, and its results; twice as long whenever they are full.
        self._points = np.empty((64, len(self.low)))
        self._results = np.empty((64, self.size))
        # Which way each result goes with each number in the middle, if that was asked.
        self._directions: Matrix | None = None

    @property
    def points(self) -> Matrix:
        """Every point that was tried."""
        return self._points[: len(self._known)]

    @property
    def results(self) -> Matrix:
        """What the formula gave at each of them."""
        return self._results[: len(self._known)]

    def try_grid(self) -> list[NDArray[np.intp]]:
        """Try corners and inner points, and return for each result the numbers that count."""
        for parts in _grid(len(self.free)):
            self._at(self._moved(self._middle(), self.free, parts))
        return [self.free] * self.size

    def try_directions(self) -> list[NDArray[np.intp]]:
        """Try the corners that directions name, and return the numbers that move each result."""
        middle = self._middle()
        before = self._at(middle)
        moves = np.zeros((len(self.low), self.size), dtype=bool)
        rises = np.ones_like(moves)
        for number in self._that_move(before, self.free):
            down, up = (self._at(self._moved(middle, [number], end)) for end in (0.0, 1.0))
            moves[number] = (down != before) | (up != before)
            rises[number] = ~(up < down)
        moving = np.flatnonzero(moves.any(axis=1))
        for ends in _apart(len(moving)):
            self._at(self._moved(middle, moving, ends))
        self._directions = np.where(moves, np.where(rises, 1.0, -1.0), 0.0)
        named = [np.flatnonzero(moves[:, result]) for result in range(self.size)]
        for result, numbers in enumerate(named):
            for upward in (False, True):
                ends = (rises[numbers, result] == upward).astype(float)
                self._try_corner(self._moved(middle, numbers, ends), numbers, result, upward)
        return named

    def follow_turns(self, named: list[NDArray[np.intp]]) -> list[NDArray[np.intp]]:
        """Try more corners where a result turns, and return what moves each result then."""
        if self._directions is None:
            return named
        turns = self._turns(self._directions)
        for result, sign in product(np.flatnonzero(turns).tolist(), (-1.0, 1.0)):
            self._ascend(result, sign)
        return [self.free if turned else own for own, turned in zip(named, turns, strict=True)]

    def _turns(self, directions: Matrix) -> NDArray[np.bool_]:
        """Tell which results go elsewhere another way than in the middle, as a walk shows.

        It goes from a corner to the opposite one, and moves each number once.
        """
        turns = np.zeros(self.size, dtype=bool)
        numbers = np.flatnonzero(directions.any(axis=1))
        there, order = (
            np.modf(step * (1 + np.arange(len(numbers))))[0] for step in (GOLDEN, 2**0.5)
        )
        point = self._moved(self._middle(), numbers, there > 0.5)
        before = self._at(point)
        for place in np.argsort(order).tolist():
            point = self._moved(point, numbers[place], there[place] <= 0.5)
            after = self._at(point)
            rise = (after - before) * (1.0 if there[place] <= 0.5 else -1.0)
            noise = OWN_NOISE * np.fmax(np.abs(after), np.abs(before))
            turns |= (np.abs(rise) > noise) & (np.sign(rise) != directions[numbers[place]])
            before = after
        return turns

    def _ascend(self, result: int, sign: float) -> None:
        """Go from neighbour to neighbour, from the best corners known, while these are better."""
        corners = ((self.points == self.low) | (self.points == self.high)).all(axis=1)
        values = np.where(corners, sign * self.results[:, result], np.nan)
        order = np.argsort(-values)[: min(STARTS, np.sum(~np.isnan(values)))]
        for corner in self.points[order].copy():
            self._sweep(corner, result, sign, self.free, (0.0, 1.0))

    def _sweep(
        self,
        point: Vector,
        result: int,
        sign: float,
        numbers: NDArray[np.intp],
        levels: Sequence[float],
    ) -> tuple[float, Vector]:
        """Move one number after the other to its best level, until none is better."""
        best, rests = sign * self._at(point)[result], 0
        for number in cycle(numbers):
            trials = [self._moved(point, [number], level) for level in levels]
            values = sign * np.array([self._at(trial)[result] for trial in trials])
            rests += 1
            if np.fmax.reduce(values) > best + OWN_NOISE * abs(best):
                best, point, rests = np.fmax.reduce(values), trials[int(np.nanargmax(values))], 0
            if rests == len(numbers):
                break
        return float(best), point

    def _that_move(self, before: Vector, numbers: NDArray[np.intp]) -> Iterator[np.intp]:
        """Yield the numbers without which nothing moves: halves that move no result are left."""
        if len(numbers) == 1:
            yield numbers[0]
            return
        for half in np.array_split(numbers, 2):
            apart = np.modf(GOLDEN * (1 + np.arange(len(half))))[0]
            trials = (self._at(self._moved(self._middle(), half, part)) for part in (0, 1, apart))
            if len(half) == 1 or any(
                not np.array_equal(trial, before, equal_nan=True) for trial in trials
            ):
                yield from self._that_move(before, half)

    def _try_corner(
        self, corner: Vector, numbers: NDArray[np.intp], result: int, upward: bool
    ) -> None:
        """Try a corner of the numbers that move a result; there the others may move it too."""
        sign = 1.0 if upward else -1.0
        others = np.setdiff1d(self.free, numbers)
        trials = [corner, *(self._moved(corner, others, ends) for ends in _apart(len(others)))]
        values = np.array([sign * self._at(trial)[result] for trial in trials])
        values[np.isnan(values)] = -np.inf
        corner, best = trials[int(np.argmax(values))], values.max()
        if best == values[0]:
            return
        for number, end in product(others, (0.0, 1.0)):
            trial = self._moved(corner, [number], end)
            if (found := sign * self._at(trial)[result]) > best:
                corner, best = trial, found

    def goes_on(self, result: int, sign: float, numbers: NDArray[np.intp]) -> bool:
        """Search on where a result is better than at every corner; tell whether there is such."""
        points, values = self.points, sign * self.results[:, result]
        if np.isnan(values).all() or not len(numbers):
            return False
        corners = ((points == self.low) | (points == self.high))[:, numbers].all(axis=1)
        at_corners = np.where(corners, values, np.nan)
        best = np.fmax.reduce(at_corners)
        noise = NOISE * np.ptp(values[~np.isnan(values)]) + OWN_NOISE * np.abs(best)
        if np.fmax.reduce(values) <= best + noise:
            corner = points[np.nanargmax(at_corners)].copy()
            # From neighbour to neighbour while these are better, which they are at no grid's best.
            while True:
                points = np.array([corner, *self._beside(corner, numbers, (1.0,))])
                values = sign * np.array([self._at(point)[result] for point in points])
                if np.fmax.reduce(values) <= best + noise:
                    break
                best = np.fmax.reduce(values)
                corner = points[np.nanargmax(values)]
            points = np.array([corner, *self._beside(corner, numbers, INWARDS)])
            values = sign * np.array([self._at(point)[result] for point in points])
            if np.fmax.reduce(values) <= best + noise:
                return False
        self._climb(points[np.nanargmax(values)], result, sign, numbers)
        return True

    def _beside(
        self, corner: Vector, numbers: NDArray[np.intp], parts: Sequence[float]
    ) -> Iterator[Vector]:
        """Yield a corner with one number moved inwards, so many widths; one is the other end."""
        for number, part in product(numbers, parts):
            at_high = float(corner[number] != self.low[number])
            yield self._moved(corner, [number], abs(at_high - part))

    def _climb(self, start: Vector, result: int, sign: float, numbers: NDArray[np.intp]) -> None:
        """Go up from a point and from others of all ranks, and on from where it is best."""
        low, width = self.low[numbers], (self.high - self.low)[numbers]
        values = sign * self.results[:, result]
        worst = np.fmin.reduce(values)
        order = np.argsort(-values)[: np.sum(~np.isnan(values))]
        apart = order[:: -(-len(order) // CLIMBS)]
        starts = [start, *self.points[apart].copy()]
        ends = [self._sweep(point, result, sign, numbers, SWEEP) for point in starts]
        _, best = max(ends, key=lambda end: end[0])

        def lost(parts: Vector) -> float:
            value = sign * self._at(self._moved(best, numbers, parts))[result]
            return float(-worst if np.isnan(value) else -value)

        minimize(
            lost,
            (best[numbers] - low) / width,
            method="Powell",
            bounds=[(0.0, 1.0)] * len(numbers),
            options={"xtol": 1e-9, "ftol": 1e-14, "maxfev": 200 * len(numbers)},
        )

    def _at(self, point: Vector) -> Vector:
        """Return the results at a point, NaN where there are none; no point is tried twice."""
        key = point.tobytes()
        if key in self._known:
            return self._known[key]
        try:
            with np.errstate(all="ignore"):
                results = np.ravel(np.asarray(self._formula(*self._unflat(point)), dtype=float))
        except (ArithmeticError, LookupError, TypeError, ValueError):
            results = np.full(self.size, np.nan)
        count = len(self._known)
        if count == len(self._points):
            self._points = np.concatenate([self._points, np.empty_like(self._points)])
            self._results = np.concatenate([self._results, np.empty_like(self._results)])
        self._points[count] = point
        self._known[key] = np.where(np.isfinite(results), results, np.nan)
        self._results[count] = self._known[key]
        return self._known[key]

    def meets(self, result: int, stated: float, admits: Callable[[float], bool]) -> bool:
        """Tell whether a result near a stated number is reached; `Reach.meets` has more."""
        values = self.results[:, result]
        if any(map(admits, np.unique(values[~np.isnan(values)]).tolist())):
            return True
        order = np.argsort(np.abs(values - stated), kind="stable")
        below, above = (
            [place for place in order if side * (values[place] - stated) > 0][:NEAREST_RESULTS]
            for side in (-1.0, 1.0)
        )
        ends = [(self.points[low], self.points[high]) for low, high in product(below, above)]
        return any(self._crosses(*pair, result, stated, admits) for pair in ends)

    def _crosses(
        self,
        low: Vector,
        high: Vector,
        result: int,
        stated: float,
        admits: Callable[[float], bool],
    ) -> bool:
        """Halve the way from a point with a lower result to one with a higher."""
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            value = float(self._at(middle)[result])
            if admits(value):
                return True
            if np.isnan(value):
                return False
            low, high = (middle, high) if value < stated else (low, middle)
        return False

    def attains(self, result: int, end: float, noise: float) -> bool:
        """Tell whether numbers that all round to what is printed give an end of a result.

        Of each point that gave it, those at ends that do not are moved inwards.
        """
        near = np.abs(self.results[:, result] - end) <= noise
        return any(
            abs(self._at(self._inside(point))[result] - end) <= noise
            for point in self.points[near].copy()
        )

    def _inside(self, point: Vector) -> Vector:
        """Return a point whose numbers all round to what is printed."""
        for numbers, ends, part in zip(
            self._open, (self.low, self.high), (INWARDS[0], 1.0 - INWARDS[0]), strict=True
        ):
            point = self._moved(point, numbers[point[numbers] == ends[numbers]], part)
        return point

    def _middle(self) -> Vector:
        return (self.low + self.high) / 2.0

    def _moved(self, point: Vector, numbers: Any, parts: Any) -> Vector:
        """Return a point with some numbers so many widths from their low ends."""
        moved = point.copy()
        part = np.asarray(parts, dtype=float)
        # Not low + part x width, which may miss the high end by the last bit.
        moved[numbers] = (1.0 - part) * self.low[numbers] + part * self.high[numbers]
        return moved

    def _unflat(self, point: Vector) -> list[Any]:
        parts: list[Any] = []
        for own, original in zip(self._slices, self._inputs, strict=True):
            if isinstance(original, PrintedTable):
                parts.append(original.like(point[own].reshape(original.shape)))
            elif isinstance(original, Number):
                parts.append(float(point[own.start]))
            else:
                # What is exact stays what it is, with its labels.
                parts.append(original)
        return parts


def _grid(count: int) -> list[tuple[float, ...]]:
    """Return points of a unit box of so many sides: its corners first, then points within."""
    corners = list(product((0.0, 1.0), repeat=count))
    if count in LEVELS:
        within = list(product(np.linspace(0.0, 1.0, LEVELS[count]).tolist(), repeat=count))
    else:
        within = [
            tuple(end if side == own else 0.5 for own in range(count))
            for side in range(count)
            for end in (0.0, 0.5, 1.0)
        ]
    return list(dict.fromkeys([*corners, *within]))


def _apart(count: int) -> Iterator[Vector]:
    """Yield corners of so many sides, in which any two sides are both low, both high and apart."""
    yield np.zeros(count)
    for bit in range(max(count - 1, 0).bit_length()):
        ends = (np.arange(count) >> bit & 1).astype(float)
        yield from (ends, 1.0 - ends)
    yield np.ones(count)


def _ends(value: Any) -> tuple[Any, Any]:
    low, high = value, value
    if isinstance(value, Number):
        low, high = value.low, value.high
    if isinstance(value, PrintedTable):
        low, high = (end.to_numpy() for end in value.interval())
    open_ended = (low < high) & np.isinf(np.subtract(high, low))
    if np.any(open_ended):
        least, most = (np.asarray(end)[open_ended][0] for end in (low, high))
        raise ValueError(
            "bounds must be inputs with two ends, which a number that is over, under, at least or "
            f"at most another has not: {least:g} to {most:g}"
        )
    return low, high


def _closed(value: Any, low: Any) -> tuple[Any, Any]:
    """Tell which ends of an input round to what is printed themselves; what is exact does."""
    if isinstance(value, Number):
        return value.closed
    if isinstance(value, PrintedTable):
        return value.closed()
    exact = np.ones(np.shape(low), dtype=bool)
    return exact, exact


def _flags(parts: Sequence[Any]) -> NDArray[np.bool_]:
    return np.concatenate([np.ravel(np.asarray(part, dtype=bool)) for part in parts])


def _flat(parts: Sequence[Any]) -> Vector:
    return np.concatenate([np.ravel(np.asarray(part, dtype=float)) for part in parts])
