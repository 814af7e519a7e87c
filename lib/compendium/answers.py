"""Whether a student's answer is right, in words, without showing the right one.

Beside the notebooks of a course lies ``answers.json``: of each answer how it is rounded, a salt,
and a slow digest of the rounded number. So the printed digits are the tolerance, and the file gives
nothing away to a reader; a wrong number that others have met opens a hint in the same way. Needs
NumPy alone, and no network.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rounding import NEAREST, RULES, Rule

__all__ = [
    "BLANK",
    "FILE",
    "Answer",
    "Found",
    "UnfitError",
    "check",
    "look",
    "plain",
    "seal",
    "stretched",
]

FILE = "answers.json"
#: Names the file where it is not in the working folder or above it.
VARIABLE = "COMPENDIUM_ANSWERS"
#: What stands where an answer is to be written.
BLANK: Any = ...
#: Of PBKDF2: a check takes a twentieth of a second, a million guesses half a day.
ROUNDS = 200_000
#: So many times as slow it is to try a seed.
STRETCH = 6
#: Nearer than this part of a step to a border, the last bits of a right way would decide.
MARGIN = 0.1
#: What does not count in words: blanks, hyphens and dashes, underscores.
BETWEEN = re.compile(r"[\s_\-\u2010-\u2015\u2212]+")


class UnfitError(ValueError):
    """An answer that could not be told from another one."""


@dataclass(frozen=True)
class Answer:
    """What is asked for, and how it is rounded before it is compared.

    Parameters
    ----------
    name : str
        By which it is checked: ``gw.1a``.
    value : float, sequence of float or str
        The right one: a number, several in their order, or words.
    step : float, optional
        Of the last digit that counts; words have none.
    rule : Rule, optional
        By which it is rounded.
    unit : str, optional
        Said where the answer is no number.
    wrong : mapping of str to float, sequence of float or str, optional
        Answers that others have given, by the hint that each opens.

    Raises
    ------
    UnfitError
        If the right answer is too near to a border of its rounding, or a wrong one is the right
        one or another when rounded.
    ValueError
        If there is no such step.

    Examples
    --------
    >>> Answer("gw.1a", 330.0, step=1).counts
    '330'
    >>> Answer("gw.1b", 2.4999, step=1)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    compendium.answers.UnfitError: gw.1b: 2.4999 is within a tenth of a step of where 2 ends: ...
    """

    name: str
    value: Any
    step: float | None = None
    rule: Rule = NEAREST
    unit: str = ""
    wrong: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.step is not None:
            if not (np.isfinite(self.step) and self.step > 0):
                raise ValueError(f"{self.name}: step must be above 0, got {self.step}")
            self._require_distance(self.step)
        said = {self.counts: "the right answer"}
        for hint, value in self.wrong.items():
            counts = _counts(value, self.step, self.rule)
            if counts in said:
                raise UnfitError(f"{self.name}: the wrong answer {value!r} is {said[counts]}")
            said[counts] = f"that of the hint {hint!r}"

    @property
    def counts(self) -> str:
        """The right answer as it is compared: whole steps, or small letters without blanks."""
        return _counts(self.value, self.step, self.rule)

    def takes(self, given: Any) -> bool:
        """Return whether what a student gives is this answer.

        Examples
        --------
        >>> own = Answer("gw.1a", 330.0, step=1)
        >>> own.takes(330.4), own.takes(-330.0), own.takes("330"), own.takes(...)
        (True, False, False, False)
        """
        try:
            return _counts(given, self.step, self.rule) == self.counts
        except ValueError:
            return False

    def _require_distance(self, step: float) -> None:
        """Raise where a right way with other last bits could be told that it is wrong."""
        values = np.atleast_1d(np.asarray(self.value, dtype=float))
        rounded = np.atleast_1d(self.rule.round(values, step))
        low, high = self.rule.interval(rounded, step)
        near = np.minimum(values - low, high - values) < MARGIN * step
        # Rules that cut have their border on whole steps, where a whole number is meant to be.
        near &= (values != rounded) | (self.rule.name not in ("up", "down"))
        if near.any():
            value, end = values[near][0], rounded[near][0]
            raise UnfitError(
                f"{self.name}: {value:.10g} is within a tenth of a step of where {end:.10g} ends: "
                f"take another step than {step:g}"
            )


@dataclass(frozen=True)
class Found:
    """What is said of an answer.

    Parameters
    ----------
    right : bool
        Whether it is right.
    words : str
        What the student reads.
    """

    right: bool
    words: str


def check(name: str, answer: Any, folder: Path | None = None) -> None:
    """Say whether an answer is right.

    Parameters
    ----------
    name : str
        Of the answer, as it stands in the notebook: ``gw.1a``.
    answer : float, sequence of float or str
        A number with all its digits, several in the order that is asked for, or words.
    folder : Path, optional
        Where ``answers.json`` is looked for, and above it; by default the working folder.

    Raises
    ------
    ValueError
        If no answer of that name is asked for, or there is no file of answers.
    """
    print(look(name, answer, folder).words)


def look(name: str, answer: Any, folder: Path | None = None) -> Found:
    """Return what `check` says.

    Parameters
    ----------
    name, answer, folder
        As in `check`.

    Returns
    -------
    Found
        Whether it is right, and what is said of it.
    """
    sealed = _sealed(folder)
    if name not in sealed:
        raise ValueError(f"name must be one of {', '.join(sealed)}, got {name!r}")
    own = sealed[name]
    if answer is BLANK or answer is None:
        return Found(False, f"{name}: no answer yet.")
    try:
        counts = _counts(answer, own["step"], RULES_BY_WORDS[own["rule"]])
    except ValueError as error:
        asked = f" ({own['unit']})" if own["unit"] else ""
        return Found(False, f"{name}: {error}{asked}.")
    digest = _digest(name, counts, own["salt"], ROUNDS)
    if digest == own["digest"]:
        return Found(True, f"{name}: right.")
    hint = own["hints"].get(digest)
    return Found(False, f"{name}: not yet. {hint}" if hint else f"{name}: not yet.")


def seal(answers: Sequence[Answer], seed: str) -> str:
    """Return the text of ``answers.json``: what `check` needs, and no answer.

    Parameters
    ----------
    answers : sequence of Answer
        Each name once.
    seed : str
        Of the course; the same seed makes the same file, whose salts are fast digests of it: where
        a person has named it, it is to be `stretched`.

    Returns
    -------
    str
        JSON.

    Raises
    ------
    ValueError
        If two answers have one name.

    Examples
    --------
    >>> text = seal([Answer("toy.1", 42.0, step=1, wrong={"Per month?": 3.5})], "a seed")
    >>> "42" in json.loads(text)["toy.1"], list(json.loads(text)["toy.1"]["hints"].values())
    (False, ['Per month?'])
    """
    names = [own.name for own in answers]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"answers must have each name once, got {name!r} twice")
    # Digests are slow by intent, and made outside of Python's lock: one on each processor.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        sealed = pool.map(lambda own: _sealed_one(own, seed), answers)
        told = dict(zip(names, sealed, strict=True))
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _sealed_one(own: Answer, seed: str) -> dict[str, Any]:
    salt = hashlib.sha256(f"{seed}/{own.name}".encode()).hexdigest()[:32]
    return {
        "unit": own.unit,
        "step": own.step,
        "rule": str(own.rule),
        "salt": salt,
        "digest": _digest(own.name, own.counts, salt, ROUNDS),
        "hints": {
            _digest(own.name, _counts(value, own.step, own.rule), salt, ROUNDS): hint
            for hint, value in own.wrong.items()
        },
    }


@cache
def stretched(seed: str, whose: str = "") -> str:
    """Return what is drawn by in place of a seed: slow to make, so that no list of words finds it.

    Students have salts and numbers that come of it.

    Parameters
    ----------
    seed : str
        As the instructor names it.
    whose : str, optional
        The student for whom alone it is.

    Returns
    -------
    str
        Thirty-two letters and digits.

    Examples
    --------
    >>> stretched("a long seed of a class") == stretched("a long seed of a class", "Ada")
    False
    """
    salt = f"a course/{whose}".encode()
    return hashlib.pbkdf2_hmac("sha256", seed.encode(), salt, STRETCH * ROUNDS, 16).hex()


def plain(given: Any) -> Any:
    """Return what a student gives as Python's own numbers, words and lists.

    Only of what is a number, words, or a row of them; no method of any other object is called, nor
    one that a kind of number has of its own, for it would be a student's code.

    Raises
    ------
    ValueError
        If it is anything else.

    Examples
    --------
    >>> plain((1, np.float64(2.5))), plain(np.arange(3))
    ([1, 2.5], [0, 1, 2])
    """
    kind, pandas = type(given), sys.modules.get("pandas")
    if kind is bool:
        return given
    for own in (int, float, str):
        if issubclass(kind, own):
            # A number that knows more of itself, as a printed one does, is a number.
            return PLAIN[own](given)
    if kind in (list, tuple, range):
        return [plain(one) for one in given]
    if kind in (Decimal, Fraction):
        return float(given)
    if kind is np.ndarray or kind in SCALARS:
        return plain(given.tolist())
    if pandas and kind in (pandas.Series, pandas.Index, pandas.RangeIndex):
        return plain(given.tolist())
    raise ValueError(f"a number is asked for, got one of {kind.__name__}")


#: What makes Python's own of each kind of it, whatever that kind has for methods.
PLAIN: Mapping[type, Any] = {int: int.__int__, float: float.__float__, str: str.__str__}
#: NumPy's numbers and words, but for those that Python has none of.
SCALARS = frozenset({*np.sctypeDict.values()} - {np.longdouble, np.clongdouble})
RULES_BY_WORDS: Mapping[str, Rule] = {str(rule): rule for rule in RULES}


def _counts(answer: Any, step: float | None, rule: Rule) -> str:
    """Return an answer as it is compared; ValueError says what it should be."""
    if step is None:
        if not isinstance(answer, str):
            raise ValueError(f"words are asked for, in quotation marks, got {answer!r}")
        return BETWEEN.sub("", unicodedata.normalize("NFKC", answer).casefold())
    if isinstance(answer, str):
        raise ValueError(f"a number is asked for, without quotation marks, got {answer!r:.60}")
    try:
        own = plain(answer)
        if isinstance(own, bool):
            raise TypeError
        values = np.asarray(own, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"a number is asked for, got {answer!r:.60}") from None
    if values.ndim > 1 or not values.size or not np.isfinite(values).all():
        raise ValueError(f"finite numbers are asked for, got {answer!r:.60}")
    # Whole steps, as Python's own integers: no -0, and no digits of a float.
    return " ".join(str(int(count)) for count in np.atleast_1d(rule.steps(values, step)))


@cache
def _digest(name: str, counts: str, salt: str, rounds: int) -> str:
    made = hashlib.pbkdf2_hmac(
        "sha256", f"{name} {counts}".encode(), bytes.fromhex(salt), rounds, 16
    )
    return made.hex()


def _sealed(folder: Path | None) -> dict[str, Any]:
    """Read the answers that lie in a folder or above it."""
    here = folder or Path.cwd()
    named = os.environ.get(VARIABLE)
    for place in [Path(named)] if named else [each / FILE for each in (here, *here.parents)]:
        if place.is_file():
            sealed: dict[str, Any] = json.loads(place.read_text("utf8"))
            return sealed
    raise ValueError(
        f"there is no {FILE} in {here} or above it: it comes with the notebooks of a course; keep "
        f"them together, or set {VARIABLE} to the file"
    )
