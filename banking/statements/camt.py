"""camt.053.001.08, the statement that banks and book-keeping programs exchange.

Source: ISO 20022 BankToCustomerStatementV08; opening balance OPBD, closing balance CLBD, both
booked. An entry's amount is the amount of its one transaction: fees are told inside it, never
taken off twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from types import ModuleType
from typing import Any

from banking.statements import rules
from banking.statements.rules import EXCHANGES, Line, Period
from kernel.money import Money, total
from kernel.web.i18n import translate

# ISO 20022 external code list of bank transactions: domain, family, sub-family.
_EXCHANGE = ("FORX", "SPOT", "OTHR")
_CARD = ("PMNT", "CCRD", "OTHR")
_CREDIT, _DEBIT = ("PMNT", "RCDT", "OTHR"), ("PMNT", "ICDT", "OTHR")
_BANK = "Entrepot Bank"


def camt_xml(period: Period) -> bytes:
    """Return a period as an XML document."""
    from xsdata.formats.dataclass.serializers import XmlSerializer  # noqa: PLC0415 - as _camt
    from xsdata.formats.dataclass.serializers.config import SerializerConfig  # noqa: PLC0415

    config = SerializerConfig(indent=" ", xml_declaration=True)
    names = {None: "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"}
    written: str = XmlSerializer(config=config).render(document(period), ns_map=names)
    return written.encode()


def document(period: Period) -> Any:  # noqa: ANN401 - the library has no types
    """Return a period as the message's own classes."""
    c = _camt()
    return c.Document(
        bk_to_cstmr_stmt=c.BankToCustomerStatementV08(
            grp_hdr=c.GroupHeader81(msg_id=period.ref, cre_dt_tm=_instant(period.made_at)),
            stmt=[_statement(period)],
        )
    )


def _statement(period: Period) -> Any:  # noqa: ANN401 - as above
    c, account = _camt(), period.account
    return c.AccountStatement9(
        id=period.ref,
        elctrnc_seq_nb=period.sequence,
        lgl_seq_nb=period.sequence,
        cre_dt_tm=_instant(period.made_at),
        fr_to_dt=c.DateTimePeriod1(
            fr_dt_tm=_instant(rules.midnight(period.since)),
            to_dt_tm=_instant(rules.midnight(rules.day_after(period.until))),
        ),
        acct=c.CashAccount39(
            id=c.AccountIdentification4Choice(iban=account.iban),
            ccy=account.currency,
            ownr=c.PartyIdentification135(nm=account.owner[:140]) if account.owner else None,
            svcr=c.BranchAndFinancialInstitutionIdentification6(
                fin_instn_id=c.FinancialInstitutionIdentification18(nm=_BANK)
            ),
        ),
        bal=[
            _balance("OPBD", period.opening, period.since),
            _balance("CLBD", period.closing, period.until),
        ],
        txs_summry=_summary(period.lines, account.currency),
        ntry=[_entry(line) for line in period.lines],
    )


def _balance(code: str, money: Money, on: date) -> Any:  # noqa: ANN401 - as above
    c = _camt()
    return c.CashBalance8(
        tp=c.BalanceType13(cd_or_prtry=c.BalanceType10Choice(cd=code)),
        amt=_amount(money), cdt_dbt_ind=_way(money), dt=_day(on),
    )  # fmt: skip


def _summary(lines: Sequence[Line], currency: str) -> Any:  # noqa: ANN401 - as above
    c = _camt()
    came_in = [line.amount for line in lines if line.amount.minor > 0]
    went_out = [-line.amount for line in lines if line.amount.minor < 0]
    came, went = total(came_in, currency), total(went_out, currency)
    net = came - went
    return c.TotalTransactions6(
        ttl_ntries=c.NumberAndSumOfTransactions4(
            nb_of_ntries=str(len(lines)),
            sum=(came + went).amount,
            ttl_net_ntry=c.AmountAndDirection35(amt=abs(net).amount, cdt_dbt_ind=_way(net)),
        ),
        ttl_cdt_ntries=c.NumberAndSumOfTransactions1(
            nb_of_ntries=str(len(came_in)), sum=came.amount
        ),
        ttl_dbt_ntries=c.NumberAndSumOfTransactions1(
            nb_of_ntries=str(len(went_out)), sum=went.amount
        ),
    )


def _entry(line: Line) -> Any:  # noqa: ANN401 - as above
    c = _camt()
    return c.ReportEntry10(
        ntry_ref=str(line.entry_id),
        amt=_amount(line.amount),
        cdt_dbt_ind=_way(line.amount),
        sts=c.EntryStatus1Choice(cd="BOOK"),
        bookg_dt=_day(line.booked_on),
        val_dt=_day(line.value_on),
        acct_svcr_ref=str(line.journal_id),
        bk_tx_cd=_code(line),
        ntry_dtls=[c.EntryDetails9(tx_dtls=[_transaction(line)])],
        addtl_ntry_inf=translate(line.title)[:500],
    )


def _transaction(line: Line) -> Any:  # noqa: ANN401 - as above
    c = _camt()
    told = [text[:140] for text in (line.subject, line.memo) if text]
    return c.EntryTransaction10(
        refs=c.TransactionReferences6(
            acct_svcr_ref=str(line.journal_id),
            end_to_end_id=line.subject if 0 < len(line.subject) <= 35 else "NOTPROVIDED",
        ),
        amt=_amount(line.amount),
        cdt_dbt_ind=_way(line.amount),
        chrgs=_charges(line.fee) if line.fee else None,
        rmt_inf=c.RemittanceInformation16(ustrd=told) if told else None,
    )


def _charges(fee: Money) -> Any:  # noqa: ANN401 - as above
    c = _camt()
    record = c.ChargesRecord3(
        amt=_amount(fee), cdt_dbt_ind=_way(-fee), chrg_incl_ind=True
    )  # fmt: skip
    return c.Charges6(rcrd=[record])


def _code(line: Line) -> Any:  # noqa: ANN401 - as above
    c = _camt()
    way = _CREDIT if line.amount.minor > 0 else _DEBIT
    known = _EXCHANGE if line.kind in EXCHANGES else _CARD if line.kind == "card_top_up" else way
    domain, family, sub_family = known
    return c.BankTransactionCodeStructure4(
        domn=c.BankTransactionCodeStructure5(
            cd=domain, fmly=c.BankTransactionCodeStructure6(cd=family, sub_fmly_cd=sub_family)
        ),
        prtry=c.ProprietaryBankTransactionCodeStructure1(cd=line.kind[:35]),
    )


def _amount(money: Money) -> Any:  # noqa: ANN401 - as above
    return _camt().ActiveOrHistoricCurrencyAndAmount(value=abs(money).amount, ccy=money.currency)


def _way(money: Money) -> Any:  # noqa: ANN401 - as above
    codes = _camt().CreditDebitCode
    return codes.DBIT if money.minor < 0 else codes.CRDT


def _day(on: date) -> Any:  # noqa: ANN401 - as above
    from xsdata.models.datatype import XmlDate  # noqa: PLC0415 - as _camt

    return _camt().DateAndDateTime2Choice(dt=XmlDate(on.year, on.month, on.day))


def _instant(at: datetime) -> Any:  # noqa: ANN401 - as above
    from xsdata.models.datatype import XmlDateTime  # noqa: PLC0415 - as _camt

    return XmlDateTime.from_datetime(at.replace(microsecond=0))


@cache
def _camt() -> ModuleType:
    # Some four hundred classes that only a process which writes such a file needs.
    from pyiso20022.camt.camt_053_001_08 import camt_053_001_08  # noqa: PLC0415

    module: ModuleType = camt_053_001_08
    return module
