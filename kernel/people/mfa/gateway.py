"""Passkeys of browsers: what they are asked, and whether what they answer is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from kernel.people.mfa.errors import PasskeyRefused
from kernel.people.mfa.rules import RelyingParty

_MOST = 20_000  # signs of an answer; real ones have a tenth


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey: its name and its public half."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a passkey answered, read but not believed yet."""

    text: str
    credential_id: bytes
    challenge: bytes
    user_handle: bytes

    @property
    def proof(self) -> dict[str, str]:
        """What is kept so that anybody can check the signature later."""
        read = parse_authentication_credential_json(self.text).response
        return {
            "credential_id": bytes_to_base64url(self.credential_id),
            "client_data": bytes_to_base64url(read.client_data_json),
            "authenticator_data": bytes_to_base64url(read.authenticator_data),
            "signature": bytes_to_base64url(read.signature),
        }


def creation_options(
    party: RelyingParty,
    *,
    person_id: UUID,
    email: str,
    name: str,
    challenge: bytes,
    known: Sequence[bytes],
) -> str:
    """Return what a browser needs to make a passkey that finds its person by itself, as JSON."""
    return options_to_json(
        generate_registration_options(
            rp_id=party.id,
            rp_name="Entrepôt",
            user_id=person_id.bytes,
            user_name=email,
            user_display_name=name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        )
    )


def request_options(party: RelyingParty, *, challenge: bytes, known: Sequence[bytes] = ()) -> str:
    """Return what a browser needs to ask for a passkey, as JSON; none known asks for any."""
    return options_to_json(
        generate_authentication_options(
            rp_id=party.id,
            challenge=challenge,
            allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def read_answer(text: str) -> Answer:
    """Read what a browser sent. Raises: PasskeyRefused when it is none."""
    with _whatever_was_sent():
        read = parse_authentication_credential_json(text[:_MOST])
        challenge = parse_client_data_json(read.response.client_data_json).challenge
    return Answer(text, read.raw_id, challenge, read.response.user_handle or b"")


def challenge_of_new(text: str) -> bytes:
    """Return the challenge that a new passkey answers. Raises: PasskeyRefused."""
    with _whatever_was_sent():
        read = parse_registration_credential_json(text[:_MOST])
        return parse_client_data_json(read.response.client_data_json).challenge


def check_new(text: str, *, party: RelyingParty, challenge: bytes) -> Made:
    """Return a new passkey when the browser's answer holds. Raises: PasskeyRefused."""
    with _whatever_was_sent():
        made = verify_registration_response(
            credential=text,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    return Made(made.credential_id, made.credential_public_key, made.sign_count)


def check(
    answer: Answer, *, party: RelyingParty, challenge: bytes, public_key: bytes, sign_count: int
) -> int:
    """Return the new count of signatures when the answer holds. Raises: PasskeyRefused."""
    with _whatever_was_sent():
        verified = verify_authentication_response(
            credential=answer.text,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    return verified.new_sign_count


@contextmanager
def _whatever_was_sent() -> Iterator[None]:
    """Refuse what the library cannot read; what strange bytes break in it is no closed list."""
    try:
        yield
    except Exception as error:
        raise PasskeyRefused from error
