"""Settings that make this processor compute as another one does, and the proof that they do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROBE = Path(__file__).with_name("probe.py")
#: What `probe.py` prints: ``cores``, ``targets`` and ``bits``.
Facts = Mapping[str, Any]

OPENBLAS = "OPENBLAS_CORETYPE"
NUMPY = "NPY_DISABLE_CPU_FEATURES"
GLIBC = "GLIBC_TUNABLES"
#: Removed from the environment of every row, so that each has its own alone.
VARIABLES = {OPENBLAS, NUMPY, GLIBC}
#: A processor without fused multiplication, by the names that old and new C libraries have for it.
NO_FMA = "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX2_Usable,-FMA_Usable"
#: In 64 bits Katmai's kernels are Prescott's, and OpenBLAS reports the first of the two names.
SAME_KERNELS = {"Katmai": "Prescott"}


@dataclass(frozen=True)
class Setting:
    """Variables of the environment, and what shows that they took effect.

    Parameters
    ----------
    name : str
        What the row is called.
    variables : mapping
        The variables and their values.
    lacking : callable
        Takes the facts with the setting and those without it; says what is not as the setting
        would have it, and nothing where it took effect.
    """

    name: str
    variables: Mapping[str, str]
    lacking: Callable[[Facts, Facts], str]

    def environment(self) -> dict[str, str]:
        """Return the environment of this process with this setting and no other one."""
        kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        return {**kept, **self.variables}


def plain() -> Setting:
    """Return the machine as it is."""
    return Setting("as it is", {}, lambda there, before: "")


def kernels(core: str) -> Setting:
    """Return the setting under which every OpenBLAS computes as on a processor of this kind."""

    def lacking(there: Facts, before: Facts) -> str:
        cores = {SAME_KERNELS.get(name, name) for name in there["cores"]}
        reported = " and ".join(sorted(cores)) or "no core"
        return "" if cores == {core} else f"OpenBLAS reports {reported}"

    return Setting(f"OpenBLAS {core}", {OPENBLAS: core}, lacking)


def bare_numpy(targets: Iterable[str]) -> Setting:
    """Return the setting under which NumPy uses what every processor of the family has."""

    def lacking(there: Facts, before: Facts) -> str:
        if not before["targets"]:
            return "NumPy finds no target here to be switched off"
        found = ", ".join(there["targets"])
        return found and f"NumPy still finds {found}"

    return Setting("NumPy baseline", {NUMPY: " ".join(targets)}, lacking)


def no_fma() -> Setting:
    """Return the setting under which exp, log, sin and pow do without fused multiplication."""

    def lacking(there: Facts, before: Facts) -> str:
        return "exp, log, sin and pow keep every bit" if there["bits"] == before["bits"] else ""

    return Setting("libm without FMA", {GLIBC: NO_FMA}, lacking)


def together(*settings: Setting) -> Setting:
    """Return several settings at once: an old processor has nothing of a new one."""

    def lacking(there: Facts, before: Facts) -> str:
        return "; ".join(filter(None, (part.lacking(there, before) for part in settings)))

    joined = {name: value for part in settings for name, value in part.variables.items()}
    return Setting("the last three", joined, lacking)


def all_settings(targets: Iterable[str]) -> list[Setting]:
    """Return a setting a row, the machine as it is first; `targets` are NumPy's here."""
    old = kernels("Prescott"), bare_numpy(targets), no_fma()
    cores = map(kernels, ("Haswell", "SkylakeX", "Nehalem"))
    return [plain(), *cores, *old, together(*old)]


def probe(setting: Setting) -> Facts:
    """Return the facts under a setting.

    Raises
    ------
    subprocess.CalledProcessError
        If NumPy or SciPy cannot run so, for instance since the processor lacks an instruction.
    """
    command = [sys.executable, PROBE]
    run = subprocess.run(
        command, env=setting.environment(), capture_output=True, text=True, check=True
    )
    facts: Facts = json.loads(run.stdout)
    return facts


def not_tested(setting: Setting, before: Facts, probe: Callable[[Setting], Facts] = probe) -> str:
    """Say why a setting proves nothing on this machine: an empty string where it took effect."""
    try:
        there = probe(setting)
    except subprocess.CalledProcessError as error:
        # Below zero it is the number of the signal: 4 is an instruction that is not there.
        return f"NumPy does not run so: status {error.returncode}"
    return setting.lacking(there, before)
