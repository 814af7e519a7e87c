"""A subsidy policy over a register of households: who gets what, why not, and what it costs.

`assess` takes a DataFrame, a file, or a Dask DataFrame. It works through the rows in pieces that
fit a processor's cache, and what it adds up (a `Tally`) can be added up again, so that a register
larger than memory gives the same `Summary` as one that fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from housing._arrays import Floats, exceeds, reaches, to_whole
from housing.policy import OUTSIDE, Policy, known_policy
from housing.subsidy import purchase_subsidy, rental_subsidy

__all__ = ["REASONS", "WISHES", "Assessment", "Summary", "Tally", "assess"]

#: Columns that a register must have; `class` and `weight` may join them.
REQUIRED = ("size", "income", "owned_area", "owned_price", "wish")
NUMERIC = ("size", "income", "owned_area", "owned_price", "weight")
#: What a household may wish for.
WISHES = ("rent", "buy", "none")
RENT, BUY, NONE = range(3)
#: Why a household gets a subsidy or none; the first that applies from the end backwards.
REASONS = (
    "granted",
    "can pay for the standard itself",
    "owns the standard area",
    "price-income ratio too low",
    "may not buy with a subsidy",
    "above the classes",
    "did not apply",
    "invalid",
)
GRANTED, PAYS_ITSELF, OWNS_ENOUGH, RATIO_TOO_LOW, MAY_NOT_BUY, ABOVE, NO_WISH, INVALID = range(8)

#: Rows that are worked on at once: their columns fit the second-level cache.
ROWS = 1 << 15
#: Incomes are counted in bins of 1/256 of a doubling, from 0 to 2**40: finer than 0.4 percent.
BIN_BITS = 8
OCTAVES = 40
BINS = OCTAVES << BIN_BITS
MANTISSA_BITS = 52
FIRST_BIN = 1023 << BIN_BITS  # the exponent of 1.0 in a float
#: Invalid numbers that are listed for each partition of a register larger than memory.
LISTED = 1000


@dataclass(frozen=True)
class Summary:
    """What a policy does to a register, with households counted by their weights.

    Parameters
    ----------
    cost_per_month : float
        All subsidies, money per month.
    households, recipients : float
        All valid households, and those that get a subsidy.
    poor_before, poor_after : float
        Households in housing poverty: of a class, with less space than its standard, and too poor
        to rent the rest at the standard rent with its burden ratio; and those of them that get
        no subsidy.
    rows, invalid_rows : int
        Rows of the register, and those left out of everything above.
    by_class : DataFrame
        The same by class, with coverage and the mean subsidy of those that get one.
    by_decile : Series
        Share of the cost that each tenth of the households gets, from the poorest, by income.
    """

    cost_per_month: float
    households: float
    recipients: float
    poor_before: float
    poor_after: float
    rows: int
    invalid_rows: int
    by_class: pd.DataFrame = field(repr=False)
    by_decile: pd.Series = field(repr=False)

    @property
    def coverage(self) -> float:
        """Share of the households that get a subsidy."""
        return self.recipients / self.households if self.households else np.nan

    def table(self) -> pd.Series:
        """Return the totals as a Series."""
        names = "households recipients coverage cost_per_month poor_before poor_after rows"
        return pd.Series(
            {
                name.replace("_", " "): getattr(self, name)
                for name in (*names.split(), "invalid_rows")
            }
        )


@dataclass(frozen=True)
class Assessment:
    """What `assess` returns.

    Parameters
    ----------
    households : DataFrame or None
        The register's rows with four columns more: ``class``, ``eligible``, ``subsidy`` (money per
        month, NaN where the row is invalid) and ``reason``. None where the register was read from
        a file or Dask; ask for ``out`` to have the rows.
    summary : Summary
        The totals.
    problems : DataFrame
        Each invalid entry: ``row`` (position in the register, from 0), ``column``, ``value`` and
        ``message``.
    """

    households: pd.DataFrame | None = field(repr=False)
    summary: Summary
    problems: pd.DataFrame = field(repr=False)


@dataclass
class Tally:
    """Sums over rows, which can be added to those over other rows.

    Parameters
    ----------
    by_class : ndarray
        One row a class and one for none: households, recipients, cost, poor before, poor after.
    by_income : ndarray
        Households and cost by bin of income.
    rows, invalid : int
        Rows seen, and rows left out.
    """

    by_class: Floats
    by_income: Floats
    rows: int = 0
    invalid: int = 0

    @classmethod
    def empty(cls, policy: Policy) -> Tally:
        """Return the sums over no rows."""
        return cls(np.zeros((len(policy.classes) + 1, 5)), np.zeros((2, BINS)))

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.by_class + other.by_class,
            self.by_income + other.by_income,
            self.rows + other.rows,
            self.invalid + other.invalid,
        )

    def summary(self, policy: Policy) -> Summary:
        """Turn the sums into a summary."""
        names = ["households", "recipients", "cost_per_month", "poor_before", "poor_after"]
        index = pd.Index([*policy.class_names, OUTSIDE], name="class")
        by_class = pd.DataFrame(self.by_class, index, names)
        by_class["coverage"] = by_class["recipients"] / by_class["households"]
        by_class["mean_subsidy"] = by_class["cost_per_month"] / by_class["recipients"]
        totals = {name: float(by_class[name].sum()) for name in names}
        return Summary(
            **totals,
            rows=self.rows,
            invalid_rows=self.invalid,
            by_class=by_class,
            by_decile=self._by_decile(),
        )

    def _by_decile(self) -> pd.Series:
        """Return each tenth's share of the cost; a bin that a tenth ends in is split evenly."""
        households, cost = np.cumsum(np.insert(self.by_income, 0, 0.0, axis=1), axis=1)
        ends = np.interp(np.linspace(0, households[-1], 11), households, cost)
        shares = np.diff(ends) / cost[-1] if cost[-1] else np.zeros(10)
        index = pd.RangeIndex(1, 11, name="decile")
        return pd.Series(shares, index, name="share of the cost")


class _Piece(NamedTuple):
    """The columns of some rows: numbers, and words as codes."""

    size: NDArray[Any]
    income: Floats
    owned_area: Floats
    owned_price: Floats
    wish: NDArray[np.int8]
    code: NDArray[np.int8]
    weight: Floats


class _Outcome(NamedTuple):
    """What the policy says of some rows, and who of them is in housing poverty."""

    subsidy: Floats
    reason: NDArray[np.int8]
    poor: NDArray[np.bool_]


def assess(
    households: Any,
    policy: Policy | None = None,
    *,
    out: str | Path | None = None,
    progress: bool = True,
) -> Assessment:
    """Apply a policy to every household of a register.

    Parameters
    ----------
    households : DataFrame, path, or Dask DataFrame
        The register, or where it is: Parquet (a file or a folder) or CSV. Its columns:

        * ``size``: persons, whole numbers from 1
        * ``income``: of the household, money per year, at least 0
        * ``owned_area``, ``owned_price``: the present home, m2 and money per m2; 0 for none
        * ``wish``: ``rent``, ``buy`` or ``none``
        * ``class``: optional; a class of the policy, or ``market`` for a household above them.
          Without it the policy's income limits decide
        * ``weight``: optional; how many households the row stands for

        Categories are fastest for the words. Other columns are kept and not looked at, but for
        earlier ones named as the four that are added: these are replaced.
    policy : Policy, optional
        The example of `load_policy` where none is given.
    out : str or Path, optional
        Folder for the assessed rows as Parquet, for a register read from a file or Dask.
    progress : bool, optional
        Whether to show a bar while such a register is worked through.

    Returns
    -------
    Assessment
        Rows, summary and problems. A row with an invalid entry is listed among the problems, has
        the reason ``invalid``, and is in no total; the others are not touched by it.

    Raises
    ------
    ValueError
        If a column is missing, or neither a class nor an income limit tells the class.
    ImportError
        If a file is named and the extra ``scale`` is not installed.

    Notes
    -----
    A file or a Dask DataFrame is worked through partition by partition, on this machine's cores or
    on the cluster of the active ``dask.distributed`` client. Memory is that of a few partitions.
    Read a file with `dask.dataframe` yourself to choose their size.

    A household whose income, area or ratio is a limit but for a thousand millionth of it stands on
    the limit, and so small a part of the standard rent is no subsidy: no reason hangs on the last
    bit of a sum.

    Examples
    --------
    >>> register = pd.DataFrame(
    ...     {
    ...         "size": [3, 3, 0],
    ...         "income": [24_000, 50_000, 9_000],
    ...         "owned_area": [15, 0, 0],
    ...         "owned_price": [0, 0, 0],
    ...         "wish": ["rent", "buy", "rent"],
    ...     }
    ... )
    >>> found = assess(register)
    >>> found.households[["class", "eligible", "subsidy", "reason"]].round(2)
              class  eligible  subsidy   reason
    0        lowest      True   140.00  granted
    1  lower middle      True   304.03  granted
    2           NaN     False      NaN  invalid
    >>> found.problems
       row column value                           message
    0    2   size     0  must be a whole number from 1 on
    >>> round(found.summary.cost_per_month, 2)
    444.03
    """
    rules = known_policy(policy)
    if isinstance(households, pd.DataFrame):
        if out is not None:
            raise ValueError("out is for a register that is read from a file or Dask")
        rows, tally, problems = _assessed(households, rules)
        return Assessment(rows, tally.summary(rules), problems)
    return _assess_partitions(households, rules, out, progress)


def _assessed(households: pd.DataFrame, policy: Policy) -> tuple[pd.DataFrame, Tally, pd.DataFrame]:
    """Assess the rows of a DataFrame."""
    columns = _columns(households, policy)
    rows = len(households)
    codes = np.empty(rows, np.int8)
    subsidies = np.empty(rows)
    reasons = np.empty(rows, np.int8)
    tally = Tally.empty(policy)
    wrong: list[tuple[str, NDArray[np.intp]]] = []
    for start in range(0, rows, ROWS):
        part = slice(start, start + ROWS)
        piece = _Piece._make(column[part] for column in columns)
        piece = piece._replace(size=_persons(piece.size))
        faults = {name: np.flatnonzero(bad) for name, bad in _faults(piece)}
        wrong += [(name, places + start) for name, places in faults.items()]
        piece, invalid = _without(piece, faults)
        found = _outcome(piece, invalid, policy)
        codes[part], subsidies[part], reasons[part] = piece.code, found.subsidy, found.reason
        _count(tally, piece, found)
    codes[reasons == INVALID] = -1
    rows_found = households.assign(
        **{
            "class": _words(codes, (*policy.class_names, OUTSIDE)),
            "eligible": reasons == GRANTED,
            "subsidy": subsidies,
            "reason": _words(reasons, REASONS),
        }
    )
    return rows_found, tally, _problems(households, wrong)


def _words(codes: NDArray[np.int8], words: Sequence[str]) -> Any:
    """Return codes as the words of a list; -1 is none of them."""
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(words)))


def _columns(households: pd.DataFrame, policy: Policy) -> _Piece:
    """Return the columns that count, as arrays, without copying numbers that are arrays already."""
    missing = [name for name in REQUIRED if name not in households]
    if missing:
        raise ValueError(
            f"missing column {', '.join(missing)}; there are {', '.join(map(str, households))}"
        )
    twice = households.columns[households.columns.duplicated()].intersection([*MESSAGES])
    if len(twice):
        raise ValueError(f"column {', '.join(twice)} stands twice in households")
    columns = {name: _numeric(households[name]) for name in NUMERIC if name in households}
    columns.setdefault("weight", np.broadcast_to(np.float64(1), len(households)))
    columns["wish"] = _coded(households["wish"], WISHES)
    if "class" in households:
        columns["code"] = _coded(households["class"], (*policy.class_names, OUTSIDE))
    elif policy.income_limits is not None:
        columns["code"] = policy.class_of(columns["income"])
    else:
        raise ValueError("missing column class: the policy has no income_limit to tell it by")
    return _Piece(**columns)


def _numeric(column: pd.Series) -> NDArray[Any]:
    """Return a column as numbers; what is none becomes NaN, and so is reported."""
    kind = column.dtype
    if isinstance(kind, np.dtype) and kind.kind in "iuf":
        return column.to_numpy()
    if isinstance(kind, pd.CategoricalDtype):
        return _numeric(column.astype(kind.categories.dtype))
    if pd.api.types.is_bool_dtype(kind) or pd.api.types.is_complex_dtype(kind):
        return np.full(len(column), np.nan)
    if pd.api.types.is_numeric_dtype(kind):
        return column.to_numpy(dtype=float, na_value=np.nan)
    if pd.api.types.infer_dtype(column) == "string":
        return pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return np.array([_amount(entry) for entry in column], dtype=float)


def _amount(entry: Any) -> float:
    """Return what is a number, or a word that says one, as a float; anything else as NaN."""
    if isinstance(entry, str):
        return float(pd.to_numeric(entry, errors="coerce"))
    if isinstance(entry, bool) or not isinstance(entry, Real | Decimal):
        return np.nan
    try:
        return float(entry)
    except (OverflowError, ValueError):  # too large, or a Decimal that signals that it is none
        return np.nan


def _coded(column: pd.Series, words: Sequence[str]) -> NDArray[np.int8]:
    """Return a column of words as their places in a list, -1 for a word that is not in it."""
    categories = column.astype("category").cat
    places = [words.index(word) if word in words else -1 for word in categories.categories]
    # A missing word has the code -1, which picks the last place.
    return np.array([*places, -1], dtype=np.int8)[categories.codes.to_numpy()]


def _persons(sizes: NDArray[Any]) -> NDArray[Any]:
    """Return sizes, with computed ones that are off a whole number by noise as that number."""
    if sizes.dtype.kind != "f" or (np.rint(sizes) == sizes).all():
        return sizes
    return to_whole(sizes)


def _faults(piece: _Piece) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield each column that has invalid entries, with a mask of them."""
    for name in NUMERIC:
        column = getattr(piece, name)
        least = 1 if name == "size" else 0
        # Two passes and no temporaries for the usual, valid case; a NaN is never at least anything.
        fine = column.min() >= least and column.max() < np.inf
        broken = name == "size" and column.dtype.kind == "f" and (np.floor(column) != column).any()
        if not fine or broken:
            bad = ~((column >= least) & np.isfinite(column))
            yield name, bad | (np.floor(column) != column) if name == "size" else bad
    for name, codes in (("class", piece.code), ("wish", piece.wish)):
        if codes.min() < 0:
            yield name, codes < 0


def _without(
    piece: _Piece, faults: dict[str, NDArray[np.intp]]
) -> tuple[_Piece, NDArray[np.intp] | None]:
    """Return the columns with invalid rows made harmless and weightless, and where they are."""
    if not faults:
        return piece, None
    invalid = np.unique(np.concatenate([*faults.values()]))
    harmless = dict.fromkeys(_Piece._fields, 0) | {"size": 1}
    columns = {}
    for name, value in harmless.items():
        columns[name] = np.array(getattr(piece, name))
        columns[name][invalid] = value
    return _Piece(**columns), invalid


def _outcome(piece: _Piece, invalid: NDArray[np.intp] | None, policy: Policy) -> _Outcome:
    """Work out subsidy, reason and housing poverty of each row."""
    area = policy.area_of(piece.code, piece.size)
    ratio = policy.burden_ratios[piece.code]
    subsidy = rental_subsidy(area, policy.standard_rent, ratio, piece.income, piece.owned_area)
    poor = subsidy > 0
    counted = piece.owned_area
    if policy.public_housing_sold:
        subsidy = rental_subsidy(area, policy.standard_rent, ratio, piece.income)
        counted = np.where(piece.wish == BUY, counted, 0.0)
    buyers = np.flatnonzero(piece.wish == BUY)
    subsidy[buyers] = _purchase(piece, area, ratio, buyers, policy)
    reason = (subsidy <= 0).view(np.int8)  # PAYS_ITSELF where true, else GRANTED
    np.copyto(reason, np.int8(OWNS_ENOUGH), where=reaches(counted, area))
    _exclude(reason, piece, buyers, policy)
    np.copyto(reason, np.int8(ABOVE), where=piece.code == len(policy.classes))
    np.copyto(reason, np.int8(NO_WISH), where=piece.wish == NONE)
    np.copyto(subsidy, 0.0, where=reason != GRANTED)
    if invalid is not None:
        reason[invalid], subsidy[invalid] = INVALID, np.nan
    return _Outcome(subsidy, reason, poor)


def _purchase(
    piece: _Piece, area: Floats, ratio: Floats, buyers: NDArray[np.intp], policy: Policy
) -> Floats:
    """Work out the purchase subsidy of those who wish to buy."""
    if buyers.size == 0:
        return np.zeros(0)
    subsidy: Floats = purchase_subsidy(
        area[buyers],
        policy.standard_price,
        piece.income[buyers],
        policy.annual_rate,
        owned_area=piece.owned_area[buyers],
        owned_price=piece.owned_price[buyers],
        burden_ratio=ratio[buyers],
        down_payment=policy.down_payment,
        years=policy.years,
    )
    return subsidy


def _exclude(
    reason: NDArray[np.int8], piece: _Piece, buyers: NDArray[np.intp], policy: Policy
) -> None:
    """Mark who may not buy, or has too low a ratio of price to income."""
    test = policy.price_income
    if test is None:
        reason[buyers[~policy.may_buy[piece.code[buyers]]]] = MAY_NOT_BUY
        return
    # Ratios are compared as incomes, so that no income of 0 divides.
    price = policy.average_price * test.home_area
    may_only_rent = ~exceeds(piece.income[buyers], price / test.rent_at_least)
    reason[buyers[may_only_rent]] = MAY_NOT_BUY
    reason[reaches(piece.income, price / test.buy_above)] = RATIO_TOO_LOW


def _count(tally: Tally, piece: _Piece, found: _Outcome) -> None:
    """Add rows to a tally; invalid ones have no weight."""
    classes = len(tally.by_class)
    granted = found.reason == GRANTED
    cost = piece.weight * np.where(granted, found.subsidy, 0.0)
    # One count by class, poverty and outcome costs a third of five counts by class.
    kind = 4 * piece.code.astype(np.intp) + 2 * found.poor + granted
    households = np.bincount(kind, piece.weight, 4 * classes).reshape(classes, 2, 2)
    tally.by_class[:, 0] += households.sum(axis=(1, 2))
    tally.by_class[:, 1] += households[:, :, 1].sum(axis=1)
    tally.by_class[:, 2] += np.bincount(kind, cost, 4 * classes).reshape(classes, 4).sum(axis=1)
    tally.by_class[:, 3] += households[:, 1].sum(axis=1)
    tally.by_class[:, 4] += households[:, 1, 0]
    bins = _income_bins(piece.income)
    tally.by_income[0] += np.bincount(bins, piece.weight, BINS)
    tally.by_income[1] += np.bincount(bins, cost, BINS)
    tally.rows += len(cost)
    tally.invalid += int((found.reason == INVALID).sum())


def _income_bins(income: Floats) -> NDArray[np.int64]:
    """Return the bin of each income: exponent and first bits of the float one above it."""
    above_one = np.add(income, 1.0, dtype=np.float64)
    bins: NDArray[np.int64] = above_one.view(np.int64) >> (MANTISSA_BITS - BIN_BITS)
    return np.minimum(bins - FIRST_BIN, BINS - 1)


def _problems(
    households: pd.DataFrame, wrong: Sequence[tuple[str, NDArray[np.intp]]]
) -> pd.DataFrame:
    """List invalid entries by row and column."""
    parts = [
        pd.DataFrame(
            {
                "row": places,
                "column": name,
                "value": households[name].iloc[places].to_numpy(dtype=object),
                "message": MESSAGES[name],
            }
        )
        for name, places in wrong
    ]
    if not parts:
        return pd.DataFrame(columns=["row", "column", "value", "message"])
    return pd.concat(parts).sort_values("row", kind="stable", ignore_index=True)


MESSAGES = {
    "size": "must be a whole number from 1 on",
    "income": "must be a number from 0 on",
    "owned_area": "must be a number from 0 on",
    "owned_price": "must be a number from 0 on",
    "weight": "must be a number from 0 on",
    "class": f"must be a class of the policy or {OUTSIDE!r}",
    "wish": f"must be one of {', '.join(WISHES)}",
}


# Registers larger than memory ---------------------------------------------------------------------


def _assess_partitions(
    source: Any, policy: Policy, out: str | Path | None, progress: bool
) -> Assessment:
    """Assess a register that Dask holds or can read, one partition at a time."""
    try:
        import dask.dataframe as dd
        from dask.diagnostics import ProgressBar
    except ImportError:
        raise ImportError(
            "a register from a file needs Dask and PyArrow: install the extra named scale"
        ) from None
    if not hasattr(source, "map_partitions") and not isinstance(source, str | Path):
        raise ValueError(
            f"households must be a DataFrame, a path or a Dask DataFrame, got {source!r}"
        )
    frame = source if hasattr(source, "map_partitions") else _read(dd, Path(source))
    folder = None if out is None else Path(out)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    parts = frame.map_partitions(
        _assess_partition, policy, folder, meta={"tally": object, "problems": object}
    )
    with ProgressBar() if progress else nullcontext():
        found = parts.compute()
    tally, problems = Tally.empty(policy), []
    for own, listed in found.itertuples(index=False):
        problems.append(listed.assign(row=listed["row"] + tally.rows))
        tally += own
    return Assessment(None, tally.summary(policy), pd.concat(problems, ignore_index=True))


def _read(dd: Any, path: Path) -> Any:
    """Open a register: Parquet, or CSV whose entries are checked here rather than by the reader."""
    if path == Path() or not path.exists():
        raise ValueError(f"households: no register at {path.name}")
    if path.suffix.lower() == ".csv":
        return dd.read_csv(path, dtype=str)
    return dd.read_parquet(_files(path), split_row_groups=True)


def _files(path: Path) -> str | list[str]:
    """Return the file, or those of a folder that are not hidden: systems leave such beside ours."""
    if path.is_file():
        return str(path)
    files = [
        file
        for file in path.rglob("*")
        if file.is_file() and not any(name[0] in "._" for name in file.relative_to(path).parts)
    ]
    if not files:
        raise ValueError(f"households: no register in the folder {path.name}")
    return sorted(map(str, files), key=_as_people_count)


def _as_people_count(name: str) -> list[str | int]:
    """Return what puts part 10 after part 9."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name)]


def _assess_partition(
    households: pd.DataFrame, policy: Policy, folder: Path | None, partition_info: Any = None
) -> pd.DataFrame:
    """Assess one partition, write its rows if they are wanted, and return what adds up."""
    rows, tally, problems = _assessed(households, policy)
    if folder is not None:
        rows.to_parquet(folder / f"part-{partition_info['number']:06d}.parquet")
    return pd.DataFrame({"tally": [tally], "problems": [problems.head(LISTED)]}, dtype=object)
