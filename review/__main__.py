"""``python -m review``: the command line."""

import sys

from review.cli import main

sys.exit(main())
