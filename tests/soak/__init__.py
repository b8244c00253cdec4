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


def _leave(*_about: object) -> None:
    """Take away what was made; to be told twice must not break that off."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit("told to stop")


signal.signal(signal.SIGTERM, _leave)
