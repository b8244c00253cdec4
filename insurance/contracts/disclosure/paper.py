"""The product information as paper: what stands on its two pages, in one language."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, time
from typing import Any

from insurance.contracts.disclosure.queries import ProductInformation
from insurance.contracts.disclosure.rules import Group, Question
from kernel.documents import isolated, left_to_right, render_pdf
from kernel.text import N_, Message
from kernel.web.i18n import translate, use_locale
from kernel.web.locales import direction


def printed(information: ProductInformation, stated: dict[str, Any], *, locale: str) -> bytes:
    """Return the paper of what is stated; the same statements are the same file."""
    with use_locale(locale):
        return render_pdf(
            "insurance/contracts/disclosure/product_information.typ",
            stated,
            locale=locale,
            direction=direction(),
            at=datetime.combine(information.of.valid_from, time(), UTC),
        )


def edition_of(information: ProductInformation, stated: dict[str, Any]) -> str:
    """Return which paper is due: the version, and the hash of what it states."""
    said = json.dumps(stated, sort_keys=True).encode()
    return f"{information.version}-{hashlib.sha256(said).hexdigest()[:16]}"


def stated(information: ProductInformation, *, locale: str) -> dict[str, Any]:
    """Return what stands on the paper, spoken."""
    with use_locale(locale):
        return {
            "title": translate(N_("Insurance product information document")),
            "product": translate(N_("Parcel cover")),
            "author": information.insurer,
            "firm": translate(N_("Cover")),
            "facts": [
                {"label": translate(label), "value": value}
                for label, value in (
                    (N_("Insurer"), isolated(f"{information.insurer}, {information.seat}")),
                    (N_("Licence"), _say_licence(information.licence)),
                    (N_("Issued by"), translate(N_("Entrepôt, as the insurer's agent"))),
                    (N_("Edition"), left_to_right(information.version)),
                    (N_("Tariff"), left_to_right(information.of.version)),
                )
            ],
            "questions": {one.key: _question(one) for one in information.questions},
            "full": translate(
                N_(
                    "What you bought stands on your policy and its certificate, which you get when"
                    " you pay."
                )
            ),
            "page-of": translate(
                Message(
                    N_("Sheet %(sheet)s of %(sheets)s"),
                    {"sheet": "{0}", "sheets": "{1}"},
                )
            ),
            "notice": translate(
                N_(
                    "Entrepôt is a demonstration: its bank and insurer hold no licence "
                    "and no real money moves."
                )
            ),
        }


def _say_licence(number: str) -> str:
    said = N_("%(number)s, invented: no authority licenses or supervises this insurer")
    return translate(Message(said, {"number": left_to_right(number)}))


def _question(question: Question) -> dict[str, Any]:
    return {
        "heading": translate(question.heading),
        "icon": question.icon,
        "sign": question.sign.value,
        "sides": [
            {"title": translate(side.title), "groups": [_group(group) for group in side.groups]}
            for side in question.sides
        ],
        "lines": [translate(line) for line in question.lines],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "title": translate(group.title) if group.title else "",
        "lines": [translate(line) for line in group.lines],
    }
