"""How cover joins the house."""

from __future__ import annotations

from insurance.claims import rules as claims
from insurance.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Album, Desk, Manifest, Slot
from kernel.text import N_


def _cover(actor: Actor) -> object | None:
    # Loaded by pages alone.
    from insurance.counter.queries import cover_tile  # noqa: PLC0415

    return cover_tile(actor)


_CLAIMS = Desk(
    N_("Claims desk"), "cover.desk",
    ("cover.desk", "cover.recommend", "cover.confirm", "cover.send_back"),
)  # fmt: skip


def _claims_desk(actor: Actor) -> Desk | None:
    return _CLAIMS if GRANTS[Permission.DESK_VIEW] & actor.roles else None


def _footer(actor: Actor) -> object:
    from insurance.counter.queries import footer_tile  # noqa: PLC0415

    return footer_tile(actor)


MANIFEST = Manifest(
    name="insurance",
    package="insurance",
    blueprints=("insurance.counter.views:bp", "insurance.salvage.views:bp"),
    permissions=Permission,
    grants=GRANTS,
    modules=(
        "insurance.books.service",
        "insurance.quotes.models",
        "insurance.policies.models",
        "insurance.policies.events",
        "insurance.claims.models",
        "insurance.claims.jobs",
        "insurance.claims.models",
        "insurance.claims.jobs",
        "insurance.salvage.models",
        "insurance.salvage.events",
        "insurance.salvage.jobs",
        "insurance.counter.jobs",
        "insurance.counter.movements",
    ),
    sql=("sql/insurance.sql",),
    albums=(Album(key=claims.ALBUM, sight="insurance.claims.sight:may_see"),),
    cli={
        "insurance-rate": "insurance.tariff.cli:insurance_rate",
        "insurance-fund-float": "insurance.books.cli:insurance_fund_float",
        "certificate-verify": "insurance.certificates.cli:certificate_verify",
        "insurance-control": "insurance.books.cli:insurance_control",
    },
    slots=(
        Slot("bank_home", "insurance/counter/_tile.html", _cover, order=20),
        Slot("account", "insurance/counter/_tile.html", _cover, order=40),
        Slot("desks", "shell/desks.html", _claims_desk, order=30),
        Slot("footer", "insurance/counter/_footer.html", _footer, order=30),
    ),
)
