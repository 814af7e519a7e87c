"""What a policy says of some rows of a register: subsidy, reason, and who is in housing poverty."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from housing._arguments import Floats
from housing._limits import exceeds, reaches
from housing.policy import Policy
from housing.register._columns import BUY, NONE, Piece
from housing.subsidy import purchase_subsidy, rental_subsidy

__all__ = ["REASONS", "Outcome", "outcome"]

#: Why a household gets a subsidy or none; the first that applies from the end backwards.
REASONS = (
    "granted",
    "can pay for the standard itself",
    "owns the standard area",
    "price-income ratio too low",
    "may not buy with a subsidy",
    "above the classes",
    "did not apply",
    "invalid",
)
GRANTED, PAYS_ITSELF, OWNS_ENOUGH, RATIO_TOO_LOW, MAY_NOT_BUY, ABOVE, NO_WISH, INVALID = range(8)


class Outcome(NamedTuple):
    """What the policy says of some rows, and who of them is in housing poverty."""

    subsidy: Floats
    reason: NDArray[np.int8]
    poor: NDArray[np.bool_]


def outcome(piece: Piece, invalid: NDArray[np.intp] | None, policy: Policy) -> Outcome:
    """Work out subsidy, reason and housing poverty of each row.

    Parameters
    ----------
    piece : Piece
        The rows, invalid ones made harmless.
    invalid : ndarray of int, optional
        Where those are.
    policy : Policy
        The rules.
    """
    area = policy.area_of(piece.code, piece.size)
    ratio = policy.burden_ratios[piece.code]
    subsidy = rental_subsidy(area, policy.standard_rent, ratio, piece.income, piece.owned_area)
    poor = subsidy > 0
    counted = piece.owned_area
    if policy.public_housing_sold:
        subsidy = rental_subsidy(area, policy.standard_rent, ratio, piece.income)
        counted = np.where(piece.wish == BUY, counted, 0.0)
    buyers = np.flatnonzero(piece.wish == BUY)
    subsidy[buyers] = _purchase(piece, area, ratio, buyers, policy)
    reason = (subsidy <= 0).view(np.int8)  # PAYS_ITSELF where true, else GRANTED
    np.copyto(reason, np.int8(OWNS_ENOUGH), where=reaches(counted, area))
    _exclude(reason, piece, buyers, policy)
    np.copyto(reason, np.int8(ABOVE), where=piece.code == len(policy.classes))
    np.copyto(reason, np.int8(NO_WISH), where=piece.wish == NONE)
    np.copyto(subsidy, 0.0, where=reason != GRANTED)
    if invalid is not None:
        reason[invalid], subsidy[invalid] = INVALID, np.nan
    return Outcome(subsidy, reason, poor)


def _purchase(
    piece: Piece, area: Floats, ratio: Floats, buyers: NDArray[np.intp], policy: Policy
) -> Floats:
    """Work out the purchase subsidy of those who wish to buy."""
    if buyers.size == 0:
        return np.zeros(0)
    subsidy: Floats = purchase_subsidy(
        area[buyers],
        policy.standard_price,
        piece.income[buyers],
        policy.annual_rate,
        owned_area=piece.owned_area[buyers],
        owned_price=piece.owned_price[buyers],
        burden_ratio=ratio[buyers],
        down_payment=policy.down_payment,
        years=policy.years,
    )
    return subsidy


def _exclude(
    reason: NDArray[np.int8], piece: Piece, buyers: NDArray[np.intp], policy: Policy
) -> None:
    """Mark who may not buy, or has too low a ratio of price to income."""
    test = policy.price_income
    if test is None:
        reason[buyers[~policy.may_buy[piece.code[buyers]]]] = MAY_NOT_BUY
        return
    # Ratios are compared as incomes, so that no income of 0 divides.
    price = policy.average_price * test.home_area
    may_only_rent = ~exceeds(piece.income[buyers], price / test.rent_at_least)
    reason[buyers[may_only_rent]] = MAY_NOT_BUY
    reason[reaches(piece.income, price / test.buy_above)] = RATIO_TOO_LOW
