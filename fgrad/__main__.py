"""``python -m fgrad``, and the console script ``fgrad``."""

import sys

from fgrad.demo.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
