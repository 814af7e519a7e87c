"""The rows of one frame, assessed: what is said of each, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from housing.policy import OUTSIDE, Policy
from housing.register._columns import MARK, Columns, Naming, Piece
from housing.register._outcome import GRANTED, INVALID, REASONS, outcome
from housing.register.problems import Counts, added, faults, listing, without
from housing.register.tally import Tally

__all__ = ["Found", "assess_rows", "pieces"]

#: Rows that are worked on at once: their columns fit a processor's cache, and what Python does for
#: each piece is little beside them.
ROWS = 1 << 17
#: Invalid entries that are listed of a register larger than memory.
LISTED = 1000


@dataclass(frozen=True)
class Found:
    """What an assessment of some rows adds up to.

    Parameters
    ----------
    tally : Tally
        The sums.
    listed : DataFrame
        Invalid entries, the first of them.
    counts : dict
        How many there are of each kind.
    damaged : tuple of (str, str)
        The file of each part of the register that could not be read, and why.
    written : tuple of dict
        Parts of the result: name, rows and checksum.
    redone : tuple of str
        Parts of a former run that had to be written again, and why.
    left_aside : bool
        Whether classes were taken for those of a former run by the names beside them alone.
    by_income : bool
        Whether the income limits of the policy told the classes.
    most : int, optional
        How many invalid entries are listed; all where it is None.
    """

    tally: Tally
    listed: pd.DataFrame
    counts: Counts
    damaged: tuple[tuple[str, str], ...] = ()
    written: tuple[dict[str, Any], ...] = ()
    redone: tuple[str, ...] = ()
    left_aside: bool = field(default=False)
    by_income: bool = False
    most: int | None = LISTED

    @classmethod
    def nothing(cls, policy: Policy) -> Found:
        """Return what no rows come to."""
        return cls(Tally.empty(policy), pd.DataFrame(), {})

    def lists(self, most: int | None) -> bool:
        """Tell whether as many invalid entries are listed as are asked for, or all there are."""
        total = sum(self.counts.values())
        return len(self.listed) >= (total if most is None else min(most, total))

    def __add__(self, other: Found) -> Found:
        later = other.listed
        most = self.most
        if (most is None or len(self.listed) < most) and len(later):
            later = later.assign(row=later["row"] + self.tally.rows)
            kept = [part for part in (self.listed, later) if len(part)]
            listed = pd.concat(kept, ignore_index=True)
            listed = listed.head(len(listed) if most is None else most)
        else:
            listed = self.listed
        return Found(
            self.tally + other.tally,
            listed,
            added(self.counts, other.counts),
            self.damaged + other.damaged,
            self.written + other.written,
            self.redone + other.redone,
            self.left_aside or other.left_aside,
            self.by_income or other.by_income,
            most,
        )


def assess_rows(
    frame: pd.DataFrame,
    naming: Naming,
    policy: Policy,
    repeated: NDArray[np.intp] | None = None,
    most: int | None = LISTED,
) -> tuple[pd.DataFrame, Found, Columns]:
    """Assess the rows of a frame.

    Parameters
    ----------
    frame : DataFrame
        Rows of a register.
    naming : Naming
        What it calls its columns.
    policy : Policy
        The rules.
    repeated : ndarray of int, optional
        Rows whose id is missing, or stands in an earlier row.
    most : int, optional
        Invalid entries to list.

    Returns
    -------
    DataFrame
        The rows with what is added.
    Found
        What they add up to.
    Columns
        Their columns as they were read.
    """
    columns = Columns(frame, naming, policy)
    rows = len(frame)
    codes = np.empty(rows, np.int8)
    subsidies = np.empty(rows)
    reasons = np.empty(rows, np.int8)
    tally = Tally.empty(policy)
    wrong: list[tuple[str, NDArray[np.intp]]] = []
    for part, (piece,), invalid, bad in pieces([columns], repeated):
        wrong += [(name, places + part.start) for name, places in bad.items()]
        found = outcome(piece, invalid, policy)
        codes[part], subsidies[part], reasons[part] = piece.code, found.subsidy, found.reason
        tally.count(piece, found)
    codes[reasons == INVALID] = -1
    result = frame.assign(
        **{
            "class": _words(codes, (*policy.class_names, OUTSIDE)),
            "eligible": reasons == GRANTED,
            "subsidy": subsidies,
            "reason": _words(reasons, REASONS),
        }
    )
    result.attrs = {**frame.attrs, MARK: "given" if columns.given_class else "added"}
    listed, counts = listing(columns, naming.id, wrong, most)
    found_all = Found(
        tally,
        listed,
        counts,
        left_aside=columns.left_aside,
        by_income=not columns.given_class,
        most=most,
    )
    return result, found_all, columns


def pieces(
    readings: Sequence[Columns], repeated: NDArray[np.intp] | None = None
) -> Iterator[tuple[slice, list[Piece], NDArray[np.intp] | None, dict[str, NDArray[np.intp]]]]:
    """Yield some rows at a time, as each of several policies has them.

    Parameters
    ----------
    readings : sequence of Columns
        Of one frame: what a class is may differ between policies, and nothing else does.
    repeated : ndarray of int, optional
        Rows whose id is missing, or stands in an earlier row.

    Yields
    ------
    slice
        Which rows.
    list of Piece
        Them by each policy, the invalid ones harmless and weightless.
    ndarray of int or None
        Where those are.
    dict
        The same by column, under our name of it.
    """
    rows = len(readings[0].frame)
    again = np.zeros(rows, bool)
    again[[] if repeated is None else repeated] = True
    for start in range(0, rows, ROWS):
        part = slice(start, start + ROWS)
        each = [columns.piece(part) for columns in readings]
        bad = {name: np.flatnonzero(mask) for name, mask in faults(each[0])}
        for columns, piece in zip(readings, each, strict=True):
            places = np.flatnonzero(piece.code < 0)
            if columns.called and places.size:
                bad.pop("class", None)  # of several policies each is named
                bad[f"class of {columns.called}"] = places
        if again[part].any():
            bad["id"] = np.flatnonzero(again[part])
        cleaned = [without(piece, bad) for piece in each]
        yield part, [piece for piece, _ in cleaned], cleaned[0][1], bad


def _words(codes: NDArray[np.int8], words: Sequence[str]) -> Any:
    """Return codes as the words of a list; -1 is none of them."""
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(words)))
