"""The command `housing`: a policy over a city's register, without a line of Python.

It ends with 0 where all is well; with 1 where it did what it was asked to, and more than one row in
a hundred was left out, or a policy that was to be checked is wrong; with 2 where it did not.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import warnings
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from housing import policy, register, report
from housing.policy import Policy
from housing.register._rows import LISTED
from housing.register._where import traced

__all__ = ["main"]

DONE, DOUBTFUL, REFUSED = 0, 1, 2
LEFT_OUT = "are left out of every total"
#: What a sign that a shell may take for its own is called.
SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
#: The same, as the library tells the signs.
NAMES = {";": "semicolon", "|": "bar", "\\t": "tab"}
#: What the library calls arguments, as the command has them.
SWITCHES: tuple[tuple[str, Any], ...] = (
    (r"\b(overwrite|resume)=True", r"--\1"),
    (r"\bencoding=('[\w-]+')", r"--encoding \1"),
    (r"\bdelimiter='(;|\||\\t)'", lambda found: f"--delimiter {NAMES[found[1]]}"),
    (
        r"^(overwrite|resume) is for a folder: name it as out",
        r"--\1 is for a folder: name it by --out",
    ),
    (r"^overwrite and resume", "--overwrite and --resume"),
    (r"^(out|unit|equivalence|by|id|encoding|delimiter|resume)(?= must| is|:)", r"--\1"),
    (r"^poverty_line\b", "--poverty-line"),
    (r"\ba poverty_line alone$", "--poverty-line alone"),
    (r"^columns:", "--column:"),
    (r"\bmapped by columns$", "mapped by --column"),
    (r"^policies:", "--policy:"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        What stands behind ``housing``; those of the process where none are given.

    Returns
    -------
    int
        0, 1 or 2, as the module says.

    Raises
    ------
    SystemExit
        With 2, if the words are none that the command has.

    Examples
    --------
    >>> main(["policy", "example"])  # doctest: +ELLIPSIS
    # A housing subsidy policy: copy this file, change what your city decides...
    """
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has read enough; nothing more is to be written when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (ValueError, OSError, ImportError) as error:
        return _refused(error)
    except KeyboardInterrupt:
        print("housing: broken off; with --out, --resume goes on", file=sys.stderr)
        return REFUSED
    return status


def _refused(error: Exception) -> int:
    words = str(error)
    if isinstance(error, OSError) and error.strerror:
        words = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    print(f"housing: {_in_switches(' '.join(words.split()))}", file=sys.stderr)
    return REFUSED


def _in_switches(words: str) -> str:
    """Return what the library says in the words of the command."""
    for pattern, said in SWITCHES:
        words = re.sub(pattern, said, words)
    return words


# What is asked ------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="housing", description="A housing subsidy policy over a city's register."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    own = commands.add_parser("assess", help="apply a policy to every household")
    _add_register(own)
    own.add_argument("--policy", help="its TOML file; the example where none is named")
    own.add_argument("--out", help="folder for the assessed rows, as Parquet: personal data")
    own.add_argument("--resume", action="store_true", help="go on with a run in --out")
    own.add_argument(
        "--problems",
        metavar="CSV",
        help="write all entries left out, with file and line (as an editor counts, from 1), id and "
        "the entry as written: personal data",
    )
    own.set_defaults(run=_assess)
    _add_compare(commands)
    own = commands.add_parser("policy", help="an example to edit, and a check of what was edited")
    kinds = own.add_subparsers(required=True, metavar="example|check")
    kinds.add_parser("example", help="print the example").set_defaults(run=_example)
    own = kinds.add_parser("check", help="read a policy and tell its borders")
    own.add_argument("file")
    own.add_argument("--json", action="store_true", help="for programs")
    own.set_defaults(run=_check)
    return parser


def _add_compare(commands: Any) -> None:
    own = commands.add_parser("compare", help="set policies beside each other")
    _add_register(own)
    own.add_argument(
        "--policy",
        action="append",
        required=True,
        metavar="NAME=TOML",
        help="one of two or more, the first as it is today",
    )
    own.add_argument("--poverty-line", type=float, metavar="MONEY", help="per year")
    own.add_argument(
        "--unit",
        default="household",
        help="who is counted as poor below --poverty-line: household, or person",
    )
    own.add_argument(
        "--equivalence", type=float, default=1.0, help="power of size that incomes are divided by"
    )
    own.add_argument("--by", metavar="COLUMN", help="such as a district")
    own.set_defaults(run=_compare)


def _add_register(own: argparse.ArgumentParser) -> None:
    own.add_argument("register", help="file, folder, pattern or URL; incomes are per year")
    own.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="THEIRS=OURS",
        help="what the register calls size, income, owned_area, owned_price, wish, class, weight",
    )
    own.add_argument("--id", help="column that tells one household from another")
    own.add_argument("--encoding", help="of CSV files, such as gb18030")
    own.add_argument(
        "--delimiter",
        metavar="SIGN",
        help="between the columns of CSV files: comma, semicolon, tab or bar, by sign or name",
    )
    own.add_argument("--report", metavar="HTML", help="write a page that stands alone")
    own.add_argument("--overwrite", action="store_true", help="replace what was written before")
    own.add_argument("--json", action="store_true", help="for programs")
    own.add_argument("--quiet", action="store_true", help="without a bar")


# What is done -------------------------------------------------------------------------------------


def _assess(options: argparse.Namespace) -> int:
    rules = policy.load_policy(options.policy)
    _require_free(options, "report", "problems")
    # A report alone has nothing of an earlier run to replace.
    found, said = _heard(
        options,
        register.assess,
        rules,
        out=options.out,
        overwrite=options.overwrite and options.out is not None,
        resume=options.resume,
        most_problems=None if options.problems else LISTED,
    )
    if options.problems:
        listed = traced(found.problems, options.register, **_reading(options))
        listed.assign(**{"personal data": "yes"}).to_csv(options.problems, index=False)
        print(f"housing: {options.problems} holds personal data", file=sys.stderr)
    return _told(options, found, {rules.name: rules}, said)


def _compare(options: argparse.Namespace) -> int:
    if len(options.policy) < 2:
        raise ValueError("--policy must be given twice or more, first the policy of today")
    policies: dict[str, Policy] = {}
    for given in options.policy:
        name, sign, path = given.partition("=")
        if not sign:
            name, path = Path(given).stem, given
        if name in policies:
            raise ValueError(f"--policy: there are two of the name {name}")
        policies[name] = policy.load_policy(path)
    _require_free(options, "report")
    found, said = _heard(
        options,
        register.compare,
        policies,
        poverty_line=options.poverty_line,
        unit=options.unit,
        equivalence=options.equivalence,
        by=options.by,
    )
    return _told(options, found, policies, said)


def _example(options: argparse.Namespace) -> int:
    sys.stdout.write(policy.EXAMPLE)
    return DONE


def _check(options: argparse.Namespace) -> int:
    try:
        rules = policy.load_policy(options.file)
    except ValueError as error:
        if options.json:
            print(json.dumps({"valid": False, "error": str(error)}, indent=1))
        else:
            _refused(error)
        return DOUBTFUL
    edges = register.borders(rules)
    losses = edges[edges["loss"] > 0].drop(columns=["below", "above"]).round(2)
    if options.json:
        entries = {"valid": True, "name": rules.name, "losses": losses.to_dict("records")}
        print(json.dumps(entries, indent=1, ensure_ascii=False))
        return DONE
    terms = rules.terms().map(report.word)
    print(f"{rules.name}\n\n{terms.to_string()}\n\n{rules.table().to_string()}\n")
    if len(losses):
        head = f"{report.TITLES['borders']}. {report.LOSSES_ARE_OF}"
        print(f"{head}\n{losses.to_string(index=False)}")
    else:
        print("At no border is earning more a loss.")
    return DONE


def _reading(options: argparse.Namespace) -> dict[str, Any]:
    """Return how a register is read."""
    columns = {}
    for given in options.column:
        theirs, sign, ours = given.rpartition("=")
        if not sign:
            raise ValueError(f"--column must be THEIRS=OURS, as in persons=size, got {given}")
        columns[theirs] = ours
    return {
        "columns": columns or None,
        "id": options.id,
        "encoding": options.encoding,
        "delimiter": SIGNS.get(options.delimiter, options.delimiter),
    }


def _heard(options: argparse.Namespace, function: Any, *rules: Any, **more: Any) -> Any:
    """Call a function of a register; its bar and its warnings go to the error stream."""
    reading = _reading(options)
    with warnings.catch_warnings(record=True) as caught, redirect_stdout(sys.stderr):
        warnings.simplefilter("always", UserWarning)
        found = function(
            options.register,
            *rules,
            **reading,
            progress=not options.quiet and sys.stderr.isatty(),
            **more,
        )
    said = [str(one.message) for one in caught if issubclass(one.category, UserWarning)]
    for words in said:
        print(f"housing: {' '.join(words.split())}", file=sys.stderr)
    return found, said


def _told(
    options: argparse.Namespace, found: Any, policies: dict[str, Policy], said: list[str]
) -> int:
    """Write what was asked for, and print the summary."""
    shown = report.Report(found)
    if options.report:
        name = Path(options.register).name or options.register
        page = shown.page(title=f"{name}: {' and '.join(policies)}", policies=policies)
        Path(options.report).write_text(page, encoding="utf-8")
    if options.json:
        print(json.dumps({"version": 1, **shown.json()}, indent=1, ensure_ascii=False))
    else:
        print(shown.text())
        if isinstance(found, register.Comparison) and not options.report:
            print("\nBy class, tenth and group: --report or --json")
    return DOUBTFUL if any(LEFT_OUT in words for words in said) else DONE


def _require_free(options: argparse.Namespace, *names: str) -> None:
    """Refuse to write over a file before the work is done."""
    for name in names:
        path = getattr(options, name)
        if path is None:
            continue
        if Path(path).exists() and not options.overwrite:
            raise ValueError(f"--{name}: {path} is there; --overwrite replaces it")
        if not Path(path).resolve().parent.is_dir():
            raise ValueError(f"--{name}: there is no folder {Path(path).parent}")
