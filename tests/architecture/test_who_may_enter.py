"""Every address of the house, asked by everybody: nobody gets in where their role does not lead."""

import html
import re
from uuid import UUID

import pytest
from werkzeug.routing import IntegerConverter, UUIDConverter

from kernel.actor import Role
from kernel.errors import Forbidden
from kernel.manifest import manifests
from kernel.web.arguments import CurrencyConverter
from kernel.web.security import NotFromOurPage

GRANTS = {right: roles for manifest in manifests() for right, roles in manifest.grants.items()}
PEOPLE = [role for role in Role if role not in {Role.SYSTEM, Role.GUEST}]
# Keys that are well formed and lead to nothing.
KEYS = {UUIDConverter: UUID(int=1), IntegerConverter: 1, CurrencyConverter: "EUR"}


@pytest.fixture
def ask(app):
    """Ask every address whose right is wanted; return the answers by method and address."""

    def asked(browser, wanted=lambda right: True, token="test-token"):
        answers = {}
        for method, address, right in addresses(app):
            if wanted(right):
                with browser.session_transaction() as cookies:
                    cookies["csrf"] = "test-token"  # signing out forgets it
                form = {"csrf_token": token} if method == "POST" else None
                # Read at once: what is streamed would keep its request open in those that follow.
                answers[method, address] = browser.open(
                    address, method=method, data=form, buffered=True
                )
        return answers

    return asked


def addresses(app):
    for rule in app.url_map.iter_rules():
        keys = {name: key_of(converter) for name, converter in rule._converters.items()}
        with app.test_request_context("/en/"):
            address = app.url_map.bind("localhost").build(rule.endpoint, keys | {"lang": "en"})
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, address.partition("?")[0], app.view_functions[rule.endpoint].permission


def key_of(converter):
    return next((key for kind, key in KEYS.items() if isinstance(converter, kind)), "X-NOSUCH")


def says(answer, error):
    return answer.status_code == error.status and error.message in html.unescape(answer.text)


def is_sent_to_sign_in(answer):
    if answer.is_json:
        return answer.status_code == 401
    return answer.status_code == 303 and "/en/sign-in" in answer.location


def but_for(answers, is_right):
    """The answers that are not right, as the test's report."""
    return {asked: answer.status for asked, answer in answers.items() if not is_right(answer)}


def test_a_stranger_is_asked_to_sign_in_wherever_a_right_is_needed(ask, client):
    answers = ask(client, lambda right: right is not None)

    assert len(answers) > 40
    assert but_for(answers, is_sent_to_sign_in) == {}


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_is_refused_where_it_has_no_right(ask, as_, make_person, role):
    browser = as_(make_person(roles=frozenset({role})))

    answers = ask(browser, lambda right: right is not None and role not in GRANTS[right])

    assert answers
    assert but_for(answers, lambda a: says(a, Forbidden)) == {}


def test_a_guest_is_asked_to_sign_in_wherever_it_takes_an_account(ask, as_, make_guest):
    answers = ask(as_(make_guest()), lambda right: right and Role.GUEST not in GRANTS[right])

    assert len(answers) > 200
    assert but_for(answers, is_sent_to_sign_in) == {}


def test_a_guest_is_answered_where_their_role_leads(ask, as_, make_guest):
    answers = ask(as_(make_guest()), lambda right: right and Role.GUEST in GRANTS[right])

    assert len(answers) > 5
    assert but_for(answers, lambda a: a.status_code < 500 and not is_sent_to_sign_in(a)) == {}


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_with_the_right_is_answered_even_where_there_is_nothing(ask, as_, make_person, role):
    browser = as_(make_person(roles=frozenset({role})))

    answers = ask(browser, lambda right: right is not None and role in GRANTS[right])

    assert answers
    assert but_for(answers, lambda a: a.status_code < 500 and not says(a, Forbidden)) == {}


def test_open_pages_answer_strangers_even_when_the_house_is_empty(ask, client):
    answers = ask(client, lambda right: right is None)

    assert len(answers) > 20
    assert but_for(answers, lambda a: a.status_code not in {401, 403, 500}) == {}


def test_no_form_is_taken_without_the_token_of_our_own_page(ask, as_, make_person):
    answers = ask(as_(make_person(roles=frozenset(PEOPLE))), token="")

    # What programs send for somebody who is signed in as well as what pages send.
    is_ours = re.compile("/en/|/api/v1/insurance/")
    forms = {a: one for a, one in answers.items() if a[0] == "POST" and is_ours.search(a[1])}
    assert len(forms) > 30
    assert but_for(forms, lambda a: says(a, NotFromOurPage)) == {}


def test_every_answer_says_what_it_is_and_by_which_letters_it_is_written(ask, as_, make_person):
    answers = ask(as_(make_person(roles=frozenset(PEOPLE))))

    # What is streamed is not read here: its request is over.
    texts = re.compile(r"text/.*|.*[/+]xml")
    with_a_body = {asked: a for asked, a in answers.items() if a.content_length != 0}
    assert len(with_a_body) > 200
    assert (
        but_for(
            with_a_body,
            lambda a: (
                a.mimetype
                and (not texts.fullmatch(a.mimetype) or "charset=utf-8" in a.content_type.lower())
            ),
        )
        == {}
    )
