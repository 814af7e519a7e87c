"""Dynamic qualification: who still qualifies, when incomes move and audits are few.

The module is one model, in closed form and played by chance: `_Audits` has the terms of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import (
    Floats,
    broadcast,
    elementwise,
    fitting,
    number,
    numbers,
    row,
    same_last_axis,
    share,
    whole_number,
    with_rows,
    within_floats,
)
from housing._limits import ROUNDING, difference, exceeds, reaches, to_whole
from housing.oversight._inputs import MOST_DRAWS, MOST_STEPS, amount, generator, probability

__all__ = [
    "budget_leakage",
    "inclusion_error",
    "inclusion_error_after",
    "inclusion_error_floor",
    "move_outs",
    "simulate_inclusion_error",
    "visible_share",
]


#: Lifetimes after which a start is forgotten: exp(-8) is 0.0003.
FORGOTTEN = 8.0


@within_floats
def visible_share(shares: ArrayLike) -> Any:
    """Share of what at least one of several departments sees.

    Parameters
    ----------
    shares : array_like
        What each department sees of the households that no longer qualify, from 0 to 1; the last
        axis is the departments.

    Returns
    -------
    float, ndarray or Series
        From 0 to 1; for departments that see independently of each other. A DataFrame, with one
        column a department, gives a Series with its index.

    Raises
    ------
    ValueError
        If a share leaves its range.

    References
    ----------
    Yuan, "Establish Personal Credit File, implement dynamic information management mechanism": an
    exchange of data between housing, real estate, public security and finance.

    Examples
    --------
    >>> round(visible_share([0.3, 0.25, 0.4]), 3)
    0.685
    """
    seen = 1.0 - np.prod(1.0 - np.atleast_1d(share("shares", shares)), axis=-1)
    return with_rows(seen, same_last_axis(shares=shares))


@elementwise
def move_outs(
    rise_rate: ArrayLike,
    return_rate: ArrayLike,
    audit_interval: ArrayLike,
    detection: ArrayLike = 1.0,
    visible: ArrayLike = 1.0,
    transition: ArrayLike = 0.0,
) -> Any:
    """Yearly move-outs that audits bring about in a stock that has settled.

    Parameters
    ----------
    rise_rate : array_like
        Rate at which qualified households come to earn too much, per year, at least 0.
    return_rate : array_like
        Rate at which others qualify again or leave of their own accord, per year, above 0.
    audit_interval : array_like
        Years between audits of all households, above 0.
    detection : array_like, optional
        Probability that an audit finds an unqualified household whose means show in the data that
        it uses, from 0 to 1.
    visible : array_like, optional
        Share of the newly unqualified whose means show in those data, from 0 to 1.
    transition : array_like, optional
        Years from notice to moving out, at least 0.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Per dwelling and year.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    References
    ----------
    Yuan, "Enhance the strike force to the offenders": households that no longer qualify should
    move out "after the appropriate transition period".

    Examples
    --------
    >>> round(move_outs(0.06, 0.04, audit_interval=3, visible=0.6), 4)
    0.0205
    """
    return _Audits(
        rise_rate, return_rate, audit_interval, detection, visible, transition
    ).move_outs()


@elementwise
def inclusion_error(
    rise_rate: ArrayLike,
    return_rate: ArrayLike,
    audit_interval: ArrayLike,
    detection: ArrayLike = 1.0,
    visible: ArrayLike = 1.0,
    transition: ArrayLike = 0.0,
) -> Any:
    r"""Share of dwellings that unqualified households hold, on average over time.

    Parameters
    ----------
    rise_rate, return_rate, audit_interval, detection, visible, transition : array_like
        As in `move_outs`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        From 0 to 1.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    inclusion_error_floor : what no frequency of audits gets below.

    Notes
    -----
    Beyond the sentence that it formalises the model assumes that: households qualify and cease to
    qualify by chance, at constant rates; where their new means show decides once for each rise;
    dwellings are always let, and whoever moves out is followed at once by a qualified household;
    who qualifies again within the transition keeps the flat. Then

    .. math:: \text{share} = \frac{\lambda}{\lambda+\mu} - \frac{\text{move-outs}}
              {\lambda+\mu}.

    References
    ----------
    Yuan, "The dilemma of indemnificatory housing's guarantee qualification supervision": those
    whose situation has improved "do not want to report their real situation and move out".

    Examples
    --------
    >>> inclusion_error(0.06, 0.04, [1, 3, 1000], visible=0.6).round(3).tolist()
    [0.382, 0.395, 0.596]
    """
    audits = _Audits(rise_rate, return_rate, audit_interval, detection, visible, transition)
    return audits.unaudited - audits.move_outs() / audits.turnover


@elementwise
def inclusion_error_after(
    time: ArrayLike,
    rise_rate: ArrayLike,
    return_rate: ArrayLike,
    audit_interval: ArrayLike,
    detection: ArrayLike = 1.0,
    visible: ArrayLike = 1.0,
    transition: ArrayLike = 0.0,
) -> Any:
    """Share of dwellings that unqualified households hold, some time after an audit.

    Parameters
    ----------
    time : array_like
        Years since an audit, at least 0; from the next audit on the cycle repeats.
    rise_rate, return_rate, audit_interval, detection, visible, transition : array_like
        As in `move_outs`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        From 0 to 1.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> inclusion_error_after([0, 1.5, 2.999], 0.06, 0.04, 3, visible=0.6).round(3).tolist()
    [0.363, 0.396, 0.424]
    """
    audits = _Audits(rise_rate, return_rate, audit_interval, detection, visible, transition)
    _, since = _intervals(difference(amount("time", time), audits.left_over), audits.interval)
    left = np.exp(-audits.turnover * since) / -np.expm1(-audits.turnover * audits.interval)
    return audits.unaudited - audits.carried_out() * left


@elementwise
def inclusion_error_floor(
    rise_rate: ArrayLike, return_rate: ArrayLike, visible: ArrayLike = 1.0
) -> Any:
    """Share of dwellings that unqualified households hold though audits never cease.

    Parameters
    ----------
    rise_rate, return_rate, visible : array_like
        As in `move_outs`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        From 0 to 1: those whose means show nowhere.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Examples
    --------
    >>> round(inclusion_error_floor(0.06, 0.04, visible=0.6), 3)
    0.375
    """
    unseen = amount("rise_rate", rise_rate) * (1.0 - share("visible", visible))
    return unseen / (unseen + numbers("return_rate", return_rate, above=0))


@within_floats
def simulate_inclusion_error(
    times: ArrayLike,
    rise_rate: float,
    return_rate: float,
    audit_interval: float,
    detection: float = 1.0,
    visible: float = 1.0,
    transition: float = 0.0,
    *,
    dwellings: int = 10_000,
    cycles: int | None = None,
    seed: int = 0,
) -> Floats:
    """Play qualification household by household, and count after the last of many audits.

    Parameters
    ----------
    times : array_like
        Years after that audit, from 0 to below the audit interval, in rising order.
    rise_rate, return_rate, audit_interval, detection, visible, transition : float
        As in `move_outs`, one number each.
    dwellings : int, optional
        How many, at least 1; all start with a qualified household.
    cycles : int, optional
        Audits before the one after which it counts; by default as many as it takes for all but
        some 0.03 per cent of the start to be forgotten.
    seed : int, optional
        Of the random numbers.

    Returns
    -------
    ndarray
        Shares of dwellings held by unqualified households; they estimate `inclusion_error_after`.

    Raises
    ------
    ValueError
        If an argument leaves its range, or rates, intervals, cycles and dwellings together ask for
        too many draws.

    Examples
    --------
    >>> shares = simulate_inclusion_error([0, 1.5], 0.06, 0.04, 3, visible=0.6, seed=1)
    >>> bool((abs(shares - [0.363, 0.396]) < 3 * 0.0049).all())
    True
    """
    audits = _Audits(
        *(
            number(name, value)
            for name, value in (
                ("rise_rate", rise_rate),
                ("return_rate", return_rate),
                ("audit_interval", audit_interval),
                ("detection", detection),
                ("visible", visible),
                ("transition", transition),
            )
        )
    )
    counted_at = _counted_at(times, audits.interval)
    count, homes = _cycles(cycles, audits), whole_number("dwellings", dwellings)
    _require_playable(audits, count, counted_at.size, homes)
    stock = _Stock(audits, homes, generator(seed))
    for _ in range(count):
        stock.audit()
        stock.wait([float(audits.interval)])
    stock.audit()
    return np.array(stock.wait(counted_at))


@within_floats
def budget_leakage(subsidy: ArrayLike, error: ArrayLike, households: ArrayLike = 1.0) -> Any:
    """Share of a subsidy budget that goes to households that no longer qualify.

    The last axis is the classes of households; before it there may be others, such as ways to
    audit.

    Parameters
    ----------
    subsidy : array_like
        What a household of each class is paid, money, at least 0 and not all 0.
    error : array_like
        Share of each class that no longer qualifies, from 0 to 1.
    households : array_like, optional
        Size of each class, in any unit, at least 0.

    Returns
    -------
    float, ndarray or Series
        From 0 to 1. A DataFrame, with one column a class, gives a Series with its index.

    Raises
    ------
    ValueError
        If an argument leaves its range, shapes do not match or labels differ, or nothing is paid.

    Examples
    --------
    >>> round(budget_leakage([900, 300], [0.10, 0.40]), 3)
    0.175
    >>> budget_leakage([900, 300], [[0.10, 0.40], [0.08, 0.20]]).round(3)
    array([0.175, 0.11 ])
    """
    rows = same_last_axis(subsidy=subsidy, error=error, households=households)
    paid, unqualified, size = broadcast(
        subsidy=np.atleast_1d(amount("subsidy", subsidy)),
        error=share("error", error),
        households=amount("households", households),
    )
    money = paid * size
    total = numbers("subsidy times households: the budget", money.sum(axis=-1), above=0)
    return with_rows((money * unqualified).sum(axis=-1) / total, rows)


def _intervals(time: Floats, interval: Floats) -> tuple[Floats, Floats]:
    """Return how many whole intervals a time has, and what is left over of it."""
    passed = np.floor(to_whole(time / interval))
    # A time that is whole intervals but for noise leaves nothing over.
    return passed, np.clip(difference(time, passed * interval), 0.0, interval)


def _counted_at(times: ArrayLike, interval: Floats) -> Floats:
    """Return the times after the last audit at which to count, checked."""
    counted_at = row("times", times, at_least=0)
    falling = exceeds(counted_at[:-1], counted_at[1:])
    if falling.any() or reaches(counted_at[-1], interval):
        raise ValueError(
            f"times must rise and stay below the audit interval {interval:g}, "
            f"got {counted_at.tolist()}"
        )
    return np.maximum.accumulate(counted_at)


def _require_playable(audits: _Audits, cycles: int, counts: int, dwellings: int) -> None:
    """Refuse what would take more rounds or random draws than one waits for."""
    interval = float(audits.interval)
    moves = interval * float(np.maximum(audits.rise, audits.back))
    rounds = cycles * (1.0 + moves) + counts
    fitting("audit_interval", interval, rounds, most=MOST_STEPS, things="rounds of moves")
    fitting("dwellings", dwellings, rounds * dwellings, most=MOST_DRAWS, things="random draws")


def _cycles(cycles: Any, audits: _Audits) -> int:
    """Return how many audits to play, by default until the start is forgotten."""
    if cycles is not None:
        count = whole_number("cycles", cycles)
        fitting("cycles", count, count, most=MOST_STEPS, things="audits")
        return count
    needed = float(np.ceil(to_whole(FORGOTTEN / (audits.back * audits.interval))))
    fitting("return_rate", float(audits.back), needed, most=MOST_STEPS, things="audits")
    return int(needed)


class _Audits:
    """A stock that is audited at regular intervals and has settled."""

    def __init__(
        self,
        rise_rate: Any,
        return_rate: Any,
        audit_interval: Any,
        detection: Any,
        visible: Any,
        transition: Any,
    ) -> None:
        self.rise = amount("rise_rate", rise_rate)
        self.back = numbers("return_rate", return_rate, above=0)
        self.interval = numbers("audit_interval", audit_interval, above=0)
        self.detection = probability("detection", detection)
        self.visible = share("visible", visible)
        self.transition = amount("transition", transition)
        self.turnover = self.rise + self.back
        self.unaudited = self.rise / self.turnover
        #: Audits that pass before a household has to move, and the time from the last to the move.
        self.passed, self.left_over = _intervals(self.transition, self.interval)

    def notices(self) -> Any:
        """Return how many households an audit gives notice, per dwelling."""
        # What earlier notices, one every interval, still keep from being found by this audit:
        # dwellings let anew, households under notice, and the pool of the seen that it used up.
        renewed = np.exp(-self.turnover * (self.interval - self.left_over)) / -np.expm1(
            -self.turnover * self.interval
        )
        renewed = renewed * np.exp(-self.back * self.transition)
        series = np.exp(-self.back * self.interval) / -np.expm1(-self.back * self.interval)
        waiting = -np.expm1(-self.back * self.interval * self.passed) * series
        held_back = self.visible * (renewed + waiting) + (1.0 - self.visible) * series
        found = self.detection * self.visible * self.unaudited
        return found / (1.0 + self.detection * held_back)

    def carried_out(self) -> Any:
        """Return how many notices of an audit end in moving out: who qualifies again stays."""
        return self.notices() * np.exp(-self.back * self.transition)

    def move_outs(self) -> Any:
        return self.carried_out() / self.interval


class _Stock:
    """Dwellings with a household each, moved through time by chance."""

    QUALIFIED, SEEN, UNSEEN = range(3)

    def __init__(self, audits: _Audits, dwellings: int, chance: np.random.Generator) -> None:
        self.audits = audits
        self.chance = chance
        self.state = np.full(dwellings, self.QUALIFIED)
        #: Years until the household has to move; infinite without notice.
        self.notice = np.full(dwellings, np.inf)

    def audit(self) -> None:
        """Give notice to the households that are found, and move out whose time is up."""
        self._move_out()
        found = (self.state == self.SEEN) & (self.notice == np.inf)
        found &= self.chance.random(found.size) < self.audits.detection
        self.notice[found] = self.audits.transition
        self._move_out()

    def wait(self, until: Sequence[float] | Floats) -> list[float]:
        """Let time pass, from an audit on, and return the share unqualified at each stop."""
        stops = np.asarray(until, dtype=float)
        now = 0.0
        shares: list[float] = []
        for stop in np.unique([*stops, float(self.audits.left_over)]):
            if stop > stops[-1]:
                break
            self._pass(stop - now)
            now = stop
            self._move_out()
            shares += [float((self.state != self.QUALIFIED).mean())] * int((stops == stop).sum())
        return shares

    def _move_out(self) -> None:
        # What adding up times leaves of a deadline is noise beside the term that was given.
        due = self.notice <= ROUNDING * self.audits.transition
        self.state[due], self.notice[due] = self.QUALIFIED, np.inf

    def _pass(self, years: float) -> None:
        """Let households rise and fall at their own random times."""
        left = np.full(self.state.size, years)
        self.notice -= years
        while (left > 0).any():
            rate = np.where(self.state == self.QUALIFIED, self.audits.rise, self.audits.back)
            with np.errstate(divide="ignore"):
                wait = self.chance.exponential(size=rate.size) / rate
            moves = wait < left
            seen = self.chance.random(rate.size) < self.audits.visible
            risen = moves & (self.state == self.QUALIFIED)
            returned = moves & ~risen
            self.state[risen] = np.where(seen, self.SEEN, self.UNSEEN)[risen]
            self.state[returned], self.notice[returned] = self.QUALIFIED, np.inf
            left = np.where(moves, left - wait, 0.0)
