"""`mortgage.payment`, its checks included, against numpy-financial on millions of loans."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import numpy_financial as npf
from comparison import Comparison, best_of

from housing import mortgage

LOWEST_RATIO = 1.2
#: From one percent a year on, where numpy-financial loses no more than five of sixteen digits.
AGREEMENT = 1e-11


def compare(loans: int) -> Comparison:
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
        LOWEST_RATIO,
        apart=np.max(np.abs(ours() / theirs - 1)),
        most_apart=AGREEMENT,
    )


def comparisons() -> Iterator[Comparison]:
    yield from map(compare, (1_000_000, 10_000_000))
