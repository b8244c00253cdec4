"""Addresses are built by the house where that is quicker, and are those that Flask builds."""

from __future__ import annotations

import pytest
from flask import g, url_for

from kernel.web.addresses import address


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("storefront.search", {}),
        ("storefront.search", {"q": "tea & cup/\u8336 caf\u00e9", "page": 2}),
        ("storefront.search", {"c": ["bowls", "cups"], "a.colour": ["red"], "q": "a+b=c"}),
        ("storefront.search", {"q": None}),
        ("storefront.search", {"q": "", "low": None, "all": "1"}),
        ("storefront.search", {"c": []}),
        ("storefront.search", {"q": "!$'()*,/:;?@-_.~%<>\"`{}|\\^[]"}),
        ("storefront.search", {"q": "soap", "_anchor": "found"}),
        ("storefront.search", {"q": "soap", "_external": True}),
        ("storefront.search", {"q": "soap", "lang": "ar"}),
        ("storefront.category", {}),
        ("storefront.category", {"key": "home/lamps", "sort": "new"}),
        ("storefront.category", {"after": "1~2"}),
        ("storefront.product", {"ref": "ABC", "slug": "teapot", "v": "red"}),
        ("identity.sign_in", {"next": "/ja/search?q=\u8336&page=2"}),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh-cn"])
def test_an_address_is_the_one_that_flask_builds(app, endpoint, values, lang):
    for root in ("", "/below"):
        with app.test_request_context(f"/{lang}/", base_url=f"http://localhost{root}"):
            g.lang = lang
            assert address(endpoint, **values) == url_for(endpoint, **values)
            assert address(endpoint, **values).count(f"{root}/{values.get('lang', lang)}/") == 1
