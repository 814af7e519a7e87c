"""A register that is gone over more than once: what functions of its rows add up to."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pandas as pd
from numpy.typing import NDArray

from housing.register import _identity as identity
from housing.register._columns import Naming

if TYPE_CHECKING:
    from housing.register._files import Part
    from housing.register._partitions import Held

__all__ = ["Register", "parts_of", "refuse", "require_parts"]

Sums = TypeVar("Sums")


class Register:
    """The rows of a register, for functions whose results can be added up.

    Parameters
    ----------
    households : DataFrame, path or URL, or Dask DataFrame
        As `assess` takes it.
    naming : Naming
        What it calls its columns.
    more : sequence, optional
        Its names of other columns that are looked at.
    encoding, delimiter : str, optional
        Of CSV files.
    progress : bool, optional
        Whether to show a bar.
    """

    def __init__(
        self,
        households: Any,
        naming: Naming,
        *,
        more: Sequence[Any] = (),
        encoding: str | None = None,
        delimiter: str | None = None,
        progress: bool = False,
    ) -> None:
        self.naming, self.more, self.progress = naming, more, progress
        self.frame = households if isinstance(households, pd.DataFrame) else None
        self._repeated: list[Any] = []
        if self.frame is not None:
            for name, given in (("encoding", encoding), ("delimiter", delimiter)):
                if given is not None:
                    raise ValueError(f"{name} is for a register that is read from a file")
            naming.theirs(self.frame.columns)
            self._require(self.frame.columns)
            if naming.id is not None:
                self._repeated = [identity.repeated(self.frame[naming.id])]
            return
        require_parts(households)
        from housing.register._partitions import repeats

        if hasattr(households, "to_delayed"):
            self._require(households.columns)
        self.parts = parts_of(households, naming, encoding, delimiter, more=more)
        for part in self.parts:
            labels = getattr(getattr(part, "file", None), "labels", None)
            if labels is not None:
                self._require(labels)
        if naming.id is not None:
            self._repeated = [repeats(self.parts, naming.id, progress)]

    def _require(self, labels: Any) -> None:
        for name in self.more:
            if name not in labels:
                raise ValueError(
                    f"by: missing column {name}; there are {', '.join(map(str, labels))}"
                )

    def add_up(self, function: Callable[..., Sums]) -> Sums:
        """Return what a function of rows, and of those of them whose id is none, adds up to.

        Raises
        ------
        ValueError
            If parts cannot be read: all of them are named.
        """
        if self.frame is not None:
            return function(self.frame, *(self._repeated or [None]))
        from housing.register._partitions import add_up

        seen: Seen[Sums] = add_up(
            self.parts,
            Reading(function, self.naming, self.more),
            *self._repeated,
            progress=self.progress,
        )
        if seen.damaged:
            refuse(seen.damaged, len(self.parts))
        return reduce(add, seen.sums)


@dataclass(frozen=True)
class Seen(Generic[Sums]):
    """What some parts add up to: nothing, or one sum; and those that cannot be read, with why."""

    sums: tuple[Sums, ...] = ()
    damaged: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Seen[Sums]) -> Seen[Sums]:
        both = self.sums + other.sums
        return Seen((reduce(add, both),) if both else (), self.damaged + other.damaged)


@dataclass(frozen=True)
class Reading(Generic[Sums]):
    """A function of rows, as one of a part."""

    function: Callable[..., Sums]
    naming: Naming
    more: Sequence[Any]

    def __call__(self, part: Part | Held, repeated: NDArray[Any] | None = None) -> Seen[Sums]:
        """Read a part and call the function; a part that cannot be read is named."""
        from housing.register._files import DamagedError
        from housing.register._partitions import wanted

        labels = getattr(getattr(part, "file", None), "labels", None)
        try:
            frame = part.read(None if labels is None else wanted(labels, self.naming, self.more))
        except DamagedError as error:
            return Seen(damaged=((error.name, str(error)),))
        return Seen((self.function(frame, repeated),))


def require_parts(source: Any) -> None:
    """Refuse what is no register in parts, or cannot be read with what is installed."""
    if not hasattr(source, "to_delayed") and not isinstance(source, str | os.PathLike):
        raise ValueError(
            "households must be a DataFrame of pandas, a path or a Dask DataFrame, got "
            f"{_kind(source)}: {_short(source)}"
        )
    try:
        import dask  # noqa: F401
        import pyarrow  # noqa: F401
    except ImportError:
        raise ImportError(
            "a register from a file needs Dask and PyArrow: install the extra named scale"
        ) from None


def parts_of(
    source: Any,
    naming: Naming,
    encoding: str | None,
    delimiter: str | None,
    *,
    whole: bool = False,
    more: Sequence[Any] = (),
) -> Sequence[Held | Part]:
    """Return the parts of a register that Dask holds or files do."""
    from housing.register._delimited import known_delimiter, known_encoding
    from housing.register._files import opened
    from housing.register._partitions import held

    if hasattr(source, "to_delayed"):
        for name, given in (("encoding", encoding), ("delimiter", delimiter)):
            if given is not None:
                raise ValueError(f"{name} is for CSV files, and households is a Dask DataFrame")
        return held(source, naming, whole=whole, more=more)
    return opened(os.fspath(source), naming, known_encoding(encoding), known_delimiter(delimiter))


def refuse(damaged: Sequence[tuple[str, str]], parts: int, *, kept: bool = False) -> None:
    """Name the parts that could not be read, and say what is there of the others."""
    files = dict(reversed(damaged))  # of several parts of a file the first says why
    rest = parts - len(damaged)
    said = f". The other {rest:,} parts are written: resume=True goes on" if kept and rest else ""
    raise ValueError(f"households: {'; '.join(reversed(files.values()))}{said}")


def _kind(value: Any) -> str:
    """Return what a thing is, and of which package: others have a DataFrame too."""
    package = type(value).__module__.partition(".")[0]
    origin = "" if package == "builtins" else f" of {package}"
    way = ", whose to_pandas() makes one" if hasattr(value, "to_pandas") else ""
    return f"a {type(value).__name__}{origin}{way}"


def _short(value: Any, most: int = 80) -> str:
    said = " ".join(repr(value).split())
    return said if len(said) <= most else said[: most - 3] + "..."
