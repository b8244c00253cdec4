"""Long runs. The ground they stand on is laid before anything of the house is loaded."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

VAR = Path(tempfile.mkdtemp(prefix="entrepot-soak-"))
os.environ |= {"ENTREPOT_VAR": str(VAR), "ENTREPOT_SECRET_KEY": "soak only"}
sys.path.insert(0, str(Path(__file__).parents[1] / "banking"))
