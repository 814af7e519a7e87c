"""The scholar's tools: printed tables, the audit of them, figures and the report.

Nothing here knows a formula of any source. A notebook needs two names: `Audit`, to hold recomputed
numbers against printed ones, and `figures`, to draw and keep a figure. A module is imported when
its name is first used, so that a command can say what is missing before anything else does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__: str

if TYPE_CHECKING:
    from compendium.course.material import exercise
    from compendium.page.printed import DataError
    from compendium.verdict.audit import Audit, AuditError
    from compendium.verdict.grid import Answer, Slider
    from compendium.widgets import sliders
    from rounding import DOWN, EITHER, HALF_DOWN, HALF_EVEN, NEAREST, TWO_STEPS, UP
    from sensitivity import Range
else:
    #: Where each name comes from.
    _PLACES = {
        "Answer": "compendium.verdict.grid",
        "Audit": "compendium.verdict.audit",
        "AuditError": "compendium.verdict.audit",
        "DataError": "compendium.page.printed",
        "Range": "sensitivity",
        "exercise": "compendium.course.material",
        "sliders": "compendium.widgets",
        "Slider": "compendium.verdict.grid",
        **dict.fromkeys(
            ["DOWN", "EITHER", "HALF_DOWN", "HALF_EVEN", "NEAREST", "TWO_STEPS", "UP"], "rounding"
        ),
    }

    def __getattr__(name):
        if name == "__version__":
            return _version()
        if name not in _PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_PLACES[name]), name)

    def __dir__():
        return sorted({"__version__", *_PLACES, *globals()})

    def _version():
        from importlib.metadata import PackageNotFoundError, packages_distributions, version

        # What is installed has a name of its own, by which its package is not called.
        brought = packages_distributions().get(__name__, [__name__])
        try:
            return version(brought[0])
        except PackageNotFoundError:
            raise AttributeError(f"{__name__} has no version: it is not installed") from None


__all__ = [
    "DOWN",
    "EITHER",
    "HALF_DOWN",
    "HALF_EVEN",
    "NEAREST",
    "TWO_STEPS",
    "UP",
    "Answer",
    "Audit",
    "AuditError",
    "DataError",
    "Range",
    "Slider",
    "exercise",
    "sliders",
]
