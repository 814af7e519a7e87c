"""What is given: numbers of every kind and container, at every end, and what is no number."""

from __future__ import annotations

import array
import datetime
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pandas as pd

from rounding import NEAREST

Maker = Callable[[np.ndarray], Any]


@dataclass(frozen=True)
class Given:
    """One value for an argument."""

    value: Any
    #: The same as plain floats, which must be answered alike; None where it is no number.
    plain: Any = None
    #: Whether it must be refused wherever a number belongs.
    refused: bool = False
    said: str = ""


def _of_type(kind: Any) -> Maker:
    return lambda numbers: numbers.astype(kind)


def _whole(kind: str) -> Maker:
    """Return numbers as whole ones, kept inside what the type holds."""
    ends = np.iinfo(kind)
    return lambda numbers: np.clip(np.rint(numbers), ends.min, ends.max).astype(kind)


def _objects(kind: Callable[[float], Any]) -> Maker:
    def made(numbers: np.ndarray) -> Any:
        result = np.empty(numbers.shape, dtype=object)
        for place, number in np.ndenumerate(numbers):
            result[place] = kind(float(number))
        return result if numbers.ndim else result[()]

    return made


def _strided(numbers: np.ndarray) -> Any:
    """Return numbers that do not stand side by side."""
    if numbers.ndim == 0:
        return numbers
    wide = np.full((*numbers.shape[:-1], 2 * numbers.shape[-1]), np.nan)
    wide[..., ::2] = numbers
    return wide[..., ::2]


def _backwards(numbers: np.ndarray) -> Any:
    return np.array(numbers[::-1])[::-1] if numbers.ndim else numbers


def _readonly(numbers: np.ndarray) -> Any:
    locked = np.array(numbers)
    locked.flags.writeable = False
    return locked


def _series(labels: Callable[[int], Any], kind: Any = float) -> Maker:
    def made(numbers: np.ndarray) -> Any:
        if numbers.ndim == 1:
            return pd.Series(numbers, index=labels(numbers.size)).astype(kind)
        if numbers.ndim == 2:
            return pd.DataFrame(numbers, index=labels(len(numbers))).astype(kind)
        return numbers

    return made


def _words(count: int) -> list[str]:
    return [f"row {place}" for place in range(count)]


def _listed(numbers: np.ndarray) -> Any:
    return numbers.tolist()


def _tuples(numbers: np.ndarray) -> Any:
    return tuple(map(tuple, numbers)) if numbers.ndim == 2 else tuple(np.atleast_1d(numbers))


def _only_rows(maker: Maker) -> Maker:
    return lambda numbers: maker(numbers) if numbers.ndim == 1 else numbers


#: Every way to hold numbers that must be answered as their floats are.
KINDS: dict[str, Maker] = {
    "list": _listed,
    "tuple": _tuples,
    "float16": _of_type("float16"),
    "float32": _of_type("float32"),
    "long double": _of_type("longdouble"),
    "big-endian": _of_type(">f8"),
    "big-endian float32": _of_type(">f4"),
    "objects": _of_type(object),
    "Decimal": _objects(lambda number: Decimal(repr(number))),
    "Fraction": _objects(Fraction),
    "numpy scalars": _objects(np.float64),
    "strided": _strided,
    "backwards": _backwards,
    "columns": np.asfortranarray,
    "read-only": _readonly,
    "unmasked": np.ma.array,
    "Series": _series(_words),
    "Series backwards": _series(lambda count: range(count)[::-1]),
    "Series of one label": _series(lambda count: ["same"] * count),
    "Series of dates": _series(lambda count: pd.date_range("1991-01-01", periods=count)),
    "Series of two levels": _series(
        lambda count: pd.MultiIndex.from_product([["a"], range(count)])
    ),
    "Series of Float64": _series(_words, "Float64"),
    "Series of float32": _series(_words, "float32"),
    "Series of objects": _series(_words, object),
    "Arrow": _series(_words, "double[pyarrow]"),
    "categories": _only_rows(lambda numbers: pd.Series(numbers).astype("category")),
    "sparse": _only_rows(lambda numbers: pd.Series(pd.arrays.SparseArray(numbers))),
    "Series of Decimal": _only_rows(
        lambda numbers: pd.Series([*map(Decimal, map(repr, numbers.tolist()))])
    ),
    "Index": _only_rows(pd.Index),
    "pandas array": _only_rows(lambda numbers: pd.array(numbers, dtype="Float64")),
    "array": _only_rows(lambda numbers: array.array("d", numbers.tolist())),
    "memory": _only_rows(lambda numbers: memoryview(numbers.copy())),
    "deque": _only_rows(lambda numbers: [np.float32(number) for number in numbers]),
    **{
        kind: _whole(kind)
        for kind in ("int8", "uint8", "int16", "uint32", "int64", "uint64", ">i4")
    },
    "integers": _objects(lambda number: round(number)),
    "Series of Int64": lambda numbers: _series(_words, "Int64")(_whole("int64")(numbers)),
    "Series of int8": lambda numbers: _series(_words, "int8")(np.clip(np.rint(numbers), -128, 127)),
}

HUGE = 10**400
#: Numbers at the ends of what a float, a count or a share can be.
ENDS: list[Any] = [
    0,
    0.0,
    -0.0,
    1,
    -1,
    2,
    3,
    0.5,
    12,
    100,
    1e4,
    1e6,
    1e9,
    1e15,
    2**53 + 1,
    10**18,
    2**63,
    1e16,
    1e-16,
    1e-9,
    1 + 1e-12,
    1 - 1e-12,
    0.999999,
    -0.999999,
    0.33 + 0.56 + 0.11,
    0.3 / 0.1,
    1e-300,
    1e300,
    1e308,
    -1e308,
    5e-324,
    -5e-324,
    2.2e-308,
    1.7976931348623157e308,
    -1e-16,
    1e-3,
    7.5,
    90,
    180,
]
#: What no argument takes for a number.
NO_NUMBERS: list[Callable[[], Any]] = [
    lambda: None,
    lambda: "x",
    lambda: "1000",
    lambda: "",
    lambda: b"1000",
    lambda: True,
    lambda: False,
    lambda: np.bool_(True),
    lambda: [True, 1.0],
    lambda: [[1.0, 2.0], [False, 1.0]],
    lambda: np.array([True, False]),
    lambda: pd.Series([True, False]),
    lambda: pd.Series([True, None], dtype="boolean"),
    lambda: 1j,
    lambda: [1j, 2.0],
    lambda: np.array([1 + 0j]),
    lambda: pd.Series([1 + 0j]),
    lambda: {1.0},
    lambda: frozenset({1.0, 2.0}),
    lambda: {},
    lambda: {"a": 1.0},
    lambda: object(),
    lambda: len,
    lambda: float,
    lambda: ...,
    lambda: slice(1, 2),
    lambda: (number for number in (1.0, 2.0)),
    lambda: datetime.date(1991, 6, 26),
    lambda: datetime.timedelta(1),
    lambda: np.datetime64("1991-06-26"),
    lambda: np.datetime64("NaT"),
    lambda: np.array(["1991-06-26"], dtype="datetime64[D]"),
    lambda: np.timedelta64(1, "D"),
    lambda: pd.Timestamp("1991-06-26"),
    lambda: pd.Timedelta(1, "D"),
    lambda: pd.Period("1991"),
    lambda: pd.NaT,
    lambda: pd.NA,
    lambda: pd.Series(pd.date_range("1991", periods=2)),
    lambda: pd.Series(pd.to_timedelta([1, 2], unit="D")),
    lambda: pd.Series(["1", "2"]),
    lambda: pd.Series(["1", "2"], dtype="category"),
    lambda: pd.Series([1.0, None]),
    lambda: pd.Series([1, None], dtype="Int64"),
    lambda: pd.Series([1.0, None], dtype="double[pyarrow]"),
    lambda: pd.Series([], dtype=float),
    lambda: pd.Series([1.0, pd.NA], dtype=object),
    lambda: pd.DataFrame({"a": [1.0], "b": ["x"]}),
    lambda: pd.DataFrame(),
    lambda: [],
    lambda: (),
    lambda: [[]],
    lambda: np.empty(0),
    lambda: np.empty((3, 0)),
    lambda: np.empty((0, 3)),
    lambda: [None],
    lambda: [1.0, None],
    lambda: ["1", 2.0],
    lambda: [[1.0], [1.0, 2.0]],
    lambda: [1.0, [2.0]],
    lambda: np.array([1.0, "x"], dtype=object),
    lambda: np.array([(1.0, 2)], dtype=[("a", float), ("b", int)]),
    lambda: np.array(["1"]),
    lambda: np.ma.masked,
    lambda: np.ma.array([1.0, -9999.0], mask=[False, True]),
    lambda: np.ma.array(1.0, mask=True),
    lambda: [1.0, np.ma.masked],
    lambda: float("nan"),
    lambda: float("inf"),
    lambda: -float("inf"),
    lambda: np.float32("nan"),
    lambda: Decimal("NaN"),
    lambda: Decimal("sNaN"),
    lambda: Decimal("Infinity"),
    lambda: Decimal("1e400"),
    lambda: [1.0, np.nan],
    lambda: np.array([[1.0, np.inf]]),
    lambda: HUGE,
    lambda: -HUGE,
    lambda: [1, HUGE],
    lambda: Fraction(HUGE, 3),
    lambda: np.longdouble("1e400"),
]
#: What is no word, no table and no object of the library.
ODD_THINGS: list[Callable[[], Any]] = [
    *NO_NUMBERS[:40],
    lambda: 3,
    lambda: -1.5,
    lambda: "End",
    lambda: "nearest ",
    lambda: NEAREST,
    lambda: ["end"],
    lambda: [1.0, 2.0],
    lambda: np.array([1.0, 2.0]),
    lambda: pd.Series({"tax": 0.1, "fee": 0.02}),
    lambda: pd.Series([1.0, 2.0], index=["a", "a"]),
    lambda: pd.DataFrame({"period": [1], "balance": ["x"]}),
    lambda: pd.DataFrame({"a": [1.0, 2.0]}),
    lambda: {"tax": 0.1},
    lambda: {"tax": "x", "fee": None},
    lambda: {"fee": 3},
    lambda: {"fee": [["tax"]]},
    lambda: {1: 0.1, "tax": 0.2},
    lambda: {"tax": [0.1, 0.2], "fee": [0.1, 0.2, 0.3]},
    lambda: {"roof": (1, 2)},
    lambda: {"roof": {"cost": 1, "first": 2, "every": None}},
    lambda: {"roof": pd.Series({"first": 1, "cost": 2, "every": 3})},
    lambda: {"roof": "abc"},
    lambda: {"roof": (1, 1e9, 1e308)},
    lambda: {"roof": (1, 10**400, 1)},
    lambda: ("a", "b"),
]
#: How one number may become several.
SHAPES = [(), (1,), (3,), (2, 1), (1, 3), (2, 3)]


def numbers_like(valid: Any, random: Random) -> np.ndarray:
    """Return valid numbers and some next to them; one number may become several."""
    base = np.asarray(valid, dtype=float)
    if base.ndim == 0:
        shape = random.choice(SHAPES)
        near = base * (1.0 - 0.02 * np.arange(np.prod(shape, dtype=int)).reshape(shape))
        return np.array(near if float(base) % 1 else np.full(shape, base))
    return np.array(base)


def at_an_end(numbers: np.ndarray, random: Random) -> np.ndarray:
    """Return numbers of which one, or all, stand at an end."""
    end = float(random.choice(ENDS))
    if numbers.ndim and random.random() < 0.5:
        changed = numbers.copy()
        changed.flat[random.randrange(changed.size)] = end
        return changed
    return np.full(numbers.shape, end)


def as_floats(value: Any) -> Any:
    """Return numbers of any kind as plain floats of the same shape."""
    if isinstance(value, pd.Series | pd.DataFrame | pd.Index):
        return np.asarray(value.astype(float), dtype=float)
    floats = np.asarray(value).astype(float)
    return floats if floats.ndim else float(floats)


def given(valid: Any, random: Random, odd: float) -> Given:
    """Draw a value for an argument that takes numbers; `odd` is the share of what is none."""
    if random.random() < odd:
        value = random.choice(NO_NUMBERS)()
        return Given(value, refused=True, said="no number")
    numbers = numbers_like(valid, random)
    if random.random() < 0.4:
        numbers = at_an_end(numbers, random)
    kind = random.choice([*KINDS])
    value = held(kind, numbers)
    return Given(value, as_floats(value), said=kind)


def held(kind: str, numbers: np.ndarray) -> Any:
    """Return numbers in a kind of container; what is beyond its numbers is infinite there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return KINDS[kind](numbers)


def table(valid: pd.DataFrame, random: Random, odd: float) -> Given:
    """Draw a table whose columns have numbers of other kinds, or lack something."""
    frame, plain = valid.copy(), valid.copy()
    for name in random.sample([*valid], random.choice([1, 2, 3])):
        if random.random() < odd:
            return Given(_spoilt(frame, name, random), said="spoilt table")
        if valid[name].dtype.kind in "iuf":
            numbers = valid[name].to_numpy(dtype=float)
            if random.random() < 0.3:
                numbers = at_an_end(numbers, random)
            column = pd.Series(held(random.choice([*KINDS]), numbers)).reset_index(drop=True)
            frame[name] = column.set_axis(frame.index)
            plain[name] = as_floats(column)
        else:
            frame[name] = frame[name].astype(random.choice(["category", "string", object]))
    return Given(frame, plain, said="table")


def _spoilt(frame: pd.DataFrame, name: str, random: Random) -> pd.DataFrame:
    """Return a table with a column that is missing, doubled, empty or full of what is none."""
    value = random.choice([None, "x", True, 1j, pd.NaT, pd.NA, np.nan, np.inf, HUGE, [1.0], {}])
    return random.choice(
        [
            frame.drop(columns=name),
            pd.concat([frame, frame[[name]]], axis=1),
            frame.iloc[:0],
            frame.assign(**{name: [value] * len(frame)}),
            frame.assign(**{name: pd.Series([value] * len(frame), dtype=object)}),
            frame.set_axis(range(frame.shape[1]), axis=1),
            frame.set_axis([1] * len(frame)),
        ]
    )


def thing(random: Random) -> Given:
    """Draw a value for an argument that takes a word, a table or an object of the library."""
    return Given(random.choice(ODD_THINGS)(), said="odd thing")
