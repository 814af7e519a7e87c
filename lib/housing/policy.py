"""A subsidy policy as data: classes, area standards, ratios, rent and price, read from TOML.

A `Policy` holds what a city decides; `housing.subsidy` holds the formulas and `housing.register`
applies both to every household. The policy that ships with the library (`load_policy()`) is an
example to copy: its area table and ratios are published ones, its rent, price, rate and income
limits are made up, and its comments say which is which. The module is one record with its parts, as
a file has them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from functools import cached_property
from importlib import resources
from itertools import pairwise
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from housing._annuity import loan_term
from housing._arguments import Floats, annual_rate, bare, number, numbers, require, row, share
from housing._encodings import marked_as
from housing._limits import exceeds

__all__ = ["EXAMPLE", "OUTSIDE", "IncomeClass", "Policy", "PriceIncomeTest", "load_policy"]

#: What a household of no class is called: it is left to the market.
OUTSIDE = "market"
FILE = "reverse_declining.toml"
#: Of a mortgage, a year.
PAYMENTS = 12
#: The example policy as TOML, to save and edit.
EXAMPLE = resources.files("housing").joinpath(FILE).read_text("utf8")


#: Letters, digits and signs as wide as Chinese characters are, as narrow ones.
HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D}


def plain(word: str) -> str:
    """Return a word without the width of its letters and the blanks around it."""
    return (word if word.isascii() else word.translate(HALF_WIDTH)).strip()


def folded(word: str) -> str:
    """Return a word without what does not tell it from another: case, width, blanks around it."""
    return plain(word).casefold()


@dataclass(frozen=True)
class IncomeClass:
    """One class of households, and what the policy assures it.

    Parameters
    ----------
    name : str
        What registers call it.
    areas : sequence of float
        Construction area that a household of 1, 2, 3 ... persons is assured, m2, above 0; no less
        for more persons.
    burden_ratio : float
        Share of income that the household pays for housing itself, from 0 to 1.
    may_buy : bool, optional
        Whether it may choose the purchase subsidy in place of the rental one.
    income_limit : float, optional
        Highest income of the class, money per year, above 0. The richest class may do without.
    extra_person_area : float, optional
        Area for each person beyond those that `areas` has, m2, at least 0.

    Raises
    ------
    ValueError
        If a value leaves its range; the message names the class.
    """

    name: str
    areas: tuple[float, ...]
    burden_ratio: float
    may_buy: bool = False
    income_limit: float | None = None
    extra_person_area: float = 0.0

    def __post_init__(self) -> None:
        here = f"class {self.name!r}:"
        _require_word(f"{here} name", self.name)
        if folded(self.name) == OUTSIDE:
            raise ValueError(f"{here} name must be a word other than {OUTSIDE!r}")
        areas = row(f"{here} areas", self.areas)
        require(f"{here} areas", areas, areas > 0, "above 0")
        for fewer, (less, more) in enumerate(pairwise(areas.tolist()), start=1):
            if exceeds(less, more):
                raise ValueError(
                    f"{here} areas must not fall with more persons, got {more:g} for {fewer + 1} "
                    f"after {less:g} for {fewer}"
                )
        object.__setattr__(self, "areas", tuple(areas.tolist()))
        _keep(self, "burden_ratio", share(f"{here} burden_ratio", self.burden_ratio), here)
        _require_flag(f"{here} may_buy", self.may_buy)
        if self.income_limit is not None:
            _require_end(f"{here} income_limit", self.income_limit)
            _keep(self, "income_limit", self.income_limit, here, above=0)
        _keep(self, "extra_person_area", self.extra_person_area, here, at_least=0)


@dataclass(frozen=True)
class PriceIncomeTest:
    """Thresholds in years of income: who may rent, who may buy, whom the market serves.

    Parameters
    ----------
    home_area : float
        Area of the home whose average price is set against income, m2, above 0.
    rent_at_least : float
        Ratio from which a household may only rent with a subsidy, above 0.
    buy_above : float
        Ratio above which it may have a subsidy at all, and buy while below `rent_at_least`; above
        0 and no more than `rent_at_least`.

    Raises
    ------
    ValueError
        If a value leaves its range.

    References
    ----------
    Computes: Guo and Wang, classes, in words.
    """

    home_area: float
    rent_at_least: float
    buy_above: float

    def __post_init__(self) -> None:
        for name in ("home_area", "rent_at_least", "buy_above"):
            _keep(self, name, getattr(self, name), "price_income:", above=0)
        if exceeds(self.buy_above, self.rent_at_least):
            raise ValueError(
                f"price_income: buy_above must be at most rent_at_least {self.rent_at_least:g}, "
                f"got {self.buy_above:g}"
            )


@dataclass(frozen=True)
class Policy:
    """What a city decides about its housing subsidy.

    Parameters
    ----------
    name : str
        A title.
    classes : sequence of IncomeClass
        From the poorest to the richest, with areas for equally many household sizes, and with an
        income limit each or none at all. The last may do without: it then has no upper end.
    average_rent : float
        Last year's average rent, money per m2 and month, at least 0.
    average_price : float
        Last year's average price, money per m2, at least 0.
    annual_rate : float
        Nominal mortgage rate, a decimal per year.
    standard_share : float, optional
        Share of the average rent, and of the average price, that the subsidy is worked out with.
    down_payment : float, optional
        Share of the price that a buyer pays down, from 0 to 1.
    years : float, optional
        Term of the mortgage, above 0 and at most 100.
    public_housing_sold : bool, optional
        Whether all public housing has been sold: space that a renter owns then no longer counts.
    price_income : PriceIncomeTest, optional
        Where given, the ratio of price to income, not the class, decides who may rent or buy.

    Raises
    ------
    ValueError
        If a value leaves its range or the classes do not fit together; the message says where.

    Examples
    --------
    >>> policy = load_policy()
    >>> policy.class_names
    ('double-stranded', 'difficult', 'lowest', 'low', 'lower middle')
    >>> round(policy.standard_rent, 2), round(policy.standard_price, 2)
    (18.0, 5400.0)
    """

    name: str
    classes: tuple[IncomeClass, ...]
    average_rent: float
    average_price: float
    annual_rate: float
    standard_share: float = 0.90
    down_payment: float = 0.20
    years: float = 30
    public_housing_sold: bool = False
    price_income: PriceIncomeTest | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.classes, Sequence) or not all(
            isinstance(entry, IncomeClass) for entry in self.classes
        ):
            raise ValueError(f"classes must be a list of IncomeClass, got {self.classes!r}")
        object.__setattr__(self, "classes", tuple(self.classes))
        _require_word("name", self.name)
        for name in ("average_rent", "average_price"):
            _keep(self, name, getattr(self, name), at_least=0)
        _keep(self, "annual_rate", annual_rate(self.annual_rate))
        for name in ("standard_share", "down_payment"):
            _keep(self, name, share(name, getattr(self, name)))
        _keep(self, "years", self.years, above=0)
        loan_term(self.years, PAYMENTS)
        _require_flag("public_housing_sold", self.public_housing_sold)
        if not isinstance(self.price_income, PriceIncomeTest | None):
            raise ValueError(f"price_income must be a PriceIncomeTest, got {self.price_income!r}")
        self._require_classes()

    def _require_classes(self) -> None:
        names = self.class_names
        if not names or len(set(names)) < len(names):
            raise ValueError(f"classes must be one or more of different names, got {list(names)}")
        alike = {folded(name): name for name in names}
        for name in names:
            if alike[folded(name)] != name:
                raise ValueError(
                    f"classes must have names that differ by more than case, width and blanks, as "
                    f"words of registers are read: got {name!r} and {alike[folded(name)]!r}"
                )
        sizes = {len(entry.areas) for entry in self.classes}
        if len(sizes) > 1:
            raise ValueError(f"classes must have areas for equally many sizes, got {sorted(sizes)}")
        limits = [entry.income_limit for entry in self.classes]
        known = [limit for limit in limits if limit is not None]
        rising = all(exceeds(high, low) for low, high in pairwise(known))
        # All have one, or all but the last, or none.
        if known != limits[: len(known)] or 0 < len(known) < len(limits) - 1 or not rising:
            raise ValueError(
                "income_limit must rise from class to class or be absent, in every class or in "
                f"the last alone: {limits}"
            )

    @property
    def class_names(self) -> tuple[str, ...]:
        """Names of the classes, from the poorest."""
        return tuple(entry.name for entry in self.classes)

    @property
    def standard_rent(self) -> float:
        """Rent that the subsidy is worked out with, money per m2 and month.

        Computes: Guo and Wang, standard rent, in words.
        """
        return self.standard_share * self.average_rent

    @property
    def standard_price(self) -> float:
        """Price that the subsidy is worked out with, money per m2.

        Computes: Guo and Wang, standard price, in words.
        """
        return self.standard_share * self.average_price

    @cached_property
    def income_limits(self) -> Floats | None:
        """Highest income of each class, infinite for a last one without; None if there is none."""
        limits = [entry.income_limit for entry in self.classes]
        if limits[0] is None:
            return None
        return np.array([np.inf if limit is None else limit for limit in limits], dtype=float)

    # What follows has one more row, of zeros, for households of no class: their code is the last.

    @cached_property
    def areas(self) -> Floats:
        """Area standards in m2, one row a class and one column a household size."""
        rows = [*(entry.areas for entry in self.classes), [0.0] * len(self.classes[0].areas)]
        return np.array(rows, dtype=float)

    @cached_property
    def burden_ratios(self) -> Floats:
        """Burden ratio of each class."""
        return np.array([*(entry.burden_ratio for entry in self.classes), 0.0])

    @cached_property
    def may_buy(self) -> NDArray[np.bool_]:
        """Tell of each class whether it may buy with a subsidy."""
        return np.array([*(entry.may_buy for entry in self.classes), False])

    @cached_property
    def _extra_areas(self) -> Floats:
        return np.array([*(entry.extra_person_area for entry in self.classes), 0.0])

    def area_of(self, codes: NDArray[Any], sizes: NDArray[Any]) -> Floats:
        """Return the area standard of households by class code and number of persons.

        Parameters
        ----------
        codes : ndarray of int
            Places of their classes among `classes`; one more than the last for none.
        sizes : ndarray
            Persons, whole numbers from 1.

        Raises
        ------
        ValueError
            If a code or a size is none, or shapes do not broadcast.
        """
        codes, sizes = _checked("codes", codes), _checked("sizes", sizes)
        try:
            codes, sizes = np.broadcast_arrays(codes, sizes)
        except ValueError:
            said = f"shapes do not match: codes {codes.shape}, sizes {sizes.shape}"
            raise ValueError(said) from None
        last = len(self.classes)
        for name, given, least, most in (("codes", codes, 0, last), ("sizes", sizes, 1, np.inf)):
            fits = given.size == 0 or (given.min() >= least and given.max() <= most)
            if not fits or (given.dtype.kind == "f" and (np.floor(given) != given).any()):
                raise ValueError(f"{name} must be whole numbers from {least:g} to {most:g}")
        known = self.areas.shape[1]
        # A flat index is read three times as fast as a pair of them.
        place = codes.astype(np.intp) * known + np.minimum(sizes, known).astype(np.intp) - 1
        area: Floats = self.areas.ravel()[place]
        if self._extra_areas.any():
            area += self._extra_areas[codes] * (np.maximum(sizes, known) - known)
        return area

    def class_of(self, income: NDArray[Any]) -> NDArray[np.int8]:
        """Return the class code of annual incomes; a limit belongs to the class below it.

        Parameters
        ----------
        income : ndarray
            Money per year; what is none (NaN) gets the first code.

        Raises
        ------
        ValueError
            If the policy has no income limits, or the incomes are no numbers.
        """
        if self.income_limits is None:
            raise ValueError("the policy has no income_limit: name the class of each household")
        income = _checked("income", income)
        code = np.zeros(income.shape, np.int8)
        for limit in self.income_limits:  # a few comparisons are faster than a binary search
            code += exceeds(income, limit)
        return code

    def terms(self) -> pd.Series:
        """Return what holds for all classes: rent, price, rate, shares, term, thresholds.

        Examples
        --------
        >>> load_policy().terms()[["average rent", "standard rent", "years"]].tolist()
        [20.0, 18.0, 30]
        """
        names = [
            "average_rent",
            "average_price",
            "standard_share",
            "standard_rent",
            "standard_price",
            "annual_rate",
            "down_payment",
            "years",
            "public_housing_sold",
        ]
        found = {name.replace("_", " "): getattr(self, name) for name in names}
        if self.price_income is not None:
            for name, value in asdict(self.price_income).items():
                found[f"price to income: {name.replace('_', ' ')}"] = value
        return pd.Series(found, dtype=object, name=self.name)

    def table(self) -> pd.DataFrame:
        """Return the classes as a table: areas by household size, ratio, limit, purchase."""
        sizes = range(1, self.areas.shape[1] + 1)
        frame = pd.DataFrame(self.areas[:-1], self.class_names, [f"{n}, m²" for n in sizes])
        if self._extra_areas.any():
            frame["each further, m²"] = self._extra_areas[:-1]
        frame["burden ratio"] = self.burden_ratios[:-1]
        if self.income_limits is not None:
            frame["income limit"] = self.income_limits
        return frame.assign(**{"may buy": self.may_buy[:-1]})


def load_policy(path: str | Path | None = None) -> Policy:
    """Read a policy from a TOML file.

    Parameters
    ----------
    path : str or Path, optional
        The file; the example that ships with the library where none is named.

    Returns
    -------
    Policy
        With every value checked.

    Raises
    ------
    ValueError
        If the file is no TOML or not UTF-8, a key is missing or unknown, or a value leaves its
        range; the message names the file and the key.

    Notes
    -----
    The keys are the parameters of `Policy`; each ``[[classes]]`` has those of `IncomeClass`, and
    ``[price_income]`` those of `PriceIncomeTest`. To start a policy of your own, write the text of
    ``housing.policy.EXAMPLE`` to a file and edit it.

    References
    ----------
    Guo and Wang, Table 2 and the sections on standards: the example's areas, ratios, shares, term.

    Computes: Guo and Wang, standard price, in words.

    Examples
    --------
    >>> load_policy().table().loc["lowest", ["3, m²", "burden ratio"]].astype(float).tolist()
    [45.0, 0.2]
    """
    if not isinstance(path, str | Path | None):
        raise ValueError(f"path must be the name of a file, got {path!r}")
    where = FILE if path is None else Path(path).name
    try:
        return _policy(tomllib.loads(EXAMPLE if path is None else _text(Path(path).read_bytes())))
    except (ValueError, TypeError) as error:
        raise ValueError(f"{where}: {error}") from None


def _text(data: bytes) -> str:
    """Return a file's text: UTF-8, as TOML is, or what its first bytes say."""
    _, encoding = marked_as(data)
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(
            f"line {line} is not {error.encoding.upper()}, byte 0x{data[error.start]:02x}: TOML is "
            "UTF-8, so save the file as that"
        ) from None


def _policy(entries: Mapping[str, Any]) -> Policy:
    values = dict(_known("policy", Policy, entries))
    classes = values["classes"]
    if not isinstance(classes, list) or not all(isinstance(entry, dict) for entry in classes):
        raise ValueError("classes must be tables: start each with [[classes]]")
    values["classes"] = [
        IncomeClass(**_known(f"class {entry.get('name', position)!r}", IncomeClass, entry))
        for position, entry in enumerate(classes, start=1)
    ]
    if "price_income" in values:
        known = _known("price_income", PriceIncomeTest, values["price_income"])
        values["price_income"] = PriceIncomeTest(**known)
    return Policy(**values)


def _known(where: str, kind: type, entries: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the entries of a table once all are known and none is missing."""
    names = {entry.name: entry.default is MISSING for entry in fields(kind)}
    unknown = [name for name in entries if name not in names]
    if unknown:
        raise ValueError(f"{where}: unknown key {', '.join(unknown)}; keys: {', '.join(names)}")
    missing = [name for name, required in names.items() if required and name not in entries]
    if missing:
        raise ValueError(f"{where}: missing key {', '.join(missing)}")
    return entries


def known_policy(policy: Any) -> Policy:
    """Return a policy as it was given; the example where none was."""
    if policy is None:
        return load_policy()
    if not isinstance(policy, Policy):
        raise ValueError(
            f"policy must be a Policy, got {policy!r:.80}. From a file: load_policy makes one"
        )
    return policy


def _checked(name: str, values: Any) -> NDArray[Any]:
    """Return an array of numbers as it is, missing ones too; anything else as `numbers` does."""
    array = np.asarray(bare(name, values))
    return array if array.dtype.kind in "iuf" else numbers(name, array)


def _keep(record: Any, name: str, value: Any, where: str = "", **bounds: float) -> None:
    """Check a number of a record and keep it: a Decimal as a float, noise at an end as the end."""
    checked = number(f"{where} {name}".strip(), value, **bounds)
    given = getattr(record, name)
    if not isinstance(given, int | float) or given != checked:
        object.__setattr__(record, name, checked)


def _require_end(name: str, value: Any) -> None:
    if isinstance(value, Real) and value == np.inf:
        raise ValueError(
            f"{name} must be finite, got inf. Leave it out for a last class without an upper end"
        )


def _require_word(name: str, value: Any) -> None:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} must be a word, got {value!r}")


def _require_flag(name: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false, got {value!r}")
