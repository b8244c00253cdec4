"""What a browser test needs of a machine with a passkey in it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

_KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_passkey(page: Page) -> Callable[[], list[int]]:
    """Give the machine an authenticator; return what tells how often each of its keys signed."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": _KEY})

    def signatures() -> list[int]:
        keys = devtools.send("WebAuthn.getCredentials", added)["credentials"]
        return [key["signCount"] for key in keys]

    return signatures


def come_in(page: Page, house: str, email: str, password: str) -> None:
    """Fill in the sign-in page and press; whoever calls waits for where it leads."""
    page.goto(f"{house}/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
