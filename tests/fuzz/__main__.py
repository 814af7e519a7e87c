"""Call everything with everything: 100,000 seeded calls, a table of what they came to.

``python tests/fuzz [--calls N] [--seed S] [--only MODULE]``; fails where a call failed, and prints
how to repeat it. Each call runs in a process of its own kind, with limits of time and memory.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

for folder in (Path(__file__).parent, Path(__file__).parents[1]):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from judge import ANSWER, REFUSAL, WrongError, judged  # noqa: E402
from processes import FAILURE, chosen, generator, results, turn  # noqa: E402
from targets import Target  # noqa: E402

LINE = "{:<16} {:>8} {:>8} {:>9} {:>9}"


def main() -> int:
    """Run the calls that are asked for, and tell what they came to."""
    options = _options()
    called = chosen(options.only)
    if not called:
        print(f"nothing is called {options.only}")
        return 2
    if options.call is not None:
        return _repeat(called, options)
    began = time.perf_counter()
    counts, failures = Counter(), []
    for number, kind, said in results(options):
        target = turn(called, number)
        counts[target.module, kind] += 1
        if kind == FAILURE:
            failures.append((number, target, said))
            print(f"{said}\n    {_how(options, number)}", flush=True)
    _table(counts)
    print(
        f"{options.calls:,} calls of {len(called)} functions in {time.perf_counter() - began:.0f} s"
    )
    return 1 if failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Call everything with everything.")
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="a module, or a function as module.function")
    parser.add_argument("--call", type=int, help="repeat the one call of this number")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


def _how(options: argparse.Namespace, number: int) -> str:
    only = f" --only {options.only}" if options.only else ""
    return f"python tests/fuzz --seed {options.seed}{only} --call {number}"


def _repeat(called: list[Target], options: argparse.Namespace) -> int:
    target = turn(called, options.call)
    try:
        kind, arguments = judged(target, generator(options.seed, options.call), lambda: None)
    except WrongError as wrong:
        print(wrong)
        if wrong.__cause__ is not None:
            traceback.print_exception(wrong.__cause__)
        return 1
    print(f"{target.name}({arguments}): {kind}")
    return 0


def _table(counts: Counter[tuple[str, str]]) -> None:
    print(LINE.format("module", "calls", "answers", "refusals", "failures"))
    for module in [*sorted({module for module, _ in counts}), None]:
        of_kind = [
            sum(
                count
                for (where, what), count in counts.items()
                if what == kind and module in (None, where)
            )
            for kind in (ANSWER, REFUSAL, FAILURE)
        ]
        print(LINE.format(module or "all", sum(of_kind), *of_kind))


if __name__ == "__main__":
    sys.exit(main())
