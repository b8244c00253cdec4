"""What cases with carriers say to officers."""

from __future__ import annotations

from dataclasses import dataclass

from insurance.losses.recovery.rules import CarrierClaimState
from insurance.rating.liability.queries import Cause, Regime
from kernel.text import N_


@dataclass(frozen=True, slots=True)
class Status:
    """A state as a tag, and what happens next. Shape: kind is a tag's kind."""

    kind: str
    word: str
    next: str


STATUS: dict[CarrierClaimState, Status] = {
    CarrierClaimState.NONE: Status("wait", N_("Notice not sent"), N_("Send the notice")),
    CarrierClaimState.NOTICE_SENT: Status(
        "info", N_("Notice sent"), N_("Claim the amount once our cover has paid")
    ),
    CarrierClaimState.CLAIMED: Status("info", N_("Claimed"), N_("Wait for the carrier's answer")),
    CarrierClaimState.ACCEPTED: Status(
        "ok", N_("Carrier accepted"), N_("Record the money when it arrives")
    ),
    CarrierClaimState.DENIED: Status("warn", N_("Carrier refused"), N_("Judge the answer")),
    CarrierClaimState.RECEIVED: Status("ok", N_("Partly paid"), N_("Wait for the rest")),
    CarrierClaimState.CLOSED: Status("ok", N_("Paid by the carrier"), N_("Nothing more to do")),
    CarrierClaimState.WAIVED: Status("info", N_("Not pursued"), N_("Nothing more to do")),
}
NO_CARRIER = Status("warn", N_("Carrier unknown"), N_("Find out who carried the cargo"))
NOTHING_OWED = Status("info", N_("Carrier owes nothing"), N_("Nothing more to do"))
CAUSE: dict[Cause, str] = {
    Cause.LOST: N_("Parcel lost"),
    Cause.DELAY: N_("Parcel late"),
    Cause.DAMAGE: N_("Items damaged"),
    Cause.THEFT: N_("Stolen after delivery"),
    Cause.MISSING: N_("Items missing from the parcel"),
}
CARGO_CAUSE: dict[Cause, str] = {
    Cause.LOST: N_("Cargo lost"),
    Cause.DAMAGE: N_("Cargo damaged"),
}
LAW: dict[Regime | None, str] = {
    Regime.MONTREAL: N_("Montreal Convention"),
    Regime.CMR: N_("CMR Convention"),
    Regime.HAGUE_VISBY: N_("Hague-Visby Rules"),
    None: N_("The carrier's own terms"),
}
HAPPENED: dict[str, str] = {
    "opened": N_("Case opened"),
    "notice_sent": N_("Notice sent to the carrier"),
    "claimed": N_("Amount claimed from the carrier"),
    "reminded": N_("Carrier reminded"),
    "accepted": N_("The carrier accepted"),
    "denied": N_("The carrier refused"),
    "received": N_("Money received"),
    "closed": N_("Case closed"),
    "waiver_proposed": N_("An officer proposed to stop"),
    "waiver_refused": N_("A second officer wants to go on"),
    "waived": N_("Two officers stopped the case"),
    "carriage_told": N_("Carrier, packages and weight recorded"),
    "nothing_owed_proposed": N_("An officer says the carrier owes nothing"),
    "nothing_owed": N_("Two officers agreed that the carrier owes nothing"),
    "nothing_paid": N_("Stopped, because there's nothing to claim"),
    "goods_kept": N_("The policyholder kept the found items and returned the payout"),
}
