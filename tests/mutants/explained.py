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
}
