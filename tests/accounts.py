"""A table of four numbers, and what an account of it says."""

from __future__ import annotations

import pandas as pd

from compendium import AuditError
from compendium.verdict import ledger

ROWS = [["1", "0.33", "0.67"], ["2", "0.50", "0.25"]]
VALUES = pd.DataFrame({"a": [1 / 3, 1 / 2], "b": [2 / 3, 1 / 4]}, index=[1, 2])


def close(audit) -> list[str]:
    """Close an account and return the differences it lists."""
    try:
        audit.close()
    except AuditError as error:
        return str(error).splitlines()[1:]
    return []


def rows_of(desk) -> dict[tuple[str, str], ledger.Row]:
    rows = ledger.read(desk.project.build / "ledger" / "toy.csv")
    return {(row.row, row.column): row for row in rows}


def recovered(desk, best, formula, **more):
    """Recover one number from the texts that hang on it and return what is said of it."""
    audit = desk.audit()
    audit.recover({"k": best}, {"para 1": formula}, **more)
    assert close(audit) == []
    return next(iter(rows_of(desk).values())).note
