"""What counts as opened: this version, of this insurer, in this language."""

from datetime import UTC, datetime

import pytest

from insurance.contracts.policies import rules

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 6, 2, 12, tzinfo=UTC)


def opened(insurer_key="havre-cargo", language="en", at=NOON):
    return {rules.information_of(insurer_key=insurer_key, language=language): at.isoformat()}


def of(kept, insurer_key="havre-cargo", language=""):
    return rules.information_opened_at(kept, insurer_key=insurer_key, language=language)


def test_the_document_that_is_due_was_opened_when_it_says_so():
    assert of(opened(), language="en") == NOON
    assert of(opened()) == NOON
    assert of({}) is None


@pytest.mark.parametrize(
    "kept", [opened(insurer_key="lys-overseas"), opened(language="de"), opened(language="en-GB")]
)
def test_another_insurers_or_another_languages_does_not_count(kept):
    assert of(kept, language="en") is None


def test_an_older_version_counts_no_more(monkeypatch):
    kept = opened()
    monkeypatch.setattr(rules, "PRODUCT_INFORMATION_VERSION", "IPID-2027.1")

    assert of(kept) is None
    assert of(kept, language="en") is None


def test_without_a_language_the_first_opening_counts():
    assert of(opened(language="fr", at=LATER) | opened(at=NOON)) == NOON
