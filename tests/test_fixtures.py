"""What a session needs of a notebook is all that it needs, and no more."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from compendium.course.fixtures import fixtures, statements, uses
from compendium.notebook import read
from compendium.project import Project

TOY = new_notebook(
    cells=[
        new_code_cell("import math\nfrom os import path as places, sep\nwb = Audit('toy')"),
        new_markdown_cell("words"),
        new_code_cell("base = 2\nunused = 3\nprint(base)\nwb.check('1', base)"),
        new_code_cell("def twice(x):\n    # why\n    return base * math.floor(x) + shift"),
        new_code_cell("shift = 1\nrow = [twice(k) for k in range(3)]\nrow.append(sep)"),
        new_code_cell("table = {}\nfor name in ('a', 'b'):\n    table[name] = row"),
        new_code_cell("answer = 7", metadata={"tags": ["solution"]}),
        new_code_cell("with open(path) as file:\n    text = file.read()"),
    ]
)


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("a = b", {"b"}),
        ("a = 1\nb = a", set()),
        ("b = a\na = 1", {"a"}),
        ("[k * m for k in row if k in kept]", {"m", "row", "kept"}),
        ("f = lambda x, *rest, y=z: x + y + w", {"z", "w"}),
        ("def f(x):\n    t = x + c\n    return [t for _ in r]", {"c", "r"}),
        ("def f(x=x, *, y=[z for z in w]):\n    return x, y", {"x", "w"}),
        ("total += x", {"total", "x"}),
        ("table['a'] = x", {"table", "x"}),
        ("thing.part.value = x", {"thing", "x"}),
        ("print(f'{x:.{d}f}')", {"x", "d"}),
        ("with open(p) as file:\n    text = file.read()", {"p"}),
        ("for k in row:\n    s = k\nprint(s, k)", {"row"}),
        ("import numpy as np\nnp.sum(x)", {"x"}),
        ("try:\n    t = x\nexcept Odd as error:\n    print(error, y)", {"x", "Odd", "y"}),
        ("def f():\n    try:\n        t = x\n    except Odd as e:\n        t = e", {"x", "Odd"}),
        ("if (n := len(row)) > 1:\n    print(n)", {"row"}),
    ],
)
def test_code_needs_what_it_reads_before_it_binds_it(code, needed):
    assert uses(code) == needed


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (["base"], "base = 2\n"),
        (["sep"], "from os import sep\n"),
        (["places", "sep"], "from os import path as places\nfrom os import sep\n"),
        (
            ["twice"],
            "import math\nbase = 2\ndef twice(x):\n    # why\n"
            "    return base * math.floor(x) + shift\nshift = 1\n",
        ),
    ],
)
def test_what_makes_a_name_is_kept_and_nothing_else(names, kept):
    assert fixtures(statements(TOY), names) == kept


def test_what_changes_a_name_is_kept():
    made = fixtures(statements(TOY), ["table"])
    assert "row.append(sep)" in made
    assert "table[name] = row" in made
    assert "print" not in made
    assert "check" not in made


@pytest.mark.parametrize("name", ["answer", "nothing"])
def test_what_a_notebook_or_only_a_solution_makes_is_refused(name):
    with pytest.raises(ValueError, match=f"which has no \\['{name}'\\]"):
        fixtures(statements(TOY), ["base", name])


def test_fixtures_of_a_notebook_run_alone():
    path = next(path for path in Project().notebook_files if "guo" in path.name)
    made = fixtures(statements(read(path)), ["policy"])
    names = {}
    exec(made, names)
    assert names["policy"].classes
    assert len(made.splitlines()) < 40
