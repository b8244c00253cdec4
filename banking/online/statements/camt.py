"""camt.053.001.08, the statement that banks and book-keeping programs exchange.

Source: ISO 20022 BankToCustomerStatementV08; opening balance OPBD, closing balance CLBD, both
booked. An entry's amount is the amount of its one transaction: fees are told inside it, never
taken off twice. The message has some four hundred classes, so only who writes such a file loads
this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from pyiso20022.camt.camt_053_001_08 import camt_053_001_08 as iso
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.models.datatype import XmlDate, XmlDateTime

from banking.online.statements import rules
from banking.online.statements.rules import EXCHANGES, Line, Period
from kernel.money import Money, total
from kernel.web.i18n import translate

# ISO 20022 external code list of bank transactions: domain, family, sub-family.
_EXCHANGE = ("FORX", "SPOT", "OTHR")
_CARD = ("PMNT", "CCRD", "OTHR")
_CREDIT, _DEBIT = ("PMNT", "RCDT", "OTHR"), ("PMNT", "ICDT", "OTHR")
_BANK = "Entrepot Bank"


def camt_xml(period: Period) -> bytes:
    """Return a period as an XML document."""
    config = SerializerConfig(indent=" ", xml_declaration=True)
    names = {None: "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"}
    written: str = XmlSerializer(config=config).render(document(period), ns_map=names)
    return written.encode()


def document(period: Period) -> iso.Document:
    """Return a period as the message's own classes."""
    return iso.Document(
        bk_to_cstmr_stmt=iso.BankToCustomerStatementV08(
            grp_hdr=iso.GroupHeader81(msg_id=period.ref, cre_dt_tm=_instant(period.made_at)),
            stmt=[_statement(period)],
        )
    )


def _statement(period: Period) -> iso.AccountStatement9:
    account = period.account
    return iso.AccountStatement9(
        id=period.ref,
        elctrnc_seq_nb=period.sequence,
        lgl_seq_nb=period.sequence,
        cre_dt_tm=_instant(period.made_at),
        fr_to_dt=iso.DateTimePeriod1(
            fr_dt_tm=_instant(rules.midnight(period.since)),
            to_dt_tm=_instant(rules.midnight(rules.day_after(period.until))),
        ),
        acct=iso.CashAccount39(
            id=iso.AccountIdentification4Choice(iban=account.iban),
            ccy=account.currency,
            ownr=iso.PartyIdentification135(nm=account.owner[:140]) if account.owner else None,
            svcr=iso.BranchAndFinancialInstitutionIdentification6(
                fin_instn_id=iso.FinancialInstitutionIdentification18(nm=_BANK)
            ),
        ),
        bal=[
            _balance("OPBD", period.opening, period.since),
            _balance("CLBD", period.closing, period.until),
        ],
        txs_summry=_summary(period.lines, account.currency),
        ntry=[_entry(line) for line in period.lines],
    )


def _balance(code: str, money: Money, on: date) -> iso.CashBalance8:
    return iso.CashBalance8(
        tp=iso.BalanceType13(cd_or_prtry=iso.BalanceType10Choice(cd=code)),
        amt=_amount(money),
        cdt_dbt_ind=_way(money),
        dt=_day(on),
    )


def _summary(lines: Sequence[Line], currency: str) -> iso.TotalTransactions6:
    came_in = [line.amount for line in lines if line.amount.minor > 0]
    went_out = [-line.amount for line in lines if line.amount.minor < 0]
    came, went = total(came_in, currency), total(went_out, currency)
    net = came - went
    return iso.TotalTransactions6(
        ttl_ntries=iso.NumberAndSumOfTransactions4(
            nb_of_ntries=str(len(lines)),
            sum=(came + went).amount,
            ttl_net_ntry=iso.AmountAndDirection35(amt=abs(net).amount, cdt_dbt_ind=_way(net)),
        ),
        ttl_cdt_ntries=iso.NumberAndSumOfTransactions1(
            nb_of_ntries=str(len(came_in)), sum=came.amount
        ),
        ttl_dbt_ntries=iso.NumberAndSumOfTransactions1(
            nb_of_ntries=str(len(went_out)), sum=went.amount
        ),
    )


def _entry(line: Line) -> iso.ReportEntry10:
    return iso.ReportEntry10(
        ntry_ref=str(line.entry_id),
        amt=_amount(line.amount),
        cdt_dbt_ind=_way(line.amount),
        sts=iso.EntryStatus1Choice(cd="BOOK"),
        bookg_dt=_day(line.booked_on),
        val_dt=_day(line.value_on),
        acct_svcr_ref=str(line.journal_id),
        bk_tx_cd=_code(line),
        ntry_dtls=[iso.EntryDetails9(tx_dtls=[_transaction(line)])],
        addtl_ntry_inf=translate(line.title)[:500],
    )


def _transaction(line: Line) -> iso.EntryTransaction10:
    remittance = [text[:140] for text in (line.subject, line.memo) if text]
    return iso.EntryTransaction10(
        refs=iso.TransactionReferences6(
            acct_svcr_ref=str(line.journal_id),
            end_to_end_id=line.subject if 0 < len(line.subject) <= 35 else "NOTPROVIDED",
        ),
        amt=_amount(line.amount),
        cdt_dbt_ind=_way(line.amount),
        chrgs=_charges(line.fee) if line.fee else None,
        rmt_inf=iso.RemittanceInformation16(ustrd=remittance) if remittance else None,
    )


def _charges(fee: Money) -> iso.Charges6:
    record = iso.ChargesRecord3(amt=_amount(fee), cdt_dbt_ind=_way(-fee), chrg_incl_ind=True)
    return iso.Charges6(rcrd=[record])


def _code(line: Line) -> iso.BankTransactionCodeStructure4:
    way = _CREDIT if line.amount.minor > 0 else _DEBIT
    known = _EXCHANGE if line.kind in EXCHANGES else _CARD if line.kind == "card_top_up" else way
    domain, family, sub_family = known
    return iso.BankTransactionCodeStructure4(
        domn=iso.BankTransactionCodeStructure5(
            cd=domain, fmly=iso.BankTransactionCodeStructure6(cd=family, sub_fmly_cd=sub_family)
        ),
        prtry=iso.ProprietaryBankTransactionCodeStructure1(cd=line.kind[:35]),
    )


def _amount(money: Money) -> iso.ActiveOrHistoricCurrencyAndAmount:
    return iso.ActiveOrHistoricCurrencyAndAmount(value=abs(money).amount, ccy=money.currency)


def _way(money: Money) -> iso.CreditDebitCode:
    codes = iso.CreditDebitCode
    return codes.DBIT if money.minor < 0 else codes.CRDT


def _day(on: date) -> iso.DateAndDateTime2Choice:
    return iso.DateAndDateTime2Choice(dt=XmlDate(on.year, on.month, on.day))


def _instant(at: datetime) -> XmlDateTime:
    return XmlDateTime.from_datetime(at.replace(microsecond=0))
