"""``compendium check [SLUG ...]``: one source, or some, or all, and what differs."""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import Any

from compendium.page.descriptors import sources
from compendium.page.files import DataError
from compendium.page.identities import gaps
from compendium.page.printed import Source
from compendium.project import PlainError, Project, write_in_one_move
from compendium.run.describe import undecided
from compendium.run.description import opened
from compendium.run.letter import Checked, letter
from compendium.verdict import conclusions, ledger
from compendium.verdict.audit import Audit, AuditError

__all__ = ["as_json", "from_identities", "run"]

#: Of the shape of what ``--json`` prints, as ``check.schema.json`` beside this file describes it.
VERSION = 3
#: Places at which an identity is not applied that are named; the others are counted.
PASSED_BY = 5


def run(project: Project, options: argparse.Namespace) -> int:
    """Check sources, say what differs, and return 1 where anything does."""
    opened(project)
    known = sources(project)
    slugs = list(dict.fromkeys(options.slugs)) or list(known)
    for slug in slugs:
        if slug not in known:
            there = ", ".join(known) or "none"
            raise PlainError(f"There is no source {slug!r}; there are {there}.")
    if options.report is not None:
        _require_writable(Path(options.report))
    if not slugs:
        raise PlainError("There is no source yet: compendium new-source SLUG makes one.")
    found = [_checked(project, slug, known[slug]) for slug in slugs]
    if not any(one.rows for one in found) and all(one.is_well for one in found):
        raise PlainError(_nothing(project, slugs))
    if options.json:
        # In ASCII: a program reads it in whatever encoding it likes.
        print(json.dumps(as_json(found), indent=1))
    else:
        for one in found:
            _tell(one)
            for line in one.undecided:
                print(f"  {line}")
    if options.report:
        write_in_one_move(Path(options.report), letter(project, found))
        print(f"Written: {options.report}", file=sys.stderr)
    return 0 if all(one.is_well for one in found) else 1


def _nothing(project: Project, slugs: Sequence[str]) -> str:
    """Say why there is no number: nothing is typed, or all that is typed counts for words."""
    tables = [layout for slug in slugs for layout in Source(slug, project).layouts.values()]
    if tables:
        names = ", ".join(layout.table.where for layout in tables)
        return (
            f"All columns of {names} are words, so that nothing in them counts: see what "
            f"compendium describe {slugs[0]} says of them."
        )
    return (
        f"Nothing is printed in {', '.join(slugs)}: type a table into data/{slugs[0]}/, then "
        f"compendium describe {slugs[0]}."
    )


def _require_writable(path: Path) -> None:
    """Refuse to write a page over what is none, before anything is run for it."""
    if path.is_dir() or not path.name:
        raise PlainError(f"--report must name a file, got {str(path)!r}, which is a folder.")
    if path.exists() and not path.read_bytes().startswith(b"<!doctype html>"):
        raise PlainError(f"{path} is there and is no page of this command: name another file.")


def as_json(found: Sequence[Checked]) -> dict[str, object]:
    """Return what was found, in the shape that ``check.schema.json`` describes."""
    return {
        "version": VERSION,
        "sources": [
            {
                "source": one.source,
                "cite": one.cite,
                "well": one.is_well,
                "seconds": round(one.seconds, 1),
                "counts": one.counts,
                "differences": [
                    _of_source(row) for row in one.rows if row.verdict in ("differs", "erratum")
                ],
                "faults": one.faults,
                "conclusions": [_of_source(row) for row in one.conclusions],
                "undecided": one.undecided,
            }
            for one in found
        ],
    }


def _of_source(row: Any) -> dict[str, object]:
    """Return a line of a ledger without its source, under which it stands."""
    return {name: value for name, value in asdict(row).items() if name != "source"}


def _checked(project: Project, slug: str, cite: str) -> Checked:
    """Run a source's notebook, or its identities where it has none."""
    start = time.perf_counter()
    part = project.build / "ledger" / f"{slug}.csv"
    part.unlink(missing_ok=True)
    drawn = project.build / "conclusions" / part.name
    drawn.unlink(missing_ok=True)
    own = [path for path in project.notebook_files if path.stem.partition("_")[2] == slug]
    path = own[0] if own else None
    faults = from_identities(project, slug) if path is None else _from_notebook(project, path)
    rows = ledger.read(part)
    if not faults and path is not None and not rows and Source(slug, project).cells:
        faults = [f"notebooks/{path.name} closes no account: its last cell is audit.close()"]
    found = conclusions.read(drawn)
    committed = [row for row in conclusions.read(project.conclusions) if row.source == slug]
    # A run that broke before its end has none, which is told already.
    if drawn.exists() or not faults:
        faults += conclusions.verdict_changes(committed, found)
    seconds = time.perf_counter() - start
    return Checked(slug, cite, seconds, rows, faults, found, _undecided(project, slug, rows))


def _undecided(project: Project, slug: str, rows: Sequence[ledger.Row]) -> list[str]:
    """Return what `describe` would ask, and where an identity passes a number by.

    A file that cannot be read is a fault already.
    """
    try:
        return [*undecided(project, slug), *_passed_by(Source(slug, project), rows)]
    except DataError:
        return []


def _passed_by(source: Source, rows: Sequence[ledger.Row]) -> Iterator[str]:
    """Say which numbers are taken as given where an identity would compute them from a blank."""
    given = {row.place[1:] for row in rows if row.verdict == "given"}
    for gap in gaps(source):
        lines = [said for cell, said in gap.lines if cell.place in given]
        if lines:
            more = f"; and {len(lines) - PASSED_BY} more" if len(lines) > PASSED_BY else ""
            yield (
                f"{gap.where}: {gap.text} is applied {gap.times} times, and not in "
                f"{'; '.join(lines[:PASSED_BY])}{more}"
            )


def from_identities(project: Project, slug: str) -> list[str]:
    """Hold the numbers of a source by what its identities say; no Python of its own is needed."""
    try:
        audit = Audit(slug, project)
        with redirect_stdout(io.StringIO()):
            audit.identities()
            audit.close()
    except AuditError as error:
        return str(error).splitlines()[1:]
    except DataError as error:
        return [str(error)]
    return []


def _from_notebook(project: Project, path: Path) -> list[str]:
    """Run a notebook, and return the lines of what it ends with if it does not end well."""
    # The kernels' tools take a while to import, which a source without a notebook need not wait.
    from compendium.run.notebooks import execute
    from compendium.run.surroundings import apart

    # What a whole run gave is none any more once one of its notebooks is run alone.
    (project.build / "ledger.csv").unlink(missing_ok=True)
    with apart(project):
        (outcome,) = execute([path], project.build / "notebooks")
    first, *lines = outcome.error.splitlines() or [""]
    if "AuditError" in first:
        return lines
    return [outcome.error] if outcome.error else []


def _tell(one: Checked) -> None:
    """Say how a source's numbers fared, and a line for each that does not."""
    counts = ", ".join(f"{number:,} {name}" for name, number in one.counts.items() if number)
    print(f"{one.cite}: {counts or 'no numbers'}, in {one.seconds:.1f} s")
    drawn = Counter(row.verdict for row in one.conclusions)
    if drawn:
        told = [f"{drawn[name]} {name}" for name in conclusions.VERDICTS if drawn[name]]
        print(f"  {len(one.conclusions)} conclusions: {', '.join(told)}")
    for fault in one.faults:
        print(f"  {fault}")
