"""What every start leaves out: grammars that take seconds to build, and that nothing here asks for.

A check of schemata, which the notebooks' format imports, builds some forty of them, of addresses in
all the world's letters, wherever it finds the package for them; JupyterLab brings that. To import
this module first is to do without.
"""

from __future__ import annotations

import sys

# As the language has it: what is None here counts as not installed.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
