"""Models of affordable housing: pure functions on scalars, arrays and pandas objects.

Nothing here knows a number of any source. Only `plots` draws, what the models return; and only two
modules read files: `policy`, whose example ships as data, and `register`, which takes registers
larger than memory.
Rates are decimals per year (0.10 for ten per cent), shares are decimals, money is in whatever unit
the caller uses. A module is imported when its name is first used: ``housing.rent``.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

__version__: str

if TYPE_CHECKING:
    from housing import affordability as affordability
    from housing import conversion as conversion
    from housing import distribution as distribution
    from housing import instruments as instruments
    from housing import interpolation as interpolation
    from housing import land as land
    from housing import maintenance as maintenance
    from housing import market as market
    from housing import mortgage as mortgage
    from housing import oversight as oversight
    from housing import plots as plots
    from housing import policy as policy
    from housing import pricing as pricing
    from housing import project as project
    from housing import reform as reform
    from housing import register as register
    from housing import rent as rent
    from housing import sensitivity as sensitivity
    from housing import stock as stock
    from housing import subsidy as subsidy
    from housing import tenure as tenure
else:

    def __getattr__(name):
        if name == "__version__":
            return _version()
        if name.startswith("_") or find_spec(f"{__name__}.{name}") is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return import_module(f"{__name__}.{name}")

    def __dir__():
        from pkgutil import iter_modules

        modules = [found.name for found in iter_modules(__path__) if found.name[0] != "_"]
        return sorted(["__version__", *modules, *(name for name in globals() if name[0] == "_")])

    def _version():
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("china-housing-compendium")
        except PackageNotFoundError:
            raise AttributeError(f"{__name__} has no version: it is not installed") from None
