"""The receipt of an order as paper, in the language of whoever asks for it."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from insurance import api as cover
from kernel.documents import isolated, left_to_right, render_pdf
from kernel.money import Money
from kernel.text import N_, Message
from kernel.web.formats import (
    country_name,
    format_date,
    format_instant,
    format_money,
    format_number,
    format_pair,
    format_rate,
    format_row,
    sentence_gap,
    zone_of,
)
from kernel.web.i18n import translate, use_locale
from kernel.web.locales import direction
from kernel.web.scripts import is_read
from marketplace.aftersales.tracking.receipts import Bought, Receipt
from marketplace.buying.buyers import queries as buyers
from marketplace.catalogue.products.queries import in_language
from marketplace.catalogue.vendors.queries import VendorView

_NOTES = (
    N_(
        "This receipt shows what you paid and who you paid. It is not a tax invoice. Each seller"
        " named here sold you the items and issues a tax invoice if you ask."
    ),
    N_(
        "Duty, tax and fees at the border were collected with the order and go to the authorities "
        "of the country the parcel is sent to. What they do not take comes back to you."
    ),
)
_HEADS = (N_("Items"), N_("Quantity"), N_("Unit price"), N_("Amount"))


def receipt_pdf(receipt: Receipt, *, locale: str) -> bytes:
    """Return the receipt of an order as it stands; the same state is the same file.

    Days are those of the country that the order goes to.
    """
    with use_locale(locale):
        return render_pdf(
            "marketplace/aftersales/tracking/receipt.typ",
            stated(receipt, locale),
            locale=locale,
            direction=direction(),
            at=receipt.as_of,
        )


def stated(receipt: Receipt, locale: str) -> dict[str, Any]:
    """Return what stands on a receipt, as strings in the language in force."""
    group = receipt.group
    return {
        "title": translate(N_("Receipt")),
        "author": "Entrepôt",
        "number": group.ref,
        "number-held": _say(N_("Order %(ref)s"), ref=left_to_right(group.ref)),
        "amount": _money(group.total),
        "state": _say(N_("Paid on %(at)s"), at=_day(receipt, group.placed_at)),
        "rows": [{"label": translate(label), "value": value} for label, value in _facts(receipt)],
        "heads": [translate(head) for head in _HEADS],
        "parcels": [_parcel(part, locale) for part in receipt.parcels],
        "sums-title": translate(N_("Summary")),
        "sums": _sums(receipt),
        "back-title": translate(N_("Refunded to you")),
        "back": _back(receipt),
        "notes": [translate(note) for note in _NOTES],
        "page-of": _say(N_("Sheet %(sheet)s of %(sheets)s"), sheet="{0}", sheets="{1}"),
        "notice": translate(
            N_(
                "Entrepôt is a demonstration: its bank and insurer hold no licence "
                "and no real money moves."
            )
        ),
    }


def _facts(receipt: Receipt) -> list[tuple[str, str]]:
    group, address = receipt.group, receipt.group.address
    given = {name: str(address.get(name) or "") for name in ("postcode", "city", "region")}
    place = buyers.in_order(group.country, lines=address["lines"], **given)
    names = (receipt.payer, group.business_name)
    means = []
    if receipt.wallet is not None:
        number = left_to_right(receipt.wallet.printed_iban)
        means.append(translate(N_("Wallet at Entrepôt Bank")) + "\n" + number)
    if receipt.card is not None:
        means.append(left_to_right(receipt.card.words))
    return [
        (N_("Paid by"), "\n".join(isolated(name) for name in names if name)),
        (N_("Paid from"), "\n".join(means)),
        (
            N_("Sent to"),
            isolated(str(address["name"]))
            + "\n"
            + isolated(format_row(*place, country_name(group.country))),
        ),
    ]


def _parcel(part: Bought, locale: str) -> dict[str, Any]:
    order = part.order
    return {
        "name": _say(
            N_("Parcel %(number)d, sold by %(seller)s"),
            number=part.number,
            seller=_seller(part.vendor),
        ),
        "ref": left_to_right(order.ref),
        "trader": _trader(part.vendor),
        "lines": [
            [
                isolated(in_language(line.titles, locale)),
                left_to_right(line.sku),
                format_number(line.quantity),
                _money(line.unit),
                _money(line.total),
            ]
            for line in order.lines
        ],
        "charges": [
            [
                translate(step.name),
                translate(step.why) if step.kind != "freight" else "",
                _money(step.amount),
            ]
            for step in part.charges
        ],
        "total": [_say(N_("Paid for parcel %(number)d"), number=part.number), _money(order.total)],
        "rate": _rate(part),
    }


def _seller(vendor: VendorView) -> str:
    """Return a shop's name, with its Latin reading where the reader has other letters."""
    if is_read(vendor.name) or vendor.name == vendor.name_latin:
        return isolated(vendor.name)
    return f"{isolated(vendor.name)} ({isolated(vendor.name_latin)})"


def _trader(vendor: VendorView) -> str:
    """Return who sold it by law: name, seat and number in their own letters, country in words."""
    legal = vendor.legal
    place = [*legal.get("lines", ()), legal.get("postcode"), legal.get("city"), legal.get("region")]
    country = country_name(legal.get("country") or vendor.country)
    lines = [legal.get("name") or vendor.name, *place]
    parts = [isolated(format_row(*(str(one) for one in lines if one))), country]
    if legal.get("registration"):
        number = isolated(str(legal["registration"]))
        parts.append(format_pair(translate(N_("Registered")), number))
    return " · ".join(parts)


def _rate(part: Bought) -> str:
    """Return what the seller asked and at which rate it was turned, empty in one currency."""
    order = part.order
    if not part.is_converted:
        return ""
    asked, paid = order.vendor_goods, order.goods
    ratio = Fraction(asked.amount) / Fraction(paid.amount)
    sentence = _say(
        N_("The seller's price of %(asked)s was converted to %(paid)s at %(rate)s."),
        asked=_money(asked),
        paid=_money(paid),
        rate=_one_is(paid.currency, ratio, asked.currency),
    )
    if part.rate is None:
        return sentence
    known = _say(
        N_("Reference rate of %(day)s: %(rate)s."),
        day=format_date(part.rate.rate_on, "date"),
        rate=_one_is(part.rate.base, part.rate.ratio, part.rate.quote),
    )
    return sentence_gap().join((sentence, known, isolated(part.rate.attribution)))


def _one_is(base: str, ratio: Fraction, quote: str) -> str:
    """Return what one unit of a currency is in another, which no language may turn or break."""
    return left_to_right(f"1 {base} = {format_rate(ratio)} {quote}".replace(" ", "\u00a0"))


def _sums(receipt: Receipt) -> list[dict[str, Any]]:
    rows = [
        (_say(N_("Parcel %(number)d"), number=part.number), "", part.order.total)
        for part in receipt.parcels
    ]
    for part in receipt.covers:
        assert part.policy is not None, "covers are those with a policy"
        name = _say(N_("Cover, parcel %(number)d"), number=part.number)
        rows.append((name, _policy(part.policy), part.policy.total))
    paid = (translate(N_("You paid")), "", receipt.group.total)
    return [
        {"label": label, "note": note, "value": _money(amount), "last": is_last}
        for is_last, those in ((False, rows), (True, [paid]))
        for label, note, amount in those
    ]


def _policy(policy: cover.PolicyView) -> str:
    level = translate(cover.level_name(policy.perils))
    parts = [level, isolated(policy.insurer), left_to_right(policy.number)]
    if policy.tax:
        parts.append(_say(N_("including %(tax)s insurance tax"), tax=_money(policy.tax)))
    return " · ".join(parts)


def _back(receipt: Receipt) -> list[dict[str, Any]]:
    """Return what went back since and what is left, nothing where all stands as it was paid."""
    if not receipt.back:
        return []
    rows = [
        {
            "label": translate(one.what),
            "note": _day(receipt, one.at),
            "value": _money(-one.amount),
            "last": False,
        }
        for one in receipt.back
    ]
    label = translate(N_("Paid, less refunds"))
    return [*rows, {"label": label, "note": "", "value": _money(receipt.rest), "last": True}]


def _day(receipt: Receipt, at: datetime) -> str:
    return format_instant(at, "date", zone=zone_of(receipt.group.country))


def _money(money: Money) -> str:
    return left_to_right(format_money(money, explicit=True))


def _say(sentence: str, **data: object) -> str:
    return translate(Message(sentence, data))
