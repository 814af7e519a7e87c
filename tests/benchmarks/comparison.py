"""What a benchmark says: a comparison with a peer, and the limits that the library keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

__all__ = ["Comparison", "Seconds", "best_of", "median_of"]


class Seconds(NamedTuple):
    """How long a function takes: on the wall, and of processors, all of its threads together.

    On a machine that others use too the first says how busy they are. What one thread does is
    compared by the second; what several do at once, and what waits for a disk, by the first.
    """

    wall: float
    processor: float


@dataclass(frozen=True)
class Comparison:
    """One row of the table: the library's time beside a peer's, for the same answer.

    Parameters
    ----------
    name, size : str
        What is timed, and on how much.
    seconds, peer_seconds : float
        The times of both: the best, or the median, of some turns.
    peer : str
        What it is compared with.
    least : float
        The peer's time over the library's must be at least this.
    apart : float, optional
        The largest relative difference between the two answers.
    megabytes : float, optional
        Memory that the library takes, as its benchmark defines it.
    most_apart, most_megabytes : float, optional
        What the two must not exceed.

    Examples
    --------
    >>> row = Comparison("ours", "ten", 2.0, "theirs", 1.0, 0.5, apart=1e-3, most_apart=1e-6)
    >>> row.ratio
    0.5
    >>> row.broken
    ['ours, ten: 0.001 apart, more than 1e-06']
    """

    name: str
    size: str
    seconds: float
    peer: str
    peer_seconds: float
    least: float
    apart: float | None = None
    most_apart: float = 0.0
    megabytes: float | None = None
    most_megabytes: float = 0.0

    @property
    def ratio(self) -> float:
        """How many times faster than its peer the library is."""
        return self.peer_seconds / self.seconds

    @property
    def broken(self) -> list[str]:
        """The limits that do not hold, in words."""
        limits = [
            (self.ratio < self.least, f"{self.ratio:.3g} times as fast, not {self.least:.3g}"),
            (
                self.apart is not None and not self.apart <= self.most_apart,
                f"{self.apart} apart, more than {self.most_apart}",
            ),
            (
                self.megabytes is not None and self.megabytes > self.most_megabytes,
                f"{self.megabytes} MB, more than {self.most_megabytes}",
            ),
        ]
        return [f"{self.name}, {self.size}: {words}" for wrong, words in limits if wrong]


def best_of(turns: int, *functions: Callable[[], object]) -> list[Seconds]:
    """Return the shortest times of each function: the least disturbed ones."""
    return _times(turns, functions, min)


def median_of(turns: int, *functions: Callable[[], object]) -> list[Seconds]:
    """Return the median times of each function."""
    return _times(turns, functions, median)


def _times(
    turns: int,
    functions: Sequence[Callable[[], object]],
    kept: Callable[[Sequence[float]], float],
) -> list[Seconds]:
    """Time functions that take turns, so that a busy machine slows them alike."""
    times: list[list[Seconds]] = [[] for _ in functions]
    for _ in range(turns):
        for function, own in zip(functions, times, strict=True):
            wall, processor = perf_counter(), process_time()
            function()
            own.append(Seconds(perf_counter() - wall, process_time() - processor))
    return [Seconds(*map(kept, zip(*own, strict=True))) for own in times]
