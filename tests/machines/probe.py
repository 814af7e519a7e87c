"""What of this machine a result may hang on, as JSON: for a process of its own.

``python tests/machines/probe.py`` prints the core that each OpenBLAS has chosen its kernels for,
the targets that NumPy dispatches to here, and a digest of values of exp, log, sin and pow to the
last bit.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

#: Enough of them to meet some whose last bit is another without fused multiplication: a few in a
#: thousand are.
ARGUMENTS = range(1, 4000)


def blas_cores() -> list[str]:
    """Return the core of every OpenBLAS: NumPy and SciPy each bring their own.

    Each is put to work first: it takes the word for a core whose instructions are not there.
    """
    import numpy as np
    import scipy.linalg
    from threadpoolctl import threadpool_info

    square = np.eye(200) + 1 / (1 + np.arange(200.0))
    scipy.linalg.lu_factor(square @ square)
    return [
        library["architecture"]
        for library in threadpool_info()
        if library["internal_api"] == "openblas"
    ]


def numpy_targets() -> list[str]:
    """Return the targets beyond its baseline that NumPy was built for and has found here."""
    from numpy._core import _multiarray_umath as core

    return [target for target in core.__cpu_dispatch__ if core.__cpu_features__[target]]


def last_bits() -> str:
    """Return a digest of what the mathematical library of the system returns."""
    values = [
        function(argument / 977).hex()
        for function in (math.exp, math.log, math.sin, lambda x: math.pow(x, 1.37))
        for argument in ARGUMENTS
    ]
    return hashlib.sha256(" ".join(values).encode()).hexdigest()


def facts() -> dict[str, Any]:
    return {"cores": blas_cores(), "targets": numpy_targets(), "bits": last_bits()}


if __name__ == "__main__":
    print(json.dumps(facts()))
