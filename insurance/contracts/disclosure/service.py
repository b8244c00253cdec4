"""Hands out the product information as paper: printed when first asked for, the same file then."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from insurance.contracts.disclosure import paper
from insurance.contracts.disclosure.queries import ProductInformation
from kernel.actor import Actor
from kernel.db import command
from kernel.documents import content, keep

_SUBJECT = "insurance.product-information"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to hand out. Shape: sha256 in hex, of the whole file."""

    pdf: bytes
    sha256: str


@command("insurance.disclosure.issue")
def issue(*, information: ProductInformation, locale: str, actor: Actor) -> Paper:
    """Return the product information as PDF in a language of the house.

    A version that says other words or figures is another edition, and older ones stay what they
    were.
    """
    stated = paper.stated(information, locale=locale)
    edition = paper.edition_of(information, stated)
    pdf = content(subject=_SUBJECT, edition=edition, locale=locale)
    if pdf is None:
        made = paper.printed(information, stated, locale=locale)
        keep(subject=_SUBJECT, edition=edition, locale=locale, content=made)
        pdf = content(subject=_SUBJECT, edition=edition, locale=locale)
        assert pdf is not None, "what was kept is there"
    return Paper(pdf, hashlib.sha256(pdf).hexdigest())
