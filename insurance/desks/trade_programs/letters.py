"""What webhooks are told of open covers, certificates and underwriters' answers, and when."""

from __future__ import annotations

from typing import Final

from insurance.contracts.certificates.queries import Reason
from insurance.desks.programs.answered import MONEY
from insurance.offers.referrals.queries import ReferralKind, Refused
from insurance.trade.open_cover.queries import Source, State
from kernel.web.described import (
    DAY,
    INSTANT,
    TEXT,
    WHOLE,
    Letter,
    Schema,
    add_letters,
    add_schemas,
    always,
    answer,
    one_of,
)

_COVER: Final[dict[str, Schema]] = {
    "object": always("open_cover"),
    "id": TEXT,
    "status": one_of(list(State)),
}
_CERTIFICATE: Final[dict[str, Schema]] = {
    "object": always("certificate"),
    "id": TEXT,
    "revision": WHOLE,
}
_QUOTE: Final[dict[str, Schema]] = {
    "object": always("quote"),
    "id": TEXT,
    "referral": TEXT,
    "of": one_of(list(ReferralKind)),
}

add_schemas(
    {
        "OpenCoverTold": answer(**_COVER),
        "OpenCoverDeclined": answer(**_COVER, reason=TEXT),
        "OpenCoverOpened": answer(**_COVER, deposit=MONEY),
        "OpenCoverDeclared": answer(
            **_COVER,
            certificate=TEXT,
            reference=TEXT,
            source=one_of(list(Source)),
            sum_insured=MONEY,
            premium=MONEY,
            from_deposit=MONEY,
            owed=MONEY,
        ),
        "OpenCoverWithdrawn": answer(**_COVER, certificate=TEXT, reference=TEXT, to_deposit=MONEY),
        "OpenCoverLimit": answer(**_COVER, where=TEXT, used=MONEY, limit=MONEY),
        "OpenCoverMonth": answer(
            **_COVER, month={"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}
        ),
        "OpenCoverOverdue": answer(**_COVER, overdue=MONEY),
        "OpenCoverNotice": answer(
            **_COVER, of=one_of(["all", "war"]), by=one_of(["holder", "insurer"]), last=DAY
        ),
        "OpenCoverLast": answer(**_COVER, last=DAY),
        "OpenCoverRefused": answer(**_COVER, reference=TEXT),
        "OpenCoverAdjusted": answer(**_COVER, charge=MONEY, refund=MONEY),
        "CertificateTold": answer(**_CERTIFICATE),
        "CertificateRevoked": answer(**_CERTIFICATE, reason=one_of(list(Reason))),
        "QuoteOffered": answer(**_QUOTE, valid_until=INSTANT),
        "QuoteDeclined": answer(**_QUOTE, reason=one_of(list(Refused)), words=TEXT),
    }
)
add_letters(
    {
        "open_cover.offered": Letter(when="An underwriter signed terms.", data="OpenCoverTold"),
        "open_cover.declined": Letter(
            when="An underwriter offers no terms.", data="OpenCoverDeclined"
        ),
        "open_cover.opened": Letter(
            when="Terms were accepted and the deposit paid.", data="OpenCoverOpened"
        ),
        "open_cover.declared": Letter(when="A shipment was declared.", data="OpenCoverDeclared"),
        "open_cover.withdrawn": Letter(
            when="A declared shipment does not leave.", data="OpenCoverWithdrawn"
        ),
        "open_cover.refused": Letter(
            when="An order or sale was not declared.", data="OpenCoverRefused"
        ),
        "open_cover.limit_near": Letter(when="A limit is nearly used.", data="OpenCoverLimit"),
        "open_cover.month_closed": Letter(
            when="The bordereau of a month is ready.", data="OpenCoverMonth"
        ),
        "open_cover.suspended": Letter(when="Premium is overdue.", data="OpenCoverOverdue"),
        "open_cover.resumed": Letter(when="Nothing is overdue any more.", data="OpenCoverTold"),
        "open_cover.cancelled": Letter(when="Notice was given.", data="OpenCoverNotice"),
        "open_cover.ending": Letter(when="The year ends soon.", data="OpenCoverLast"),
        "open_cover.ended": Letter(when="The cover ended.", data="OpenCoverTold"),
        "open_cover.adjusted": Letter(when="The year was settled.", data="OpenCoverAdjusted"),
        "certificate.issued": Letter(when="A certificate can be fetched.", data="CertificateTold"),
        "certificate.superseded": Letter(
            when="A later revision replaces a certificate.", data="CertificateTold"
        ),
        "certificate.revoked": Letter(
            when="A certificate is not to be relied on.", data="CertificateRevoked"
        ),
        "quote.offered": Letter(when="An underwriter offers a price.", data="QuoteOffered"),
        "quote.declined": Letter(when="An underwriter declines a risk.", data="QuoteDeclined"),
    }
)
