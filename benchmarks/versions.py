"""What pages cost now, beside what they cost by other code: CPU of web server and database.

Each version runs from a folder of its own, with its own installation of the demonstration and a
synthetic catalogue, and both are visited in turns, a few visits each: whatever the machine's
temper, both meet it. They show the same goods to the same countries, in the same languages, as
browsers ask for them (compressed). Every round has its ratio; the middle one counts.

    git worktree add ../before COMMIT
    python -m benchmarks.versions --before ../before [--offers 1000] [--rounds 20] [--visits 40]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import text

from benchmarks.pages import cpu_of, running
from kernel import db
from marketplace.catalogue.products.queries import slug

HOUSE = Path(__file__).parents[1]
LANGUAGES = ("en", "zh-cn", "es", "fr", "de", "ja", "ko", "pt-br", "ar")
COUNTRIES = ("de-DE", "fr-FR", "en-GB", "en-US", "ja-JP", "zh-CN", "pt-BR", "ar-AE")
WORDS = ("teapot", "lamp", "vase", "coffee", "scarf", "bowl", "knife", "soap")
KINDS = ("home", "results", "product")
# What a served version answers before it is asked for pages: its processes and its goods.
_GOODS = """
    SELECT p.ref, t.title FROM marketplace.product p
    JOIN marketplace.product_text t ON t.product_id = p.id AND t.locale = 'en'
    WHERE p.external_ref IS NOT NULL AND p.featured_rank IS NOT NULL ORDER BY p.external_ref
"""
WARM = 40


@dataclass(frozen=True)
class Version:
    """A served version. Shape: roots are the processes counted; goods are the paths of products."""

    port: int
    roots: Sequence[int]
    goods: Sequence[str]

    def cpu(self) -> float:
        """Return the seconds of CPU that web server and database took so far."""
        return sum(cpu_of(root) for root in self.roots)

    def visit(self, kind: str, chance: random.Random) -> None:
        """Open a page as somebody, with chance's language, country, words and goods."""
        lang, country = chance.choice(LANGUAGES), chance.choice(COUNTRIES)
        word, goods = chance.choice(WORDS), chance.choice(self.goods)
        path = {"home": "/", "results": f"/search?q={quote(word)}", "product": f"/p/{goods}"}[kind]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Accept-Language": country, "Accept": "text/html", "Accept-Encoding": "br"}
        connection.request("GET", f"/{lang}{path}", headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200, f"{answer.status} at /{lang}{path}"
        answer.read()
        connection.close()


def serve(var: Path, port: int, offers: int) -> None:
    """Serve the version whose folder this process was started in, until its input ends."""
    with running(var, port, offers) as house:
        with db.reading() as current:
            goods = [f"{row[0]}/{quote(slug(row[1]))}" for row in current.execute(text(_GOODS))]
        roots = [house.roots["web"], house.roots["postgres"]]
        print(json.dumps({"roots": roots, "goods": goods}), flush=True)
        sys.stdin.read()


@contextmanager
def served(folder: Path, var: Path, port: int, offers: int) -> Iterator[Version]:
    """Serve the version of a folder for the length of the block."""
    call = [sys.executable, __file__, "--serve", str(var), "--port", str(port)]
    child = subprocess.Popen(
        [*call, "--offers", str(offers)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "ENTREPOT_LOG_LEVEL": "WARNING"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None, "a pipe"
    assert child.stdout is not None, "a pipe"
    try:
        told = next(line for line in child.stdout if line.startswith("{"))
        about: dict[str, Any] = json.loads(told)
        yield Version(port, about["roots"], about["goods"])
    finally:
        child.stdin.close()
        child.wait()


def measured(before: Version, now: Version, rounds: int, visits: int) -> dict[str, Any]:
    """Visit both in turns. Units: CPU milliseconds a page, by kind and version, for each round."""
    cost: dict[str, Any] = {kind: {"before": [], "now": []} for kind in KINDS}
    for number in range(rounds + 1):
        for kind in KINDS:
            # Who begins changes from round to round.
            pair = [("before", before), ("now", now)][:: 1 if number % 2 else -1]
            for name, version in pair:
                chance = random.Random(f"{kind}{number}")
                begun = version.cpu()
                times = visits if number else WARM
                for _ in range(times):
                    version.visit(kind, chance)
                if number:
                    cost[kind][name].append((version.cpu() - begun) * 1000 / times)
    return cost


def told(cost: dict[str, Any]) -> Iterator[str]:
    """Return the rows of the table."""
    yield "| | before | now | ratio of the sums | middle of the rounds |"
    yield "|---|---|---|---|---|"
    for kind, by_version in cost.items():
        before, now = by_version["before"], by_version["now"]
        ratios = [b / a for a, b in zip(before, now, strict=True)]
        whole = sum(now) / sum(before)
        yield (
            f"| {kind} | {statistics.mean(before):.2f} | {statistics.mean(now):.2f}"
            f" | {whole:.3f} | {statistics.median(ratios):.3f} |"
        )


def main() -> None:
    """Serve both versions, visit them in turns, print the table."""
    given = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    given.add_argument("--before", type=Path)
    given.add_argument("--serve", type=Path)
    given.add_argument("--port", type=int, default=8551)
    given.add_argument("--offers", type=int, default=1000)
    given.add_argument("--rounds", type=int, default=20)
    given.add_argument("--visits", type=int, default=40)
    options = given.parse_args()
    if options.serve:
        serve(options.serve, options.port, options.offers)
        return
    folder = Path(tempfile.mkdtemp(prefix="entrepot-versions-"))
    try:
        ports = (options.port, options.port + 1)
        with (
            served(options.before.resolve(), folder / "a", ports[0], options.offers) as before,
            served(HOUSE, folder / "b", ports[1], options.offers) as now,
        ):
            for row in told(measured(before, now, options.rounds, options.visits)):
                print(row)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
