"""Weights of several criteria: those of experts, and all that three can have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from housing._arguments import Floats, fitting, numbers, whole_number
from housing._limits import ROUNDING
from housing.pricing._corners import grouped

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
        If there are no divisions, or more than fit in memory.

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
    steps = grid_steps(divisions, 3)
    lengths = np.arange(steps + 1, 0, -1)
    first = np.repeat(np.arange(steps + 1), lengths)
    second = np.arange(first.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.stack([first, second, steps - first - second], axis=1) / steps


def grid_steps(divisions: int, columns: int) -> int:
    """Return the steps of a grid for whose vectors so many columns fit in memory."""
    steps = whole_number("divisions", divisions)
    fitting("divisions", float(steps), columns * (steps + 1.0) * (steps + 2.0) / 2.0)
    return steps


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
        their sum, so that all experts count alike. Labels name experts and criteria.

    Returns
    -------
    ExpertWeights
        ``weights``: the mean of the experts' shares. ``concordance``: Kendall's W of their
        rankings, from 0 (none) to 1 (all rank alike), with the correction for ties; scores that
        differ by noise alone are tied; NaN where every expert scores all criteria alike.
        ``spread``: standard deviation of each criterion's share. ``without``: the weights if one
        expert is left out, one row each. ``influence``: the most that leaving him out moves a
        weight.

    Raises
    ------
    ValueError
        If there are fewer than two experts or criteria, a score is no number or negative, or an
        expert gives nothing but 0.

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
    table = _table(scores)
    given = numbers("scores", table, at_least=0)
    experts, criteria = given.shape
    if experts < 2 or criteria < 2:
        raise ValueError(f"scores must have two experts and two criteria, got {given.shape}")
    most = given.max(axis=1)
    if (most == 0).any():
        raise ValueError(f"scores of an expert must not all be 0, row {int(np.argmin(most))}")
    # In units of about the largest, sums stay in the range of floats; a power of 2 rounds nothing.
    given = np.ldexp(given, -np.frexp(most)[1][:, None])
    parts = given / given.sum(axis=1, keepdims=True)
    weights = parts.mean(axis=0)
    without = (parts.sum(axis=0) - parts) / (experts - 1)
    return ExpertWeights(
        pd.Series(weights, index=table.columns),
        _concordance(given),
        pd.Series(parts.std(axis=0, ddof=1), index=table.columns),
        pd.DataFrame(without, index=table.index, columns=table.columns),
        pd.Series(np.abs(without - weights).max(axis=1), index=table.index),
    )


def _table(scores: Any) -> pd.DataFrame:
    """Return scores as a frame; rows or columns with labels of their own meet by these."""
    if isinstance(scores, pd.DataFrame):
        return scores
    parts = list(scores.values()) if isinstance(scores, Mapping) else scores
    if isinstance(parts, list | tuple) and all(
        isinstance(one, Mapping | pd.Series) for one in parts
    ):
        return pd.DataFrame(scores)
    given = numbers("scores", parts)
    if given.ndim != 2:
        raise ValueError(f"scores must be a table, one row an expert, got shape {given.shape}")
    if isinstance(scores, Mapping):
        return pd.DataFrame(given.T, columns=list(scores))
    return pd.DataFrame(given)


def _concordance(scores: Floats) -> float:
    """Return Kendall's W with the correction for ties."""
    from scipy.stats import rankdata  # Long to import, and for this alone.

    experts, criteria = scores.shape
    ranks = rankdata([grouped(own, ROUNDING * own.max()) for own in scores], axis=1)
    deviations = ranks.sum(axis=0) - experts * (criteria + 1) / 2
    ties = sum(
        float((counts**3 - counts).sum())
        for counts in (np.unique(own, return_counts=True)[1] for own in ranks)
    )
    most = experts**2 * (criteria**3 - criteria) - experts * ties
    return float(12 * (deviations**2).sum() / most) if most > 0 else float("nan")
