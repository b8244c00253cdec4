"""Loading rates, promising them, exchanging under them and taking exchanges back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from banking import api as bank
from banking.core.fx import queries, service
from banking.core.fx.gateway import Published, house_rows, packaged
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from kernel import clock as house_clock
from kernel import config
from kernel.actor import SYSTEM
from kernel.config import settings
from kernel.db import reading, transaction
from kernel.ids import new_id
from kernel.money import Money

TODAY = date(2026, 11, 2)  # a Monday
PER_EURO = {
    "USD": "1.1172",
    "JPY": "175.68",
    "KRW": "1491.76",
    "GBP": "0.8338",
    "CNY": "7.4326",
}


@pytest.fixture
def rates(db, clock):
    """Rates of Friday, terms and pegs as the bank starts with; Monday morning."""
    clock("2026-11-02T09:00")
    db.execute(
        text(
            "INSERT INTO banking.fx_sources"
            " VALUES ('ecb', 'ECB.', 7), ('ecb_packaged', 'ECB.', 400)"
        )
    )
    for table, rows in (("fx_pegs", house_rows("pegs")), ("fx_terms", house_rows("terms"))):
        columns = ", ".join(rows[0])
        marks = ", ".join(f":{name}" for name in rows[0])
        statement = f"INSERT INTO banking.{table} ({columns}) VALUES ({marks})"
        db.execute(text(statement), rows)
    publish_rates(date(2026, 10, 30), PER_EURO)


def publish_rates(on, per_euro):
    service.store_rates(
        rates=[Published(c, on, Decimal(figure)) for c, figure in per_euro.items()], actor=SYSTEM
    )


def make_wallet(currency="EUR", *, amount="1000.00", owner_id=None):
    wallet = bank.open_wallet(
        owner_id=owner_id or new_id(), owner_kind="person", currency=currency, actor=SYSTEM
    )
    money = Money.of(amount, currency)
    if money:
        ledger.post(
            key=new_id(),
            kind="test_funds",
            subject="test",
            actor=SYSTEM,
            legs=[
                ledger.Leg(wallet.account, money),
                ledger.Leg(ledger.AccountRef.house(bank.AccountKind.SUSPENSE, currency), -money),
            ],
        )
    return wallet


def house(kind, currency):
    with reading():
        return ledger_queries.balance(account=ledger.AccountRef.house(kind, currency)).posted


def posted(wallet):
    with reading():
        return bank.wallet(wallet_id=wallet.id).posted


def quote_for(wallet, buy="JPY", amount="500.00", side="sell"):
    money = Money.of(amount, wallet.currency if side == "sell" else buy)
    return bank.fx_quote(
        owner_id=wallet.owner_id,
        sell=wallet.currency,
        buy=buy,
        amount=money,
        side=side,
        actor=SYSTEM,
    )


def test_the_packaged_history_loads_once(db, clock):
    clock("2026-11-02T09:00")

    first = service.load_reference_data(actor=SYSTEM)
    again = service.load_reference_data(actor=SYSTEM)

    assert first > 5_000
    assert again == 0
    with reading():
        book = bank.rates_on()
        assert all(book.knows(c) for c in bank.WALLET_CURRENCIES if c != "KWD")
        with pytest.raises(bank.NoRate):
            book.rate("EUR", "KWD")


def test_a_command_leaves_the_table_of_pages_as_it_is_until_a_rate_is_another(rates):
    with reading():
        shown = queries.rates_on()
    with transaction(name="test", actor=SYSTEM):
        assert queries.rates_on() is shown

    publish_rates(TODAY, {"USD": "1.2000"})
    with transaction(name="test", actor=SYSTEM):
        decided = queries.rates_on()

    assert decided != shown
    with reading():
        assert queries.rates_on() is decided


def test_only_the_first_rate_of_an_old_month_is_kept():
    kept = [rate.rate_on for rate in packaged() if rate.currency == "USD"]

    in_2010 = [on for on in kept if on.year == 2010]
    assert [on.month for on in in_2010] == list(range(1, 13))
    assert len([on for on in kept if on > kept[-1] - timedelta(days=365)]) > 250


def test_a_rate_is_the_newest_published_before_the_day(rates, clock):
    publish_rates(date(2026, 11, 2), {"USD": "1.2000"})

    with reading():
        assert bank.fx_rate(base="EUR", quote="USD").mid == Decimal("1.200000")
        friday = house_clock.now() - timedelta(days=2)
        earlier = bank.fx_rate(base="EUR", quote="USD", at=friday)
        assert (earlier.mid, earlier.rate_on) == (Decimal("1.117200"), date(2026, 10, 30))


def test_a_stale_rate_promises_nothing(rates, clock):
    wallet = make_wallet()
    clock("2026-11-07T09:00")

    with pytest.raises(bank.StaleRate):
        quote_for(wallet)


def test_a_published_rate_is_never_replaced(rates, db):
    publish_rates(date(2026, 10, 30), {"USD": "9.9999"})

    with reading():
        assert bank.fx_rate(base="EUR", quote="USD").mid == Decimal("1.117200")
    with pytest.raises(DatabaseError), transaction(name="test", actor=SYSTEM) as current:
        current.execute(text("UPDATE banking.fx_rates SET per_euro = 2"))


def test_an_exchange_moves_both_wallets_and_every_currency_sums_to_zero(rates):
    wallet = make_wallet()
    quote = quote_for(wallet)

    made = bank.exchange(quote_id=quote.id, key=new_id(), actor=SYSTEM)

    assert (made.sold, made.bought) == (Money.of("500.00", "EUR"), Money(87444, "JPY"))
    assert posted(wallet) == Money.of("500.00", "EUR")
    with reading():
        yen = bank.wallet_for(owner_id=wallet.owner_id, currency="JPY")
        assert yen.posted == Money(87444, "JPY")
        assert bank.verify_ledger().balanced
    assert house("fx_revenue", "EUR") == Money.of("2.25", "EUR")
    assert house("fx_position", "EUR") == Money.of("497.75", "EUR")
    assert house("fx_position", "JPY") == Money(-87445, "JPY")
    assert house("rounding", "JPY") == Money(1, "JPY")


def test_the_side_that_was_typed_stays_as_typed(rates):
    wallet = make_wallet()

    quote = quote_for(wallet, buy="USD", amount="100.00", side="buy")

    assert quote.exchange.bought == Money.of("100.00", "USD")
    assert quote.exchange.sold == Money.of("89.78", "EUR")  # 89.5095 goes up, by 0.997
    assert quote.margin_bp == 30


def test_a_quote_is_used_once_and_its_key_finds_the_exchange_again(rates):
    wallet = make_wallet()
    quote, key = quote_for(wallet), new_id()
    first = bank.exchange(quote_id=quote.id, key=key, actor=SYSTEM)

    assert bank.exchange(quote_id=quote.id, key=key, actor=SYSTEM) == first
    with pytest.raises(bank.QuoteUsed):
        bank.exchange(quote_id=quote.id, key=new_id(), actor=SYSTEM)

    assert posted(wallet) == Money.of("500.00", "EUR")


def test_an_expired_quote_leaves_nothing_behind(rates, clock, outbox):
    wallet = make_wallet()
    quote = quote_for(wallet)
    house_clock.freeze(quote.valid_until)
    before = outbox()

    with pytest.raises(bank.QuoteExpired):
        bank.exchange(quote_id=quote.id, key=new_id(), actor=SYSTEM)

    assert posted(wallet) == Money.of("1000.00", "EUR")
    assert outbox() == before
    with reading():
        assert bank.wallet_for(owner_id=wallet.owner_id, currency="JPY") is None


def test_a_used_quote_replays_after_its_time(rates, clock):
    wallet = make_wallet()
    quote, key = quote_for(wallet), new_id()
    first = bank.exchange(quote_id=quote.id, key=key, actor=SYSTEM)
    house_clock.freeze(quote.valid_until + timedelta(days=3))

    assert bank.exchange(quote_id=quote.id, key=key, actor=SYSTEM) == first


@pytest.mark.parametrize(
    "change",
    [
        "sell_minor = 1",
        "mid_numerator = 1",
        "margin_bp = 0",
        "valid_until = valid_until + interval '1 day'",
    ],
)
def test_a_quote_changed_in_the_database_is_refused(rates, db, change):
    wallet = make_wallet()
    quote = quote_for(wallet)
    statement = f"UPDATE banking.fx_quotes SET {change} WHERE id = :id"
    db.execute(text(statement), {"id": quote.id})

    with pytest.raises(bank.QuoteAltered):
        bank.exchange(quote_id=quote.id, key=new_id(), actor=SYSTEM)

    assert posted(wallet) == Money.of("1000.00", "EUR")


@pytest.fixture
def use_keys(monkeypatch):
    """Let the house have these secret keys, newest first, as after a restart."""

    def chosen(*secrets):
        own = replace(config.settings(), secret_key="\n".join(secrets))
        monkeypatch.setattr(config, "settings", lambda: own)
        config.secret_keys.cache_clear()

    yield chosen
    monkeypatch.undo()
    config.secret_keys.cache_clear()


def test_a_quote_counts_until_the_key_it_was_signed_with_is_dropped(rates, use_keys):
    wallet = make_wallet()
    use_keys("old")
    before, later = quote_for(wallet, amount="100"), quote_for(wallet, amount="200")

    use_keys("new", "old")
    assert bank.exchange(quote_id=before.id, key=new_id(), actor=SYSTEM)
    use_keys("new")
    with pytest.raises(bank.QuoteAltered):
        bank.exchange(quote_id=later.id, key=new_id(), actor=SYSTEM)

    fresh = quote_for(wallet, amount="200")
    assert bank.exchange(quote_id=fresh.id, key=new_id(), actor=SYSTEM)


def test_too_little_money_keeps_the_quote_usable(rates):
    wallet = make_wallet(amount="499.99")
    quote = quote_for(wallet)

    with pytest.raises(bank.InsufficientFunds):
        bank.exchange(quote_id=quote.id, key=new_id(), actor=SYSTEM)

    with reading():
        assert queries.quote_of(quote_id=quote.id).used_by is None


def test_a_lock_converts_any_amount_until_its_time_and_each_key_once(rates, clock):
    giver = make_wallet()
    taker = make_wallet("CNY", amount="0")
    lock = bank.lock_rate(
        sell="EUR",
        buy="CNY",
        subject="G-TEST",
        actor=SYSTEM,
        valid_until=house_clock.now() + timedelta(days=60),
    )
    publish_rates(date(2026, 11, 2), {"CNY": "9.0000"})
    keys = [new_id(), new_id()]

    made = [
        service.convert_under_lock(
            quote_id=lock.id,
            key=key,
            amount=Money.of("10.00", "EUR"),
            giver=giver.account,
            taker=taker.account,
            actor=SYSTEM,
        )
        for key in [*keys, keys[0]]
    ]

    assert {m.execution.bought for m in made} == {Money.of("74.32", "CNY")}
    assert len({m.execution.id for m in made}) == 2
    house_clock.freeze(lock.valid_until)
    with pytest.raises(bank.QuoteExpired):
        service.convert_under_lock(
            quote_id=lock.id,
            key=new_id(),
            amount=Money.of("10.00", "EUR"),
            giver=giver.account,
            taker=taker.account,
            actor=SYSTEM,
        )


def refund(execution_id, amount, giver, taker, key=None):
    key = key or new_id()
    with transaction(name="test", actor=SYSTEM):
        legs = service.refund_conversion(
            execution_id=execution_id,
            key=key,
            amount=amount,
            giver=giver.account,
            taker=taker.account,
            actor=SYSTEM,
        )
        ledger.post(key=key, kind="exchange_refunded", legs=legs, subject="test", actor=SYSTEM)


def test_a_refund_two_rate_days_later_returns_the_same_minor_units(rates, clock):
    wallet = make_wallet()
    made = bank.exchange(quote_id=quote_for(wallet).id, key=new_id(), actor=SYSTEM)
    publish_rates(date(2026, 11, 2), {"JPY": "180.00"})
    publish_rates(date(2026, 11, 3), {"JPY": "182.50"})
    clock("2026-11-04T09:00")
    with reading():
        yen = bank.wallet_for(owner_id=wallet.owner_id, currency="JPY")

    for part in (1, 29_147, 58_296):
        refund(made.id, Money(part, "JPY"), giver=yen, taker=wallet)

    assert posted(wallet) == Money.of("1000.00", "EUR")
    assert posted(yen) == Money.zero("JPY")
    assert house("fx_revenue", "EUR") == Money.zero("EUR")
    # 87,444 yen were worth 497.75 and are worth 479.14 or 479.15, part by part, at 182.50.
    assert house("fx_result", "EUR") == Money.of("-18.60", "EUR")
    with reading():
        assert bank.verify_ledger().balanced


def test_a_refund_never_exceeds_the_exchange_and_repeats_harmlessly(rates):
    wallet = make_wallet()
    made = bank.exchange(quote_id=quote_for(wallet).id, key=new_id(), actor=SYSTEM)
    with reading():
        yen = bank.wallet_for(owner_id=wallet.owner_id, currency="JPY")
    key = new_id()
    for _ in range(2):
        refund(made.id, Money(80_000, "JPY"), giver=yen, taker=wallet, key=key)

    with pytest.raises(bank.RefundTooLarge) as refused:
        refund(made.id, Money(7_445, "JPY"), giver=yen, taker=wallet)

    assert refused.value.data == {"left": Money(7_444, "JPY")}
    assert posted(yen) == Money(7_444, "JPY")


def test_a_refund_does_not_wait_for_a_fresh_rate(rates, clock):
    wallet = make_wallet()
    made = bank.exchange(quote_id=quote_for(wallet).id, key=new_id(), actor=SYSTEM)
    clock("2026-12-24T09:00")
    with reading():
        yen = bank.wallet_for(owner_id=wallet.owner_id, currency="JPY")

    refund(made.id, made.bought, giver=yen, taker=wallet)

    assert posted(wallet) == Money.of("1000.00", "EUR")
    with reading(), pytest.raises(bank.AccountUnknown):
        house("fx_result", "EUR")


def test_history_is_dated_and_exact(rates):
    publish_rates(date(2026, 11, 2), {"USD": "1.2000", "JPY": "180.00"})

    with reading():
        points = queries.history(base="USD", quote="JPY", days=30)
        euro = queries.history(base="EUR", quote="USD", days=30)

    assert [(p.on.day, p.mid) for p in points] == [
        (30, Decimal("157.2503")),
        (2, Decimal("150.0000")),
    ]
    assert [p.mid for p in euro] == [Decimal("1.117200"), Decimal("1.200000")]


def test_a_history_ends_with_the_newest_rate_however_long_ago_that_was(rates, clock):
    """Over a long holiday, and where the packaged history ended weeks ago."""
    publish_rates(date(2026, 11, 2), {"USD": "1.2000", "JPY": "180.00"})
    clock("2026-12-24T09:00")

    with reading():
        found = {days: queries.history(base="USD", quote="JPY", days=days) for days in (2, 7)}

    assert [p.on for p in found[2]] == [date(2026, 11, 2)]
    assert [p.on for p in found[7]] == [date(2026, 10, 30), date(2026, 11, 2)]


@pytest.mark.parametrize(("demo", "is_usable"), [(True, True), (False, False)])
def test_the_packaged_rates_age_by_the_installations_setting_unless_it_is_a_demonstration(
    db, clock, monkeypatch, demo, is_usable
):
    as_is = settings()
    monkeypatch.setattr(service, "settings", lambda: replace(as_is, demo=demo))
    clock("2027-02-01T09:00")

    service.load_reference_data(actor=SYSTEM)

    with reading():
        assert bank.rates_on().knows("USD") is is_usable
