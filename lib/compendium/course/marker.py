"""Marks the answers of a course that nbgrader collects. Keep this file from students.

It knows how each exercise is solved, on the numbers of the class. A hidden test asks it in a line
that says no more than the answer's name, for nbgrader shows that line to students with their marks.
What it asks is a process of its own, which works the exercise anew: nothing that a student's
notebook has changed, in a table or in a library, is there, and no answer is here.

To see why an answer cannot be marked, in this folder: ``python marks.py gw.1a``.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
#: By the name of each: its session, the code that solves it, the puzzle that it is of with what
#: that is drawn by, and by their letters the answers: value, step, rule.
EXERCISES: dict[str, Any] = {}


def takes(name: str, given: Any) -> bool:
    """Return whether what a student gives is the answer of that name.

    Raises
    ------
    RuntimeError
        If that cannot be told.
    """
    from compendium.answers import plain

    try:
        asked = json.dumps([name, plain(given)])
    except (ValueError, RecursionError):
        return False
    told = _told(_process(), asked)
    if told not in ("right", "wrong"):
        # No more of it: a student reads what a cell raises.
        raise RuntimeError(f"{name} cannot be marked: whoever marks can see why")
    return bool(told == "right")


def _process() -> subprocess.Popen[str]:
    """Return the process that marks: one a notebook, for a second goes to what it imports."""
    begun: dict[str, subprocess.Popen[str]] = vars(sys).setdefault("marking", {})
    if __file__ not in begun:
        begun[__file__] = subprocess.Popen(
            [sys.executable, "-B", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf8",
        )
    return begun[__file__]


def _told(begun: subprocess.Popen[str], asked: str) -> str:
    """Return what a process says to a line; nothing where it has ended."""
    if begun.stdin is None or begun.stdout is None:
        return ""
    print(asked, file=begun.stdin, flush=True)
    return begun.stdout.readline().strip()


def is_right(name: str, given: Any, known: dict[str, dict[str, Any]]) -> bool:
    """Return whether that is the answer, in a process in which no student's code has run.

    Parameters
    ----------
    name : str
        Of the answer.
    given : float, str or list
        As it came.
    known : dict
        What each exercise's solution makes; those that are worked are added.
    """
    from compendium.answers import RULES_BY_WORDS, Answer

    own, letter = name[:-1], name[-1]
    exercise = EXERCISES[own]
    if own not in known:
        known[own] = dict(worked(exercise))
    value, step, rule = exercise["answers"][letter]
    right = eval(value, known[own])
    return Answer(name, right, step, RULES_BY_WORDS[rule]).takes(given)


def worked(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names that a solution makes, where what it loads lies."""
    names: dict[str, Any] = {"display": lambda *_: None}
    with _within(HERE / "source" / exercise["session"]), contextlib.redirect_stdout(io.StringIO()):
        if exercise["puzzle"]:
            kind, seed = exercise["puzzle"]
            names["puzzle"] = import_module("puzzles").PUZZLES[kind](seed)
        exec(exercise["code"], names)
    return names


@contextlib.contextmanager
def _within(folder: Path) -> Iterator[None]:
    """Work in a folder, and import what lies there or here."""
    before, path = Path.cwd(), sys.path.copy()
    os.chdir(folder)
    sys.path[:0] = [str(folder), str(HERE)]
    try:
        yield
    finally:
        sys.path[:] = path
        os.chdir(before)


def main() -> None:
    """Answer each line of the standard input, or fail aloud for one that is named."""
    known: dict[str, dict[str, Any]] = {}
    for name in sys.argv[1:]:
        is_right(name, None, known)
        print(f"{name} can be marked")
    for line in [] if sys.argv[1:] else sys.stdin:
        try:
            name, given = json.loads(line)
            said = "right" if is_right(name, given, known) else "wrong"
        except Exception:
            # Of any kind: whoever asks fails the mark aloud, and a student is not shown what was
            # raised here, where the right answers are.
            said = "not told"
        print(said, flush=True)


if __name__ == "__main__":
    main()
