"""The receipt of a transfer as paper, in the language of whoever asks for it."""

from __future__ import annotations

from typing import Any

from banking.accounts.wallets.queries import wallet
from banking.transferring.payment_pages.queries import TransferPage
from banking.transferring.payment_pages.words import STATE, reason_words
from banking.transferring.transfers.queries import State
from kernel.documents import isolated, left_to_right, render_pdf
from kernel.text import N_, Message
from kernel.web.formats import format_date, format_instant
from kernel.web.i18n import translate, use_locale
from kernel.web.locales import direction


def receipt_pdf(page: TransferPage, *, locale: str) -> bytes:
    """Return the receipt of a transfer as it stands; the same state is the same file."""
    last = page.steps[-1].at if page.steps else page.found.confirmed_at
    assert last is not None, "drafts have no receipt"
    with use_locale(locale):
        return render_pdf(
            "banking/transferring/payment_pages/receipt.typ",
            _stated(page),
            locale=locale,
            direction=direction(),
            at=last,
        )


def _stated(page: TransferPage) -> dict[str, Any]:
    transfer = page.found
    return {
        "title": translate(N_("Transfer receipt")),
        "author": translate(N_("Entrepôt Bank")),
        "firm": translate(N_("Bank")),
        "number": transfer.ref,
        "number-held": left_to_right(transfer.ref),
        "amount": _say("%(amount)s", amount=transfer.amount),
        "state": translate(STATE[transfer.state][1]),
        "rows": [{"label": translate(label), "value": value} for label, value in _rows(page)],
        "notice": translate(
            N_(
                "Entrepôt is a demonstration: its bank and insurer hold no licence "
                "and no real money moves."
            )
        ),
    }


def _rows(page: TransferPage) -> list[tuple[str, str]]:
    transfer = page.found
    rows = [
        (N_("Paid from"), _payer(page)),
        (
            N_("Payee"),
            isolated(transfer.payee_name) + "\n" + left_to_right(transfer.account.printed),
        ),
        (N_("Amount"), _say("%(amount)s", amount=transfer.amount)),
    ]
    if not page.is_incoming:
        rows.append((N_("Fee"), _say("%(amount)s", amount=transfer.fee)))
    if transfer.remittance:
        rows.append((N_("Reference for the payee"), isolated(transfer.remittance)))
    rows += [(STATE[step.state][0], format_instant(step.at, "date")) for step in page.steps]
    if transfer.state is State.RETURNED:
        rows.append((N_("Reason"), translate(reason_words(transfer.reason))))
    if transfer.arrives_on is not None and (page.is_incoming or transfer.is_under_way):
        rows.append((N_("Arrives"), format_date(transfer.arrives_on, "date")))
    return rows


def _payer(page: TransferPage) -> str:
    """Return who sends; whoever is paid needs no account number of theirs."""
    if page.is_incoming:
        return isolated(page.payer)
    assert page.found.wallet_id is not None, "a confirmed transfer has a wallet"
    paying = wallet(wallet_id=page.found.wallet_id)
    return isolated(page.payer) + "\n" + left_to_right(paying.printed_iban)


def _say(sentence: str, **data: object) -> str:
    return translate(Message(sentence, data))
