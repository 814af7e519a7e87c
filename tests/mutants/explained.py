"""Changes that no test notices, and why none should: with them, every answer is the same."""

from __future__ import annotations

from collections.abc import Mapping

#: By the file, the function or class, and what stands there after the change.
EXPLAINED: Mapping[tuple[str, str, str], str] = {
    (
        "lib/compendium/verdict/bounds.py",
        "_apart",
        "for bit in range(max((count + 1), 0).bit_length()):",
    ): "The corners of one bit more are the first and the last, which are tried anyway.",
    (
        "lib/compendium/verdict/search.py",
        "_ends",
        "high += noise if cell.admits(high, rule) else noise",
    ): "So near to an end the number itself is asked whether it is met.",
    (
        "lib/housing/interpolation/_neighbors.py",
        "KnownPoints",
        "last = np.where(enough[:, -1], enough.argmax(axis=1), distance.shape[1] - 2)",
    ): "There are always enough: no fewer than k points are looked at.",
    (
        "lib/housing/interpolation/_neighbors.py",
        "KnownPoints",
        "taken: Floats = tied * np.minimum(left / tied.sum(axis=1, keepdims=True), 2.0)",
    ): "The tied ones are always enough for what is left, which is no larger part than all.",
    (
        "lib/housing/interpolation/_neighbors.py",
        "_nearby_together",
        "low, size = pairs.max(axis=0), np.ptp(pairs, axis=0)",
    ): "It is but the order in which targets are worked on.",
    (
        "lib/housing/interpolation/_neighbors.py",
        "_nearby_together",
        "for bits, mask in ((8, 0x00FF00FF), (5, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):",
    ): "It is but the order in which targets are worked on.",
    (
        "lib/housing/policy.py",
        "Policy",
        'if not fits or (given.dtype.kind == "f" and (np.ceil(given) != given).any()):',
    ): "What is whole is what it is rounded down to, and up to.",
    (
        "lib/compendium/verdict/bounds.py",
        "_Box",
        "sign = 2.0 if upward else -1.0",
    ): "Which corner is the highest is asked, and not how high it is.",
    (
        "lib/compendium/verdict/search.py",
        "_left",
        "left[np.isnan(left)] = -2.0",
    ): "Below 0 a number is lost, by however much.",
    (
        "lib/housing/distribution/sums.py",
        "Histogram",
        "return np.where(amounts < 0, np.where(under, below, -2), np.where(inside, above, -1))",
    ): "Whoever asks looks whether it is below 0.",
    (
        "lib/housing/pricing/cashflow.py",
        "levelled",
        "factors = (1.0 + cost) ** ((years[-1] if (cost <= 0) else 1.0) - years)",
    ): "At no cost of capital every factor is 1, from whichever year it is counted.",
    (
        "lib/housing/register/_delimited.py",
        "_as_far_as_numbers",
        "column = (_as_numbers(words) if _has_comma(words) else None)",
    ): "What the first way does not read, the second reads, only slower.",
    (
        "lib/housing/register/problems.py",
        "faults",
        "if piece.wish.min() < 1:",
    ): "It spares a second look; that look finds the same.",
}
