"""A policy over a whole register: in memory, from files, or from Dask."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from housing._arguments import number
from housing.policy import Policy, known_policy
from housing.register import _identity as identity
from housing.register._columns import Naming
from housing.register._passes import parts_of, refuse, require_parts
from housing.register._rows import LISTED, Found, assess_rows
from housing.register.problems import LeftOut, Problems, warn_of, warn_of_one_class
from housing.register.tally import Summary, Tally

__all__ = ["Assessment", "assess"]


@dataclass(frozen=True)
class Assessment:
    """What `assess` returns.

    Parameters
    ----------
    households : DataFrame or None
        The register's rows with four columns more: ``class``, ``eligible``, ``subsidy`` (money per
        month, NaN where the row is invalid) and ``reason``. None where the register was read from
        a file or Dask; ask for ``out`` to have the rows.
    summary : Summary
        The totals.
    problems : Problems
        Each invalid entry: ``row`` (position in the register, from 0), ``column``, ``value`` and
        ``message``; of a register from files or Dask the first 1,000. Its ``counts`` has the
        number of all by column and message, and ``cut`` says whether there are more than listed.
    tally : Tally
        The sums that the summary was made of.
    policy : Policy
        The rules.
    """

    households: pd.DataFrame | None = field(repr=False)
    summary: Summary
    problems: Problems = field(repr=False)
    tally: Tally = field(repr=False)
    policy: Policy = field(repr=False)


def assess(
    households: Any,
    policy: Policy | None = None,
    *,
    columns: Any = None,
    id: Any = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    out: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    resume: bool = False,
    progress: bool = True,
    most_problems: int | None = LISTED,
) -> Assessment:
    r"""Apply a policy to every household of a register.

    Parameters
    ----------
    households : DataFrame, path or URL, or Dask DataFrame
        The register, or where it is: Parquet or CSV (``.csv``, ``.csv.gz``, ``.tsv``), a folder
        or a pattern of such files, Excel (``.xlsx``) or GeoPackage (``.gpkg``). URLs are those of
        fsspec: ``s3://``, ``memory://``, ``file://``. Its columns:

        * ``size``: persons, whole numbers from 1
        * ``income``: of the household, money per year, at least 0
        * ``owned_area``, ``owned_price``: the present home, m2 and money per m2; 0 for none, and
          the price may be blank where the area is 0
        * ``wish``: ``rent``, ``buy`` or ``none``
        * ``class``: optional; a class of the policy, or ``market`` for a household above them.
          Without it the policy's income limits decide. Classes that a former assessment added are
          no input
        * ``weight``: optional; how many households the row stands for

        Numbers may be words that say one, with thousands set off: ``1,234.50``. Case, width, and
        blanks around a word or a name of a column do not matter. Categories are fastest for the
        words. Other columns are kept and not looked at, but for earlier ones named as the four that
        are added: these are replaced.
    policy : Policy, optional
        The example of `load_policy` where none is given.
    columns : dict, optional
        What the register calls its columns otherwise: its names mapped to those above.
    id : str, optional
        The register's column that tells one household from another. A row whose id is missing, or
        stands in an earlier row, is a problem, whether or not that row is valid: which of them is
        right, nothing tells.
    encoding : str, optional
        Of CSV files, such as ``gb18030``. Else UTF-8, or UTF-16 where the first bytes say so.
    delimiter : {",", ";", "\t", "|"}, optional
        What sets off the columns of CSV files. Else a comma, and a tab in ``.tsv``.
    out : str or PathLike, optional
        Folder, or URL of one, for the assessed rows as Parquet, for a register read from a file or
        Dask. It must be empty, and is the run's own: beside the parts it has ``_assessed.json``,
        with policy, version, counts, and each part's checksum once the run is whole.
    overwrite : bool, optional
        Whether a former run in ``out`` is removed.
    resume : bool, optional
        Whether a run in ``out`` that was broken off goes on where it stopped.
    progress : bool, optional
        Whether to show a bar while such a register is worked through.
    most_problems : int, optional
        How many invalid entries of such a register are listed, from the first on, at least 0; all
        of them where it is None.

    Returns
    -------
    Assessment
        Rows, summary and problems. A row with an invalid entry is listed among the problems, has
        the reason ``invalid``, and is in no total; the others are not touched by it.

    Raises
    ------
    ValueError
        If a column is missing, or neither a class nor an income limit tells the class; if ``out``
        holds what would be lost; or if a part of the register cannot be read. All such parts are
        named, and with ``out`` the others are written.
    ImportError
        If a file is named and the extra ``scale`` is not installed, or ``files`` for one of Excel
        or a GeoPackage.

    Warns
    -----
    UserWarning
        If more than one row in a hundred is left out, with the kinds of problem; if by income more
        than 95 percent of a thousand households or more are of one class of several; if classes are
        left aside since a former assessment seems to have added them; if ``resume`` finds a part
        damaged or gone, which it then writes again.

    Notes
    -----
    A file or a Dask DataFrame is worked through part by part, on this machine's cores or on the
    cluster of the active ``dask.distributed`` client. Memory is that of a few parts: a row group
    of Parquet, 16 MB of a CSV file; a whole file of ``.csv.gz``, UTF-16, Excel or GeoPackage. With
    ``id``, the ids are read once before, twice where any is missing or repeated, and 8 bytes are
    held for each.

    A household whose income, area or ratio is a limit but for a thousand millionth of it stands on
    the limit, and so small a part of the standard rent is no subsidy: no reason hangs on the last
    bit of a sum.

    Examples
    --------
    >>> register = pd.DataFrame(
    ...     {
    ...         "persons": [3, 3],
    ...         "income": ["24,000", "50,000"],
    ...         "owned_area": [15, 0],
    ...         "owned_price": [0, None],
    ...         "wish": ["Rent", "buy "],
    ...     }
    ... )
    >>> found = assess(register, columns={"persons": "size"})
    >>> found.households[["class", "eligible", "subsidy", "reason"]].round(2)
              class  eligible  subsidy   reason
    0        lowest      True   140.00  granted
    1  lower middle      True   304.03  granted
    >>> round(found.summary.cost_per_month, 2)
    444.03
    >>> found.problems.total
    0
    """
    rules, naming = known_policy(policy), Naming.asked(columns, id)
    most, rows = _most(most_problems), None
    if isinstance(households, pd.DataFrame):
        given = {"out": out is not None, "resume": resume, "overwrite": overwrite}
        _refuse(given | {"encoding": encoding is not None, "delimiter": delimiter is not None})
        rows, found = _in_memory(households, naming, rules)
    else:
        parted = partial(parts_of, encoding=encoding, delimiter=delimiter)
        found = _in_parts(households, rules, naming, parted, out, overwrite, resume, progress, most)
    left_out = LeftOut(found.tally.rows, found.tally.invalid, found.counts)
    warn_of(left_out, in_memory=rows is not None)
    if found.by_income:
        warn_of_one_class(found.tally.by_class[:, 0], rules)
    _warn_of_what_was_there(found)
    problems = Problems.of(found.listed, found.counts)
    return Assessment(rows, found.tally.summary(rules), problems, found.tally, rules)


def _most(problems: int | None) -> int | None:
    """Return how many problems a part lists; None is all."""
    return None if problems is None else int(number("most_problems", problems, at_least=0))


def _refuse(given: Mapping[str, bool]) -> None:
    """Refuse what is for a register in files alone."""
    for name in [name for name, is_given in given.items() if is_given]:
        raise ValueError(f"{name} is for a register that is read from a file or Dask")


def _warn_of_what_was_there(found: Found) -> None:
    """Warn the caller of `assess` of what a former run left."""
    if found.left_aside:
        warnings.warn(
            "class is left aside: eligible, subsidy and reason beside it say that an assessment "
            "added it. Rename one of them to have it count",
            stacklevel=3,
        )
    if found.redone:
        warnings.warn(f"resume: {'; '.join(found.redone)}, and was written again", stacklevel=3)


def _in_memory(
    households: pd.DataFrame, naming: Naming, policy: Policy
) -> tuple[pd.DataFrame, Found]:
    naming.theirs(households.columns)
    repeated = None if naming.id is None else identity.repeated(households[naming.id])
    rows, found, _ = assess_rows(households, naming, policy, repeated, most=None)
    return rows, found


def _in_parts(
    source: Any,
    policy: Policy,
    naming: Naming,
    parted: Callable[..., Any],
    out: Any,
    overwrite: bool,
    resume: bool,
    progress: bool,
    most: int | None,
) -> Found:
    """Assess a register that Dask holds or files do, one part at a time."""
    require_parts(source)
    from housing.register._partitions import Task, add_up, repeats
    from housing.register._parts import Folder, Run

    if not isinstance(out, str | os.PathLike | None) or (out is not None and not os.fspath(out)):
        raise ValueError(f"out must be the path or URL of a folder, got {out!r}")
    if overwrite and resume:
        raise ValueError("overwrite and resume exclude each other: begin anew, or go on")
    if (overwrite or resume) and out is None:
        raise ValueError(
            f"{'overwrite' if overwrite else 'resume'} is for a folder: name it as out"
        )
    run = Run(policy, naming, _version())
    place = None if hasattr(source, "to_delayed") else os.fspath(source)
    parts = parted(source, naming, whole=out is not None)
    folder, checksums = None, None
    if out is not None:
        folder = Folder(os.fspath(out))
        checksums = folder.begin(
            run, [part.name for part in parts], overwrite=overwrite, resume=resume, source=place
        )
    more = [] if naming.id is None else [repeats(parts, naming.id, progress)]
    found = add_up(parts, Task(run, folder, checksums, most), *more, progress=progress)
    if found.damaged:
        refuse(found.damaged, len(parts), kept=folder is not None)
    if folder is not None:
        folder.end(run, found)
    return found


def _version() -> str | None:
    import housing

    return getattr(housing, "__version__", None)
