"""Run every benchmark at sizes that take a few minutes; each takes its own arguments for more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[1]
RUNS = (
    ("Posting", "benchmarks.posting", "--rounds", "3", "--seconds", "3"),
    ("Search", "benchmarks.search_speed", "--documents", "5000", "--categories", "300"),
    ("Quote of a cart", "benchmarks.cart_quote"),
    ("A year of cover", "benchmarks.cover_year", "--policies", "1000"),
    (
        "Pages",
        "benchmarks.pages",
        "--offers",
        "1000",
        "10000",
        "--visits",
        "150",
        "--checkouts",
        "15",
    ),
)


def main() -> None:
    """Run one after the other; stop at the first that fails."""
    for title, module, *arguments in RUNS:
        print(f"\n{title}: python -m {module} {' '.join(arguments)}\n", flush=True)
        subprocess.run([sys.executable, "-m", module, *arguments], check=True, cwd=HOUSE)


if __name__ == "__main__":
    main()
