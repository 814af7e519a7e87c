"""Entries that no household can have: which they are, how many of each kind, and said aloud."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from housing._arguments import Floats
from housing.policy import OUTSIDE, Policy
from housing.register._columns import ABSENT, NUMERIC, WISHES, Columns, Piece

__all__ = ["Problems"]

MESSAGES = {
    "size": "must be a whole number from 1 on",
    "income": "must be a number from 0 on",
    "owned_area": "must be a number from 0 on",
    "owned_price": "must be a number from 0 on",
    "weight": "must be a number from 0 on",
    "class": f"must be a class of the policy or {OUTSIDE!r}",
    "wish": f"must be one of {', '.join(WISHES)}",
    "no wish": f"is missing: it must be one of {', '.join(WISHES)}",
    "id": "must be there, and stand only once",
}
HEAD = ["row", "column", "value", "message"]
#: Beyond it a number is none: products of some of them would be more than a float is, and one row
#: would be the end of all.
LARGEST = 1e75
#: Share of the rows from which on it is said aloud that they are left out.
LOUD = 0.01
#: Share of the households, where they are so many, from which on one class has nearly all.
ONE_CLASS, MANY = 0.95, 1000
#: Kinds of problem: how many entries have it, by column and message.
Counts = dict[tuple[Any, str], int]


class Problems(pd.DataFrame):
    """The invalid entries of a register, one a row, and how many there are of each kind.

    A DataFrame of ``row`` (position in the register, from 0), ``column``, ``value`` and
    ``message``. Values are personal data where the register's are.

    Attributes
    ----------
    counts : Series
        How many entries are invalid, by column and message; of all, whether listed or not.

    Examples
    --------
    >>> few = Problems.of(pd.DataFrame(columns=HEAD), {("income", "must be a number"): 5000})
    >>> few.total, few.cut
    (5000, True)
    >>> few.counts["income"].to_dict()
    {'must be a number': 5000}
    """

    _metadata = ("counts",)
    counts: pd.Series

    @classmethod
    def of(cls, listed: pd.DataFrame, counts: Mapping[tuple[Any, str], int]) -> Problems:
        """Make one of a list, which may be cut, and of counts, which are whole."""
        found = cls(listed)
        object.__setattr__(found, "counts", counts_table(counts))
        return found

    @property
    def _constructor(self) -> Any:
        return pd.DataFrame  # a selection of them has no counts of its own

    @property
    def total(self) -> int:
        """How many entries are invalid, whether they are listed or not."""
        return int(self.counts.sum())

    @property
    def cut(self) -> bool:
        """Whether the list stops before the last of them."""
        return len(self) < self.total

    def __repr__(self) -> str:
        return super().__repr__() + self._said_cut("\n\n{}")

    def _repr_html_(self) -> str | None:
        shown: str | None = super()._repr_html_()  # type: ignore[misc]
        return None if shown is None else shown + self._said_cut("<p>{}</p>")

    def _said_cut(self, form: str) -> str:
        said = f"The first {len(self):,} of {self.total:,} invalid entries: counts has all by kind."
        return form.format(said) if self.cut else ""


@dataclass
class LeftOut:
    """How many rows were gone over, how many of them are left out, and for which invalid entries.

    Parameters
    ----------
    rows, invalid : int
        Rows seen, and left out.
    counts : dict
        Invalid entries by kind.
    """

    rows: int
    invalid: int = 0
    counts: Counts = field(default_factory=dict)

    def count(
        self,
        columns: Columns,
        id: Any,
        invalid: NDArray[np.intp] | None,
        wrong: Mapping[str, NDArray[np.intp]],
    ) -> None:
        """Leave out some of the rows: those that are invalid, by our name of each column."""
        self.invalid += 0 if invalid is None else len(invalid)
        found = {kind(columns, id, name): len(places) for name, places in wrong.items()}
        self.counts = added(self.counts, found)

    def __add__(self, other: LeftOut) -> LeftOut:
        return LeftOut(
            self.rows + other.rows, self.invalid + other.invalid, added(self.counts, other.counts)
        )


def added(counts: Counts, others: Counts) -> Counts:
    """Return how many entries there are of each kind in both."""
    return dict(Counter(counts) + Counter(others))


def counts_table(counts: Mapping[tuple[Any, str], int]) -> pd.Series:
    """Return how many entries are invalid, by column and message."""
    names = ["column", "message"]
    index = pd.MultiIndex.from_arrays([[], []], names=names)
    if counts:
        index = pd.MultiIndex.from_tuples(counts, names=names)
    return pd.Series([*counts.values()], index, dtype=np.int64, name="entries")


def kind(columns: Columns, id: Any, name: str) -> tuple[Any, str]:
    """Return what a kind of problem is called: the register's name of a column, and a message."""
    if name.startswith("class of "):
        policy = name.removeprefix("class of ")
        return columns.names["class"], f"must be a class of the policy {policy} or {OUTSIDE!r}"
    ours = name.removeprefix("no ")
    return (id if name == "id" else columns.names.get(ours, ours), MESSAGES[name])


def faults(piece: Piece) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield each column that has invalid entries, with a mask of them."""
    for name in NUMERIC:
        column = getattr(piece, name)
        least = 1 if name == "size" else 0
        # Two passes and no temporaries for the usual, valid case; a NaN is never at least anything.
        fine = column.min() >= least and column.max() <= LARGEST
        broken = name == "size" and column.dtype.kind == "f" and (np.floor(column) != column).any()
        if not fine or broken:
            bad = ~((column >= least) & (column <= LARGEST))
            yield name, bad | (np.floor(column) != column) if name == "size" else bad
    if piece.code.min() < 0:
        yield "class", piece.code < 0
    if piece.wish.min() < 0:
        for name, none in (("wish", piece.wish == -1), ("no wish", piece.wish == ABSENT)):
            if none.any():
                yield name, none


def without(
    piece: Piece, wrong: Mapping[str, NDArray[np.intp]]
) -> tuple[Piece, NDArray[np.intp] | None]:
    """Return the columns with invalid rows made harmless and weightless, and where they are."""
    if not wrong:
        return piece, None
    invalid = np.unique(np.concatenate([*wrong.values()]))
    harmless = dict.fromkeys(Piece._fields, 0) | {"size": 1}
    columns = {}
    for name, value in harmless.items():
        columns[name] = np.array(getattr(piece, name))
        columns[name][invalid] = value
    return Piece(**columns), invalid


def listing(
    columns: Columns, id: Any, wrong: Sequence[tuple[str, NDArray[np.intp]]], most: int | None
) -> tuple[pd.DataFrame, Counts]:
    """List invalid entries by row and column, and count them all by kind.

    Parameters
    ----------
    columns : Columns
        Where they stand.
    id : str, optional
        The column of ids.
    wrong : sequence of (str, ndarray of int)
        Our name of a column, and rows.
    most : int, optional
        How many are listed, from the first row on.
    """
    counts: Counts = {}
    parts = []
    for name, places in wrong:
        theirs, message = own = kind(columns, id, name)
        counts[own] = counts.get(own, 0) + len(places)
        kept = places[:most]
        value = (
            columns.frame[id].iloc[kept].to_numpy(dtype=object)
            if name == "id"
            else columns.found(name.removeprefix("no "), kept)
        )
        # As it stands: a whole number may be more than a float is.
        entries = {"row": kept, "column": theirs, "value": pd.Series(value, dtype=object)}
        parts.append(pd.DataFrame({**entries, "message": message}))
    if not parts:
        return pd.DataFrame(columns=HEAD), counts
    listed = pd.concat(parts).sort_values("row", kind="stable", ignore_index=True)
    return listed.head(most if most is not None else len(listed)), counts


def warn_of_one_class(households: Floats, policy: Policy) -> None:
    """Say aloud that nearly all households are of one class by income: it may be by the month.

    That they are above all classes is usual where a policy is for the poorest.

    Parameters
    ----------
    households : ndarray
        Of each class of the policy, and of none.
    """
    total, most = households.sum(), int(households[:-1].argmax())
    if len(households) > 2 and total >= MANY and households[most] > ONE_CLASS * total:
        name = policy.class_names[most]
        warnings.warn(
            f"{households[most]:,.0f} of {total:,.0f} households are of the class {name}: are both "
            "incomes and income limits per year, and of one currency?",
            stacklevel=3,
        )


def warn_of(out: LeftOut, *, in_memory: bool) -> None:
    """Say aloud that many rows are left out, and why."""
    if out.invalid <= LOUD * out.rows:
        return
    kinds = sorted(out.counts.items(), key=lambda item: -item[1])
    said = "; ".join(f"{column} {message}: {count:,}" for (column, message), count in kinds)
    if in_memory and any(message == MESSAGES["no wish"] for _, message in out.counts):
        said += ". pandas takes the word None for a missing entry: read with keep_default_na=False"
    warnings.warn(
        f"{out.invalid:,} of {out.rows:,} rows ({out.invalid / out.rows:.1%}) are left out of "
        f"every total. {said}",
        stacklevel=3,
    )
