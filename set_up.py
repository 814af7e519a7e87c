"""Set up ``.venv`` with the packages that ``requirements.lock`` names, and this project.

make calls it; where there is no make, you do: ``python3 set_up.py``, on Windows ``py set_up.py``.
It does nothing where all is there. Arguments are for pip or uv to install instead of the lock; the
first may be ``--whole``, to say by the exit status alone whether all is there.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 14)  # what the lock has wheels for

ROOT = Path(__file__).resolve().parent
PLACE = ROOT / ".venv"
PYTHON = PLACE / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
READY = PLACE / "ready"
LOCKED = ["--only-binary", ":all:", "--require-hashes", "-r", "requirements.lock"]
PROJECT = ["--no-deps", "--no-build-isolation", "--editable", "."]
# On every processor, which pip cannot, and without the packages' own tests: a quarter of all.
COMPILE = ["-W", "ignore", "-m", "compileall", "-qq", "-j", "0", "-x", r"[\\/]tests?[\\/]"]


# An old Python has to understand all that is here, to be able to say so: hence no types.
def main(arguments):
    """Set up what the arguments name, unless it is there, and return the exit status."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return by_another(arguments)
    asked = arguments[:1] == ["--whole"]
    packages = arguments[asked:] or LOCKED
    if asked or whole(packages):
        return 0 if whole(packages) else 1
    if Path(sys.prefix).resolve() == PLACE:
        return by_its_maker(arguments)
    return set_up(packages)


def by_its_maker(arguments):
    """Have the Python set up that the environment was made with: it cannot remove itself."""
    maker = sys._base_executable
    if os.name == "nt" or Path(maker).resolve() == PYTHON:
        print(f"{sys.executable} is a part of .venv, which has to be made anew: call another one.")
        return 1
    return 0 if run(maker, str(Path(__file__)), *arguments) else 1


def by_another(arguments):
    """Have a Python set up for which there are wheels, and return its exit status."""
    admitted = "Python {}.{} to {}.{}".format(*OLDEST, *NEWEST)
    print(f"{sys.executable} is Python {version()}: the lock has wheels for {admitted} alone.")
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        test = f"import sys; sys.exit(sys.version_info[:2] != (3, {minor}))"
        for name, *options in ([f"python3.{minor}"], ["py", f"-3.{minor}"]):
            found = shutil.which(name)
            # A name may lead nowhere, as pyenv's do for what is not chosen.
            if found and run(found, *options, "-c", test, stderr=subprocess.DEVNULL):
                print(" ".join([found, *options]), "takes over.", flush=True)
                return 0 if run(found, *options, str(Path(__file__)), *arguments) else 1
    print(f"No {admitted} is on the path: call one by its own, or make PYTHON=/path/to/it ...")
    return 1


def whole(packages):
    """Say whether the environment is for these files, in this place, and has lost none of its own.

    A system's upgrade changes the Python under it, a checkout is moved, a removal stops half-way.
    """
    if not (READY.exists() and PYTHON.exists()):
        return False
    made, _, count = READY.read_text("utf8").partition(" ")
    return made == made_of(packages) and files() >= int(count)


def set_up(packages):
    """Make the environment, from nothing, and return the exit status."""
    again = ", anew: what is there is not whole, or was for other files" if READY.exists() else ""
    print(f"Setting up .venv with Python {version()}{again}: it may take minutes.", flush=True)
    made = run(sys.executable, "-m", "venv", "--clear", str(PLACE))
    if not (made and install(packages) and install(PROJECT)):
        print(f".venv is not ready, as said above (Python {version()} on {sys.platform}).")
        return 1
    run(sys.executable, *COMPILE, str(PLACE))
    READY.touch()  # it is one of the files
    READY.write_text(f"{made_of(packages)} {files()}", "utf8")
    return 0


def install(packages):
    """Install with uv where there is one, else with pip: the same packages, more slowly."""
    uv = shutil.which("uv")
    if uv:
        if run(uv, "pip", "install", "--quiet", "--python", str(PYTHON), *packages):
            return True
        print("uv could not, as said above: pip takes over.", flush=True)
    return run(str(PYTHON), "-m", "pip", "install", "-qq", "--no-compile", *packages)


def run(*command, **options):
    """Run a command in the checkout, out of reach of what is set for the machine's own Python."""
    own = {"PYTHONNOUSERSITE": "1", "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    machine = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.call(command, cwd=str(ROOT), env={**machine, **own}, **options) == 0


def made_of(packages):
    """Return a digest of all that decides what the environment holds."""
    told = hashlib.sha256(repr([version(), str(ROOT), packages]).encode())
    for name in ("pyproject.toml", *packages):
        if (ROOT / name).is_file():
            told.update((ROOT / name).read_bytes())
    return told.hexdigest()


def files():
    """Count the files of the environment, apart from what Python compiles by itself."""
    return sum(
        len(names) for place, _, names in os.walk(PLACE) if not place.endswith("__pycache__")
    )


def version():
    """Return the version of the Python that runs this as people say it: 3.14."""
    return "{}.{}".format(*sys.version_info)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
