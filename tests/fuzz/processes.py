"""Calls in processes of their own, which are stopped where one does not end."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
from random import Random
from typing import Any

from judge import WrongError, judged
from targets import Target, targets

from housing import register

FAILURE = "failure"
#: Seconds that one call of the library may take, and bytes that a process may hold.
SECONDS, BYTES = 5.0, 4 << 30


def chosen(only: str | None) -> list[Target]:
    """Return what is called: all, or one module's, or one function."""
    return [target for target in targets() if only in (None, target.module, target.name)]


def turn(called: list[Target], number: int) -> Target:
    """Return what the call of a number is of."""
    return called[number % len(called)]


def generator(seed: int, number: int) -> Random:
    """Return the random numbers of one call, the same whichever process makes it."""
    return Random(f"{seed} {number}")


def results(options: Any) -> Iterator[tuple[int, str, str]]:
    """Yield what each call came to, from processes that are stopped where one does not end."""
    context = multiprocessing.get_context("spawn")
    running = [
        _Worker(context, options, first) for first in range(min(options.processes, options.calls))
    ]
    while running:
        ready = wait([worker.pipe for worker in running], timeout=0.2)
        for worker in [*running]:
            if worker.pipe in ready:
                try:
                    while worker.pipe.poll():
                        yield worker.receive()
                    continue
                except EOFError:
                    if worker.next < options.calls:
                        yield worker.next, FAILURE, worker.lost("the process died")
                        worker.restart()
                    else:
                        running.remove(worker)
            elif worker.seconds() > SECONDS:
                yield worker.next, FAILURE, worker.lost(f"no end in {SECONDS:g} s")
                worker.restart()


class _Worker:
    """A process that makes every so manieth call."""

    def __init__(self, context: Any, options: Any, first: int) -> None:
        self.context, self.options, self.next = context, options, first
        self.begun = context.Value("d", 0.0, lock=False)
        self.start()

    def start(self) -> None:
        self.begun.value = 0.0
        self.pipe, theirs = self.context.Pipe(duplex=False)
        self.process = self.context.Process(
            target=_work, args=(theirs, self.begun, self.next, self.options), daemon=True
        )
        self.process.start()
        theirs.close()

    def receive(self) -> tuple[int, str, str]:
        number, kind, said = self.pipe.recv()
        self.next = number + self.options.processes
        return number, kind, said

    def seconds(self) -> float:
        """Return for how long its call has been running; 0 while it gets ready."""
        return time.time() - self.begun.value if self.begun.value else 0.0

    def lost(self, said: str) -> str:
        return f"{turn(chosen(self.options.only), self.next).name}: {said}"

    def restart(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()
        self.next += self.options.processes
        self.start()


def _work(pipe: Connection, begun: Any, first: int, options: Any) -> None:
    """Make every so manieth call and send what it came to."""
    with contextlib.suppress(ImportError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    called = chosen(options.only)
    with contextlib.suppress(ValueError):
        register.assess("no such file")  # which loads Dask: that takes seconds, and only once

    def started() -> None:
        begun.value = time.time()

    for number in range(first, options.calls, options.processes):
        started()
        try:
            kind, _ = judged(turn(called, number), generator(options.seed, number), started)
            pipe.send((number, kind, ""))
        except WrongError as wrong:
            pipe.send((number, FAILURE, str(wrong)))
    begun.value = 0.0
