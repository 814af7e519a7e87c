"""The nearest of many known points, and their mean weighted by distance.

`housing.interpolation` states the rules for awkward points; this module keeps them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from housing._arguments import Floats
from housing._limits import ROUNDING, exceeds

Indices = NDArray[np.intp]
#: Distances that are worked on at once, however many neighbors there are: 8 MB of them.
_CELLS = 2**20


#: Targets that are put in order at once: 8 MB of their numbers.
_SORTED = 2**20
#: Bits of each axis along a curve: their pairs fill 32.
_CURVE_BITS = 16


class Choice(NamedTuple):
    """Which neighbors count and how much, and how the search for them goes about it."""

    neighbors: int
    power: float
    ties: str
    workers: int
    chunk: int

    def parts(self, count: int, width: int) -> Iterator[slice]:
        """Cut up places so that the distances from them, `width` each, fit the memory."""
        return _slices(count, max(1, min(self.chunk, _CELLS // width)))

    def in_threads(self, work: Callable[[slice], None], parts: Iterator[slice]) -> None:
        """Work on parts, several at once where there are several workers."""
        workers = self.workers if self.workers > 0 else os.cpu_count() or 1
        if workers == 1:
            for part in parts:
                work(part)
            return
        with ThreadPoolExecutor(workers) as threads:
            for _ in threads.map(work, parts):
                pass


class KnownPoints:
    """Known points by the place that they are in, for what lies around other places.

    Parameters
    ----------
    coordinates : ndarray, shape (points, axes)
        On the unit sphere where `on_sphere`.
    value : ndarray, shape (points,)
    on_sphere : bool
        Whether distances are arcs.

    Attributes
    ----------
    tree : cKDTree
        Of the places, each once.
    place_of : ndarray of int, shape (points,)
        The place that each point is in.
    amount, mean, lowest, highest : ndarray, shape (places,)
        How many points there are in each place, and what their values are.
    grain : float
        How far apart two places may be and still be one.
    noise : float
        What rounding of the coordinates may do to a distance.
    """

    def __init__(self, coordinates: Floats, value: Floats, *, on_sphere: bool) -> None:
        places, self.place_of = _distinct(coordinates)
        self.value = value
        self.on_sphere = on_sphere
        self.tree = cKDTree(places)
        self.amount = np.bincount(self.place_of)
        # Of each place its points, in the order in which they were given.
        self._points = by_place = np.argsort(self.place_of, kind="stable")
        self._starts = starts = np.cumsum(self.amount) - self.amount
        self.lowest = np.minimum.reduceat(value[by_place], starts)
        self.highest = np.maximum.reduceat(value[by_place], starts)
        total = np.bincount(self.place_of, weights=value)
        self.mean = np.clip(total / self.amount, self.lowest, self.highest)
        largest = 1.0 if on_sphere else float(np.abs(coordinates).max())
        self.grain = ROUNDING * largest
        self.noise = 4.0 * float(np.spacing(largest))

    def differing(self) -> Indices | None:
        """Return two points in one place whose values differ, if there are any."""
        apart = np.flatnonzero(exceeds(self.highest, self.lowest))
        if len(apart):
            first = np.argmax(np.isin(self.place_of, apart))
            return self._extremes(self.place_of[[first]])
        close = self._close()
        if len(close) and exceeds(self.highest[close].max(), self.lowest[close].min()):
            for place in self.tree.data[close]:
                one = self.tree.query_ball_point(place, self.grain)
                if exceeds(self.highest[one].max(), self.lowest[one].min()):
                    return self._extremes(one)
        return None

    def _close(self) -> Indices:
        """Return the places that are one with another, but for the last digits."""
        # Along one axis, few have a neighbor that is near enough: the tree is asked for these.
        along = self.tree.data[:, -1]
        order = np.argsort(along)
        steps = np.diff(along[order], prepend=-np.inf, append=np.inf)
        maybe = order[np.minimum(steps[1:], steps[:-1]) <= self.grain]
        bound = {"distance_upper_bound": np.nextafter(self.grain, np.inf)}
        second = self.tree.query(self.tree.data[maybe], k=[2], **bound)[0]
        return np.asarray(maybe[np.isfinite(second[:, 0])])

    def _extremes(self, places: Indices) -> Indices:
        points = np.flatnonzero(np.isin(self.place_of, places))
        value = self.value[points]
        return np.sort(points[[value.argmin(), value.argmax()]])

    def around(self, targets: Floats, choice: Choice) -> Floats:
        """Return the weighted mean of the neighbors of each target."""
        k = min(choice.neighbors, len(self.value))
        result = np.empty(len(targets))
        alone = choice._replace(workers=1)
        for block in _slices(len(targets), _SORTED):
            order = block.start + _nearby_together(targets[block])

            def work(part: slice, order: Indices = order) -> None:
                some = order[part]
                result[some] = self._around_some(targets[some], k, alone)

            choice.in_threads(work, choice.parts(len(order), min(k + 1, len(self.mean))))
        return result

    def around_each(self, choice: Choice) -> Floats:
        """Return the weighted mean of the neighbors of each known point, itself left out."""
        k = min(choice.neighbors, len(self.value) - 1)
        points = np.arange(len(self.value))
        return self._shared(self.tree.data[self.place_of], k, k + 2, choice, points)

    def _around_some(self, targets: Floats, k: int, choice: Choice) -> Floats:
        if len(self.mean) < len(self.value):
            return self._shared(targets, k, k + 1, choice)
        # The usual case: every point is in a place of its own.
        distance, place = self._nearest(targets, k + 1, choice)
        near = self._arcs(distance[:, :k])
        weight = _falling(near, near[:, :1], choice.power)
        result = _mean(self.mean[place[:, :k]], weight)
        if distance.shape[1] > k:
            tied = np.flatnonzero(distance[:, k] <= self._ties(distance[:, k - 1])[1])
            if len(tied):
                result[tied] = self._shared(targets[tied], k, 2 * k + 1, choice)
        return result

    def _shared(
        self, targets: Floats, k: int, width: int, choice: Choice, left_out: Indices | None = None
    ) -> Floats:
        """Return weighted means where points share a place, or the last place among the neighbors.

        Looks at `width` places, and at twice as many where these do not settle who shares.
        """
        width = min(width, len(self.mean))
        result = np.empty(len(targets))
        for part in choice.parts(len(targets), width):
            distance, place = self._nearest(targets[part], width, choice)
            amount, value = self.amount[place], self.mean[place]
            if left_out is not None:
                amount, value = self._without(left_out[part], place)
            count, settled = self._counted(distance, place, amount, k, choice)
            arcs = np.where(amount > 0, self._arcs(distance), np.inf)
            weight = count * _falling(arcs, arcs.min(axis=1, keepdims=True), choice.power)
            result[part] = _mean(value, weight)
            more = part.start + np.flatnonzero(~settled)
            if len(more):
                omitted = None if left_out is None else left_out[more]
                result[more] = self._shared(targets[more], k, 2 * width, choice, omitted)
        return result

    def _counted(
        self, distance: Floats, place: Indices, amount: Indices, k: int, choice: Choice
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """Return how many points of each place are among the k nearest, and in which rows for sure.

        Points that are as far away as the k-th, noise aside, share what nearer ones leave, or are
        taken in their order. Those around the target itself are in one place, and share it always.
        """
        enough = amount.cumsum(axis=1) >= k
        last = np.where(enough[:, -1], enough.argmax(axis=1), distance.shape[1] - 1)
        low, high = self._ties(np.take_along_axis(distance, last[:, None], axis=1))
        nearer = amount * (distance < low)
        tied = amount * ((distance >= low) & (distance <= high))
        left = k - nearer.sum(axis=1, keepdims=True)
        taken: Floats = tied * np.minimum(left / tied.sum(axis=1, keepdims=True), 1.0)
        if choice.ties == "first":
            chosen = np.flatnonzero((tied.sum(axis=1) > left[:, 0]) & (low[:, 0] > 0))
            taken[chosen] = self._first_of(tied[chosen], place[chosen], left[chosen, 0])
        all_seen = distance.shape[1] == len(self.mean)
        return nearer + taken, all_seen | (distance[:, -1] > high[:, 0])

    def _first_of(self, tied: Indices, place: Indices, left: Indices) -> Floats:
        """Return how many points of each tied place fill what is left, the first points first."""
        row, column = np.nonzero(tied)
        amount = np.minimum(tied[row, column], left[row])  # no more of a place than that
        each = np.repeat(np.arange(len(row)), amount)
        within = np.arange(len(each)) - np.repeat(np.cumsum(amount) - amount, amount)
        point = self._points[self._starts[place[row, column]][each] + within]
        order = np.lexsort((point, row[each]))
        ends = np.cumsum(np.bincount(row[each], minlength=len(left)))
        rank = np.arange(len(each)) - np.insert(ends, 0, 0)[row[each]]
        taken = np.zeros(tied.shape)
        first = rank < left[row[each]]  # the rows of `each` are in order, sorted or not
        np.add.at(taken, (row[each[order[first]]], column[each[order[first]]]), 1.0)
        return taken

    def _without(self, points: Indices, place: Indices) -> tuple[Indices, Floats]:
        """Return the number and the mean of the points in each place, one point left out a row."""
        own = place == self.place_of[points][:, None]
        amount, mean = self.amount[place] - own, self.mean[place]
        apart = mean - self.value[points][:, None]
        return amount, np.where(own, mean + apart / np.maximum(amount, 1), mean)

    def _nearest(self, targets: Floats, width: int, choice: Choice) -> tuple[Floats, Indices]:
        """Return how far the nearest places are, and which; what is one place is 0 away."""
        width = min(width, len(self.mean))
        # By a number it answers faster than by a list, but of a single one without its axis.
        k = width if width > 1 else [1]
        distance, place = self.tree.query(targets, k=k, workers=choice.workers)
        if (distance[:, 0] <= self.grain).any():
            distance[distance <= self.grain] = 0.0
        return distance, place

    def _ties(self, distance: Floats) -> tuple[Floats, Floats]:
        """Return from where to where a distance is the same as this one, noise aside."""
        low = (distance - self.noise) / (1.0 + ROUNDING)
        return low, distance * (1.0 + ROUNDING) + self.noise

    def _arcs(self, distance: Floats) -> Floats:
        """Return distances as they count: the tree knows chords of the sphere, not its arcs."""
        return 2.0 * np.arcsin(np.minimum(distance / 2.0, 1.0)) if self.on_sphere else distance


def _distinct(coordinates: Floats) -> tuple[Floats, Indices]:
    """Return the places of points, each once, and which of them each point is in."""
    order = np.lexsort(coordinates.T)
    ordered = coordinates[order]
    first = np.append(True, (ordered[1:] != ordered[:-1]).any(axis=1))
    places = ordered[first]
    # What is near in space is near in memory: the tree is searched faster.
    together = _nearby_together(places)
    number = np.empty(len(places), dtype=np.intp)
    number[together] = np.arange(len(places))
    place_of = np.empty(len(order), dtype=np.intp)
    place_of[order] = number[np.cumsum(first) - 1]
    return places[together], place_of


def weights(distance: Floats, power: float) -> Floats:
    """Return weights that fall with distance and add up to 1 along the last axis."""
    weight = _falling(distance, distance.min(axis=-1, keepdims=True), power)
    weight /= weight.sum(axis=-1, keepdims=True)
    return weight


def _falling(distance: Floats, nearest: Floats, power: float) -> Floats:
    """Return weights along the last axis, 1 for the nearest: measured in it, none overflows."""
    with np.errstate(invalid="ignore"):  # 0 / 0, which is replaced
        weight = nearest / distance
    weight = np.asarray(np.square(weight, out=weight) if power == 2 else weight**power)
    on_a_point = nearest[..., 0] == 0
    if on_a_point.any():
        weight[on_a_point] = distance[on_a_point] == 0
    return weight


def _mean(value: Floats, weight: Floats) -> Floats:
    """Return weighted means along the last axis; both arguments are overwritten.

    A product and its sum, each rounded on its own: `einsum` and `dot` round both at once where the
    processor can, and so give another last bit on another one.
    """
    weight /= weight.sum(axis=-1, keepdims=True)
    value *= weight
    return np.asarray(value.sum(axis=-1))


def _slices(count: int, size: int) -> Iterator[slice]:
    """Cut up a count of things into pieces of a size, and what is left."""
    for start in range(0, count, size):
        yield slice(start, start + size)


def _nearby_together(places: Floats) -> Indices:
    """Return an order along a curve that fills space: near targets find the same nodes cached.

    It is Morton's: the bits of the first and the last coordinate in turns.
    """
    pairs = places[:, [0, -1]]
    low, size = pairs.min(axis=0), np.ptp(pairs, axis=0)
    size[size == 0] = 1.0
    steps = ((pairs - low) / size * (2**_CURVE_BITS - 1)).astype(np.uint32)
    for bits, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        steps = (steps | (steps << np.uint32(bits))) & np.uint32(mask)
    return np.argsort(steps[:, 0] | (steps[:, 1] << np.uint32(1)), kind="stable")
