"""What is right: a number, a documented infinity, or a refusal that names the argument."""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from random import Random
from typing import Any

import numpy as np
import pandas as pd
from arguments import RECEIVERS
from targets import OF_COLUMNS, REFUSALS, WARNINGS, WITHOUT_END, Target
from values import Given, at_an_end, given, table, thing

from housing import pricing, register

ANSWER, REFUSAL = "answer", "refusal"
#: What only labels can be refused for.
LABELS = re.compile("same labels|the labels of|for labels|must both be Series|must be labelled")
#: Told at the start of every call of the library, so that a call without end is seen.
Started = Callable[[], None]


class WrongError(Exception):
    """What a call did that it must not do."""


@dataclass(frozen=True)
class Outcome:
    """What a call came to: the parts of its answer, or what its refusal said."""

    result: Any = None
    refusal: str | None = None


def judged(target: Target, random: Random, started: Started) -> tuple[str, dict[str, Any]]:
    """Make one call, hold it against what it must come to, and return which it was.

    Raises
    ------
    WrongError
        With what was wrong.
    """
    target, made_of = on_a_receiver(target, random)
    arguments, changed = drawn(target, random)
    try:
        found = tried(target, arguments, started)
        if found.refusal is not None:
            require_name(target, found.refusal, arguments, changed)
        else:
            require_numbers(target, found.result)
            for name, value in changed.items():
                if must_be_refused(target, name, value):
                    raise WrongError(f"{name} was taken: {brief(value.value)}")
        require_same_as_plain(target, arguments, changed, found, started)
        if random.random() < 0.3:
            require_same_one_by_one(target, random, started)
    except WrongError as wrong:
        told, on = (
            ", ".join(f"{name}={brief(value)}" for name, value in numbers.items())
            for numbers in (arguments, made_of)
        )
        of = f" of {target.owner}({on})" if on else ""
        raise WrongError(f"{target.name}({told}){of}: {wrong}") from wrong.__cause__
    return REFUSAL if found.refusal is not None else ANSWER, arguments


def on_a_receiver(target: Target, random: Random) -> tuple[Target, dict[str, Any]]:
    """Return a method with what it is called on, and the numbers that this was made of.

    It is the valid one where nothing can be made of them.
    """
    if not target.owner:
        return target, {}
    made, valid = RECEIVERS[target.owner]
    numbers = {name: np.array(value, dtype=float) for name, value in valid.items()}
    if numbers and random.random() < 0.7:
        name = random.choice([*numbers])
        numbers[name] = at_an_end(numbers[name], random)
    given = {name: value.tolist() for name, value in numbers.items()}
    try:
        return replace(target, receiver=made(**given)), given
    except ValueError:
        return target, valid


def drawn(target: Target, random: Random) -> tuple[dict[str, Any], dict[str, Given]]:
    """Return the arguments of a call, and those of them that are not the valid ones."""
    names = random.sample([*target.valid], min(len(target.valid), random.choice([1, 1, 2, 3])))
    odd = random.choice([0.0, 0.0, 0.5])
    changed = {}
    for name in names:
        valid = target.valid[name]
        if is_number(target, name):
            changed[name] = given(valid, random, odd)
        elif isinstance(valid, pd.DataFrame) and random.random() < 0.8:
            changed[name] = table(valid, random, odd)
        else:
            changed[name] = thing(random)
    return {**target.valid, **{name: value.value for name, value in changed.items()}}, changed


def must_be_refused(target: Target, name: str, value: Given) -> bool:
    """Tell whether a value is no number where one belongs, and no default either."""
    default = inspect.signature(target.function).parameters[name].default
    missing = value.value is default or (isinstance(value.value, float) and value.value == default)
    wanted = is_number(target, name) and target.name not in OF_COLUMNS
    return value.refused and wanted and not missing


def is_number(target: Target, name: str) -> bool:
    """Tell whether an argument takes numbers, by its valid value."""
    valid = target.valid[name]
    if isinstance(valid, str | bool | dict | pd.DataFrame) or valid is None:
        return False
    try:
        return np.asarray(valid).dtype.kind in "iuf"
    except ValueError:
        return False


def tried(target: Target, arguments: Mapping[str, Any], started: Started) -> Outcome:
    """Call, and let nothing but an answer or a refusal through."""
    started()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            outcome = Outcome(result=target.call(arguments))
        except REFUSALS.get(target.name, ()):
            outcome = Outcome(refusal=", ".join(arguments))
        except ValueError as refusal:
            outcome = Outcome(refusal=str(refusal))
        except Exception as error:
            raise WrongError(f"{type(error).__name__}: {error}") from error
    for warning in told:
        allowed = WARNINGS.get(target.name)
        if allowed is None or not re.search(allowed, str(warning.message)):
            raise WrongError(f"{warning.category.__name__}: {warning.message}")
    return outcome


def require_name(
    target: Target, refusal: str, arguments: Mapping[str, Any], changed: Mapping[str, Given]
) -> None:
    """Demand that a refusal names an argument, and the one that is no number where it is alone."""
    names = [*target.parameters]
    none = [name for name, value in changed.items() if value.refused and is_number(target, name)]
    if len(changed) == 1 and none:
        names = none
    if "households" in target.valid:
        names += [*target.valid["households"]]
    # The caller's own names for them.
    names += [constraint.name for constraint in getattr(target.receiver, "constraints", ())]
    if not any(re.search(rf"(?<![A-Za-z_]){name}(?![A-Za-z_])", refusal) for name in names):
        raise WrongError(f"the refusal names none of {', '.join(names)}: {refusal}")


def require_numbers(target: Target, result: Any) -> None:
    """Demand that an answer is finite, but where the docstring says otherwise."""
    finite = all(np.isfinite(part).all() for part in parts(result))
    if not finite and target.name not in WITHOUT_END:
        raise WrongError(f"not finite: {brief(result)}")


def require_same_as_plain(
    target: Target,
    arguments: Mapping[str, Any],
    changed: Mapping[str, Given],
    found: Outcome,
    started: Started,
) -> None:
    """Demand the answer that plain floats give, whatever kind or container held the numbers."""
    if any(value.plain is None for value in changed.values()):
        return
    plain = tried(
        target, {**arguments, **{name: value.plain for name, value in changed.items()}}, started
    )
    if found.refusal is not None and LABELS.search(found.refusal):
        return
    if (found.refusal is None) != (plain.refusal is None):
        said = found.refusal or plain.refusal
        which = "as it is" if found.refusal is not None else "as floats"
        raise WrongError(f"refused {which} alone: {said}")
    if found.refusal is None:
        require_equal(found.result, plain.result, "as floats")


def require_same_one_by_one(target: Target, random: Random, started: Started) -> None:
    """Demand of an array what its numbers give one by one, to the last bit."""
    if not target.each:
        return
    names = random.sample(target.each, min(len(target.each), random.choice([1, 2, 3])))
    shapes = random.choice([[(3,)], [(2, 1), (1, 3)], [(2, 3)], [(17,)]])
    many = {}
    for place, name in enumerate(names):
        valid = np.asarray(target.valid[name], dtype=float)
        shape = shapes[place % len(shapes)]
        steps = np.array([random.choice([0, 0.5, 1, 1.5, 2, 3]) for _ in range(np.prod(shape))])
        spread = valid * (1.0 - 0.01 * steps) if valid % 1 else valid + np.floor(steps)
        many[name] = spread.reshape(shape)
    whole = tried(target, {**target.valid, **many}, started)
    grid = np.broadcast_arrays(*many.values())
    for place in np.ndindex(grid[0].shape):
        one = {name: float(values[place]) for name, values in zip(many, grid, strict=True)}
        alone = tried(target, {**target.valid, **one}, started)
        if whole.refusal is not None:
            if alone.refusal is not None:
                return
            continue
        if alone.refusal is not None:
            raise WrongError(f"{brief(one)} is refused alone and not in {brief(many)}")
        entries = [np.asarray(part)[place] for part in parts(whole.result)]
        require_equal(entries, [*parts(alone.result)], f"alone, {brief(one)} of {brief(many)}")
    if whole.refusal is not None:
        raise WrongError(f"{brief(many)} is refused, and none alone: {whole.refusal}")


def require_equal(first: Any, second: Any, said: str) -> None:
    """Demand the same numbers to the last bit."""
    ours, theirs = [*parts(first)], [*parts(second)]
    if len(ours) != len(theirs) or not all(
        np.shape(a) == np.shape(b) and np.array_equal(a, b, equal_nan=True)
        for a, b in zip(ours, theirs, strict=True)
    ):
        raise WrongError(f"{brief(first)}, and {said} {brief(second)}")


def parts(result: Any) -> Iterator[np.ndarray]:
    """Yield the numbers that an answer has, however it holds them."""
    if isinstance(result, pd.DataFrame):
        yield result.select_dtypes("number").to_numpy(dtype=float, na_value=np.nan)
    elif isinstance(result, dict):
        for part in result.values():
            yield from parts(part)
    elif isinstance(result, tuple | list):
        for part in result:
            yield from parts(part)
    elif isinstance(result, register.Assessment):
        yield result.households["subsidy"].to_numpy()
        yield from parts(result.summary)
    elif isinstance(result, pricing.Constraint):
        yield from parts(result.function)
        # A bound that is not given is infinite, and a given one never.
        yield from (np.array(end) for end in (result.at_least, result.at_most) if np.isfinite(end))
    elif is_dataclass(result):
        for field in fields(result):
            yield from parts(getattr(result, field.name))
    elif isinstance(result, int | float | np.number | np.ndarray | pd.Series):
        array = np.asarray(result)
        if array.dtype.kind in "biuf":
            yield array.astype(float)
    elif hasattr(result, "values_"):
        yield np.asarray(result.values_)


def brief(value: Any, most: int = 160) -> str:
    """Return a value in a line."""
    said = " ".join(repr(value).split())
    if isinstance(value, pd.Series):
        said = f"Series({value.tolist()}, index={[*value.index]}, dtype={value.dtype})"
    return said if len(said) <= most else said[: most - 3] + "..."
