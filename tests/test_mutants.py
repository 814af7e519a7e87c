"""Which changes ``make mutants`` draws, and that it sees whether a test notices one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from places import drawn

TESTS = Path(__file__).parent
RATE = """
'''A rate.'''
MOST: float = 0.5

def rate(part: int, whole: int = 1) -> float:
    '''Return 1 part of a whole.'''
    if not part < whole:
        raise ValueError(f"not {part - whole}")
    return min(MOST, part / whole)
"""
#: Notices what the rate becomes, and not where it ends.
TEST = "from rate import rate\n\ndef test_rate():\n    assert rate(1, 4) == 0.25\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout of one module and one test."""
    for folder, text in ("lib/rate.py", RATE), ("tests/test_rate.py", TEST):
        (tmp_path / folder).parent.mkdir()
        (tmp_path / folder).write_text(text, "utf8")
    return tmp_path


def test_the_lot_falls_on_what_counts_and_is_the_same_whatever_is_written_beside(root: Path):
    places = drawn(root, ["lib/rate.py"], 9, "2")
    assert [place.after for place in places] == [
        "MOST: float = 1.25",
        "return min(MOST, (part * whole))",
        "return max(MOST, part / whole)",
        "if not (part <= whole):",
        "def rate(part: int, whole: int = 2) -> float:",
        "if (part < whole):",
    ]
    (root / "lib/rate.py").write_text(f"def other() -> int:\n    return 7\n\n{RATE}", "utf8")
    later = drawn(root, ["lib/rate.py"], 9, "2")
    assert len(later) == len(places) + 1
    assert [place.name for place in later if place.within != "other"] == [
        place.name for place in places
    ]


def test_a_change_is_noticed_where_a_test_fails_with_it(root: Path):
    # In a process of its own, for one that has threads should not be forked.
    code = f"""
from functools import partial
from pathlib import Path
from children import noticed, statuses
from places import drawn
root = Path({str(root)!r})
places = drawn(root, ["lib/rate.py"], 2, "2")
tasks = [partial(noticed, root, place, ["tests/test_rate.py"]) for place in places]
for number, status in sorted(statuses(tasks, 2, 60)):
    print(status, places[number].after)
"""
    plugins = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "_hypothesis_pytestplugin"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **plugins, "PYTHONPATH": str(TESTS / "mutants")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "0 MOST: float = 1.25",
        "1 return min(MOST, (part * whole))",
    ]
    assert (root / "lib/rate.py").read_text("utf8") == RATE
