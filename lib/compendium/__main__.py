"""``python -m compendium``: the commands, as ``compendium`` has them."""

import sys

from compendium.run.commands import main

if __name__ == "__main__":
    sys.exit(main())
