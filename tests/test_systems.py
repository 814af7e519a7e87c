"""The same on every system: names of files, line ends, the encoding of texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ["lib", "tests", "evidence", "docs"]
SOURCES = [ROOT / "set_up.py", *(path for name in FOLDERS for path in (ROOT / name).rglob("*.py"))]
#: How many arguments each takes before it is told the encoding.
BEFORE_ENCODING = {"read_text": 0, "write_text": 1, "open": 2}


def careless(source: str) -> Iterator[str]:
    """Give every call that reads or writes a text as the locale of the machine has it."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        told = any(keyword.arg == "encoding" for keyword in node.keywords)
        if name not in BEFORE_ENCODING or told or len(node.args) > BEFORE_ENCODING[name]:
            continue
        modes = [a.value for a in node.args if isinstance(a, ast.Constant) and a.value in MODES]
        if name != "open" or modes:
            yield ast.unparse(node)


#: Of `open`; what has none of these is another thing of that name.
MODES = ("r", "w", "a", "x", "rt", "wt", "at", "xt")


def test_every_text_is_read_and_written_in_utf_8():
    assert len(SOURCES) > 100
    found = {path.name: list(careless(path.read_text("utf8"))) for path in SOURCES}
    assert {name: calls for name, calls in found.items() if calls} == {}


@pytest.mark.parametrize(
    ("call", "is_careless"),
    [
        ("path.read_text()", True),
        ("path.write_text(words)", True),
        ('path.open("w", newline="")', True),
        ('open(name, "a")', True),
        ('path.read_text("utf8")', False),
        ('path.write_text(words, encoding="utf8")', False),
        ('path.open("w", encoding="utf8")', False),
        ('path.open("rb")', False),
        ("page.open(address)", False),
    ],
)
def test_a_careless_call_is_told_from_a_careful_one(call, is_careless):
    assert bool(list(careless(call))) == is_careless


def test_git_gives_every_text_the_same_line_ends():
    assert (ROOT / ".gitattributes").read_text("utf8").splitlines()[-1] == "* text=auto eol=lf"


def test_every_name_of_a_file_is_one_on_every_system():
    """Some systems take none of certain letters, or take capitals for small letters."""
    folders = ["data", "docs", "evidence", "figures", "lib", "notebooks", "other_papers", "tests"]
    paths = [path for name in folders for path in (ROOT / name).rglob("[!.]*")]
    names = [path.relative_to(ROOT).as_posix() for path in paths if "__pycache__" not in path.parts]
    assert len(names) > 300
    assert [name for name in names if set(name) & set('\\:*?"<>|')] == []
    assert len({name.lower() for name in names}) == len(names)
    assert max(map(len, names)) < 100
