"""A proxy's word counts when the installation says so, and only then."""

from __future__ import annotations

import dataclasses

import pytest
from flask import request

from kernel import app as kernel_app
from kernel.config import settings
from kernel.web.access import public


@pytest.mark.parametrize(("hops", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_a_forwarded_address_is_believed_from_known_proxies_only(monkeypatch, hops, seen):
    chosen = dataclasses.replace(settings(), trusted_proxies=hops)
    monkeypatch.setattr(kernel_app, "settings", lambda: chosen)
    application = kernel_app.create_app()
    found = []

    @public
    def look():
        found.append(request.remote_addr)
        return ""

    application.add_url_rule("/look", view_func=look)
    application.test_client().get("/look", headers={"X-Forwarded-For": "203.0.113.7"})
    assert found == [seen]
