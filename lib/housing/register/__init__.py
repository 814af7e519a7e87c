"""A subsidy policy over a register of households: who gets what, why not, and what it costs.

`assess` takes a DataFrame, a file, a folder or a Dask DataFrame. It works through the rows in
pieces that fit a processor's cache, and what it adds up (a `Tally`) can be added up again, so that
a register larger than memory gives the same `Summary` as one that fits.

A register's way through it:

* `_files`: what is at a path, in which parts it is read, and how; `_delimited` for CSV
* `_columns`: which column is which, and its entries as numbers and as codes of words
* `_outcome`: what a policy says of some rows; `_rows` of those of a frame
* `tally`: sums over rows, and the `Summary` that they come to
* `problems`: entries that no household can have, listed and counted
* `_identity`: households that stand in a register twice
* `_where`: lines of files that invalid entries stand in
* `_parts`: the rows that are written, and the manifest beside them
* `_partitions`: parts worked through by Dask, and added up
* `_passes`: parts gone over more than once; `_cells`, which counts may be shown
* `assessment`: all of it; `comparison`, of several policies, whose sums are those of
  `_side_by_side`; `incentives`, of what earning more leaves
"""

from housing.register._columns import WISHES
from housing.register._outcome import REASONS
from housing.register.assessment import Assessment, assess
from housing.register.comparison import Comparison, compare
from housing.register.incentives import Marginal, borders, marginal
from housing.register.problems import Problems
from housing.register.tally import Summary, Tally

__all__ = [
    "REASONS",
    "WISHES",
    "Assessment",
    "Comparison",
    "Marginal",
    "Problems",
    "Summary",
    "Tally",
    "assess",
    "borders",
    "compare",
    "marginal",
]
