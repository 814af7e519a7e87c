"""The commands: which there are, and in which words each ends that does not end well.

Nothing is imported here but what Python brings, so that a command can say which package it lacks.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import compendium.run.start  # noqa: F401
from compendium.project import PlainError, Project
from compendium.run.turns import turn

__all__ = ["main"]

#: What the system says where a person has to see to a disk or to rights.
OF_THE_SYSTEM = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT),
    *(errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR),
)


@dataclass(frozen=True)
class Command:
    """A command.

    Parameters
    ----------
    says : str
        What it does.
    extra : str, optional
        The extra whose packages it uses.
    arguments : tuple, optional
        What it takes: the names of each argument, and what `argparse` is told of it.
    anywhere : bool, optional
        Whether it works on the folder that it is given, which need be no checkout.
    """

    says: str
    extra: str = "notebooks"
    arguments: tuple[tuple[str, dict[str, Any]], ...] = ()
    anywhere: bool = False

    def run(self, name: str, project: Project, options: argparse.Namespace) -> int:
        """Do it, and return its exit status."""
        module = import_module(f"compendium.run.{name.replace('-', '_')}")
        status: int = module.run(project, options)
        return status


def _switch(says: str) -> dict[str, Any]:
    return {"action": "store_true", "help": says}


SLUGS = ("slugs", {"nargs": "*", "metavar": "SLUG", "help": "sources; all where none is named"})
COMMANDS = {
    "init": Command(
        "make an empty compendium in an empty folder",
        arguments=(
            ("folder", {"nargs": "?", "default": ".", "help": "by default the one you are in"}),
            ("--title", {"help": "what its papers are about"}),
        ),
        anywhere=True,
    ),
    "new-source": Command(
        "make the files that a source begins with: data/SLUG and a notebook that runs",
        arguments=(
            ("slug", {"metavar": "SLUG", "help": "short name in small letters, as in miller_1999"}),
            ("--cite", {"help": "how it is cited: 'Miller (1999)'"}),
            ("--title", {"help": "the whole reference"}),
        ),
    ),
    "describe": Command(
        "write into data/datapackage.json what the CSV files of a source are, as far as it can be "
        "guessed, and show it; nothing that a person wrote is changed",
        arguments=(SLUGS,),
    ),
    "check": Command(
        "hold the numbers of one source, or of some, against their recomputation, and say what "
        "differs; a source without a notebook is held by its identities.csv",
        arguments=(
            SLUGS,
            ("--json", _switch("print it for a program; the shape is check.schema.json")),
            ("--report", {"metavar": "FILE", "help": "write a page of it to send to an author"}),
        ),
    ),
    "reproduce": Command(
        "execute all notebooks, hold every printed number against its recomputation, and say "
        "whether ledger, figures and notebooks are the committed ones",
        arguments=(("--check", _switch("exit with 1 where they are not, as where CI is set")),),
    ),
    "accept": Command("show how new results differ from the committed ones, and copy them over"),
    "test": Command(
        "style, types, every cell of the notebooks against its stored output, examples and tests",
        extra="test",
        arguments=(
            ("--unlocked", _switch("what holds under other versions than the lock's: verdicts")),
        ),
    ),
    "course": Command(
        "write what an instructor hands out and keeps, into a folder of its own",
        arguments=(
            ("folder", {"metavar": "OUT", "help": "a new or an empty one; never overwritten"}),
            ("--student", {"metavar": "NAME", "help": "whose numbers; else the class's"}),
            (
                "--seed",
                {
                    "metavar": "WORD",
                    "help": "16 characters or more: the same numbers again; else one it says",
                },
            ),
            (
                "--course",
                {"metavar": "NAME", "help": "one course; all where none is named"},
            ),
        ),
    ),
    "site": Command("build the site from what is committed into build/site", extra="site"),
}


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words of the command line.
    project : Project, optional
        The checkout.

    Returns
    -------
    int
        The exit status: 0 where all is well, 1 where a result is not, 2 where there is nothing to
        work on or to work with, 130 where a person stopped it, 141 where nobody reads on what it
        says, as ``head`` does.
    """
    options = _parser().parse_args(arguments)
    command = COMMANDS[options.command]
    for stream in filter(None, (sys.stdout, sys.stderr)):
        # A terminal that lacks a letter is no reason to say nothing.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        if command.anywhere:
            return _done(command.run(options.command, _at(options.folder), options))
        project = project or Project()
        with turn(project):
            return _done(command.run(options.command, project, options))
    except KeyboardInterrupt:
        return _told("Stopped. What was running is ended; what is committed is as it was.", 130)
    except PlainError as error:
        return _told(str(error))
    except ImportError as error:
        return _told(_lacking(error, options.command))
    except BrokenPipeError:
        # What is left in the buffer would be tried again at the end, and fail aloud.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        if error.errno not in OF_THE_SYSTEM:
            raise
        return _told(f"{error.filename or 'a file'} cannot be written: {error.strerror}.")


def _at(folder: str) -> Project:
    return Project(Path(folder).resolve())


def _done(status: int) -> int:
    """Return a status once all that was said is out of our hands."""
    if sys.stdout is not None:
        sys.stdout.flush()
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="compendium",
        description="Hold every printed number of a source against its recomputation. A paper of "
        "your own, in an empty folder: init, new-source, describe, check.",
        epilog="It works on the checkout that the working folder is in, or that the variable "
        "COMPENDIUM_ROOT names. Exit status: 0 all is well, 1 a result is not, 2 nothing to work "
        "on or with, 130 stopped.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, command in COMMANDS.items():
        own = commands.add_parser(name, help=command.says, description=command.says)
        for argument, told in command.arguments:
            own.add_argument(argument, **told)
    return parser


def _told(words: str, status: int = 2) -> int:
    print(words, file=sys.stderr)
    return status


def _lacking(error: ImportError, command: str) -> str:
    """Say what to install, or that what is installed is not whole."""
    if (error.name or "").startswith("compendium."):
        return f"{error.name} is not in what was installed here: it takes the project's checkout."
    missing = (error.name or str(error).strip().partition("\n")[0]).partition(".")[0]
    if Path(sys.prefix).name == ".venv" or not isinstance(error, ModuleNotFoundError):
        return (
            f"{missing} cannot be imported, so {sys.prefix} is not whole: "
            "set it up anew with python3 set_up.py, or make clean and the same command again."
        )
    extra = COMMANDS[command].extra
    return (
        f"{missing} is not installed: compendium {command} needs the extra {extra}. Install "
        f"compendium again with it, as in pip install '.[{extra}]' in the folder it came from."
    )
