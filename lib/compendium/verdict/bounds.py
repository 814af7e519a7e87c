"""Bounds: what a formula can give when its inputs are themselves printed roundings.

Of a formula that is known by its values alone no search can prove that it went far enough. This
one looks where the formulas of tables and texts have their extremes, leaves nothing to chance, and
says how it searched. The module is one search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
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
FEW = 6
#: How many values of each make the grid over one, two or three numbers.
LEVELS = {1: 17, 2: 5, 3: 3}
#: So far inwards, in widths of the box, a best corner is asked whether it is the best place.
INWARDS = (1 / 64, 1 / 2)
#: What is better by no larger a part of all that was found, or of itself, is no better.
NOISE = 1e-9
OWN_NOISE = 1e-12
#: Multiples of the golden section, less their whole part, move numbers each by another part.
GOLDEN = (5**0.5 - 1) / 2


#: After so many corners it is known which numbers move a result alike everywhere, which they do
#: where no slope is more than so many times another.
SURE, ALIKE = 8, 1.25
#: Between the nearest results below and above a number, a search for it halves so many times.
HALVINGS = 60
#: From so many of the nearest results on each side it starts.
NEAREST_RESULTS = 4
#: What is said where it finds none.
JUMPS = "which jumps over what is printed"


@dataclass(frozen=True)
class Reach:
    """The lowest and highest results that were found, of the formula's shape, and how."""

    low: Vector
    high: Vector
    searched: str
    box: _Box = field(repr=False, compare=False)

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
    Of one to three numbers a grid over the box is tried; of up to six all corners, and the middles
    of the box and of its faces. Of more, those that move no result, alone or together, stay where
    they are. Each other one is moved alone to both of its ends, which tells its direction in every
    result, and each result is taken at the corner that its directions name. There the rest is
    moved, so that any two of it are once both low, both high and apart.

    Then each number is moved to its other end and inwards from the best corner. Of several results
    a number is left there, from the ninth corner on, that stands at its better end and with which
    the result rose, or fell, all the way and about as steeply at all corners before; all such
    numbers together are moved, to see that the same holds here. Where a point of
    the grid or one inwards is better than every corner, a bounded local search (Powell's) goes on
    from there.

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
    inner = [
        word
        for word, sign in (("lowest", -1.0), ("highest", 1.0))
        if any([box.goes_on(result, sign, numbers[result]) for result in range(box.size)])
    ]
    words = [f"{tried} point{'' if tried == 1 else 's'} of their box tried"]
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


def judged(
    cell: Cell,
    rounding: Rule,
    least: float,
    most: float,
    meets: Callable[[float, Callable[[float], bool]], bool] = lambda stated, admits: True,
) -> tuple[bool, str]:
    """Tell whether some value within reach meets what is printed, and how much of it does.

    Parameters
    ----------
    cell : Cell
        The printed number, with its qualifier.
    rounding : Rule
        How the source rounded.
    least, most : float
        The ends of the reach.
    meets : callable, optional
        Tells whether a number is reached that is admitted, near a stated one between the ends; if
        not given, all between is taken to be reached.

    Returns
    -------
    bool, str
        The words tell how many printed numbers the reach admits or, with a qualifier, whether all
        of it, a part (*straddling*) or none meets the claim.
    """
    if cell.reading is None or np.isnan(least):
        return False, "with which nothing can be compared"
    ends = [cell.admits(end, rounding) for end in (least, most)]
    some = any(ends)
    claim = cell.stated
    if cell.qualifier in ("", "about"):
        stated = cell.reading.value
        # A number on the page rounds to itself.
        between = bool(least <= stated <= most and rounding.agrees(stated, stated, cell.step))
        if between and not some and not meets(stated, lambda end: cell.admits(end, rounding)):
            return False, JUMPS
        some |= between
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


class _Box:
    """The box of the inputs, and what the formula gave at every point of it that was tried.

    Points are flat: all numbers of all inputs, in order. Results are flat as well.
    """

    def __init__(self, formula: Callable[..., Any], inputs: Sequence[Any]) -> None:
        lows, highs = zip(*map(_ends, inputs), strict=True)
        self._formula, self._inputs = formula, inputs
        ends = np.cumsum([0, *(np.size(low) for low in lows)]).tolist()
        self._slices = [slice(*pair) for pair in pairwise(ends)]
        self.low, self.high = map(_flat, (lows, highs))
        self.free = np.flatnonzero(self.low < self.high)
        self.shape = np.shape(formula(*inputs))
        self.size = int(np.prod(self.shape))
        self._known: dict[bytes, Vector] = {}
        # Every point that was tried, and its results; twice as long whenever they are full.
        self._points = np.empty((64, len(self.low)))
        # How steeply each result has risen with each number, in its widths, at the least and most.
        self._flattest = np.full((len(self.low), self.size), np.inf)
        self._steepest = np.full_like(self._flattest, -np.inf)
        self._corners = 0
        self._results = np.empty((64, self.size))

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
        named = [np.flatnonzero(moves[:, result]) for result in range(self.size)]
        for result, numbers in enumerate(named):
            for upward in (False, True):
                ends = (rises[numbers, result] == upward).astype(float)
                self._try_corner(self._moved(middle, numbers, ends), numbers, result, upward)
        return named

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
            numbers_left = self._unsure(corner, result, sign, numbers)
            # From neighbour to neighbour while these are better, which they are at no grid's best.
            while True:
                points = np.array([corner, *self._beside(corner, numbers_left, (1.0,))])
                values = sign * np.array([self._at(point)[result] for point in points])
                if np.fmax.reduce(values) <= best + noise:
                    break
                best = np.fmax.reduce(values)
                corner = points[np.nanargmax(values)]
                numbers_left = numbers
            points = np.array([corner, *self._beside(corner, numbers_left, INWARDS)])
            values = sign * np.array([self._at(point)[result] for point in points])
            self._corners += 1
            if np.fmax.reduce(values) <= best + noise:
                return False
        self._climb(points[np.nanargmax(values)], result, sign, numbers)
        return True

    def _beside(
        self, corner: Vector, numbers: NDArray[np.intp], parts: Sequence[float]
    ) -> Iterator[Vector]:
        """Yield a corner with one number moved inwards, so many widths; one is the other end.

        How steeply the results rise with it is kept.
        """
        before = self._at(corner)
        for number, part in product(numbers, parts):
            at_high = float(corner[number] != self.low[number])
            trial = self._moved(corner, [number], abs(at_high - part))
            slope = (self._at(trial) - before) * (1.0 - 2.0 * at_high) / part
            for known, extreme in ((self._flattest, np.minimum), (self._steepest, np.maximum)):
                known[number] = extreme(known[number], slope)
            yield trial

    def _unsure(
        self, corner: Vector, result: int, sign: float, numbers: NDArray[np.intp]
    ) -> NDArray[np.intp]:
        """Return the numbers that a result has to be tried with at its own corner.

        Of many results most have numbers that moved them about as steeply, all the way, at every
        corner so far. Where the corner has such a number at its better end, it is not moved again.
        """
        if self._corners < SURE:
            return numbers
        flattest, steepest = (k[numbers, result] for k in (self._flattest, self._steepest))
        # Seen as its better end is the higher one: all slopes are above zero, and alike.
        inverted = (corner[numbers] != self.low[numbers]) != (sign > 0.0)
        least, most = np.where(inverted, (-steepest, -flattest), (flattest, steepest))
        sure = (least > 0.0) & (most <= ALIKE * least)
        # All of them moved at once must lower the result by about what their slopes add up to.
        low, high = sum(least[sure]), sum(most[sure])
        at_high = (corner[numbers] != self.low[numbers])[sure]
        best = self._at(corner)[result]
        for part in (*INWARDS, 1.0):
            trial = self._moved(corner, numbers[sure], np.abs(at_high - part))
            fall = sign * (best - self._at(trial)[result]) / part
            if not low / ALIKE <= fall <= high * ALIKE:
                return numbers
        unsure: NDArray[np.intp] = numbers[~sure]
        return unsure

    def _climb(self, start: Vector, result: int, sign: float, numbers: NDArray[np.intp]) -> None:
        low, width = self.low[numbers], (self.high - self.low)[numbers]
        worst = np.fmin.reduce(sign * self.results[:, result])

        def lost(parts: Vector) -> float:
            value = sign * self._at(self._moved(start, numbers, parts))[result]
            return float(-worst if np.isnan(value) else -value)

        minimize(
            lost,
            (start[numbers] - low) / width,
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


def _flat(parts: Sequence[Any]) -> Vector:
    return np.concatenate([np.ravel(np.asarray(part, dtype=float)) for part in parts])
