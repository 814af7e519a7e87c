"""A register in parts: each worked through on its own, and what they come to added up as a tree."""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from housing.register import _identity as identity
from housing.register._columns import Naming
from housing.register._files import DamagedError, Part
from housing.register._parts import Folder, Run
from housing.register._rows import Found, assess_rows

__all__ = ["Held", "Task", "add_up", "held", "repeats"]

#: Results that are added up at once.
BRANCHES = 8
Result = TypeVar("Result")


@dataclass(frozen=True)
class Held:
    """A partition of a Dask DataFrame, which Dask computes.

    Parameters
    ----------
    name : str
        What the part of the result is called.
    stamp : str
        What changes when the rows may.
    frame : Delayed or DataFrame
        The rows, once they are computed.
    """

    name: str
    stamp: str
    frame: Any

    def read(self, wanted: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the rows, with all of their columns."""
        frame: pd.DataFrame = self.frame
        return frame


def held(frame: Any, naming: Naming, *, whole: bool, more: Sequence[Any] = ()) -> list[Held]:
    """Return the partitions of a Dask DataFrame, of the columns that count, or of all."""
    labels = [*frame.columns]
    own = wanted(labels, naming, more)
    parts = (frame if whole else frame[own]).to_delayed()
    return [
        Held(f"part-{number:06d}", f"{frame._name} {number} of {len(parts)}", part)
        for number, part in enumerate(parts)
    ]


def add_up(
    parts: Sequence[Part | Held],
    function: Callable[..., Result],
    *arguments: Sequence[Any],
    progress: bool = False,
) -> Result:
    """Call a function on each part, and add the results up in their order.

    No more results are held than a branch of the tree has, whatever the number of parts.

    Parameters
    ----------
    parts : sequence
        One or more.
    function : callable
        Of a part, and of one more entry for each of `arguments`.
    *arguments : sequence
        As long as `parts`.
    progress : bool, optional
        Whether to show a bar.
    """
    import dask

    # Whatever a part holds is not looked through for more tasks: of thousands that takes a minute.
    task = partial(dask.delayed, pure=False, traverse=False)
    sum_ = task(_sum)
    level = []
    for part, *more in zip(parts, *arguments, strict=True):
        if isinstance(part, Held):
            empty = replace(part, frame=None)
            level.append(task(partial(_with_frame, function, empty, more))(part.frame))
        else:
            level.append(task(partial(function, part, *more))())
    while len(level) > 1:
        groups = range(0, len(level), BRANCHES)
        level = [sum_(*level[start : start + BRANCHES]) for start in groups]
    found: Result = _computed(level[0], progress)
    return found


def _with_frame(function: Callable[..., Any], part: Held, more: Sequence[Any], frame: Any) -> Any:
    return function(replace(part, frame=frame), *more)


def _sum(*results: Any) -> Any:
    return reduce(operator.add, results)


def _computed(task: Any, progress: bool) -> Any:
    """Compute a task on this machine's cores, or on the cluster of the active client."""
    client = _client()
    if client is None:
        from dask.diagnostics.progress import ProgressBar

        with ProgressBar() if progress else nullcontext():
            return task.compute()
    future = client.compute(task)
    if progress:
        from dask.distributed import progress as bar

        bar(future, notebook=False)
    return future.result()


def _client() -> Any:
    if "distributed" not in sys.modules:
        return None
    from dask.distributed import default_client

    try:
        return default_client()
    except ValueError:
        return None


class Task:
    """The assessment of a part, its rows written where they are wanted.

    Parameters
    ----------
    run : Run
        Rules and names.
    folder : Folder, optional
        Where the rows go.
    checksums : dict, optional
        Of the parts of a former run that is gone on with; None where there is none.
    most : int, optional
        How many invalid entries are listed; all where it is None.
    """

    def __init__(
        self,
        run: Run,
        folder: Folder | None,
        checksums: dict[str, str] | None,
        most: int | None,
    ) -> None:
        self.run, self.folder, self.checksums, self.most = run, folder, checksums, most
        self.digest = run.digest()

    def __call__(self, part: Part | Held, repeated: NDArray[np.intp] | None = None) -> Found:
        """Assess a part; one that cannot be read is named, and stops no other."""
        stamp = f"{self.digest} {part.stamp}" + _digest_of(repeated)
        lost: tuple[str, ...] = ()
        if self.folder is not None and self.checksums is not None:
            checksum = self.checksums.get(f"{part.name}.parquet")
            found = self.folder.finished(part.name, stamp, checksum)
            if isinstance(found, Found) and found.lists(self.most):
                return replace(found, most=self.most)
            # One that lists fewer of its problems than are asked for is gone through once more.
            lost = (f"{part.name}.parquet {found}",) if found and isinstance(found, str) else ()
        try:
            frame = part.read(self._wanted(part))
            if self.folder is not None:
                _require_once(part, frame.columns)
        except DamagedError as error:
            none = Found.nothing(self.run.policy)
            return replace(none, damaged=((error.name, str(error)),), most=self.most)
        rules, naming = self.run.policy, self.run.naming
        rows, found, columns = assess_rows(frame, naming, rules, repeated, self.most)
        if self.folder is None:
            return found
        found = self.folder.write(part.name, rows, columns, found, stamp)
        return replace(found, redone=lost)

    def _wanted(self, part: Part | Held) -> list[Any] | None:
        """Return the columns that have to be read: all, where the rows are written."""
        if self.folder is not None or isinstance(part, Held):
            return None
        labels = part.file.labels
        return None if labels is None else wanted(labels, self.run.naming)


def _require_once(part: Part | Held, labels: pd.Index) -> None:
    """Refuse columns of one name, also such as do not count: what is written has each once."""
    twice = labels[labels.duplicated()]
    if len(twice):
        name = part.file.name if isinstance(part, Part) else part.name
        raise DamagedError(name, f": column {twice[0]} stands twice, and cannot be written so")


def wanted(labels: Sequence[Any], naming: Naming, more: Sequence[Any] = ()) -> list[Any]:
    """Return the columns of a register that are looked at: those that count, and some more."""
    own = [*naming.theirs(labels).values(), *more]
    if naming.former(labels):
        own += ["eligible", "subsidy", "reason"]  # that they are there says whose the class is
    if naming.id is not None:
        own.append(naming.id)
    return [*dict.fromkeys(own)]


def _digest_of(rows: NDArray[np.intp] | None) -> str:
    if rows is None:
        return ""
    import hashlib

    return " " + hashlib.sha256(np.asarray(rows, np.int64).tobytes()).hexdigest()[:16]


# Ids ----------------------------------------------------------------------------------------------


def repeats(parts: Sequence[Part | Held], id: Any, progress: bool) -> list[NDArray[np.intp]]:
    """Return of each part the rows whose id is missing, or stands in an earlier row of any."""
    found = add_up(parts, partial(_hashed, id=id), progress=progress)
    twice = identity.shared([numbers for numbers, _ in found])
    if not len(twice) and not any(gaps for _, gaps in found):
        return [np.zeros(0, np.intp) for _ in parts]
    del found
    return identity.later(add_up(parts, partial(_candidates, id=id, twice=twice)))


def _hashed(part: Part | Held, *, id: Any) -> list[tuple[NDArray[np.uint64], bool]]:
    column = _column(part, id)
    return [] if column is None else [identity.hashed(column)]


def _candidates(part: Part | Held, *, id: Any, twice: NDArray[np.uint64]) -> list[Any]:
    column = _column(part, id)
    column = pd.Series([], dtype=object) if column is None else column
    return [identity.candidates(column, twice)]


def _column(part: Part | Held, id: Any) -> pd.Series | None:
    """Return the ids of a part; None of one that cannot be read, which its assessment will name."""
    try:
        frame = part.read([id])
    except DamagedError:
        return None
    if id not in frame:
        raise ValueError(f"id: missing column {id}; there are {', '.join(map(str, frame))}")
    column: pd.Series = frame[id]
    return column
