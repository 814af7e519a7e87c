"""A joint distribution of wages and rented space, checked: its weights, classes and labels."""

from __future__ import annotations

import pandas as pd
from numpy.typing import ArrayLike

from housing._arguments import Floats, numbers, row
from housing._limits import equals


def distribution_weights(weights: ArrayLike) -> Floats:
    """Return the weights of a distribution, checked."""
    share_of = numbers("weights", weights, at_least=0)
    if share_of.ndim != 2:
        raise ValueError(
            f"weights must have one row a wage and one column a space, got {share_of.shape}"
        )
    total = float(share_of.sum())
    if not equals(total, 1.0):
        raise ValueError(f"weights must add up to 1, got {total:.12g}. Divide counts by their sum")
    return share_of


def joint_distribution(
    weights: ArrayLike, wages: ArrayLike, spaces: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Return a joint distribution and its classes, checked against each other."""
    if isinstance(weights, pd.DataFrame):
        if isinstance(wages, pd.Series):
            require_labels("wages", wages.index, weights.index)
        if isinstance(spaces, pd.Series):
            require_labels("spaces", spaces.index, weights.columns)
    share_of = distribution_weights(weights)
    wage, space = row("wages", wages, at_least=0), row("spaces", spaces, at_least=0)
    if share_of.shape != (wage.size, space.size):
        raise ValueError(
            f"weights must have the shape ({wage.size}, {space.size}) of wages and spaces, "
            f"got {share_of.shape}"
        )
    return share_of, wage, space


def require_labels(name: str, labels: pd.Index, of_weights: pd.Index) -> None:
    # Labels that read alike fit: beside a "total" that was dropped, numbers have become words.
    if not labels.equals(of_weights) and [*map(str, labels)] != [*map(str, of_weights)]:
        raise ValueError(f"weights and {name} must have the same labels: align them first")
