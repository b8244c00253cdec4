"""The certificate as paper: what stands on it, said in the language of the contract."""

from __future__ import annotations

from typing import Any

from insurance.contracts.certificates.queries import seal_of
from insurance.contracts.policies.queries import PolicyView
from insurance.offers.quotes.queries import level_name
from kernel.documents import isolated, left_to_right, render_pdf
from kernel.text import N_, NP_, Message
from kernel.web.formats import country_name, format_bp, format_date
from kernel.web.i18n import translate, use_locale
from kernel.web.locales import direction


def certificate_pdf(policy: PolicyView, *, locale: str) -> bytes:
    """Return the certificate of a policy; the same policy in the same state is the same file."""
    with use_locale(locale):
        return render_pdf(
            "insurance/contracts/certificates/certificate.typ",
            _stated(policy),
            locale=locale,
            direction=direction(),
            at=policy.attached_at or policy.bound_at,
        )


def _stated(policy: PolicyView) -> dict[str, Any]:
    sealed = seal_of(policy)
    return {
        "title": translate(N_("Certificate of insurance")),
        "author": policy.insurer,
        "number": policy.number,
        "number-held": left_to_right(policy.number),
        "origin": country_name(policy.origin_country),
        "destination": country_name(policy.destination_country),
        "crosses": policy.origin_country != policy.destination_country,
        "begins": _begins(policy),
        "rows": [{"label": translate(label), "value": value} for label, value in _facts(policy)],
        "qr": sealed.code.svg,
        "qr-words": translate(N_("Code that opens the public check of this certificate")),
        "scan": translate(N_("Scan the code to check that this certificate is valid.")),
        "issued": _say(
            N_("Revision %(revision)s, issued %(day)s."),
            revision=policy.revision,
            day=format_date(policy.bound_at, "date"),
        ),
        "signed": _say(
            N_("Signed with key %(key)s, Ed25519."), key=left_to_right(sealed.seal.key_id)
        ),
        "stated": translate(N_("SHA-256 of what it states:")),
        "fingerprint": left_to_right(policy.fingerprint),
        "notice": translate(
            N_(
                "Entrepôt is a demonstration: its bank and insurer hold no licence "
                "and no real money moves."
            )
        ),
    }


def _begins(policy: PolicyView) -> str:
    if policy.attached_at is None:
        return translate(N_("In force from the first scan by the carrier."))
    day = format_date(policy.attached_at, "date")
    return _say(N_("In force since the first scan by the carrier on %(day)s."), day=day)


def _facts(policy: PolicyView) -> list[tuple[str, str]]:
    goods = "\n".join(
        f"{isolated(item.description)} ({left_to_right(f'HS {item.hs_code}')})"
        for item in policy.items
    )
    parcel, order = left_to_right(policy.parcel_ref), left_to_right(policy.order_ref)
    rows = [
        (N_("Insurer"), isolated(f"{policy.insurer}, {policy.insurer_seat}")),
        (N_("Issued by"), translate(N_("Entrepôt, as the insurer's agent"))),
        (N_("Assured"), translate(N_("The policyholder on record, or order"))),
        (
            N_("Parcel"),
            _say(N_("Parcel %(parcel)s of order %(order)s"), parcel=parcel, order=order),
        ),
        (N_("Voyage"), translate(N_("From the seller's warehouse to the buyer's door"))),
        (N_("Goods"), goods),
        (N_("Sum insured"), _say(N_("%(amount)s, agreed value"), amount=policy.sum_insured)),
        (N_("Pays for"), translate(level_name(policy.perils))),
        (N_("Excess"), _own_share(policy)),
    ]
    if policy.delay:
        late = _say(
            NP_(
                "%(benefit)s from %(days)s day after the promise",
                "%(benefit)s from %(days)s days after the promise",
                by="days",
            ),
            benefit=policy.delay.benefit,
            days=policy.delay.trigger_days,
        )
        rows.append((N_("If it is late"), late))
    rows.append((N_("Price"), _price(policy)))
    claims = N_(
        "To the card or wallet that paid, or to a wallet at Entrepôt Bank if the holder prefers, "
        "in the currency of the sum insured"
    )
    return [*rows, (N_("Claims are paid"), translate(claims))]


def _own_share(policy: PolicyView) -> str:
    if policy.damage_share_bp:
        words = N_("%(share)s of the sum insured for a breakage; nothing for a loss")
        return _say(words, share=format_bp(policy.damage_share_bp))
    if not policy.deductible:
        return translate(N_("Nothing"))
    return _say("%(amount)s", amount=policy.deductible)


def _price(policy: PolicyView) -> str:
    if policy.tax:
        words = N_("%(total)s, including %(tax)s insurance tax")
        return _say(words, total=policy.total, tax=policy.tax)
    return _say(N_("%(total)s, no insurance tax on this route"), total=policy.total)


def _say(sentence: str, **data: object) -> str:
    return translate(Message(sentence, data))
