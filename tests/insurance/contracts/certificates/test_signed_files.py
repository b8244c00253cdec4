"""Files of certificates: signed to the last byte, remembered, still readable."""

import hashlib
import io
import random

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image, ImageDraw
from pypdf import PdfReader
from sqlalchemy import select

from insurance.contracts.certificates import keyring, queries, rules, trailer
from insurance.contracts.certificates.errors import FileUnsigned
from insurance.contracts.certificates.models import CertificateIssue
from kernel.db import reading
from tests.insurance.contracts.certificates.papers import bought, issued

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def holder(make_person, clock):
    clock("2026-06-01T09:00")
    return make_person()


def is_ours(file, key=None):
    try:
        said = trailer.trailer_of(file)
    except FileUnsigned:
        return False
    return trailer.is_signed_by(said, key or keyring.ring().signs.public_key())


def flipped(file, place, bit):
    changed = bytearray(file)
    changed[place] ^= 1 << bit
    return bytes(changed)


def test_one_flipped_byte_is_found_at_two_hundred_places(holder):
    file = issued(bought(holder)).pdf
    chance = random.Random(17)
    line = file.rfind(b"%entrepot-certificate")
    places = [
        *chance.sample(range(line), 100),
        *chance.sample(range(line, len(file)), 98),
        0,
        len(file) - 1,
    ]

    assert is_ours(file)
    found = [not is_ours(flipped(file, place, chance.randrange(8))) for place in places]
    assert found == [True] * 200


def test_every_bit_of_the_signatures_line_and_of_what_follows_matters(holder):
    file = issued(bought(holder)).pdf
    line = file.rfind(b"%entrepot-certificate")

    passed = [
        (place, bit)
        for place in range(line, len(file))
        for bit in range(8)
        if is_ours(flipped(file, place, bit))
    ]
    assert passed == []


@pytest.mark.parametrize("change", ["shorter", "longer", "twice", "empty", "unsigned"])
def test_another_length_is_another_file(change):
    pdf = b"%PDF-1.7\n1 0 obj\nstartxref\n9\n%%EOF"
    file = trailer.signed(pdf, number="26-0048213", revision=1, key=KEY)
    other = {
        "shorter": file[:-1],
        "longer": file + b"\n",
        "twice": file + file,
        "empty": b"",
        "unsigned": pdf,
    }[change]

    assert is_ours(file, KEY.public_key())
    assert not is_ours(other, KEY.public_key())
    assert not is_ours(file, Ed25519PrivateKey.generate().public_key())


def test_a_signed_file_opens_as_before_and_is_remembered(holder):
    policy = bought(holder)

    paper = issued(policy)

    assert len(PdfReader(io.BytesIO(paper.pdf), strict=True).pages) == 2
    with reading() as current:
        row = current.execute(select(CertificateIssue)).scalar_one()
    said = trailer.trailer_of(paper.pdf)
    assert row.sha256 == hashlib.sha256(paper.pdf).digest()
    assert (row.number, row.revision, row.locale) == (policy.number, 1, "en")
    assert (row.key_id, row.signature) == (said.key_id, said.signature)


def test_the_code_on_the_paper_is_the_seal(holder):
    policy = bought(holder)
    code = queries.seal_of(policy).code
    size = 8
    picture = Image.new("L", (code.size * size, code.size * size), 255)
    pen = ImageDraw.Draw(picture)
    for run in code.path.split("z")[:-1]:
        at, width = run[1:].split("h")[0], run.split("h")[1].split("v")[0]
        x, y = (int(one) for one in at.split())
        pen.rectangle((x * size, y * size, (x + int(width)) * size - 1, (y + 1) * size - 1), fill=0)

    read = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)

    assert [one.text for one in read] == [queries.seal_of(policy).address]
    seal = rules.read(read[0].text.split("seal=")[1])
    assert rules.is_genuine(seal, keyring.ring().signs.public_key())
