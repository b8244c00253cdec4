"""The papers of a parcel: which there are, that they render, that their totals are declared."""

from __future__ import annotations

import io
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from banking import api as bank
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.documents import isolated
from kernel.money import Money
from marketplace.borders.customs import queries as customs_queries
from marketplace.borders.customs import service as customs
from marketplace.borders.duties.queries import Goods, Shipment
from marketplace.logistics.carriers.queries import Load
from marketplace.logistics.shipping import errors, papers, service
from marketplace.logistics.shipping.papers import Paper
from marketplace.logistics.shipping.rules.barcode import bars, values

REF = "P-PAPER001"
BUYER = Actor(person_id=UUID(int=7), roles=frozenset({Role.BUYER}), label="buyer")
LATIN = {
    "name": "佐藤",
    "name_latin": "Sato Yuki",
    "lines": ["12 rue Grolée", "3e étage"],
    "city": "Lyon",
    "region": None,
    "postcode": "69002",
}


HOME: dict[str, dict[str, Any]] = {
    "JP": {
        "name": "佐藤 由紀",
        "name_latin": "Sato Yuki",
        "lines": ["東山区祇園町南側 570-120"],
        "city": "京都市",
        "region": None,
        "postcode": "605-0074",
    },
    "CN": {
        "name": "王秀英",
        "name_latin": "Wang Xiuying",
        "lines": ["静安区南京西路 1266 号"],
        "city": "上海市",
        "region": None,
        "postcode": "200040",
    },
    "AE": {
        "name": "ليلى",
        "lines": ["برج 4، شقة 1203"],
        "city": "دبي",
        "region": None,
        "postcode": "",
    },
    "DE": {
        "name": "Jürgen Müller",
        "lines": ["Hauptstraße 5"],
        "city": "Köln",
        "region": None,
        "postcode": "50667",
    },
    "GB": {
        "name": "Jo Smith",
        "lines": ["5 High Street"],
        "city": "Bath",
        "region": None,
        "postcode": "BA1 1AA",
    },
}


def make_parcel(
    to: str,
    option: str,
    price: str = "40.00",
    *,
    labelled: bool = True,
    recipient: dict[str, Any] | None = None,
    origin: str = "CN",
    hazards: frozenset[str] = frozenset(),
) -> None:
    goods = tuple(
        Goods(
            line_ref=str(number),
            title=title,
            hs_code=hs,
            origin_country="CN",
            quantity=2,
            unit_price=Money.of(price, "EUR"),
            weight_g=700,
        )
        for number, title, hs in ((1, "Porcelain teapot", "691110"), (2, "Toy [car] #1", "950300"))
    )
    shipment = Shipment(
        goods=goods,
        dispatch_country=origin,
        destination_country=to,
        destination_region=None,
        freight=Money.of("17.10", "EUR"),
        buyer_id=BUYER.person_id,
    )
    promise, _ = customs.quote(shipment=shipment, subject=REF, actor=BUYER)
    service.dispatch(
        parcel_ref=REF,
        vendor_order_ref="O-1",
        option_code=option,
        origin={
            "name": "Qinglan Porcelain",
            "city": "Jingdezhen",
            "country": origin,
            "postcode": "333000",
        },
        destination={**(recipient or LATIN), "country": to},
        load=Load(2800, hazards),
        promised_on=date(2026, 12, 20),
        customs_quote_id=promise.id,
        actor=SYSTEM,
    )
    if labelled:
        service.record_label(parcel_ref=REF, tracking_number="CP473124829CN", actor=SYSTEM)


@pytest.fixture(autouse=True)
def _start(db: Any, clock: Any) -> None:
    clock("2026-11-25T03:00")
    bank.load_reference_data(actor=SYSTEM)


def papers_now() -> tuple[Paper, ...]:
    with reading():
        return papers.papers_of(parcel_ref=REF)


@pytest.mark.parametrize(
    ("option", "price", "form"),
    [("post", "40.00", Paper.CN22), ("post", "89.00", Paper.CN23), ("express", "40.00", None)],
)
def test_post_carries_a_customs_form_by_value_and_couriers_none(
    option: str, price: str, form: Paper | None
) -> None:
    make_parcel("FR", option, price)

    found = papers_now()

    assert {Paper.CN22, Paper.CN23} & set(found) == ({form} if form else set())
    assert {Paper.LABEL, Paper.INVOICE, Paper.PACKING_LIST, Paper.ORIGIN} <= set(found)


def test_before_the_label_there_is_nothing_and_inside_a_land_no_customs_paper() -> None:
    make_parcel("CN", "post", labelled=False)

    assert papers_now() == ()
    service.record_label(parcel_ref=REF, tracking_number="CP473124829CN", actor=SYSTEM)
    assert papers_now() == (Paper.LABEL,)
    with reading(), pytest.raises(errors.NoSuchPaper):
        papers.paper_pdf(parcel_ref=REF, paper=Paper.INVOICE)


def test_every_paper_renders_and_totals_are_those_of_the_declaration() -> None:
    make_parcel("FR", "post")

    with reading():
        rendered = [papers.paper_pdf(parcel_ref=REF, paper=paper) for paper in papers_now()]
        row = papers._parcel(REF)
        declaration = customs_queries.declaration_of(parcel_ref=REF)
        data = papers.paper_data(row, declaration, Paper.INVOICE)

    assert len(rendered) == 5
    assert all(pdf.startswith(b"%PDF") and len(pdf) > 3000 for pdf in rendered)
    assert declaration is not None
    assert (data["goods_total"], data["total"]) == ("EUR\u00a0160.00", "EUR\u00a0177.10")
    assert declaration.document["customs_value"] == "177.10"  # CIF into the Union
    assert data["recipient"]["name"] == isolated("Sato Yuki")
    assert data["incoterm"] == declaration.incoterm == "DDP"


def printed(paper: Paper) -> str:
    with reading():
        pdf = papers.paper_pdf(parcel_ref=REF, paper=paper)
    return " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())


def test_names_and_addresses_stand_in_their_own_script() -> None:
    make_parcel("JP", "post", recipient=HOME["JP"])

    label = printed(Paper.LABEL)

    for words in (
        "Sato Yuki",
        "佐藤 由紀",
        "東山区祇園町南側 570-120",
        "605-0074 京都市",
        "JAPAN 日本",
    ):
        assert words in label
    assert "CP473124829CN" in label


@pytest.mark.parametrize(
    ("country", "words"),
    [
        ("CN", ("Packing list", "装箱单", "王秀英", "静安区", "CHINA", "中国")),
        ("AE", ("Packing list", "ليلى", "1203", "UNITED ARAB EMIRATES")),
        ("DE", ("Packing list", "Packliste", "Jürgen Müller")),
        ("GB", ("Packing list", "Jo Smith")),
    ],
)
def test_customs_read_english_and_their_own_language(country: str, words: tuple[str, ...]) -> None:
    origin = "JP" if country == "CN" else "CN"
    make_parcel(country, "express", recipient=HOME[country], origin=origin)

    said = printed(Paper.PACKING_LIST)

    for word in (*words, "2.800 kg", "Toy [car] #1", "691110", "25 Nov 2026"):
        assert word in said


@pytest.mark.parametrize(
    ("country", "locale"),
    [
        ("JP", "ja"),
        ("BR", "pt-BR"),
        ("CN", "zh-CN"),
        ("AE", "ar"),
        ("CH", "de"),
        ("BE", "fr"),
        ("CA", "en"),
        ("SG", "en"),
        ("KR", "ko"),
        ("MX", "es"),
        ("PL", "en"),
    ],
)
def test_customs_of_a_country_read_its_official_language(country: str, locale: str) -> None:
    assert papers.spoken_in(country) == locale


def test_a_paper_made_again_is_the_same_file() -> None:
    make_parcel("FR", "post")
    with reading():
        first, again = (papers.paper_pdf(parcel_ref=REF, paper=Paper.INVOICE) for _ in range(2))

    assert first == again
    assert len(first) < 80_000


def test_no_paper_carries_a_number_of_a_tax_scheme() -> None:
    make_parcel("FR", "post")

    with reading():
        data = papers.paper_data(
            papers._parcel(REF), customs_queries.declaration_of(parcel_ref=REF), Paper.CN22
        )

    assert "IOSS" not in str(data)


def test_the_bars_of_code_128_are_well_formed() -> None:
    widths = bars("CP473124829CN")

    assert len(widths) == 6 * 15 + 7
    assert sum(widths) == 11 * 15 + 13
    # The standard's example PJJ123C has 54 in set A, whose start is one less than that of set B.
    assert values("PJJ123C")[1:] == [48, 42, 42, 17, 18, 19, 35, 55]


def test_every_sign_of_code_128_has_its_own_pattern() -> None:
    found = {tuple(bars(chr(32 + value))[6:12]) for value in range(95)}

    assert len(found) == 95
    assert all(sum(widths) == 11 for widths in found)
    assert all(sum(widths[::2]) % 2 == 0 for widths in found)


def test_papers_and_declaration_name_the_battery_with_its_number() -> None:
    make_parcel("FR", "express", hazards=frozenset({"ion_contained"}))

    for paper in (Paper.LABEL, Paper.INVOICE, Paper.PACKING_LIST):
        words = printed(paper)
        assert "UN 3481" in words, paper
        assert "Lithium ion batteries contained in equipment" in words, paper
    with reading():
        declaration = customs_queries.declaration_of(parcel_ref=REF)
    assert declaration is not None
    assert declaration.document["hazards"] == ["ion_contained"]


def test_papers_of_harmless_goods_name_no_hazard() -> None:
    make_parcel("FR", "express")

    assert "UN 3" not in printed(Paper.LABEL)
