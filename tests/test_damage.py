"""A wrong digit in the real data is caught: by the audit where it computes, by the ledger else.

The notebooks' cells run in this process on a copy of the data with one digit changed. Cells that
only draw are left out.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import random
import re
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import cache
from itertools import takewhile
from pathlib import Path

import nbformat
import pytest

from compendium import AuditError
from compendium.page.printed import Layout, Source
from compendium.project import ROOT_VARIABLE, Project
from compendium.verdict import ledger

PROJECT = Project()
ROWS = ledger.read(PROJECT.ledger)
#: How many numbers of each verdict are damaged, each in one digit; drawn with a fixed seed.
SAMPLES = {"exact": 16, "recovered": 6, "given": 8, "erratum": 8, "consistent": 6}
#: Names of what draws.
DRAWS = {"plt", "plots", "figures"}
#: "Over 2" is as true of 3: an inequality, or an "about", cannot tell every digit from another.
QUALIFIED = {
    (source, *cell.place)
    for source in {row.source for row in ROWS}
    for cell in Source(source, PROJECT).cells.values()
    if cell.qualifier
}


def drawn() -> Iterator[ledger.Row]:
    chance = random.Random(1991)
    for verdict, size in SAMPLES.items():
        rows = [row for row in ROWS if row.verdict == verdict and row.place not in QUALIFIED]
        yield from chance.sample(rows, min(size, len(rows)))


@cache
def program(source: str) -> list[object]:
    """Compile the cells of a source's notebook, without those that draw."""
    path = next(PROJECT.notebooks.glob(f"?_{source}.ipynb"))
    # Those that show what is asked compute nothing, and those that solve it account for nothing.
    cells = [
        cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
        and "exercise(" not in cell.source
        and "solution" not in cell.metadata.get("tags", [])
    ]
    return [compile(undrawn(text), path.name, "exec") for text in cells]


def undrawn(text: str) -> ast.Module:
    """Return a cell; of one that keeps a picture, what comes before it begins to draw."""
    cell = ast.parse(text)
    if "figures.keep" in text:
        cell.body = list(takewhile(lambda part: not DRAWS & names(part), cell.body))
    return cell


def names(part: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}


def run(source: str) -> None:
    scope: dict[str, object] = {}
    with redirect_stdout(io.StringIO()):
        for cell in program(source):
            exec(cell, scope)


def undamaged(root: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Copy the data, and have the cells read the copy."""
    shutil.copytree(PROJECT.data, root / "data")
    monkeypatch.setenv(ROOT_VARIABLE, str(root))
    # How far fitted numbers can go, and which others would do, takes half of a run; a wrong digit
    # is caught without either.
    monkeypatch.setattr("compendium.verdict.search.edge", lambda fits, best, direction: best)
    monkeypatch.setattr("compendium.verdict.fitted.Search.told", lambda search: "")
    return Project()


def damage(project: Project, row: ledger.Row) -> str:
    """Change one digit of a printed number in the data, and return what now stands there."""
    wrong = spoilt(row, random.Random(f"{row.place}"))
    layout = next((layout for layout in layouts(row.source) if row_in(layout, row)), None)
    folder = project.data / row.source
    if layout is None:
        in_text(folder / "text.csv", row, wrong)
    else:
        in_table(folder / layout.path.name, layout, row, wrong)
    return wrong


def spoilt(row: ledger.Row, chance: random.Random) -> str:
    """Return a number with another digit in one place; words, which have none, back to front."""
    places = [k for k, character in enumerate(row.printed) if character.isdigit()]
    if not places:
        return row.printed[::-1]
    # Bounds may admit another last digit, but not another first.
    at = places[0] if row.verdict == "consistent" else chance.choice(places)
    digit = (int(row.printed[at]) + chance.randint(1, 9)) % 10
    return f"{row.printed[:at]}{digit}{row.printed[at + 1 :]}"


@cache
def layouts(source: str) -> list[Layout]:
    described = json.loads((PROJECT.data / "datapackage.json").read_text("utf8"))["resources"]
    ids = [table["id"] for table in described if table.get("source") == source and "id" in table]
    page = Source(source, PROJECT)
    return [layout for name in ids if (layout := page.layout(name))]


def row_in(layout: Layout, row: ledger.Row) -> bool:
    return (row.exhibit, row.row, row.column) in layout.cells


def rewrite(path: Path, change) -> None:
    with path.open(encoding="utf8", newline="") as file:
        head, *rows = csv.reader(file)
    changed = [change(dict(zip(head, row, strict=True))) for row in rows]
    with path.open("w", encoding="utf8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(row.values() for row in changed)


def in_text(path: Path, row: ledger.Row, wrong: str) -> None:
    def change(entry):
        hit = (entry["exhibit"], entry["item"]) == (row.exhibit, row.row)
        return entry | {"printed": wrong} if hit else entry

    rewrite(path, change)


def in_table(path: Path, layout: Layout, row: ledger.Row, wrong: str) -> None:
    if row.row == "head":
        text = path.read_text("utf8")
        path.write_text(text.replace(f",{row.printed}", f",{wrong}", 1), "utf8")
        return
    depth = layout.keys.index(row.column) + 1 if row.column in layout.keys else len(layout.keys)

    def change(entry):
        hit = " | ".join(entry[key] for key in layout.keys[:depth]) == row.row
        return entry | {row.column: wrong} if hit else entry

    rewrite(path, change)


def account(row: ledger.Row) -> tuple[object, ...]:
    """What the ledger says of a number, its note aside."""
    return row.place, row.printed, row.recomputed, row.verdict


def stopper(rows: list[ledger.Row], wrong: dict[ledger.Row, str], error: Exception) -> ledger.Row:
    """Return the damaged number that an error speaks of.

    Data that contradict their declaration, leave a model's range or lose a label that a cell asks
    for stop the run at once.
    """
    numbers = {number.rstrip("%") for number in re.findall(r"-?[\w.,%]*\w%?", str(error))}
    named = [row for row in rows if numbers & {wrong[row].rstrip("%"), row.printed.rstrip("%")}]
    assert named, error
    return max(named, key=lambda row: len(row.printed))


@pytest.mark.parametrize("source", sorted({row.source for row in drawn()}))
def test_wrong_digits_are_caught(tmp_path, monkeypatch, source):
    """All of a source at once; what stops its run is caught, and put right for the next."""
    rows = [row for row in drawn() if row.source == source]
    copy = undamaged(tmp_path, monkeypatch)
    for _ in range(len(rows)):
        shutil.copytree(PROJECT.data / source, copy.data / source, dirs_exist_ok=True)
        wrong = {row: damage(copy, row) for row in rows}
        try:
            run(source)
        except AuditError as error:
            listed = str(error).splitlines()
            break
        except (ValueError, KeyError) as error:
            rows.remove(stopper(rows, wrong, error))
    else:
        return
    fresh = {row.place: account(row) for row in ledger.read(copy.build / f"ledger/{source}.csv")}
    for row in rows:
        # Bounds that admit several numbers may admit the wrong one too; then only the ledger tells.
        loose = row.verdict == "consistent" and "admits 1 printed value" not in row.note
        if row.verdict in ("exact", "recovered", "consistent") and not loose:
            # A counted key is part of its row's name, so that the damage renames the row.
            named = [line for line in listed if line.startswith(f"{row.exhibit}, ")]
            assert any(f"printed {wrong[row]}," in line for line in named), row
        assert fresh.get(row.place) != account(row)
