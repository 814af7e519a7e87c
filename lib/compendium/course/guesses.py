"""How many guesses find an answer, by trying upwards or through its hints.

Where few do, that an answer is right shows no work; and a number that many find stands in another
file by chance.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from compendium.answers import Answer

__all__ = ["FEW", "guesses", "is_guessed", "tries"]

#: An answer that fewer guesses find is told to whoever makes the course.
FEW = 1000


def tries(answer: Answer) -> float:
    """Count the guesses that find an answer, by whoever knows its sign and tries upwards.

    Parameters
    ----------
    answer : Answer
        Words are chosen from the few that stand in the question: they count as one guess.

    Returns
    -------
    float
        The product over its numbers.

    Examples
    --------
    >>> tries(Answer("toy.1", 42.0, step=1)), tries(Answer("toy.2", 3.14159, step=1e-4))
    (43.0, 31417.0)
    """
    if answer.step is None:
        return 1.0
    return _product(np.abs(_steps(answer, answer.value)))


def is_guessed(answer: Answer) -> bool:
    """Return whether so few guesses find an answer that right is no proof of work."""
    return guesses(answer) < FEW


def guesses(answer: Answer) -> float:
    """Count the guesses that find an answer by the shortest way, through its hints as well.

    A declared wrong answer is what a usual mistake gives. So it counts as one guess, and who has it
    goes on near it, to both sides. And a hint says what was found: where the right one is a whole
    number of times as much, as percent and years are of parts and months, who tries upwards to the
    wrong one goes on within its step, so many times as wide.

    Parameters
    ----------
    answer : Answer
        With its wrong ones.

    Returns
    -------
    float
        The least over the way of `tries` and those through each wrong answer.

    Examples
    --------
    >>> guesses(Answer("toy.1", 4200.0, step=1)), guesses(
    ...     Answer("toy.1", 4200.0, step=1, wrong={"Per month?": 350.0, "Before tax?": 4190.0})
    ... )
    (4201.0, 22.0)
    """
    return min([tries(answer), *(_through(answer, wrong) for wrong in answer.wrong.values())])


def _through(answer: Answer, wrong: Any) -> float:
    """Count the guesses that find a wrong answer and, from there, the right one."""
    if answer.step is None:
        return np.inf
    right, at = (np.atleast_1d(np.asarray(one, float)) for one in (answer.value, wrong))
    if right.shape != at.shape:
        return np.inf
    near = 1 + _product(2 * np.abs(_steps(answer, right) - _steps(answer, at)))
    times = np.divide(right, at, out=np.full(at.shape, np.nan), where=at != 0)
    if np.allclose(times, np.rint(times), rtol=1e-9, atol=0) and (times > 0).all():
        return min(near, _product(np.abs(_steps(answer, at))) + _product(times))
    # The right ones in the reverse order are no one's before the right ones are.
    return np.inf if right.size > 1 and np.array_equal(at, right[::-1]) else near


def _steps(answer: Answer, value: Any) -> Any:
    assert answer.step is not None
    return np.atleast_1d(answer.rule.steps(value, answer.step))


def _product(steps: Any) -> float:
    """Return how many ways there are to take of each number one of so many steps, or none."""
    return float(np.prod(np.asarray(steps, float) + 1))
