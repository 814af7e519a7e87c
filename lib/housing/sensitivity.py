"""How far a result of a model holds: the leaf `sensitivity`, under the name of the models.

What a council asks of any of them: at which interest, income or rent does the answer change, in
which part of what may come does it stand, and which input moves it most. `plots` draws the answers.

Examples
--------
The most that a household can repay, against what a loan of 36,000 asks of it:

>>> from housing.mortgage import payment
>>> def left_over(rate, years, able):
...     return able - payment(36_000, rate, years)
>>> for tips in tipping_points(
...     left_over,
...     {"rate": 0.06, "years": 15, "able": 320},
...     {
...         "rate": Range(0.02, 0.15, because="the rates of the table"),
...         "years": Range(5, 30, whole=True, because="its terms"),
...     },
... ):
...     print(tips)
rate: holds below 0.06822
years: holds from 14, not at 13
"""

from sensitivity import (
    BORDER,
    SAMPLE,
    Crossing,
    Effect,
    Estimate,
    Influence,
    Pair,
    Range,
    Spread,
    Tipping,
    border,
    lowest,
    share,
    sobol_indices,
    spread,
    tipping_pairs,
    tipping_points,
    tornado,
)

__all__ = [
    "BORDER",
    "SAMPLE",
    "Crossing",
    "Effect",
    "Estimate",
    "Influence",
    "Pair",
    "Range",
    "Spread",
    "Tipping",
    "border",
    "lowest",
    "share",
    "sobol_indices",
    "spread",
    "tipping_pairs",
    "tipping_points",
    "tornado",
]
