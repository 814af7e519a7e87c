"""No wrong digit of a made-up table, or of its computation, passes."""

from __future__ import annotations

import pandas as pd
from accounts import close
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compendium import DOWN, NEAREST, UP

RULES = {"nearest": NEAREST, "up": UP, "down": DOWN}


@st.composite
def damaged(draw):
    """Draw numbers, how the page rounded them, and one digit of one of them to change."""
    rule = draw(st.sampled_from(sorted(RULES)))
    decimals = draw(st.integers(0, 4))
    size = draw(st.integers(1, 6))
    magnitudes = st.floats(0.5, 1e5, allow_nan=False)
    values = draw(st.lists(st.tuples(magnitudes, magnitudes), min_size=size, max_size=size))
    signs = draw(st.sampled_from([-1, 1]))
    frame = pd.DataFrame(values, columns=["a", "b"], index=range(1, size + 1)) * signs
    row, column = draw(st.integers(0, size - 1)), draw(st.sampled_from(["a", "b"]))
    position, shift = draw(st.integers(0, 30)), draw(st.integers(1, 9))
    return RULES[rule], decimals, frame, row, column, position, shift


def as_printed(frame, rule, decimals):
    rounded = rule.round(frame.to_numpy(), 10.0**-decimals)
    return [
        [str(label), *(f"{value:.{decimals}f}" for value in row)]
        for label, row in zip(frame.index, rounded, strict=True)
    ]


def with_a_wrong_digit(text, position, shift):
    places = [k for k, character in enumerate(text) if character.isdigit()]
    place = places[position % len(places)]
    wrong = str((int(text[place]) + shift) % 10)
    return text[:place] + wrong + text[place + 1 :]


quick = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@quick
@given(damaged())
def test_no_wrong_digit_on_the_page_passes_as_exact(desks, case):
    rule, decimals, frame, row, column, position, shift = case
    desk = desks()
    rows = as_printed(frame, rule, decimals)
    desk.table(rows)
    audit = desk.audit()
    audit.check("1", frame, rounding=rule)
    assert close(audit) == []

    at = 1 + ["a", "b"].index(column)
    rows[row][at] = with_a_wrong_digit(rows[row][at], position, shift)
    desk.table(rows)
    audit = desk.audit()
    audit.check("1", frame, rounding=rule)
    differences = close(audit)
    assert len(differences) == 1
    assert differences[0].startswith(f"Table 1, {row + 1}, {column}: printed {rows[row][at]},")


@quick
@given(damaged())
def test_no_wrong_digit_in_the_computation_passes_as_exact(desks, case):
    rule, decimals, frame, row, column, _, shift = case
    desk = desks()
    desk.table(as_printed(frame, rule, decimals))
    wrong = frame.copy()
    # Away from zero, by a unit of the last printed digit or more: what the page can show.
    wrong.loc[row + 1, column] *= 1 + shift * 10.0**-decimals / abs(wrong.loc[row + 1, column])
    audit = desk.audit()
    audit.check("1", wrong, rounding=rule)
    differences = close(audit)
    assert len(differences) == 1
    assert differences[0].startswith(f"Table 1, {row + 1}, {column}:")


@quick
@given(damaged())
def test_no_wrong_digit_passes_as_recovered(desks, case):
    _, decimals, frame, row, column, position, shift = case
    desk = desks()
    # More rows, and other numbers in them, so that more is explained than the one that is fitted.
    frame = pd.concat([frame, 1.37 * frame + 1], ignore_index=True)
    frame.index += 1
    rows = as_printed(frame * 0.5, NEAREST, decimals)
    at = 1 + ["a", "b"].index(column)
    rows[row][at] = with_a_wrong_digit(rows[row][at], position, shift)
    desk.table(rows)
    audit = desk.audit()
    audit.check("1", lambda share: frame * share, recovered={"share": 0.5})
    differences = close(audit)
    assert len(differences) == 1
    assert differences[0].startswith(f"Table 1, {row + 1}, {column}: printed {rows[row][at]},")
