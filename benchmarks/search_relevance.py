"""Score search on a judged query set: NDCG@10, recall@20, share without results, by slice.

    python benchmarks/search_relevance.py --products P --categories C [C ...] --queries Q
        [--values V] [--unseen U] [--locale en] [--run RUN.tsv]

All files are JSON or JSON Lines, gzip or not. `--unseen` names categories whose names are kept out
of the index in every language but the vendor's own, so that they measure unknown words.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from search.documents import ProductDocument, SearchRequest
from search.engine.embedded import EmbeddedEngine
from search.engine.mapping import entry
from search.engine.pages import answer


def rows(path: Path) -> Iterator[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


class Catalogue:
    """Products of the judged set as documents."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.categories = {row["id"]: row for path in arguments.categories for row in rows(path)}
        self.values = json.loads(arguments.values.read_text()) if arguments.values else {}
        self.unseen = set(json.loads(arguments.unseen.read_text())) if arguments.unseen else set()

    def names(self, category: str, source: str) -> dict[str, tuple[str, ...]]:
        row = self.categories.get(category, {})
        names = row.get("names", {})
        if category in self.unseen:
            names = {source: names[source]} if source in names else {}
        synonyms = row.get("synonyms") or {}
        return {at: (name, *synonyms.get(at, ())) for at, name in names.items()}

    def document(self, row: dict[str, Any]) -> ProductDocument:
        source = row["source_lang"]
        parents: dict[str, list[str]] = defaultdict(list)
        for above in row["category_path"][:-1]:
            for at, names in self.names(above, source).items():
                parents[at].append(names[0])
        words: dict[str, list[str]] = defaultdict(list)
        for code, value in row["attributes"].items():
            for at, name in self.values.get(code, {}).get(value, {}).items():
                words[at].append(name)
        return ProductDocument(
            id=int(row["id"][1:]),
            version=1,
            titles=row["title"],
            descriptions=row["description"],
            category_ids=tuple(row["category_path"]),
            category_names=self.names(row["category_id"], source),
            parent_names={at: tuple(names) for at, names in parents.items()},
            attributes={code: (value,) for code, value in row["attributes"].items()},
            attribute_names={at: tuple(names) for at, names in words.items()},
            vendor_id=int(row["vendor_id"][1:]),
            vendor_name=row["vendor_name"],
            brand=row["brand"],
            model=row["model"],
            skus=(row["sku"],),
            prices={"FR": int(row["price_usd_minor"] * 0.9)},
            country=row["vendor_country"],
            in_stock=row["stock"] > 0,
            popularity=row["sales_30d"],
            created_at=datetime.fromisoformat(row["created_at"]).replace(tzinfo=UTC),
        )


def gain(grades: list[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(at + 2) for at, grade in enumerate(grades))


def scored(query: dict[str, Any], found: list[str]) -> tuple[float, float, float]:
    relevant = query["rel"]
    ideal = gain(sorted(relevant.values(), reverse=True)[:10])
    full = {key for key, grade in relevant.items() if grade == 3}
    recall = len(full & set(found[:20])) / min(20, len(full)) if full else 0.0
    quality = gain([relevant.get(key, 0) for key in found[:10]]) / ideal if ideal else 0.0
    return quality, recall, float(not found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("products", "queries"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--categories", type=Path, nargs="+", required=True)
    for name in ("values", "unseen", "run"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--locale", default="", help="one interface locale for all queries")
    parser.add_argument("--size", type=int, default=24)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(arguments, EmbeddedEngine(Path(folder)))


def measure(arguments: argparse.Namespace, engine: EmbeddedEngine) -> None:
    catalogue = Catalogue(arguments)
    began = time.perf_counter()
    entries = [entry(catalogue.document(row)) for row in rows(arguments.products)]
    analysed = time.perf_counter()
    generation = engine.start_rebuild()
    engine.backfill(generation, entries)
    engine.publish(generation)
    print(
        f"{len(entries)} documents: analysis {analysed - began:.1f} s, "
        f"index {time.perf_counter() - analysed:.1f} s"
    )
    snapshot = engine.snapshot()
    groups: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    lines: list[str] = []
    times: list[float] = []
    for query in rows(arguments.queries):
        locale = arguments.locale or query["lang"]
        request = SearchRequest(text=query["query"], locale=locale, size=arguments.size)
        began = time.process_time()
        page = answer(snapshot, request)
        times.append(1000 * (time.process_time() - began))
        found = [f"D{identity:06d}" for identity in page.ids]
        lines.extend(f"{query['qid']}\t{at}\t{key}" for at, key in enumerate(found, 1))
        marks = scored(query, found)
        groups["slice " + query["slice"]].append(marks)
        if query["slice"] != "nonsense":
            groups["all"].append(marks)
            groups["lang " + query["lang"]].append(marks)
    if arguments.run:
        arguments.run.write_text("\n".join(lines) + "\n")
    report(groups, times)


def report(groups: dict[str, list[tuple[float, float, float]]], times: list[float]) -> None:
    print(f"{'group':24} {'n':>5} NDCG@10 R@20  zero%")
    for name, marks in sorted(groups.items()):
        quality, recall, zero = (sum(column) / len(marks) for column in zip(*marks, strict=True))
        print(f"{name:24} {len(marks):5} {quality:.3f}   {recall:.3f} {100 * zero:5.1f}")
    times.sort()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"CPU a query: median {times[len(times) // 2]:.1f} ms, "
        f"p95 {times[int(len(times) * 0.95)]:.1f} ms; peak memory {peak} MiB"
    )


if __name__ == "__main__":
    main()
