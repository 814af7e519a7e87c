"""A margin over a box of inputs: its values, the border around 0, crossings, the lowest point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import bisect, brentq, minimize

from sensitivity._kinds import Crossing, Pair, Range, Vector, number, plain

__all__ = [
    "BORDER",
    "PAIR_POINTS",
    "POINTS",
    "SAMPLE",
    "SEED",
    "Box",
    "Margin",
    "at_parts",
    "grid",
    "turns",
]

Margin = Callable[..., Any]

#: A margin of no more than this part of its terms is on the border.
BORDER = 1e-9
#: By this part of its size an input is moved to see how large the margin's terms are.
NUDGE = 1e-6
#: Values of an input on the grid on which crossings are looked for, its ends among them.
POINTS = 201
#: Values of each of two inputs that move together.
PAIR_POINTS = 33
#: Points of the box at which the share is counted; a power of two, as Sobol's sequence asks.
SAMPLE = 4096
SEED = 1991
#: Up to so many inputs every corner of the box is tried.
CORNERS = 12


class Box:
    """A margin over the inputs that move; the others are as given. Points are rows of values."""

    def __init__(
        self, margin: Margin, given: Mapping[str, Any], ranges: Mapping[str, Range]
    ) -> None:
        if not callable(margin):
            raise ValueError(f"margin must be a function of the inputs, got {margin!r}")
        for argument, mapping in (("given", given), ("ranges", ranges)):
            if not isinstance(mapping, Mapping) or not all(isinstance(k, str) for k in mapping):
                raise ValueError(f"{argument} must map names of inputs, got {mapping!r}")
        given = {name: number(f"given {name}", value) for name, value in given.items()}
        for name, own in ranges.items():
            _require_within(name, own, given)
        self._margin, self._given = margin, given
        self.names, self.ranges = [*ranges], [*ranges.values()]
        self.middle = np.array([float(given[name]) for name in ranges])
        self.border = BORDER * self._size()

    def require_ranges(self) -> None:
        """Refuse to go through a box of no inputs."""
        if not self.ranges:
            raise ValueError("ranges must name an input at least: without one there is no box")

    # Values --------------------------------------------------------------------------------

    def margins(self, points: Vector) -> Vector:
        """Return the margin at points, all at once where it takes arrays."""
        values = self._together(points)
        # Of a function that does not fail with arrays, only trying tells that it is one of them.
        witnesses = {0, len(points) // 2, len(points) - 1}
        if values is None or not all(
            self._are_one(values[row], self._one(points[row])) for row in sorted(witnesses)
        ):
            return np.array([self._one(point) for point in points])
        for row in np.flatnonzero(np.isnan(values)).tolist():
            # It is asked alone, to be refused with its place.
            values[row] = self._one(points[row])
        return values

    def signs(self, points: Vector) -> NDArray[np.intp]:
        """Return 1 where the claim holds, -1 where not, 0 on the border."""
        values = self.margins(points)
        signs: NDArray[np.intp] = np.where(np.abs(values) <= self.border, 0, np.sign(values))
        return signs.astype(np.intp)

    def _together(self, points: Vector) -> Vector | None:
        """Return the margin at all points from one call; None where it takes no arrays."""
        if len(points) == 1:
            return None
        try:
            with np.errstate(all="ignore"):
                found = np.asarray(self._margin(**self._inputs(points.T)))
            if found.dtype == bool:
                return None
            return np.broadcast_to(found.astype(float), len(points)).copy()
        except (ArithmeticError, TypeError, ValueError):
            return None

    def _one(self, point: Vector) -> float:
        """Return the margin at one point."""
        inputs = self._inputs(point.tolist())
        place = ", ".join(f"{name} {value!r}" for name, value in inputs.items())
        try:
            with np.errstate(all="ignore"):
                found = self._margin(**inputs)
                value = float(found)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise ValueError(f"margin has no value at {place}: {error}") from error
        if np.asarray(found).dtype == bool:
            # As a number, false would be 0: on the border.
            raise ValueError(
                f"margin must be a number, above 0 where the claim holds, got {found} at {place}; "
                "for r > 2 write r - 2"
            )
        if np.isnan(value):
            raise ValueError(f"margin must be a number, got nan at {place}")
        return value

    def _inputs(self, values: Any) -> dict[str, Any]:
        """Return the inputs by name; a whole number is an int, or an array of whole floats."""
        moved = {
            name: int(value) if own.whole and isinstance(value, float) else value
            for name, own, value in zip(self.names, self.ranges, values, strict=True)
        }
        return self._given | moved

    def _are_one(self, one: float, other: float) -> bool:
        """Tell whether two results differ by noise alone."""
        noise = max(self.border, BORDER * max(abs(one), abs(other)))
        return one == other or abs(one - other) <= noise

    def _size(self) -> float:
        """Return the size of the margin's terms at what is given."""
        here = self._one(self.middle)
        terms = 0.0
        for name, value in self._given.items():
            if name in self.names and self.ranges[self.names.index(name)].whole:
                continue
            try:
                with np.errstate(all="ignore"):
                    there = float(self._margin(**self._given | {name: value * (1.0 + NUDGE)}))
            except (ArithmeticError, TypeError, ValueError):
                # As of a share of 1, which cannot be more.
                continue
            term = abs(there - here) / NUDGE
            terms += term if np.isfinite(term) else 0.0
        return max(abs(here), terms) if np.isfinite(here) else terms

    # Points --------------------------------------------------------------------------------

    def along(self, position: int, values: Any) -> Vector:
        """Return points at which one input has other values."""
        points = np.tile(self.middle, (len(values), 1))
        points[:, position] = values
        return points

    def sample(self, count: int, seed: int | np.random.SeedSequence) -> Vector:
        """Return points that fill the box evenly."""
        from scipy.stats import qmc  # As long to import as all else together, and not always used.

        sobol = qmc.Sobol(len(self.ranges), scramble=True, rng=np.random.default_rng(seed))
        parts = sobol.random_base2(count.bit_length() - 1)
        return np.column_stack(
            [at_parts(own, parts[:, side]) for side, own in enumerate(self.ranges)]
        )

    def trials(self, count: int, seed: int) -> Iterator[Vector]:
        """Yield the points at which the lowest margin is looked for."""
        yield self.middle[None]
        if not self.ranges:
            return
        for position, own in enumerate(self.ranges):
            yield self.along(position, grid(own))
        for two in combinations(range(len(self.ranges)), 2):
            yield self._plane(two, PAIR_POINTS)
        if len(self.ranges) <= CORNERS:
            ends = [(own.low, own.high) for own in self.ranges]
            yield np.array([*product(*ends)], dtype=float)
        yield self.sample(count, seed)

    def _plane(self, two: tuple[int, int], points: int) -> Vector:
        """Return the points of a grid over two inputs."""
        first, second = (grid(self.ranges[position], points) for position in two)
        plane = np.tile(self.middle, (len(first) * len(second), 1))
        plane[:, two[0]] = np.repeat(first, len(second))
        plane[:, two[1]] = np.tile(second, len(first))
        return plane

    def _distance(self, points: Vector) -> Vector:
        widths = np.array([own.width for own in self.ranges])
        distances: Vector = np.linalg.norm((points - self.middle) / widths, axis=1)
        return distances

    # Searches ------------------------------------------------------------------------------

    def refined(self, position: int, turn: Crossing) -> Crossing:
        """Return a crossing between two values as one value, or as whole neighbours."""
        if turn.below == turn.above:
            return turn
        if self.ranges[position].whole:

            def there(value: float) -> bool:
                return (self._sign(position, value) > 0) == turn.holds_above

            return Crossing(*_parted(there, turn.below, turn.above, 1.0), turn.holds_above)
        root = _root(lambda value: self._alone(position, value), turn.below, turn.above)
        return Crossing(root, root, turn.holds_above)

    def widened(
        self, position: int, stretch: tuple[float, float], values: Vector
    ) -> tuple[float, float]:
        """Return from where to where it is on the border around values of the grid that are."""
        low, high = stretch
        if low == high or self.ranges[position].whole:
            return stretch

        def off(value: float) -> bool:
            return self._sign(position, value) != 0

        def on(value: float) -> bool:
            return not off(value)

        near = 1e-12 * self.ranges[position].width
        if low > values[0]:
            _, low = _parted(on, float(values[values < low][-1]), low, near)
        if high < values[-1]:
            high, _ = _parted(off, high, float(values[values > high][0]), near)
        return low, high

    def _alone(self, position: int, value: float) -> float:
        """Return the margin with another value of one input."""
        return float(self.margins(self.along(position, [value]))[0])

    def _sign(self, position: int, value: float) -> int:
        return int(self.signs(self.along(position, [value]))[0])

    def pair(self, two: tuple[int, int], points: int) -> Pair | None:
        """Return the nearest values of two inputs that tip the claim, if a grid finds any."""
        plane = self._plane(two, points)
        tips = plane[self.signs(plane) <= 0]
        if not len(tips):
            return None
        # Of two as near as each other, the last bit must not tell which is taken.
        nearest = tips[np.argmin(np.round(self._distance(tips), 9))]
        free = [position for position in two if not self.ranges[position].whole]
        if len(free) == 2:
            nearest = self._on_the_way(self.middle, nearest)
        elif free:
            # The whole number has gone its way, the other goes no farther than it must.
            start = nearest.copy()
            start[free[0]] = self.middle[free[0]]
            nearest = self._on_the_way(start, nearest)
        return Pair(
            (self.names[two[0]], self.names[two[1]]),
            (float(nearest[two[0]]), float(nearest[two[1]])),
            float(self._distance(nearest[None])[0]),
            len(plane),
        )

    def _on_the_way(self, start: Vector, target: Vector) -> Vector:
        """Return where the margin is 0 on the straight way from a point where it is above."""

        def at(part: float) -> float:
            return float(self.margins((start + part * (target - start))[None])[0])

        if at(0.0) <= 0.0 or at(1.0) >= 0.0:
            return target
        return start + _root(at, 0.0, 1.0) * (target - start)

    def descend(self, start: Vector, value: float) -> tuple[Vector, float]:
        """Return a lower point near one, or the same; whole numbers stay where they are."""
        free = [position for position, own in enumerate(self.ranges) if not own.whole]
        if not free:
            return start, value

        def moved(values: Vector) -> Vector:
            point = start.copy()
            point[free] = values
            return point

        found = minimize(
            lambda values: self.margins(moved(values)[None])[0],
            start[free],
            method="Powell",
            bounds=[(self.ranges[position].low, self.ranges[position].high) for position in free],
            options={"maxfev": 200 * len(free), "xtol": 1e-7, "ftol": 1e-10},
        )
        # What is lower by noise alone is as low, and where it was found is the plainer place.
        if value - found.fun > self.border:
            return moved(found.x), float(found.fun)
        return start, value


def grid(own: Range, points: int = POINTS) -> Vector:
    """Return so many evenly spaced values, both ends among them; of whole numbers, whole ones."""
    values = np.linspace(float(own.low), float(own.high), points)
    return np.unique(np.round(values)) if own.whole else values


def at_parts(own: Range, parts: Vector) -> Vector:
    """Return the values at parts of a range from 0 to below 1, of whole numbers each as often."""
    if own.whole:
        whole: Vector = np.floor(own.low + parts * (own.width + 1.0))
        return whole
    return own.low + parts * own.width


def turns(
    values: Vector, signs: NDArray[np.intp]
) -> tuple[list[Crossing], list[tuple[float, float]]]:
    """Return where signs change along values, and from where to where they are 0 and do not."""
    crossings: list[Crossing] = []
    border: list[tuple[float, float]] = []
    firm = np.flatnonzero(signs).tolist()
    for before, after in pairwise([-1, *firm, len(signs)]):
        between = values[before + 1 : after].tolist()
        ends = before < 0 or after == len(signs)
        if ends or signs[before] == signs[after]:
            border += [(between[0], between[-1])] if between else []
            continue
        upward = bool(signs[after] > 0)
        # On the border from one value to another, it changes at both of them.
        for value in sorted({*between[:1], *between[-1:]}):
            crossings.append(Crossing(value, value, upward))
        if not between:
            crossings.append(Crossing(float(values[before]), float(values[after]), upward))
    return crossings, border


def _parted(
    there: Callable[[float], bool], low: float, high: float, near: float
) -> tuple[float, float]:
    """Return two values no farther apart than is near, of which only the higher is there."""
    while high - low > near:
        middle = (low + high) / 2.0 if near < 1.0 else float((low + high) // 2.0)
        low, high = (low, middle) if there(middle) else (middle, high)
    return low, high


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function changes its sign between two values at which it has another."""
    # Brent's method draws lines through values, which an infinite one has none of.
    finite = np.isfinite([function(low), function(high)]).all()
    solve = brentq if finite else bisect
    return float(solve(function, low, high, xtol=1e-13 * (high - low), rtol=1e-13))


def _require_within(name: str, own: Any, given: Mapping[str, Any]) -> None:
    if not isinstance(own, Range):
        raise ValueError(f"ranges {name} must be a Range, got {own!r}")
    if name not in given:
        raise ValueError(f"ranges must name inputs that are given, {[*given]}, got {name!r}")
    value = given[name]
    if not own.low <= value <= own.high:
        raise ValueError(
            f"given {name} must lie in its range from {plain(own.low)} to {plain(own.high)}, "
            f"got {float(value)!r}"
        )
    if own.whole and value != round(value):
        raise ValueError(f"given {name} must be whole as its range is, got {float(value)!r}")
