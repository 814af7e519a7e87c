"""`mortgage.payment`, its checks included, against numpy-financial on millions of loans."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import numpy_financial as npf
from comparison import Comparison, best_of

from housing import mortgage

#: How many loans, and how much faster at least: staying exact at low rates costs nothing. Two
#: functions that do so, log1p and expm1, take the time of one power; what ours gains is memory, and
#: how much that is in time differs from run to run (1.1 to 1.8 times with ten million).
LOANS = {1_000_000: 1.0, 10_000_000: 1.0}
#: From one percent a year on, where numpy-financial loses no more than five of sixteen digits.
AGREEMENT = 1e-11


def compare(loans: int, least: float) -> Comparison:
    random = np.random.default_rng(loans)
    principal = random.uniform(1e3, 1e6, loans)
    rate = random.uniform(0.01, 0.2, loans)
    years = random.integers(1, 31, loans).astype(float)
    ours = partial(mortgage.payment, principal, rate, years)
    own, peer = best_of(5, ours, lambda: npf.pmt(rate / 12, years * 12, principal))
    theirs = -npf.pmt(rate / 12, years * 12, principal)
    return Comparison(
        "mortgage.payment",
        f"{loans:,} loans",
        own.processor,
        "numpy-financial",
        peer.processor,
        least,
        apart=np.max(np.abs(ours() / theirs - 1)),
        most_apart=AGREEMENT,
    )


def comparisons() -> Iterator[Comparison]:
    for loans, least in LOANS.items():
        yield compare(loans, least)
