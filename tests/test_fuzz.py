"""A sample of the fuzz, what it calls, and that it sees what is wrong; ``make fuzz`` for all."""

from __future__ import annotations

import inspect
import warnings

import numpy as np
import pytest
from judge import ANSWER, REFUSAL, WrongError, judged, tried
from processes import generator, turn
from targets import NOT_CALLED, NOT_GIVEN, Target, public, targets

from housing._arguments import numbers

TARGETS = targets()
#: How many calls of each are in the sample.
ROUNDS = 5


def told() -> None:
    """Take notice of a call that begins: here none is stopped."""


def kinds_of(called: list[Target], numbers: range) -> set[str]:
    """Make calls and return what they came to; what is wrong is raised."""
    return {judged(turn(called, number), generator(0, number), told)[0] for number in numbers}


# What is called ----------------------------------------------------------------------------------


def test_all_that_is_public_is_called_or_left_out_for_a_reason():
    called = {target.name for target in TARGETS}
    left_out = {name for name in public() if NOT_CALLED.keys() & {name, name.rpartition(".")[0]}}
    assert called == public() - left_out
    assert NOT_CALLED.keys() <= public()
    assert all(NOT_CALLED.values())


@pytest.mark.parametrize(
    "name",
    [
        "mortgage.payment",
        "oversight.simulate_subletting",
        "pricing.Constraint",
        "pricing.Programme.solve",
        "interpolation.InverseDistance.leave_one_out",
        "register.Tally.empty",
    ],
)
def test_functions_classes_and_methods_are_public_wherever_they_are_defined(name):
    assert name in public()


def test_what_the_calls_start_from_is_answered_and_leaves_no_argument_out():
    refusals = {target.name: tried(target, target.valid, told).refusal for target in TARGETS}
    assert {name for name, refusal in refusals.items() if refusal is not None} == set()
    for target in TARGETS:
        arguments = {*inspect.signature(target.function).parameters} - {"self"}
        assert arguments == target.valid.keys() | NOT_GIVEN.get(target.name, {}).keys()


# A sample ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", range(ROUNDS))
def test_a_sample_of_calls_comes_to_what_it_must(first):
    calls = range(first * len(TARGETS), (first + 1) * len(TARGETS))
    assert kinds_of(TARGETS, calls) == {ANSWER, REFUSAL}


# That it can fail --------------------------------------------------------------------------------


def half(rate):
    return 0.5 * numbers("rate", rate)


def infinite(rate):
    return 0.0 * numbers("rate", rate) + np.inf


def leaking(rate):
    return numbers("inner", rate)


def erring(rate):
    return half(rate) / len(rate)


def warning(rate):
    warnings.warn("so much", stacklevel=2)
    return half(rate)


def lax(rate):
    return half(0.1 if isinstance(rate, str | bytes) else rate)


def by_kind(rate):
    return half(rate) + (getattr(rate, "dtype", float) == np.float32)


def by_shape(rate):
    return half(rate) * (1.0 + 2.0**-52 * (np.ndim(rate) > 0))


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (infinite, "not finite"),
        (leaking, "the refusal names none of rate: inner must be"),
        (erring, "TypeError"),
        (warning, "UserWarning: so much"),
        (lax, "rate was taken"),
        (by_kind, "and as floats"),
        (by_shape, "and alone"),
    ],
)
def test_what_is_wrong_is_seen(function, said):
    target = Target(f"made_up.{function.__name__}", function, {"rate": 0.3}, ("rate",))
    with pytest.raises(WrongError, match=said):
        kinds_of([target], range(200))


def test_what_is_right_passes():
    target = Target("made_up.half", half, {"rate": 0.3}, ("rate",))
    assert kinds_of([target], range(200)) == {ANSWER, REFUSAL}
