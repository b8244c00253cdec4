"""Search and completions as JSON, for partners and for the search box."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from kernel.money import CURRENCIES
from kernel.web import public, rest_blueprint
from kernel.web.old_pages import may_be_old
from kernel.web.preferences import LANGUAGES
from kernel.web.rate_limits import limited_as
from marketplace.shop.storefront import queries
from marketplace.shop.storefront.suggestions import completions

bp = rest_blueprint("api_storefront", __name__)
_TAGS = {**LANGUAGES, **{tag: tag for tag in LANGUAGES.values()}}
_MOST = 100


@bp.get("/search")
@public
@may_be_old
def search() -> ResponseReturnValue:
    """Return products that answer `q`, best first: id, title, price, vendor, address.

    Takes q, locale, currency (empty is the vendor's own), limit up to 100.
    """
    currency = request.args.get("currency", "")
    results = queries.found_for_partners(
        text=request.args.get("q", "")[:200],
        locale=_locale(),
        limit=_limit(20),
        currency=currency if currency in CURRENCIES else "",
    )
    return jsonify(results)


@bp.get("/suggest")
@limited_as("suggest")
@public
@may_be_old
def suggest() -> ResponseReturnValue:
    """Return completions of `q`: text, kind, target, count, path, picture, note."""
    return jsonify(
        completions(
            text=request.args.get("q", "")[:60], locale=_locale(), limit=min(_limit(10), 20)
        )
    )


def _locale() -> str:
    asked = request.args.get("locale", "en")
    return _TAGS.get(asked, _TAGS.get(asked.lower(), "en"))


def _limit(default: int) -> int:
    asked = request.args.get("limit", default, type=int)
    return max(1, min(asked, _MOST))
