"""Runs before a render: the data have to be there."""

import sys
from pathlib import Path

rows = Path("data/tides.csv").read_text("utf-8").splitlines()
if len(rows) < 2:
    sys.exit("data/tides.csv: no rows; put the measurements back")
