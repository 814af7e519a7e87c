"""What sets up the environment: the Python it takes, what it installs, when it does so again."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
REQUIRES = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["requires-python"]
#: Stands for a Python of the version that it is told: it tells a program so, and notes a call.
FAKE = """
import pathlib, runpy, sys
version, log, asked = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
sys.version_info = tuple(map(int, version.split(".")))
if asked[0].startswith("-3."):
    if asked.pop(0) != f"-{version}":
        sys.exit("No suitable Python runtime found")
if asked[0] == "-c":
    exec(asked[1])
with log.open("a", encoding="utf8") as file:
    print(version, *asked[1:], file=file)
"""


def load(path: Path) -> ModuleType:
    """Import a copy of the script: it works on the folder that it lies in."""
    spec = importlib.util.spec_from_file_location("set_up", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Desk:
    """A checkout with the script alone, in which a test says what every command does."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("set_up.py", "pyproject.toml", "requirements.lock"):
            shutil.copy(ROOT / name, root)
        self.root, self.patch = root, monkeypatch
        self.uv: str | None = None
        self.failing: list[str] = []
        self.ran: list[str] = []

    def set_up(self, *arguments: str) -> int:
        """Run the script; what a virtual environment consists of is made up."""
        module = load(self.root / "set_up.py")
        self.ran.clear()
        self.patch.setattr(module, "run", self._run)
        self.patch.setattr(module.shutil, "which", lambda name: self.uv)
        return module.main(list(arguments))

    def _run(self, *command: str) -> bool:
        line = " ".join(command).replace(str(self.root), ".").replace(os.sep, "/")
        self.ran.append(line)
        if "-m venv" in line:
            self.file("ready").unlink(missing_ok=True)
            folder = "Scripts/python.exe" if os.name == "nt" else "bin/python"
            for name in (folder, "lib/numpy/core.py", "lib/numpy/__pycache__/core.pyc"):
                self.file(name).parent.mkdir(parents=True, exist_ok=True)
                self.file(name).touch()
        return not any(word in line for word in self.failing)

    def file(self, name: str) -> Path:
        """Return a file of the environment."""
        return self.root / ".venv" / name


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    (tmp_path / "checkout").mkdir()
    return Desk(tmp_path / "checkout", monkeypatch)


def fake(folder: Path, name: str, version: str) -> Path:
    """Put a program into a folder that stands for a Python."""
    (folder / "fake.py").write_text(FAKE, "utf8")
    call = subprocess.list2cmdline(
        [sys.executable, str(folder / "fake.py"), version, str(folder / "log")]
    )
    windows = os.name == "nt"
    path = folder / (f"{name}.cmd" if windows else name)
    path.write_text(f"@{call} %*\n" if windows else f'#!/bin/sh\nexec {call} "$@"\n', "utf8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("asked", "there", "taken"),
    [
        ((3, 10), {"python3.14": "3.14", "python3.12": "3.12"}, "3.14"),
        ((3, 15), {"python3.13": "3.13", "python3": "3.15"}, "3.13"),
        # One that is not what it is called, and one that leads nowhere.
        ((3, 15), {"python3.14": "3.15", "python3.13": "nowhere", "python3.11": "3.11"}, "3.11"),
        ((4, 0), {"py": "3.12"}, "3.12"),
    ],
)
def test_where_the_lock_has_no_wheels_another_python_takes_over(
    asked, there, taken, desk, tmp_path, monkeypatch, capfd
):
    for name, version in there.items():
        fake(tmp_path, name, version)
    monkeypatch.setenv("PATH", str(tmp_path))
    module = load(desk.root / "set_up.py")
    monkeypatch.setattr(sys, "version_info", asked)
    assert module.main(["--editable", "."]) == 0
    told = capfd.readouterr().out
    assert "is Python {}.{}: the lock has wheels for Python 3.11 to 3.14 alone.".format(*asked) in (
        told
    )
    assert "takes over." in told
    (call,) = (tmp_path / "log").read_text("utf8").splitlines()
    assert call.split()[0] == taken
    assert call.endswith("--editable .")


@pytest.mark.parametrize("there", [{}, {"python3": "3.15", "python3.14": "3.15"}])
def test_without_one_that_fits_nothing_is_set_up(there, desk, tmp_path, monkeypatch, capfd):
    for name, version in there.items():
        fake(tmp_path, name, version)
    monkeypatch.setenv("PATH", str(tmp_path))
    module = load(desk.root / "set_up.py")
    monkeypatch.setattr(sys, "version_info", (3, 15))
    assert module.main([]) == 1
    assert "No Python 3.11 to 3.14 is on the path" in capfd.readouterr().out
    assert not desk.file("").exists()


def test_the_pythons_that_may_set_up_are_the_first_that_are_admitted():
    module = load(ROOT / "set_up.py")
    admitted = [(3, minor) for minor in range(30) if SpecifierSet(REQUIRES).contains(f"3.{minor}")]
    assert admitted[0] == module.OLDEST
    assert module.NEWEST in admitted


@pytest.mark.parametrize(
    ("uv", "failing", "programs"),
    [
        (None, [], ["/python -m pip install"]),
        ("/bin/uv", [], ["/bin/uv pip install"]),
        ("/bin/uv", ["/bin/uv"], ["/bin/uv pip install", "/python -m pip install"]),
    ],
)
def test_uv_installs_where_it_is_and_pip_where_it_is_not_or_fails(desk, uv, failing, programs):
    desk.uv, desk.failing = uv, failing
    assert desk.set_up() == 0
    installs = [line.replace(".exe", "") for line in desk.ran if "install" in line]
    locked = "--only-binary :all: --require-hashes -r requirements.lock"
    expected = [(name, what) for what in (locked, "--editable .") for name in programs]
    assert len(installs) == len(expected)
    for line, (name, what) in zip(installs, expected, strict=True):
        assert name in line
        assert line.endswith(what)


def test_how_long_it_takes_is_said_without_a_number_that_another_machine_belies(desk, capsys):
    assert desk.set_up() == 0
    said = capsys.readouterr().out.replace("Python {}.{}".format(*sys.version_info), "")
    assert "may take minutes" in said
    assert not any(map(str.isdigit, said))


@pytest.mark.parametrize("failing", ["-m venv", "requirements.lock", "--editable ."])
def test_what_fails_on_the_way_leaves_nothing_that_is_taken_for_whole(desk, failing, capsys):
    desk.failing = [failing]
    assert desk.set_up() == 1
    assert ".venv is not ready" in capsys.readouterr().out
    desk.failing = []
    assert desk.set_up() == 0
    assert desk.ran


def rewrite_lock(desk: Desk) -> None:
    with (desk.root / "requirements.lock").open("a", encoding="utf8") as file:
        file.write("# another\n")


def move(desk: Desk) -> None:
    desk.root = desk.root.rename(desk.root.with_name("moved"))


def kill_python(desk: Desk) -> None:
    (python,) = (path for path in desk.file("").glob("*/python*") if path.is_file())
    python.unlink()
    if os.name != "nt":
        python.symlink_to(desk.root / "nowhere")


def upgrade(desk: Desk) -> None:
    desk.patch.setattr(sys, "version_info", (3, 11 if sys.version_info[1] > 11 else 12, 0))


@pytest.mark.parametrize(
    "damage",
    [
        rewrite_lock,
        move,
        kill_python,
        upgrade,
        lambda desk: desk.file("lib/numpy/core.py").unlink(),
        lambda desk: shutil.rmtree(desk.file("lib")),
        lambda desk: desk.file("ready").unlink(),
        # As it was left before it said what it is of, and by a full disk.
        lambda desk: desk.file("ready").write_text("", "utf8"),
    ],
)
def test_an_environment_is_set_up_again_where_it_is_not_whole(desk, damage: Callable[[Desk], None]):
    assert desk.set_up() == 0
    assert desk.ran
    assert desk.set_up() == 0
    assert desk.ran == []
    damage(desk)
    assert desk.set_up() == 0
    assert desk.ran
    assert desk.set_up() == 0
    assert desk.ran == []


def test_what_is_added_later_is_left_alone(desk):
    desk.set_up()
    desk.file("lib/own.py").touch()
    shutil.rmtree(desk.file("lib/numpy/__pycache__"))
    assert desk.set_up() == 0
    assert desk.ran == []


def test_other_packages_are_another_environment(desk):
    desk.set_up()
    assert desk.set_up("--editable", ".[test]") == 0
    assert any(line.endswith("--editable .[test]") for line in desk.ran)


def test_an_environment_does_not_remove_itself(desk):
    desk.set_up()
    rewrite_lock(desk)
    desk.patch.setattr(sys, "prefix", str(desk.file("")))
    desk.patch.setattr(sys, "_base_executable", "/usr/bin/python3", raising=False)
    if os.name == "nt":
        assert desk.set_up() == 1
        assert desk.ran == []
    else:
        # Who has activated it calls it by the name of any other.
        assert desk.set_up() == 0
        assert desk.ran == ["/usr/bin/python3 ./set_up.py"]


def test_asked_whether_all_is_there_it_says_so_and_sets_nothing_up(desk):
    assert desk.set_up("--whole") == 1
    assert desk.ran == []
    desk.set_up()
    assert desk.set_up("--whole") == 0
    assert desk.set_up("--whole", "--editable", ".[test]") == 1
    assert desk.ran == []


def test_a_machine_that_has_settings_for_its_own_python_keeps_them_to_itself(desk, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    module = load(desk.root / "set_up.py")
    script = "import os, sys; sys.exit('PYTHONPATH' in os.environ or os.environ['PIP_USER'] != '0')"
    assert module.run(sys.executable, "-c", script)
