"""Time the embedded index on synthetic products: indexing, pages with and without filters, memory.

    python benchmarks/search_speed.py [--documents 100000] [--categories 2000] [--updates 20]

Products are made of invented words in nine languages; no data is read. Times are CPU of this
process, one page at a time, with facets, exactly what a web process pays before it renders.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from search.documents import Filters, ProductDocument, SearchRequest, Sort
from search.engine.embedded import EmbeddedEngine
from search.engine.mapping import DOORS
from search.engine.pages import answer
from search.indexing import rebuild, store
from search.suggest import suggest

LOCALES = ("en", "de", "fr", "es", "it", "pl", "ja", "zh-CN", "ar")
COLOURS = ("red", "blue", "green", "black", "white", "yellow", "pink", "brown", "grey")
SPOKEN = "ka ro mi te lun sa vor be gri do fen zu pal che ni tor ma wes li pra"
SYLLABLES = SPOKEN.split()
HAN = "茶壶保温水杯手机耳帽鞋衣灯桌椅刀笔书包表车球鼓琴画花鱼米糖盐油酒果"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


class Shop:
    """A catalogue of invented words; the same seed gives the same shop."""

    def __init__(self, categories: int) -> None:
        self.random = random.Random(7)
        self.names = [{at: self.name(at) for at in LOCALES} for _ in range(categories)]
        self.words = {(at, c): self.word(at) for at in LOCALES for c in COLOURS}
        self.brands = [self.word("en").title() for _ in range(800)]

    def word(self, locale: str) -> str:
        if locale in {"ja", "zh-CN"}:
            return "".join(self.random.choices(HAN, k=3))
        if locale == "ar":
            return "".join(self.random.choices(ARABIC, k=5))
        return "".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4)))

    def name(self, locale: str) -> str:
        return " ".join(self.word(locale) for _ in range(self.random.randint(1, 2)))

    def products(self, count: int) -> Iterator[ProductDocument]:
        for identity in range(1, count + 1):
            yield self.product(identity)

    def product(self, identity: int, version: int = 1) -> ProductDocument:
        pick = self.random
        number = min(int(pick.expovariate(6 / len(self.names))), len(self.names) - 1)
        names, locale, colour = self.names[number], pick.choice(LOCALES), pick.choice(COLOURS)
        brand, above = pick.choice(self.brands), number % 40
        title = f"{names[locale]} {self.words[locale, colour]} {self.word(locale)} {brand}"
        return ProductDocument(
            id=identity,
            version=version,
            titles={locale: title, "en": f"{names['en']} {self.words['en', colour]} {brand}"},
            descriptions={locale: " ".join(self.word(locale) for _ in range(20))},
            category_ids=(f"t{above % 10}", f"m{above}", f"c{number}"),
            category_names={at: (name,) for at, name in names.items()},
            parent_names={at: (self.names[above][at],) for at in LOCALES},
            attributes={"colour": (colour,), "size": (pick.choice("SML"),)},
            attribute_names={at: (self.words[at, colour],) for at in LOCALES},
            vendor_id=pick.randint(1, 300),
            vendor_name=pick.choice(self.brands),
            brand=brand,
            skus=(f"SKU-{identity:07d}",),
            prices={country: int(pick.lognormvariate(8, 1)) for country in DOORS},
            country=pick.choice(("DE", "FR", "CN", "JP", "US", "IT", "PL")),
            in_stock=pick.random() < 0.9,
            popularity=int(pick.paretovariate(1)),
            created_at=datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=identity),
        )


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def report(name: str, ask: Callable[[], object], rounds: int) -> None:
    times = []
    for _ in range(rounds):
        began = time.process_time()
        ask()
        times.append(1000 * (time.process_time() - began))
    times.sort()
    print(
        f"{name:44} median {times[rounds // 2]:6.2f} ms   p95 {times[int(rounds * 0.95)]:6.2f} ms"
    )


def pages(shop: Shop, engine: EmbeddedEngine, documents: int) -> None:
    pick = random.Random(11)

    def name() -> tuple[str, str]:
        locale = pick.choice(LOCALES)
        number = min(int(pick.expovariate(6 / len(shop.names))), len(shop.names) - 1)
        return shop.names[number][locale], locale

    german = SearchRequest(destination="DE", door="DE")

    def ask(text: str, locale: str, like: SearchRequest = german) -> None:
        answer(engine.snapshot(), replace(like, text=text, locale=locale))

    def coloured() -> None:
        text, locale = name()
        ask(f"{text} {shop.words[locale, pick.choice(COLOURS)]}", locale)

    def typo() -> None:
        text = shop.names[pick.randrange(200)]["en"]
        ask(text[:2] + text[3:], "en")

    ticked = Filters(
        attributes={"colour": frozenset({"red", "blue"})},
        countries=frozenset({"DE", "FR"}),
        price_low=500,
        price_high=9000,
        in_stock=True,
    )
    category = Filters(categories=frozenset({"m3"}))
    bare, narrow = replace(german, with_facets=False), replace(german, filters=ticked)
    by_price = replace(german, filters=category, sort=Sort.PRICE_LOW)
    rounds = 200
    report("category name, six facets", lambda: ask(*name()), rounds)
    report("category name, no facets", lambda: ask(*name(), bare), rounds)
    report("name and colour", coloured, rounds)
    report("name, 4 filters, six facets", lambda: ask(*name(), narrow), rounds)
    report(
        "one colour word",
        lambda: ask((pair := pick.choice(list(shop.words.items())))[1], pair[0][0]),
        rounds,
    )
    report("typing error", typo, rounds)
    report("article number", lambda: ask(f"sku{pick.randint(1, documents):07d}", "en"), rounds)
    report("nonsense", lambda: ask("zxqjwk vbbnmq", "en"), 50)
    report(
        "browse a category by price",
        lambda: ask("", "en", by_price),
        50,
    )
    report("browse everything", lambda: ask("", "en"), 20)
    report(
        "suggest",
        lambda: suggest(engine.snapshot(), text=name()[0][:3], locale="en", limit=8),
        rounds,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--categories", type=int, default=2000)
    parser.add_argument("--updates", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine, shop = EmbeddedEngine(Path(folder)), Shop(arguments.categories)
        began = time.perf_counter()
        rebuild(engine, lambda: shop.products(arguments.documents), expected=arguments.documents)
        taken = time.perf_counter() - began
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        print(
            f"{arguments.documents} documents indexed in {taken:.1f} s, "
            f"{size / 2**20:.0f} MiB on disk, peak memory {peak()} MiB"
        )
        pages(shop, engine, arguments.documents)
        began = time.perf_counter()
        for at in range(arguments.updates):
            store(engine, [shop.product(at + 1, version=2)])
            engine.snapshot()
        each = 1000 * (time.perf_counter() - began) / arguments.updates
        print(f"one changed product, visible after {each:.0f} ms; peak memory {peak()} MiB")


if __name__ == "__main__":
    main()
