"""Lines of a month that is open, each beside what its journals say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from insurance.money.reserves.queries import month_after
from insurance.reporting.bordereaux import taxation
from insurance.reporting.bordereaux.rules import Difference, Line
from kernel.db import session
from kernel.statements import read_sql

_PREMIUMS = text(read_sql(__file__, "premium_moves"))
_CLAIMS = text(read_sql(__file__, "claim_moves"))
_BEFORE = text(read_sql(__file__, "claims_before"))
_BOOKED = text(read_sql(__file__, "booked"))
_WITH_ORDERS = text(read_sql(__file__, "paid_with_orders"))
_WITHOUT_LINE = text(read_sql(__file__, "without_line"))
_LAST_CLOSED = text(
    """
    SELECT max(month) FROM insurance.bordereau_months
    WHERE insurer_key = :insurer_key AND currency = :currency
    """
)
# Before anything was booked.
_EVER = date(2000, 1, 1)

# Signs: what an account shows by the ledger's rule against what a line says.
_PREMIUM_ACCOUNTS: Mapping[str, tuple[str, int]] = {
    "insurer_unearned_premium": ("net", 1),
    "insurer_acquisition_deferred": ("commission", -1),
    "insurer_premium_due": ("net_due", -1),
    "premium_payable": ("net_due", 1),
    "agency_commission_deferred": ("commission", 1),
    "premium_tax_payable": ("tax", 1),
}
_CLAIM_ACCOUNTS = (
    "insurer_case_reserve",
    "insurer_claims_payable",
    "insurer_float_asset",
    "insurer_recoveries_due",
)
# What carriers accept is owed by them; all else that comes back reaches the claims money at once.
_BY_CARRIERS = ("recovery_accepted", "recovery_given_up")
_ENDS = ("origin_country", "destination_country")
_TYPES = {"written": "new", "added": "additional premium"}

Legs = Mapping[str, int]


def start_of(day: date) -> datetime:
    """Return the instant at which a day begins."""
    return datetime.combine(day, time(), tzinfo=UTC)


def lines_of(*, month: date, insurer_key: str, currency: str) -> list[Line]:
    """Return what stands in no closed month up to the end of a month, by kind."""
    named = {"insurer_key": insurer_key, "currency": currency}
    # A month is closed when it is over, so only what was under way in that moment is missing in it:
    # nothing from before the month that was closed last.
    last = session().execute(_LAST_CLOSED, named).scalar_one()
    where = {
        **named,
        "since": start_of(last or _EVER),
        "after": start_of(month_after(month)),
    }
    premiums = _premium_lines(month, session().execute(_PREMIUMS, where).all(), where)
    taxes = [_tax_line(line, month) for line in premiums if line.cells["tax"]]
    claims = _claim_lines(month, session().execute(_CLAIMS, where).all(), where)
    return [*premiums, *taxes, *claims]


def without_line(*, month: date, insurer_key: str, currency: str) -> list[Difference]:
    """Return the journals of a month that no line of a register stands for."""
    rows = session().execute(
        _WITHOUT_LINE,
        {
            "insurer_key": insurer_key,
            "currency": currency,
            "first": start_of(month),
            "after": start_of(month_after(month)),
        },
    )
    return [
        Difference(
            kind="premium" if row.kind.startswith("premium") else "claims",
            number=0,
            subject=row.subject,
            account=f"{row.kind} {row.id}",
            said=0,
            booked=0,
        )
        for row in rows
    ]


def _booked(keys: Sequence[UUID], currency: str) -> dict[UUID, tuple[int, dict[str, int]]]:
    """Return number and legs of journals by their keys."""
    found: dict[UUID, tuple[int, dict[str, int]]] = {}
    rows = session().execute(_BOOKED, {"keys": list(keys), "currency": currency})
    for row in rows:
        _, legs = found.setdefault(row.key, (row.id, {}))
        legs[row.kind] = legs.get(row.kind, 0) + int(row.amount)
    return found


def _with_orders(
    memos: Sequence[str], where: Mapping[str, Any]
) -> dict[str, list[tuple[int, dict[str, int]]]]:
    """Return number and legs of orders' journals by what they call a parcel, oldest first."""
    found: dict[str, dict[int, dict[str, int]]] = defaultdict(dict)
    rows = session().execute(_WITH_ORDERS, {**where, "memos": list(memos)})
    for row in rows:
        found[row.memo].setdefault(row.id, {})[row.kind] = int(row.amount)
    return {memo: sorted(journals.items()) for memo, journals in found.items()}


def _premium_lines(month: date, rows: Sequence[Row[Any]], where: Mapping[str, Any]) -> list[Line]:
    booked = _booked([key for row in rows for key in row.journal_keys], where["currency"])
    memos = [row.memo for row in rows if row.what == "written" and row.memo is not None]
    orders = _with_orders(memos, where)
    return [_premium_line(month, row, booked, orders, where) for row in rows]


def _premium_line(
    month: date,
    row: Row[Any],
    booked: Mapping[UUID, tuple[int, Legs]],
    orders: Mapping[str, list[tuple[int, dict[str, int]]]],
    where: Mapping[str, Any],
) -> Line:
    due = row.net - row.commission
    journals = [booked[key] for key in row.journal_keys if key in booked]
    if row.what == "written" and row.memo is not None:
        journals += _payers(row, journals, orders.get(row.memo, []))
    amounts = {"net": row.net, "commission": row.commission, "net_due": due, "tax": row.tax}
    legs: dict[str, int] = defaultdict(int)
    for _, parts in journals:
        for kind, amount in parts.items():
            if kind in _PREMIUM_ACCOUNTS:
                legs[kind] += amount * _PREMIUM_ACCOUNTS[kind][1]
    risk = row.risk or {}
    return Line(
        kind="premium",
        subject=row.subject,
        cells={
            "contract": where["insurer_key"],
            "period": f"{month:%Y-%m}",
            "certificate": row.subject,
            "transaction": _transaction(row),
            "insured": row.insured_name or "",
            "insured_kind": "business" if risk.get("is_business") else "person",
            "insured_country": row.country,
            "risk_location": "-".join(risk[end] for end in _ENDS if end in risk),
            "class": f"{row.cover or ''} {row.goods or ''}".strip(),
            "inception": _day(row.attached_at or row.bound_at),
            "expiry": _day(row.ended_at),
            "sum_insured": row.sum_insured or 0,
            "currency": where["currency"],
            "settlement_currency": where["currency"],
            "rate": "1",
            "gross": row.net + row.tax,
            "net": row.net,
            "tax_territory": row.country,
            "tax_rate": _rate(row.tax, row.net),
            "tax": row.tax,
            "commission": row.commission,
            "net_due": due,
        },
        journals=tuple(sorted({number for number, _ in journals})),
        moves=(row.id,),
        said={kind: amounts[name] for kind, (name, _) in _PREMIUM_ACCOUNTS.items()},
        booked=dict(legs),
    )


def _payers(
    row: Row[Any],
    insurers: Sequence[tuple[int, Legs]],
    found: Sequence[tuple[int, dict[str, int]]],
) -> Sequence[tuple[int, dict[str, int]]]:
    """Return the journal that paid for a policy, none where nobody did.

    A parcel of an order may be covered twice: it was paid in the transaction that bound, just
    before. What is bought in the bank, and cargo, have a name of their own.
    """
    if not row.is_of_order:
        return found
    own = insurers[0][0] if insurers else 0
    return [one for one in found if one[0] < own][-1:]


def _transaction(row: Row[Any]) -> str:
    if row.what in _TYPES:
        return _TYPES[row.what]
    return "cancellation" if row.cause_id == row.policy_id else "return premium"


def _tax_line(line: Line, month: date) -> Line:
    columns = ("period", "certificate", "transaction", "currency", "net", "tax")
    cells = {
        "territory": line.cells["tax_territory"],
        "rate": line.cells["tax_rate"],
        "settled_by": taxation.tax_payer(
            line.cells["tax_territory"], month=month, rows=taxation.tax_payer_rows()
        ).value,
        **{column: line.cells[column] for column in columns},
    }
    return Line(
        kind="tax",
        subject=line.subject,
        cells=cells,
        journals=line.journals,
        moves=line.moves,
        said={"premium_tax_payable": line.said["premium_tax_payable"]},
        booked={"premium_tax_payable": line.booked.get("premium_tax_payable", 0)},
    )


def _claim_lines(month: date, rows: Sequence[Row[Any]], where: Mapping[str, Any]) -> list[Line]:
    booked = _booked([key for row in rows for key in row.journal_keys], where["currency"])
    by_claim: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_claim[row.ref or row.subject].append(row)
    refs = list({row.subject for row in rows} | set(by_claim))
    before = {row.subject: row for row in session().execute(_BEFORE, {"subjects": refs})}
    return [
        _claim_line(month, ref, moves, booked, before.get(ref)) for ref, moves in by_claim.items()
    ]


def _claim_line(
    month: date,
    ref: str,
    moves: Sequence[Row[Any]],
    booked: Mapping[UUID, tuple[int, Legs]],
    before: Row[Any] | None,
) -> Line:
    first, last = moves[0], moves[-1]
    cases = [move for move in moves if move.subject == ref]
    earlier = (int(before.paid), int(before.owed), before.reserve) if before else (0, 0, 0)
    paid = sum(move.paid for move in moves)
    reserve = cases[-1].reserve if cases else earlier[2]
    outstanding = reserve + earlier[1] + sum(move.owed for move in moves)
    journals = [booked[key] for move in moves for key in move.journal_keys if key in booked]
    insurers = [booked[move.journal_keys[0]][1] for move in moves if move.journal_keys[0] in booked]
    reserved = [move for move in moves if move.what == "reserved"]
    owed_by_carriers = sum(move.recovered for move in moves if move.what in _BY_CARRIERS)
    recovered = sum(move.recovered for move in moves)
    return Line(
        kind="claims",
        subject=ref,
        cells={
            "certificate": first.number or "",
            "claim": ref,
            "period": f"{month:%Y-%m}",
            "loss_date": _day(first.loss_at),
            "advised": _day(first.opened_at),
            "opened": _day(first.opened_at),
            "first_reserve": _day(before.first_at if before else (reserved or moves)[0].at),
            "cause": first.cause or "",
            "location": (first.risk or {}).get("destination_country", ""),
            "status": last.state or "",
            "denied": "yes" if first.refusal else "no",
            "paid_this_month_indemnity": paid,
            "paid_this_month_fees": 0,
            "previously_paid_indemnity": earlier[0],
            "previously_paid_fees": 0,
            "reserve_indemnity": outstanding,
            "reserve_fees": 0,
            "incurred_indemnity": earlier[0] + paid + outstanding,
            "incurred_fees": 0,
            "recoveries": recovered,
        },
        journals=tuple(sorted({number for number, _ in journals})),
        moves=tuple(move.id for move in moves),
        said={
            "insurer_case_reserve": sum(move.reserve - move.reserve_before for move in moves),
            "insurer_claims_payable": sum(move.owed for move in moves),
            "insurer_float_asset": paid - (recovered - owed_by_carriers),
            "insurer_recoveries_due": -owed_by_carriers,
        },
        booked={kind: sum(legs.get(kind, 0) for legs in insurers) for kind in _CLAIM_ACCOUNTS},
    )


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at is not None else ""


def _rate(tax: int, net: int) -> str:
    """Return the rate of tax in per cent, two digits."""
    if not net:
        return "0.00"
    digits = f"{round(Fraction(tax * 10_000, net)):03d}"
    return f"{digits[:-2]}.{digits[-2:]}"
