"""Pricing: the rent of a public project that weighs tenant, builder and government.

Seven modules, from money to the programme:

* `cashflow`: what money over years is worth today, how it rises, which level amount it equals;
* `linear`: linear functions of the rents of one or several types of flat;
* `letting`: a rental project, and what a rent means in it to the builder;
* `welfare`: what a rent means to a tenant and to society;
* `weights`: weights of several criteria, from experts' scores or over the whole simplex;
* `constraints`: what rents must keep to, and what is said where none can;
* `programme`: the linear programme that finds the rent.

Rents are money per m2 and month, everything else is money per year. Rates are decimals per year.
"""

from housing.pricing.cashflow import blended_rate, discount_factors, levelised, stepped_index
from housing.pricing.letting import RentalProject, Sale, share_to_sell
from housing.pricing.linear import LinearFunction
from housing.pricing.programme import (
    PARTIES,
    Constraint,
    InfeasibleError,
    Programme,
    RentInterval,
    Solution,
    WeightMap,
)
from housing.pricing.weights import ExpertWeights, expert_weights, simplex_grid
from housing.pricing.welfare import living_cost, social_benefit

__all__ = [
    "PARTIES",
    "Constraint",
    "ExpertWeights",
    "InfeasibleError",
    "LinearFunction",
    "Programme",
    "RentInterval",
    "RentalProject",
    "Sale",
    "Solution",
    "WeightMap",
    "blended_rate",
    "discount_factors",
    "expert_weights",
    "levelised",
    "living_cost",
    "share_to_sell",
    "simplex_grid",
    "social_benefit",
    "stepped_index",
]
