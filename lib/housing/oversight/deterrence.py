"""Deterrence: what it takes for illegal subletting to stop paying."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from housing._arguments import (
    Floats,
    elementwise,
    fitting,
    number,
    power,
    whole_number,
    whole_numbers,
    within_floats,
)
from housing._limits import difference, reaches
from housing.oversight._inputs import (
    MOST_DRAWS,
    MOST_STEPS,
    amount,
    bisect,
    generator,
    interest,
    probability,
)

__all__ = [
    "deterrent_detection",
    "deterrent_penalty",
    "simulate_subletting",
    "subletting_value",
]


@elementwise
def subletting_value(
    gain: ArrayLike,
    penalty: ArrayLike,
    detection: ArrayLike,
    years: ArrayLike,
    discount_rate: ArrayLike = 0.0,
    *,
    delay: ArrayLike = 0.0,
    benefit: ArrayLike = 0.0,
    exclusion: ArrayLike | None = None,
) -> Any:
    r"""Value subletting against living in the flat as one should: expected, and in present money.

    Parameters
    ----------
    gain : array_like
        What a year of subletting brings in beyond living in the flat, money, at least 0.
    penalty : array_like
        Fine, once, on detection, money, at least 0.
    detection : array_like
        Probability that a year of subletting is detected, from 0 to 1.
    years : array_like
        How long the tenant would sublet, whole years, at least 1.
    discount_rate : array_like, optional
        Per year, a decimal, at least 0.
    delay : array_like, optional
        Years from detection to payment of the fine, at least 0.
    benefit : array_like, optional
        What the flat is worth to its tenant beyond its rent, money per year, at least 0: lost
        while he is excluded.
    exclusion : array_like, optional
        Whole years of exclusion after detection, at least 0; by default for good.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money now; above 0 where subletting pays.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Notes
    -----
    Beyond the sentence that it formalises the model assumes that: tenants weigh expected money and
    nothing else; the year's gain comes in at its end and is kept; then the flat is inspected, each
    year anew and with one probability; who is detected stops for good, and counts as excluded for
    no longer than he would have sublet. The value is

    .. math:: (g - p F v^d) A_T - b L, \qquad A_n = \sum_{t=1}^{n} v^t (1-p)^{t-1},

    with :math:`L` the expected present value of a yuan for every year of exclusion.

    References
    ----------
    Yuan, "The strike force to the offenders is too light" (light punishment makes the income of
    default "far greater than the cost") and "Enhance the strike force to the offenders".

    Computes: Yuan, light punishment, in words.

    Examples
    --------
    >>> round(subletting_value(6000, 10_000, 0.10, 5, 0.05), 2)
    17911.19
    """
    case = _Case(detection, years, discount_rate, exclusion)
    # At the fine that deters nothing is left, and not a last bit of the gain.
    yearly = difference(amount("gain", gain), case.fined(amount("penalty", penalty), delay))
    return difference(yearly * case.subletting(), amount("benefit", benefit) * case.excluded())


@elementwise
def deterrent_penalty(
    gain: ArrayLike,
    detection: ArrayLike,
    years: ArrayLike = 1,
    discount_rate: ArrayLike = 0.0,
    *,
    delay: ArrayLike = 0.0,
    benefit: ArrayLike = 0.0,
    exclusion: ArrayLike | None = None,
) -> Any:
    """Fine at which subletting stops to pay.

    Parameters
    ----------
    gain : array_like
        As in `subletting_value`.
    detection : array_like
        Probability that a year of subletting is detected, above 0 and at most 1.
    years, discount_rate, delay, benefit, exclusion : array_like, optional
        As in `subletting_value`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Money on detection; 0 or below where the loss of the flat deters without a fine.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    Notes
    -----
    Where only the fine deters, it is the gain over the probability, :math:`g (1+r)^d / p`, however
    long the tenant sublets: each year stands for itself. Duration matters through the flat that he
    stands to lose. Over a long time, and for good, that is worth :math:`b / r`: the fine falls to
    :math:`(g / p - b / r) (1+r)^d`.

    References
    ----------
    Yuan, "Enhance the strike force to the offenders": deceptive behaviour can be curbed only if
    its cost is "far greater than income".

    Computes: Yuan, light punishment, in words.

    Examples
    --------
    >>> deterrent_penalty(6000, [0.05, 0.10, 0.50]).tolist()
    [120000.0, 60000.0, 12000.0]
    >>> round(deterrent_penalty(6000, 0.10, 5, 0.05, benefit=4000))
    51656
    """
    caught = probability("detection", detection, positive=True)
    case = _Case(caught, years, discount_rate, exclusion)
    lost = amount("benefit", benefit) * case.excluded() / case.subletting()
    return difference(amount("gain", gain), lost) / case.fined(1.0, delay)


@elementwise(finite=False)
def deterrent_detection(
    gain: ArrayLike,
    penalty: ArrayLike,
    years: ArrayLike = 1,
    discount_rate: ArrayLike = 0.0,
    *,
    delay: ArrayLike = 0.0,
    benefit: ArrayLike = 0.0,
    exclusion: ArrayLike | None = None,
) -> Any:
    """Probability of detection at which subletting stops to pay.

    Parameters
    ----------
    gain, penalty : array_like
        As in `subletting_value`.
    years, discount_rate, delay, benefit, exclusion : array_like, optional
        As in `subletting_value`.

    Returns
    -------
    float, ndarray, Series or DataFrame
        Per year; infinite where subletting pays even if it is always detected.

    Raises
    ------
    ValueError
        If an argument leaves its range.

    See Also
    --------
    deterrent_penalty : the other way round.

    References
    ----------
    Computes: Yuan, light punishment, in words.

    Examples
    --------
    >>> deterrent_detection(6000, [10_000, 60_000, 3000]).round(3).tolist()
    [0.6, 0.1, inf]
    """
    earned, fine = amount("gain", gain), amount("penalty", penalty)
    worth = amount("benefit", benefit)

    def lost(detection: Any) -> Any:
        case = _Case(detection, years, discount_rate, exclusion)
        return case.fined(fine, delay) + worth * case.excluded() / case.subletting()

    surely = lost(1.0)
    ends = np.zeros_like(surely - earned), np.ones_like(surely - earned)
    found = bisect(lambda detection: lost(detection) - earned, *ends)
    # Where nothing is gained, or nothing lost, no bracket holds a change of sign.
    deterred = np.where(earned == 0, 0.0, found)
    return np.where(reaches(surely, earned), deterred, np.inf)


@within_floats
def simulate_subletting(
    gain: float,
    penalty: float,
    detection: float,
    years: int,
    discount_rate: float = 0.0,
    *,
    delay: float = 0.0,
    benefit: float = 0.0,
    exclusion: int | None = None,
    tenants: int = 10_000,
    seed: int = 0,
) -> Floats:
    """Play subletting year by year, for many tenants who are caught by chance.

    Parameters
    ----------
    gain, penalty, detection, years, discount_rate, delay, benefit, exclusion : float
        As in `subletting_value`, one number each.
    tenants : int, optional
        How many, at least 1.
    seed : int, optional
        Of the random numbers.

    Returns
    -------
    ndarray
        Present value of what each tenant gained or lost; their mean estimates `subletting_value`.

    Raises
    ------
    ValueError
        If an argument leaves its range, or years and tenants ask for too many draws.

    Examples
    --------
    >>> values = simulate_subletting(6000, 10_000, 0.10, 5, 0.05, tenants=40_000, seed=1)
    >>> bool(abs(values.mean() - 17_911) < 3 * values.std() / 200)
    True
    """
    horizon, people = whole_number("years", years), whole_number("tenants", tenants)
    fitting("tenants", people, people, most=MOST_DRAWS, things="random draws")
    fitting("years", horizon, horizon, most=MOST_STEPS, things="years")
    fitting("years", horizon, horizon * people, most=MOST_DRAWS, things="random draws")
    barred = horizon if exclusion is None else whole_number("exclusion", exclusion, at_least=0)
    caught_with = float(probability("detection", number("detection", detection)))
    discount = 1.0 / (1.0 + float(interest(number("discount_rate", discount_rate))))
    fine = number("penalty", penalty, at_least=0)
    fine *= discount ** number("delay", delay, at_least=0)
    earned, worth = number("gain", gain, at_least=0), number("benefit", benefit, at_least=0)
    chance = generator(seed)
    value = np.zeros(people)
    caught_in = np.full(value.shape, np.inf)
    for year in range(1, horizon + 1):
        subletting = caught_in == np.inf
        excluded = (caught_in < year) & (year <= caught_in + barred)
        value += discount**year * np.where(subletting, earned, np.where(excluded, -worth, 0.0))
        caught = subletting & (chance.random(value.size) < caught_with)
        value[caught] -= discount**year * fine
        caught_in[caught] = year
    return value


class _Case:
    """What time, chance and discounting make of a yuan a year, for one way to be caught."""

    def __init__(
        self, detection: Any, years: Any, discount_rate: Any, exclusion: ArrayLike | None
    ) -> None:
        self.caught = probability("detection", detection)
        self.years = whole_numbers("years", years, at_least=1)
        self.log_discount = -np.log1p(interest(discount_rate))
        barred = self.years if exclusion is None else whole_numbers("exclusion", exclusion)
        self.barred = np.minimum(barred, self.years)

    def fined(self, penalty: Any, delay: Any) -> Any:
        """Return the fine that a year of subletting must expect, as of that year's end."""
        return self.caught * penalty * np.exp(self.log_discount * amount("delay", delay))

    def subletting(self) -> Any:
        """Return the value of a yuan at the end of every year until the one of detection."""
        return self._annuity(self.years, self.caught)

    def excluded(self) -> Any:
        """Return the value of a yuan at the end of every year of exclusion."""
        # Whoever is caught early is barred for the whole term, whoever later to the horizon.
        early = self.years - self.barred
        term = self._annuity(self.barred, np.zeros_like(self.caught))
        late = np.exp(self.log_discount * early) * power(1.0 - self.caught, early)
        return self.caught * term * self._annuity(early, self.caught) + late * (
            term - self._annuity(self.barred, self.caught)
        )

    def _annuity(self, years: Any, caught: Any) -> Any:
        # A horizon too far for a float is none: the logarithms below are at most 0.
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            log_step = self.log_discount + np.log1p(-caught)
            total = np.exp(self.log_discount) * np.expm1(years * log_step) / np.expm1(log_step)
        return np.where(years == 0, 0.0, np.where(log_step == 0, years, total))
