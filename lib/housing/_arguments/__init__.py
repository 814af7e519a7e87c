"""What every model does with its arguments: check them, broadcast them, answer in kind.

* `checks`: an argument as numbers or words in their range, or what is wrong with it;
* `shapes`: arguments that meet each other by their place, and answers with the labels of theirs;
* `calls`: what makes a function of arrays take scalars and pandas objects, and stay in floats.
"""

from housing._arguments.calls import elementwise, within_floats
from housing._arguments.checks import (
    Floats,
    annual_rate,
    bare,
    by_name,
    codes,
    fitting,
    number,
    numbers,
    one_of,
    require,
    row,
    share,
    whole_number,
    whole_numbers,
)
from housing._arguments.shapes import (
    broadcast,
    only_counts,
    power,
    same_labels,
    same_last_axis,
    with_rows,
)

__all__ = [
    "Floats",
    "annual_rate",
    "bare",
    "broadcast",
    "by_name",
    "codes",
    "elementwise",
    "fitting",
    "number",
    "numbers",
    "one_of",
    "only_counts",
    "power",
    "require",
    "row",
    "same_labels",
    "same_last_axis",
    "share",
    "whole_number",
    "whole_numbers",
    "with_rows",
    "within_floats",
]
