"""What search engines are told: which pages there are, in which languages, and which to leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape

from kernel.config import settings
from kernel.web.preferences import LANGUAGES
from marketplace.catalogue.products import queries as catalogue
from marketplace.shop.listing_index import queries as shelf_rows

LISTED = 2_000  # goods in one list
PRIVATE = (
    "account",
    "bank",
    "cart",
    "checkout",
    "cover",
    "desk",
    "mailbox",
    "messages",
    "moderation",
    "operations",
    "orders",
    "returns",
    "search",
    "settings",
    "sign-in",
    "sign-up",
)
# Public pages whose addresses begin like private ones.
PUBLIC = ("cover/product-information",)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)


def robots() -> str:
    """Return what robots may read: every public page, nothing of anybody's own.

    Shape: whole beginnings of addresses, as a star for the language would reach into the names of
    goods: `/*/cart` bars a satchel called Cartella. Source: RFC 9309, section 2.2.2.
    """
    lines = ["User-agent: *"]
    lines += [f"Allow: /{lang}/{page}" for lang in LANGUAGES for page in PUBLIC]
    lines += ["Disallow: /api/"]
    lines += [f"Disallow: /{lang}/{page}" for lang in LANGUAGES for page in PRIVATE]
    return "\n".join([*lines, "", f"Sitemap: {settings().base_url}/sitemap.xml", ""])


def index() -> str:
    """Return the list of all lists: for each language the shelves, then goods page by page."""
    base = settings().base_url
    starts = shelf_rows.starts(size=LISTED)
    parts = [f"/sitemap/{lang}/{start}.xml" for lang in LANGUAGES for start in ("shelves", *starts)]
    body = "".join(f"<sitemap><loc>{escape(base + part)}</loc></sitemap>" for part in parts)
    return f"{_HEAD}<sitemapindex {_NAMES}>{body}</sitemapindex>"


def shelves(lang: str) -> str:
    """Return front page, shelves, shops and what explains prices, in one language."""
    roots = catalogue.children(None)
    tree = [shelf for root in roots for shelf in (root, *catalogue.children(root.id))]
    counts = shelf_rows.counts([shelf.id for shelf in tree])
    filled = [f"c/{quote(shelf.key)}" for shelf in tree if counts[shelf.id]]
    shops = [f"shops/{quote(slug)}" for slug in shelf_rows.shops()]
    about = [f"about/{name}" for name in ("ranking", "price", "help", "accessibility")]
    return _written(lang, ["", "goods/", "price-drops/", *filled, *shops, *about])


def goods(lang: str, start: int) -> str:
    """Return a page of goods in one language. Shape: start is its first product's id."""
    rows = shelf_rows.named(start=start, size=LISTED)
    return _written(lang, [f"p/{ref}/{quote(catalogue.slug(title))}" for ref, title in rows])


def _written(lang: str, paths: Sequence[str]) -> str:
    base = escape(settings().base_url)
    body = "".join(_entry(base, lang, escape(path)) for path in paths)
    return f"{_HEAD}<urlset {_NAMES}>{body}</urlset>"


def _entry(base: str, lang: str, path: str) -> str:
    links = "".join(_links(base, path))
    return f"<url><loc>{base}/{lang}/{path}</loc>{links}</url>"


def _links(base: str, path: str) -> Iterable[str]:
    for place, tag in [*LANGUAGES.items(), ("en", "x-default")]:
        yield f'<xhtml:link rel="alternate" hreflang="{tag}" href="{base}/{place}/{path}"/>'
