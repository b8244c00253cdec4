"""Doors for views: pages under a language prefix, and JSON for partners under a version."""

from __future__ import annotations

from flask import Blueprint


def pages(name: str, import_name: str, *, prefix: str = "") -> Blueprint:
    """Return a blueprint for pages under `/<lang>/…`; url_for fills the language by itself."""
    return Blueprint(name, import_name, url_prefix=f"/<lang>{prefix}", template_folder=None)


def rest_blueprint(name: str, import_name: str, *, prefix: str = "") -> Blueprint:
    """Return a blueprint for JSON under `/api/v1/…`; errors there are RFC 9457 problems."""
    return Blueprint(name, import_name, url_prefix=f"/api/v1{prefix}")


def root_blueprint(name: str, import_name: str) -> Blueprint:
    """Return a blueprint without a prefix: health, webhooks, language negotiation."""
    return Blueprint(name, import_name)
