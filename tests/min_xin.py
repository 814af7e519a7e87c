"""Shan, Teng, Li and Chen's estate and programme, on which several files of tests stand."""

from __future__ import annotations

from housing.pricing.cashflow import stepped_index
from housing.pricing.letting import RentalProject, Sale
from housing.pricing.linear import LinearFunction
from housing.pricing.programme import Constraint, Programme

# The paper in 10^4 yuan and 10^4 m2; the stock and the loan of 81,000 are not printed in it.
LOANS, INTEREST = 238_140.0, 12_782.29
RATE = INTEREST / LOANS
TENANT = LinearFunction(780.21, 6_212.44)
BUILDER = LinearFunction(871.72, -9_411.32)
GOVERNMENT = LinearFunction(169.7, 17_903.25)
RENT = LinearFunction(1, 0)
WEIGHTS = [0.6, 0.1, 0.3]


def min_xin(sold: float = 0.0, **terms) -> RentalProject:
    given_terms = {
        "rate": RATE,
        "flats": 92,
        "occupancy": [0, 0.4348, *[1] * 8],
        "rent_index": stepped_index(10, 0.05, every=2, start=2),
        "commercial": 12 * (50 * 4.3 + 0.03 * 3_327),
        "interest": [0, *[INTEREST] * 9],
        "sale": Sale(7, sold),
    }
    return RentalProject(**given_terms | terms)


def tripartite(tenant=TENANT, builder=BUILDER, government=GOVERNMENT, limit=11.9752) -> Programme:
    return Programme(
        tenant,
        builder,
        government,
        [
            Constraint("affordability", RENT, at_most=limit),
            Constraint("surplus", builder, at_least=0, at_most=2_469.643),
            Constraint("market", RENT, at_least=1, at_most=20.54),
        ],
    )
