"""The columns of a register: which is which, and their entries as numbers and as codes of words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from housing._arguments import Floats
from housing._limits import to_whole
from housing.policy import OUTSIDE, Policy, folded, plain

__all__ = [
    "ABSENT",
    "NUMERIC",
    "REQUIRED",
    "WISHES",
    "Columns",
    "MissingClassError",
    "Naming",
    "Piece",
    "missing",
    "numeric",
]

#: Columns that a register must have; `class` and `weight` may join them.
REQUIRED = ("size", "income", "owned_area", "owned_price", "wish")
NUMERIC = ("size", "income", "owned_area", "owned_price", "weight")
KNOWN = (*REQUIRED, "class", "weight")
#: What a household may wish for.
WISHES = ("rent", "buy", "none")
RENT, BUY, NONE = range(3)
#: The code of a wish that is missing; that of a wish that is none of them is -1.
ABSENT = -2
#: What an assessment adds to the rows.
ADDED = ("class", "eligible", "subsidy", "reason")
#: Where a frame keeps whether its class was given to the assessment that it came from.
MARK = "housing.register: class"


@dataclass(frozen=True)
class Naming:
    """What a register calls the columns that count.

    Parameters
    ----------
    columns : tuple of (theirs, ours)
        Of those that it calls otherwise than we do.
    id : str, optional
        Its column that tells one household from another.
    """

    columns: tuple[tuple[Any, str], ...] = ()
    id: Any = None

    @classmethod
    def asked(cls, columns: Any, id: Any) -> Naming:
        """Check the arguments of a call and keep them."""
        if id is not None and not isinstance(id, str | int | tuple):
            raise ValueError(f"id must be the name of a column, got {id!r}")
        if columns is None:
            return cls((), id)
        if not isinstance(columns, Mapping):
            raise ValueError(
                "columns must map the register's names to ours, as in "
                f"{{'yearly income': 'income'}}, got {columns!r}"
            )
        for theirs, ours in columns.items():
            if not isinstance(ours, str) or ours not in KNOWN:
                raise ValueError(
                    f"columns: {theirs!r} must be mapped to one of {', '.join(KNOWN)}, got {ours!r}"
                )
            if theirs in ADDED and theirs != ours:
                raise ValueError(f"columns: {theirs} is what an assessment adds: rename the column")
        twice = {ours for ours in columns.values() if [*columns.values()].count(ours) > 1}
        if twice:
            raise ValueError(f"columns: more than one is mapped to {', '.join(sorted(twice))}")
        return cls(tuple(columns.items()), id)

    def theirs(self, labels: Iterable[Any]) -> dict[str, Any]:
        """Return the name of each column that counts, by ours, once all that must be are there.

        Parameters
        ----------
        labels : iterable
            The names that a register has.

        Raises
        ------
        ValueError
            If a column is missing, or stands twice.
        """
        there = [*labels]
        has = f"there are {', '.join(map(str, there))}"
        renamed = {ours: theirs for theirs, ours in self.columns}
        for ours, name in renamed.items():
            if name not in there:
                own = [each for each in (*renamed.values(), *KNOWN) if each in there]
                raise ValueError(f"columns: missing column {name}; {has}{_title(own)}")
            if name != ours and ours in there and ours not in dict(self.columns):
                raise ValueError(f"columns: {name} is mapped to {ours}, which is there too; {has}")
        names = {ours: renamed.get(ours, ours) for ours in KNOWN}
        taken = set(dict(self.columns))
        names = {
            ours: name
            for ours, name in names.items()
            if name in there and (ours in renamed or name not in taken)
        }
        names |= _meant(there, {*KNOWN} - {*names}, {*renamed.values(), *names.values(), self.id})
        lacking = [ours for ours in REQUIRED if ours not in names]
        if lacking:
            raise ValueError(f"missing column {', '.join(lacking)}; {has}{_title(names)}")
        if self.id is not None and self.id not in there:
            raise ValueError(f"id: missing column {self.id}; {has}")
        counted = [*names.values(), *([] if self.id is None else [self.id])]
        twice = [name for name in dict.fromkeys(counted) if there.count(name) > 1]
        if twice:
            raise ValueError(f"column {', '.join(map(str, twice))} stands twice in households")
        return names

    def former(self, labels: Iterable[Any]) -> bool:
        """Tell whether the names are those of rows that an assessment has been over."""
        return set(ADDED) <= {*labels} and "class" not in dict(self.columns)


def _title(names: Collection[Any]) -> str:
    """Return what is said where none of the names that count is there: a title may be."""
    if names:
        return ""
    return ". The names of columns must stand in the first row; other names are mapped by columns"


def _meant(there: Sequence[Any], ours: Iterable[str], taken: Collection[Any]) -> dict[str, Any]:
    """Return labels that are names of ours but for case, width and the blanks around them.

    Were they left aside, a weight or a class would not count, and nobody would be told.

    Raises
    ------
    ValueError
        If there are two for one name.
    """
    found: dict[str, Any] = {}
    for name in ours:
        alike = [each for each in there if isinstance(each, str) and folded(each) == name]
        alike = [each for each in dict.fromkeys(alike) if each not in taken]
        if len(alike) > 1:
            said = " and ".join(map(repr, alike))
            raise ValueError(f"columns: {said} may both be {name}: map one of them to it")
        if alike:
            found[name] = alike[0]
    return found


class Piece(NamedTuple):
    """The columns of some rows: numbers, and words as codes."""

    size: NDArray[Any]
    income: Floats
    owned_area: Floats
    owned_price: Floats
    weight: Floats
    wish: NDArray[np.int8]
    code: NDArray[np.int8]


class MissingClassError(ValueError):
    """That neither a column nor a policy tells classes."""


class Columns:
    """The columns of a frame that count, to be worked through in pieces.

    Parameters
    ----------
    frame : DataFrame
        Rows of a register.
    naming : Naming
        What it calls its columns.
    policy : Policy
        Its classes are the words of the column ``class``; without that column, its income limits
        tell the class.
    """

    def __init__(self, frame: pd.DataFrame, naming: Naming, policy: Policy) -> None:
        self.frame, self.naming, self.policy = frame, naming, policy
        #: The policy's name, where it is one of several.
        self.called = ""
        self.names = naming.theirs(frame.columns)
        mark = frame.attrs.get(MARK)
        #: Whether classes are left aside, and it is not certain that a former run added them.
        self.left_aside = False
        if "class" in self.names and naming.former(frame.columns) and mark != "given":
            del self.names["class"]
            self.left_aside = mark is None
        self.given_class = "class" in self.names
        if not self.given_class and policy.income_limits is None:
            said = "missing column class: the policy has no income_limit to tell it by"
            raise MissingClassError(said)

    @cached_property
    def _arrays(self) -> dict[str, NDArray[Any]]:
        """Each column as an array, without copying numbers that are arrays already."""
        found = {name: numeric(self.series(name)) for name in NUMERIC if name in self.names}
        found["wish"] = _coded(self.series("wish"), WISHES, absent=ABSENT)
        if self.given_class:
            found["class"] = self._codes()
        return found

    def _codes(self) -> NDArray[np.int8]:
        return _coded(self.series("class"), (*self.policy.class_names, OUTSIDE))

    def under(self, policy: Policy) -> Columns:
        """Return the same columns with the classes of another policy, and nothing read twice."""
        other = Columns(self.frame, self.naming, policy)
        arrays = dict(self._arrays)
        if other.given_class:
            arrays["class"] = other._codes()
        other.__dict__["_arrays"] = arrays
        return other

    def series(self, name: str) -> pd.Series:
        """Return a column by our name, as it was given."""
        column: pd.Series = self.frame[self.names[name]]
        return column

    def piece(self, rows: slice) -> Piece:
        """Return some rows, in floats of full length whatever the kind of a column."""
        part = {name: array[rows] for name, array in self._arrays.items()}
        income, area = _floats(part["income"]), _floats(part["owned_area"])
        weight = _floats(part["weight"]) if "weight" in part else np.ones(len(income))
        code = part["class"] if self.given_class else self.policy.class_of(income)
        price = self._prices(_floats(part["owned_price"]), area, rows)
        size = _persons(part["size"])
        return Piece(size, income, area, price, weight, part["wish"], code)

    def _prices(self, price: Floats, area: Floats, rows: slice) -> Floats:
        """Return prices of present homes; a blank is 0 where there is none."""
        places = np.flatnonzero(np.isnan(price) & (area == 0))
        if not places.size:
            return price
        blank = missing(self.series("owned_price").iloc[rows].iloc[places])
        filled = price.copy()
        filled[places[blank]] = 0.0
        return filled

    def found(self, name: str, places: NDArray[np.intp]) -> NDArray[Any]:
        """Return what stands in a column, for a message: numbers as numbers, however written."""
        entries = self.series(name).iloc[places]
        told = entries.to_numpy(dtype=object, copy=True)
        told[missing(entries)] = np.nan
        if name in NUMERIC:
            for place, entry in enumerate(told):
                number = amount(entry) if isinstance(entry, str) else np.nan
                told[place] = entry if np.isnan(number) else number
        return told

    def as_numbers(self) -> dict[Any, Floats]:
        """Return the columns of numbers that hold something else, by the register's names."""
        arrays = self._arrays
        return {
            theirs: _floats(arrays[ours])
            for ours, theirs in self.names.items()
            if ours in NUMERIC and not _holds_numbers(self.frame[theirs].dtype)
        }


# Numbers ------------------------------------------------------------------------------------------

#: Digits in groups of three, set off all alike: by a comma, an apostrophe or a blank of any width.
GROUPED = re.compile(
    r"[+-]?[1-9][0-9]{0,2}([,' \u00a0\u2009\u202f])[0-9]{3}(?:\1[0-9]{3})*(?![0-9])"
)
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def numeric(column: pd.Series) -> NDArray[Any]:
    """Return a column as numbers; what is none becomes NaN, and so is reported."""
    kind = column.dtype
    if isinstance(kind, np.dtype) and kind.kind in "iuf":
        return column.to_numpy()
    if isinstance(kind, pd.CategoricalDtype):
        # Each word is read once. A missing one has the code -1, which picks the last place.
        return np.append(_floats(numeric(pd.Series(kind.categories))), np.nan)[column.cat.codes]
    if pd.api.types.is_bool_dtype(kind) or pd.api.types.is_complex_dtype(kind):
        return np.full(len(column), np.nan)
    if _holds_numbers(kind):
        return column.to_numpy(dtype=float, na_value=np.nan)
    return np.array([amount(entry) for entry in column.to_numpy(dtype=object)], dtype=float)


def amount(entry: Any) -> float:
    """Return what is a number, or words that say one, as a float; anything else as NaN.

    Examples
    --------
    >>> [amount(entry) for entry in (" 1,234,567.5", "12 000", "１２", "1,23", "0,125", True)]
    [1234567.5, 12000.0, 12.0, nan, nan, nan]
    """
    if isinstance(entry, str):
        said = plain(entry)
        grouped = GROUPED.match(said)
        if grouped:
            said = grouped[0].replace(grouped[1], "") + said[grouped.end() :]
        return float(said) if NUMBER.fullmatch(said) else np.nan
    if isinstance(entry, bool | np.timedelta64) or not isinstance(entry, Real | Decimal):
        return np.nan
    try:
        return float(entry)
    except (OverflowError, ValueError):  # too large, or a Decimal that signals that it is none
        return np.nan


def missing(column: pd.Series) -> NDArray[np.bool_]:
    """Tell which entries are missing, or nothing but blanks."""
    blank = [isinstance(entry, str) and not entry.strip() for entry in column]
    found: NDArray[np.bool_] = column.isna().to_numpy(dtype=bool) | np.array(blank, dtype=bool)
    return found


def _holds_numbers(kind: Any) -> bool:
    """Tell whether every entry of a kind of column is a real number, or missing."""
    if pd.api.types.is_bool_dtype(kind) or pd.api.types.is_complex_dtype(kind):
        return False
    # Decimals of Arrow are numbers to pandas, and not to NumPy.
    return pd.api.types.is_numeric_dtype(kind) and getattr(kind, "kind", "") in "iuf"


def _floats(numbers: NDArray[Any]) -> Floats:
    return numbers.astype(np.float64, copy=False)


def _persons(sizes: NDArray[Any]) -> NDArray[Any]:
    """Return sizes, with computed ones that are off a whole number by noise as that number."""
    if sizes.dtype.kind != "f":
        return sizes
    sizes = _floats(sizes)
    return sizes if (np.rint(sizes) == sizes).all() else to_whole(sizes)


# Words --------------------------------------------------------------------------------------------


def _coded(column: pd.Series, words: Sequence[str], absent: int = -1) -> NDArray[np.int8]:
    """Return words as their places in a list, -1 for one that is not in it; blanks by their own."""
    exact = {word: place for place, word in enumerate(words)}
    loose = {folded(word): place for place, word in enumerate(words)}

    def place_of(entry: Any) -> int:
        word = entry if isinstance(entry, str) else ""
        if entry is None or (isinstance(entry, str) and not entry.strip()):
            return absent
        return exact.get(word, loose.get(folded(word), exact.get(_whole(entry), -1)))

    try:
        categories = column.astype("category").cat
    except (OverflowError, TypeError):  # more than a float is, or a list, among the words
        return np.array([place_of(entry) for entry in column], dtype=np.int8)
    # A missing word has the code -1, which picks the last place.
    places = [*map(place_of, categories.categories), absent]
    return np.array(places, dtype=np.int8)[categories.codes.to_numpy()]


def _whole(entry: Any) -> str:
    """Return a whole number as a word, which a class may be called by: 1.0 too, written or not."""
    number = amount(entry)
    return str(int(number)) if number.is_integer() else ""
