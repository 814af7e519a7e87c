"""Weights of several criteria: those of experts, and all that three can have."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from housing._arrays import Floats, numbers, whole_number

__all__ = ["ExpertWeights", "expert_weights", "simplex_grid"]


def simplex_grid(divisions: int) -> Floats:
    """Vectors of three weights in even steps over the whole simplex.

    Parameters
    ----------
    divisions : int
        Steps from 0 to 1, at least 1.

    Returns
    -------
    ndarray
        One row a vector, ``(divisions + 1) * (divisions + 2) / 2`` of them.

    Raises
    ------
    ValueError
        If there are no divisions.

    Examples
    --------
    >>> simplex_grid(2)
    array([[0. , 0. , 1. ],
           [0. , 0.5, 0.5],
           [0. , 1. , 0. ],
           [0.5, 0. , 0.5],
           [0.5, 0.5, 0. ],
           [1. , 0. , 0. ]])
    """
    steps = whole_number("divisions", divisions)
    lengths = np.arange(steps + 1, 0, -1)
    first = np.repeat(np.arange(steps + 1), lengths)
    second = np.arange(first.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.stack([first, second, steps - first - second], axis=1) / steps


class ExpertWeights(NamedTuple):
    """Weights from a table of scores, and how far the experts agree."""

    weights: pd.Series
    concordance: float
    spread: pd.Series
    without: pd.DataFrame
    influence: pd.Series


def expert_weights(scores: Any) -> ExpertWeights:
    """Weights by expert scoring: mean, agreement, and what each expert moves.

    Parameters
    ----------
    scores : DataFrame or array_like
        One row an expert, one column a criterion; at least 0. Each expert's scores are divided by
        their sum, so that all experts count alike.

    Returns
    -------
    ExpertWeights
        ``weights``: the mean of the experts' shares. ``concordance``: Kendall's W of their
        rankings, from 0 (none) to 1 (all rank alike), with the correction for ties; NaN where every
        expert scores all criteria alike. ``spread``: standard deviation of each criterion's share.
        ``without``: the weights if one expert is left out, one row each. ``influence``: the most
        that leaving him out moves a weight.

    Raises
    ------
    ValueError
        If there are fewer than two experts or criteria, a score is negative, or an expert gives
        nothing but 0.

    References
    ----------
    The concordance: Kendall and Babington Smith (1939), *The problem of m rankings*.

    Computes: Shan, Teng, Li and Chen (2014), weights, in words.

    Examples
    --------
    >>> scores = pd.DataFrame({"tenant": [6, 5, 7], "builder": [1, 2, 1], "government": [3, 3, 2]})
    >>> result = expert_weights(scores)
    >>> result.weights.round(2).to_dict()
    {'tenant': 0.6, 'builder': 0.13, 'government': 0.27}
    >>> result.concordance
    1.0
    """
    table = pd.DataFrame(scores)
    given = numbers("scores", table.to_numpy(), at_least=0)
    experts, criteria = given.shape
    if experts < 2 or criteria < 2:
        raise ValueError(f"scores must have two experts and two criteria, got {given.shape}")
    sums = given.sum(axis=1)
    if (sums == 0).any():
        raise ValueError(f"scores of an expert must not all be 0, row {int(np.argmin(sums))}")
    parts = given / sums[:, None]
    weights = parts.mean(axis=0)
    without = (parts.sum(axis=0) - parts) / (experts - 1)
    return ExpertWeights(
        pd.Series(weights, index=table.columns),
        _concordance(given),
        pd.Series(parts.std(axis=0, ddof=1), index=table.columns),
        pd.DataFrame(without, index=table.index, columns=table.columns),
        pd.Series(np.abs(without - weights).max(axis=1), index=table.index),
    )


def _concordance(scores: Floats) -> float:
    """Return Kendall's W with the correction for ties."""
    experts, criteria = scores.shape
    ranks = rankdata(scores, axis=1)
    deviations = ranks.sum(axis=0) - experts * (criteria + 1) / 2
    ties = sum(
        float((counts**3 - counts).sum())
        for counts in (np.unique(row, return_counts=True)[1] for row in ranks)
    )
    most = experts**2 * (criteria**3 - criteria) - experts * ties
    return float(12 * (deviations**2).sum() / most) if most > 0 else float("nan")
