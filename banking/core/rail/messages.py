"""camt.054.001.08: entries that a bank notifies; written by the stand-in, read by the house.

Source: ISO 20022, BankToCustomerDebitCreditNotificationV08. The classes are those of `pyiso20022`,
which takes a fifth of a second to load, so only who reads or writes a message loads this file.
"""

from __future__ import annotations

from datetime import datetime

import pyiso20022.camt.camt_054_001_08 as iso
from xsdata.exceptions import ParserError
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.models.datatype import XmlDate, XmlDateTime

from banking.core.rail.errors import NoticeUnreadable
from banking.core.rail.rules import NotifiedEntry
from kernel.money import CURRENCIES, Money

_SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"


def written(*, message_id: str, account: str, at: datetime, entries: list[NotifiedEntry]) -> str:
    """Return the document that notifies entries of an account."""
    stamp = XmlDateTime.from_datetime(at)
    notification = iso.AccountNotification17(
        id=message_id,
        cre_dt_tm=stamp,
        acct=iso.CashAccount39(id=iso.AccountIdentification4Choice(iban=account)),
        ntry=[_entry(entry) for entry in entries],
    )
    document = iso.Document(
        bk_to_cstmr_dbt_cdt_ntfctn=iso.BankToCustomerDebitCreditNotificationV08(
            grp_hdr=iso.GroupHeader81(msg_id=message_id, cre_dt_tm=stamp), ntfctn=[notification]
        )
    )
    return str(XmlSerializer().render(document, ns_map={None: _SPACE}))


def _family(entry: NotifiedEntry) -> str:
    """Return what kind of credit transfer it is: of SEPA in euro, else a domestic one."""
    return "ESCT" if entry.amount.currency == "EUR" else "DMCT"


def _entry(entry: NotifiedEntry) -> iso.ReportEntry10:
    amount = iso.ActiveOrHistoricCurrencyAndAmount(
        value=entry.amount.amount, ccy=entry.amount.currency
    )
    way = iso.CreditDebitCode.CRDT if entry.is_return else iso.CreditDebitCode.DBIT
    details = iso.EntryTransaction10(
        refs=iso.TransactionReferences6(end_to_end_id=entry.end_to_end),
        amt=amount,
        cdt_dbt_ind=way,
        rltd_pties=_parties(entry) if entry.account else None,
    )
    if entry.reason:
        details.rtr_inf = iso.PaymentReturnReason5(rsn=iso.ReturnReason5Choice(cd=entry.reason))
    return iso.ReportEntry10(
        amt=amount,
        cdt_dbt_ind=way,
        sts=iso.EntryStatus1Choice(cd="BOOK"),
        bookg_dt=iso.DateAndDateTime2Choice(dt=XmlDate.from_date(entry.booked_on)),
        bk_tx_cd=iso.BankTransactionCodeStructure4(
            domn=iso.BankTransactionCodeStructure5(
                cd="PMNT",
                fmly=iso.BankTransactionCodeStructure6(
                    cd="ICDT", sub_fmly_cd="RRTN" if entry.is_return else _family(entry)
                ),
            )
        ),
        ntry_dtls=[iso.EntryDetails9(tx_dtls=[details])],
    )


def _parties(entry: NotifiedEntry) -> iso.TransactionParties6:
    """Return whose account is credited, or was to be: by IBAN, else as its country writes it."""
    other = entry.account.replace(" ", "")
    if other != entry.account:
        account = iso.AccountIdentification4Choice(othr=iso.GenericAccountIdentification1(id=other))
    else:
        account = iso.AccountIdentification4Choice(iban=entry.account)
    return iso.TransactionParties6(cdtr_acct=iso.CashAccount38(id=account))


def read(document: str) -> list[NotifiedEntry]:
    """Return the entries of a notification.

    Raises: NoticeUnreadable for any other message: a camt.052 must not pass for an empty notice.
    """
    strict = ParserConfig(fail_on_unknown_properties=True, fail_on_converter_warnings=True)
    try:
        parsed = XmlParser(config=strict).from_string(document, iso.Document)
        return [
            _notified_entry(entry, details)
            for notification in parsed.bk_to_cstmr_dbt_cdt_ntfctn.ntfctn
            for entry in notification.ntry
            for group in entry.ntry_dtls
            for details in group.tx_dtls
        ]
    except (ParserError, ValueError, AttributeError, TypeError, SyntaxError) as unreadable:
        raise NoticeUnreadable from unreadable


def _notified_entry(entry: iso.ReportEntry10, details: iso.EntryTransaction10) -> NotifiedEntry:
    amount = details.amt or entry.amt
    assert amount.ccy in CURRENCIES, "we were notified of an account of ours"
    is_return = details.cdt_dbt_ind.value == "CRDT"
    reason = details.rtr_inf.rsn.cd if details.rtr_inf and details.rtr_inf.rsn else ""
    return NotifiedEntry(
        end_to_end=details.refs.end_to_end_id,
        amount=Money.of(str(amount.value), amount.ccy),
        is_return=is_return,
        reason=reason or ("MS03" if is_return else ""),
        booked_on=entry.bookg_dt.dt.to_date(),
    )
