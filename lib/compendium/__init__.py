"""The scholar's tools: printed tables, the audit of them, figures and the report.

Nothing here knows a housing formula. A notebook needs two names: `Audit`, to hold recomputed
numbers against printed ones, and `figures`, to draw and keep a figure.
"""

from compendium.audit import Audit, AuditError
from compendium.printed import DataError
from rounding import DOWN, EITHER, HALF_DOWN, HALF_EVEN, NEAREST, TWO_STEPS, UP

__all__ = [
    "DOWN",
    "EITHER",
    "HALF_DOWN",
    "HALF_EVEN",
    "NEAREST",
    "TWO_STEPS",
    "UP",
    "Audit",
    "AuditError",
    "DataError",
]
