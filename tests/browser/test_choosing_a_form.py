"""Forms of a product are radio buttons with pictures and names: by mouse, by keys, without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import visit, window

pytestmark = pytest.mark.browser


@pytest.fixture
def goods(house, chromium):
    """The page of a teapot in three colours."""
    with window(chromium) as page:
        visit(house, page, None, "en", "/p/{product}/")
        page.wait_for_load_state("networkidle")
        yield page


def test_forms_are_a_group_of_named_choices(goods):
    group = goods.get_by_role("group", name="Colour")
    choices = group.get_by_role("radio")

    names = [choices.nth(at).evaluate("one => one.labels[0].innerText.trim()") for at in range(3)]
    assert all(names)
    assert len(set(names)) == 3
    expect(choices.nth(0)).to_be_checked()
    assert group.locator("img").count() == 3


def test_a_form_chosen_by_its_picture_changes_page_and_address(goods):
    other = goods.locator(".swatches label").nth(1)
    named = other.inner_text().strip()
    lead = goods.locator(".gallery .lead img").get_attribute("src")

    with goods.expect_navigation():
        other.locator("img").click()

    expect(goods.locator("fieldset legend .light").first).to_have_text(named)
    assert "v=" in goods.url
    assert goods.locator(".gallery .lead img").get_attribute("src") != lead


def test_keys_move_among_forms_and_the_focus_stays(goods):
    goods.locator(".swatches input").first.focus()

    with goods.expect_navigation():
        goods.keyboard.press("ArrowRight")

    expect(goods.locator(".swatches input").nth(1)).to_be_checked()
    expect(goods.locator(".swatches input").nth(1)).to_be_focused()


def test_without_a_script_a_button_shows_the_form(house, chromium):
    with window(chromium, java_script_enabled=False) as page:
        visit(house, page, None, "en", "/p/{product}/")
        page.locator(".swatches label").nth(2).click()
        page.locator("form:has(.swatches) button").click()

        expect(page.locator(".swatches input").nth(2)).to_be_checked()
        assert "v=" in page.url
