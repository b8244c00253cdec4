"""Long runs. The ground they stand on is laid before anything of the house is loaded."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path

VAR = Path(tempfile.mkdtemp(prefix="entrepot-soak-"))
VAR.chmod(0o755)  # the servers' user passes
os.environ |= {"ENTREPOT_VAR": str(VAR), "ENTREPOT_SECRET_KEY": "soak only"}
sys.path.insert(0, str(Path(__file__).parents[1] / "banking"))
# Whoever is told to stop takes away what it made.
signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))
