"""Time `mortgage.payment`, its checks included, against numpy-financial on millions of loans."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from statistics import median
from time import perf_counter

import numpy as np
import numpy_financial as npf

from housing import mortgage

LOWEST_RATIO = 1.2


def milliseconds(function: Callable[[], object]) -> float:
    start = perf_counter()
    function()
    return 1000 * (perf_counter() - start)


def compare(loans: int, repetitions: int = 7) -> tuple[float, float]:
    """Return the median times of the library and of its peer, which take turns."""
    random = np.random.default_rng(loans)
    principal = random.uniform(1e3, 1e6, loans)
    rate = random.uniform(0.0, 0.2, loans)
    years = random.integers(1, 31, loans).astype(float)
    times = [
        (
            milliseconds(lambda: mortgage.payment(principal, rate, years)),
            milliseconds(lambda: npf.pmt(rate / 12, years * 12, principal)),
        )
        for _ in range(repetitions)
    ]
    ours, theirs = zip(*times, strict=True)
    return median(ours), median(theirs)


def main() -> int:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numpy-financial"))
    print(f"mortgage.payment, Python {platform.python_version()}, {packages}")
    print(f"{'loans':>12} {'ours, ms':>10} {'numpy-financial, ms':>20} {'ratio':>6}")
    ratios = []
    for loans in (1_000_000, 10_000_000):
        ours, theirs = compare(loans)
        ratios.append(theirs / ours)
        print(f"{loans:>12,} {ours:>10.1f} {theirs:>20.1f} {ratios[-1]:>6.2f}")
    if min(ratios) < LOWEST_RATIO:
        print(f"slower than {LOWEST_RATIO} times numpy-financial", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
