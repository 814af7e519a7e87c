"""Oversight: what inspections, fees and audits do to affordable housing once it is let.

Three models, each of a sentence that its source leaves in words:

* `deterrence`: a tenant sublets as long as the fines that he expects are below the gain;
* `arrears`: households pay for services that they find good, and services are as good as what
  households pay, so that an estate can settle in either of two states;
* `qualification`: incomes move after a flat is let, and audits find some who no longer qualify, so
  that a share of the stock is always held by households that it is not meant for.

The sentences state no number and no functional form: what the models assume beyond them stands in
the notes of their functions. Rates and probabilities are decimals, times are years, and money is
in any one unit.
"""

from housing.oversight.arrears import (
    CollectionPath,
    CollectionStates,
    TippingPoints,
    collection_path,
    collection_rate,
    collection_states,
    service_quality,
    tipping_efforts,
    tipping_subsidies,
)
from housing.oversight.deterrence import (
    deterrent_detection,
    deterrent_penalty,
    simulate_subletting,
    subletting_value,
)
from housing.oversight.qualification import (
    budget_leakage,
    inclusion_error,
    inclusion_error_after,
    inclusion_error_floor,
    move_outs,
    simulate_inclusion_error,
    visible_share,
)

__all__ = [
    "CollectionPath",
    "CollectionStates",
    "TippingPoints",
    "budget_leakage",
    "collection_path",
    "collection_rate",
    "collection_states",
    "deterrent_detection",
    "deterrent_penalty",
    "inclusion_error",
    "inclusion_error_after",
    "inclusion_error_floor",
    "move_outs",
    "service_quality",
    "simulate_inclusion_error",
    "simulate_subletting",
    "subletting_value",
    "tipping_efforts",
    "tipping_subsidies",
    "visible_share",
]
