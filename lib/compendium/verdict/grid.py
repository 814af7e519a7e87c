"""What-ifs that need no kernel: a model's answers on a grid, which a page moves over with sliders.

A notebook hands over a function and what may be varied; the answers are computed here, once, and
kept as a small file. A page only reads them. Between the values of a grid it may interpolate where
that was asked for with a tolerance, and was tested: at the middle of every cell of the grid, along
every edge and face, against the function itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import interpn

from compendium.page.numerals import fixed

__all__ = ["Answer", "Slider", "WhatIf", "answered"]

#: Parts of a step that a value may be off its place by noise.
NOISE = 1e-6
#: Two ways to compute the same answer agree to such a part of it.
SAME = 1e-9

Function = Callable[..., Mapping[str, Any]]
Array = NDArray[Any]


@dataclass(frozen=True)
class Slider:
    """Something that may be varied.

    Parameters
    ----------
    name : str
        What the function calls it.
    label : str
        What a reader calls it.
    values : sequence of float or of str
        Where the model is computed, rising; or words to choose among.
    start : float or str
        Where it stands at first: what the source has.
    unit : str, optional
        Of the values.
    step : float, optional
        How far the slider moves at a time, if that is less than from one value to the next: answers
        between are then interpolated. Every value must be a whole number of steps from the first.

    Raises
    ------
    ValueError
        If there are no two values, they do not rise, or the start is no place of the slider.

    Examples
    --------
    >>> Slider("rate", "interest", [4, 6, 10], start=5, unit="% a year", step=0.5).nodes
    [0, 4, 12]
    """

    name: str
    label: str
    values: Sequence[Any]
    start: Any
    unit: str = ""
    step: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no slider can be."""
        values = list(self.values)
        if len(values) < 2 or len({type(value) is str for value in values}) > 1:
            raise ValueError(f"{self.name}: values must be two numbers or words, got {values!r}")
        if not self.of_words and not (np.diff(np.asarray(values, dtype=float)) > 0).all():
            raise ValueError(f"{self.name}: values must rise, got {values!r}")
        if self.step is None:
            if self.start not in values:
                raise ValueError(f"{self.name}: start must be a value, got {self.start!r}")
            return
        if self.of_words or not self.step > 0:
            raise ValueError(f"{self.name}: step must be above 0, between numbers; {self.step!r}")
        for what, value in (*(("values", value) for value in values), ("start", self.start)):
            places = (value - values[0]) / self.step
            if abs(places - round(places)) > NOISE or not values[0] <= value <= values[-1]:
                raise ValueError(
                    f"{self.name}: {what} must be whole steps of {self.step} from {values[0]} to "
                    f"{values[-1]}, got {value!r}"
                )

    @property
    def of_words(self) -> bool:
        """Whether it chooses among words."""
        return isinstance(self.values[0], str)

    @property
    def nodes(self) -> list[int]:
        """The place of each value on the slider, in steps."""
        if self.step is None:
            return list(range(len(self.values)))
        return [round((value - self.values[0]) / self.step) for value in self.values]

    @property
    def middles(self) -> Array:
        """The values and, where it is interpolated, the middle between each two."""
        if self.step is None:
            return np.asarray(self.values)
        values = np.asarray(self.values, dtype=float)
        return np.sort(np.concatenate([values, (values[1:] + values[:-1]) / 2]))

    def place(self, value: Any) -> float:
        """Return where a value lies among the values: a whole number at each."""
        if self.step is None:
            return float(list(self.values).index(value))
        return float(np.interp(value, self.values, np.arange(len(self.values))))


@dataclass(frozen=True)
class Answer:
    """Something that the function answers.

    Parameters
    ----------
    label : str
        What the function's mapping calls it, and a reader too.
    unit : str, optional
        Of the numbers.
    decimals : int, optional
        With how many digits after the point they are shown, and kept.
    within : float, optional
        How far an interpolated number may be from the function's own; needed where a slider stops
        between its values.
    none : str, optional
        What is said where there is no number: NaN or infinite. Without it there must be one.
    """

    label: str
    unit: str = ""
    decimals: int = 0
    within: float | None = None
    none: str = ""


@dataclass(frozen=True)
class WhatIf:
    """A what-if with its answers.

    Parameters
    ----------
    title : str
        The question.
    note : str
        What is held, and what is not counted.
    sliders : tuple of Slider
        What is varied.
    answers : tuple of Answer
        What is answered.
    numbers : tuple of array
        For each answer, over the values of the sliders in their order: whole numbers, in units of
        the last decimal that is kept, NaN where there is none; or words.
    errors : tuple of float
        How far, for each answer, interpolation was from the function at most; 0 without it.
    """

    title: str
    note: str
    sliders: tuple[Slider, ...]
    answers: tuple[Answer, ...]
    numbers: tuple[Array, ...]
    errors: tuple[float, ...]

    @property
    def finer(self) -> int:
        """Decimals that are kept beyond those shown: one where answers are interpolated."""
        return _finer(self.sliders)

    def at(self, *values: Any) -> list[str]:
        """Return the answers at a place of the sliders, as they are shown.

        Examples
        --------
        >>> rate = Slider("rate", "interest", [0.0, 0.1], start=0.0)
        >>> found = answered("Due?", lambda rate: {"due": 100 * rate}, [rate], [Answer("due")])
        >>> found.at(0.1)
        ['10']
        """
        places = [slider.place(value) for slider, value in zip(self.sliders, values, strict=True)]
        return [
            _shown(answer, _read_off(numbers, places), self.finer)
            for answer, numbers in zip(self.answers, self.numbers, strict=True)
        ]

    @property
    def content(self) -> dict[str, Any]:
        """What a page needs to know, fit for JSON."""
        return {
            "title": self.title,
            "note": self.note,
            "inputs": [
                {
                    "label": slider.label,
                    "unit": slider.unit,
                    "values": list(slider.values),
                    "start": slider.start,
                    "step": slider.step,
                    "nodes": slider.nodes,
                }
                for slider in self.sliders
            ],
            "answers": [
                {"label": answer.label, "unit": answer.unit, "decimals": answer.decimals}
                | {"kept": answer.decimals + self.finer, "within": answer.within}
                | {"none": answer.none, **_packed(numbers)}
                for answer, numbers in zip(self.answers, self.numbers, strict=True)
            ],
        }


def answered(
    title: str,
    function: Function,
    sliders: Sequence[Slider],
    answers: Sequence[Answer],
    *,
    note: str = "",
    arrays: bool = True,
) -> WhatIf:
    """Compute a what-if over its grid, and test what lies between.

    Parameters
    ----------
    title : str
        The question, as a reader would put it.
    function : callable
        Takes the sliders by their names and returns a mapping with each answer. All are arrays of
        one length, an entry a point; without `arrays` they are single numbers or words.
    sliders : sequence of Slider
        What is varied.
    answers : sequence of Answer
        What is answered. The first that is a number is drawn over the first slider.
    note : str, optional
        What is held, and what is not counted.
    arrays : bool, optional
        Whether the function takes arrays.

    Raises
    ------
    ValueError
        If the function does not answer, or what is interpolated is further from the function than
        its answer allows; the message names the place.

    Examples
    --------
    >>> from numpy import array
    >>> found = answered(
    ...     "What is due each month?",
    ...     lambda rate, years: {"payment": 1000 * (rate / 1200 + 1 / (12 * years))},
    ...     [
    ...         Slider("rate", "interest", [2, 6, 10], start=5, unit="% a year", step=0.5),
    ...         Slider("years", "maturity", [10, 20, 30], start=20, unit="years"),
    ...     ],
    ...     [Answer("payment", "Y a month", decimals=1, within=0.1)],
    ... )
    >>> found.at(5, 20), found.at(5, 30)
    (['8.3'], ['6.9'])
    """
    if not sliders or not answers:
        raise ValueError(f"{title}: needs a slider and an answer, got {sliders!r}, {answers!r}")
    between = [slider.name for slider in sliders if slider.step is not None]
    axes = [np.asarray(slider.values) for slider in sliders]
    found = _ask(function, sliders, axes, answers, arrays)
    numbers = tuple(_whole(answer, found[answer.label], sliders, between) for answer in answers)
    errors = tuple(0.0 for _ in answers)
    if between:
        middles = [slider.middles for slider in sliders]
        true = _ask(function, sliders, middles, answers, arrays)
        errors = tuple(
            _error(answer, own, true[answer.label], sliders, middles)
            for answer, own in zip(answers, numbers, strict=True)
        )
    return WhatIf(title, note, tuple(sliders), tuple(answers), numbers, errors)


def _ask(
    function: Function,
    sliders: Sequence[Slider],
    axes: Sequence[Array],
    answers: Sequence[Answer],
    arrays: bool,
) -> dict[str, Array]:
    """Return each answer over a grid."""
    shape = tuple(map(len, axes))
    points = {
        slider.name: values.ravel()
        for slider, values in zip(sliders, np.meshgrid(*axes, indexing="ij"), strict=True)
    }
    count = int(np.prod(shape))
    if arrays:
        found = _at_once(function, points, answers, count)
        # Of a function that does not fail with arrays, only trying tells that it is for them.
        for row in sorted({0, count // 2, count - 1}):
            alone = _at_once(function, {n: v[row : row + 1] for n, v in points.items()}, answers, 1)
            for label, values in found.items():
                if not _same(values[row], alone[label][0]):
                    raise ValueError(
                        f"function must give the same for arrays and for one point, got for "
                        f"{label!r} at {_named(points, row)} {values[row]} and {alone[label][0]}"
                    )
    else:
        rows = [
            function(**{name: values[row].item() for name, values in points.items()})
            for row in range(count)
        ]
        found = {a.label: np.array([_answer(row, a.label) for row in rows]) for a in answers}
    return {label: values.reshape(shape) for label, values in found.items()}


def _at_once(
    function: Function, points: Mapping[str, Array], answers: Sequence[Answer], count: int
) -> dict[str, Array]:
    with np.errstate(all="ignore"):
        given = function(**points)
    found = {}
    for answer in answers:
        values = np.asarray(_answer(given, answer.label))
        if values.shape not in ((), (count,)):
            raise ValueError(
                f"function must give {answer.label!r} for each of {count} points, "
                f"got shape {values.shape}; or say arrays=False"
            )
        found[answer.label] = np.broadcast_to(values, count)
    return found


def _answer(given: Any, label: str) -> Any:
    if not isinstance(given, Mapping) or label not in given:
        raise ValueError(f"function must return a mapping with {label!r}, got {given!r:.80}")
    return given[label]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    return bool(np.isclose(one, other, rtol=SAME, atol=SAME, equal_nan=True))


def _named(points: Mapping[str, Array], row: int) -> str:
    return ", ".join(f"{name} {values[row]}" for name, values in points.items())


def _place(sliders: Sequence[Slider], axes: Sequence[Array], index: tuple[int, ...]) -> str:
    return ", ".join(
        f"{slider.name} {axis[at]}" for slider, axis, at in zip(sliders, axes, index, strict=True)
    )


def _whole(
    answer: Answer, values: Array, sliders: Sequence[Slider], between: Sequence[str]
) -> Array:
    """Return answers as they are kept: in units of the last decimal, or as words."""
    if values.dtype.kind in "OUS":
        if between:
            raise ValueError(
                f"{answer.label!r} is words, between which no slider can stop: {', '.join(between)}"
            )
        return values.astype(str)
    if between and answer.within is None:
        raise ValueError(
            f"{answer.label!r} needs within, since {', '.join(between)} may stop between values"
        )
    numbers: Array = np.rint(values.astype(float) * 10 ** (answer.decimals + _finer(sliders)))
    missing = ~np.isfinite(numbers)
    if missing.any():
        if between or not answer.none:
            index = tuple(int(i) for i in np.argwhere(missing)[0])
            at = _place(sliders, [np.asarray(slider.values) for slider in sliders], index)
            raise ValueError(f"{answer.label!r} must be a number at {at}, got {values[index]}")
        numbers[missing] = np.nan
    return numbers


def _error(
    answer: Answer,
    numbers: Array,
    true: Array,
    sliders: Sequence[Slider],
    axes: Sequence[Array],
) -> float:
    """Return how far interpolation is from the function at most; refuse it beyond what is said."""
    places = [
        [slider.place(value) for value in axis] for slider, axis in zip(sliders, axes, strict=True)
    ]
    grid = np.stack(np.meshgrid(*places, indexing="ij"), axis=-1)
    unit = 10.0 ** -(answer.decimals + _finer(sliders))
    off = np.abs(_read_off(numbers, grid) * unit - true)
    worst = np.unravel_index(int(np.argmax(np.nan_to_num(off, nan=np.inf))), off.shape)
    if not off[worst] <= (answer.within or 0.0):
        at = _place(sliders, axes, tuple(int(i) for i in worst))
        raise ValueError(
            f"{answer.label!r} may be off by {answer.within}, and is by {off[worst]:.4g} at {at}: "
            "the values of the sliders must be nearer to each other there"
        )
    # What is left where the last digit that is kept was rounded is no error of the grid.
    return float(off[worst]) if off[worst] > unit * (0.5 + NOISE) else 0.0


def _read_off(numbers: Array, places: Any) -> Any:
    """Return what a page reads off a grid at places among its values."""
    if numbers.dtype.kind == "U":
        return numbers[tuple(int(place) for place in places)]
    places = np.asarray(places, dtype=float)
    if (places == np.round(places)).all():
        # Exactly there, where a neighbour may have no number.
        return numbers[tuple(np.moveaxis(places.astype(int), -1, 0))]
    axes = [np.arange(size) for size in numbers.shape]
    found = interpn(axes, numbers, places.reshape(-1, len(axes))).reshape(places.shape[:-1])
    return found if found.ndim else float(found)


def _finer(sliders: Sequence[Slider]) -> int:
    return int(any(slider.step is not None for slider in sliders))


def _shown(answer: Answer, number: Any, finer: int) -> str:
    if isinstance(number, str):
        return number
    if np.isnan(number):
        return answer.none
    return fixed(float(number) / 10 ** (answer.decimals + finer), answer.decimals, ",")


def _packed(numbers: Array) -> dict[str, Any]:
    if numbers.dtype.kind == "U":
        words = list(dict.fromkeys(numbers.ravel().tolist()))
        return {"words": words, "values": [words.index(word) for word in numbers.ravel().tolist()]}
    return {
        "values": [None if np.isnan(number) else int(number) for number in numbers.ravel().tolist()]
    }
