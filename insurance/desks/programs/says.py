"""What each operation on parcels' cover says of itself: body, answers, and the codes it refuses by.

Errors are those that the commands behind it name in their docstrings.
"""

from __future__ import annotations

from typing import Final

from banking import api as bank
from insurance.contracts.changes import errors as changes
from insurance.contracts.insuring.errors import PayingWalletMissing, PromiseMissing
from insurance.contracts.policies import errors as policies
from insurance.desks.programs import answered, letters, taken
from insurance.desks.programs.errors import CoverKeyReused
from insurance.losses.claims import errors as claims
from insurance.offers.quotes import errors as quotes
from insurance.offers.shipments import errors as shipments
from insurance.reporting.bordereaux.errors import MonthUnknown
from kernel.errors import Invalid
from kernel.media.photos.errors import TooManyPhotos, TooManyPhotoTries
from kernel.web.described import PDF, TEXT, Described

# Imported for what they let the document name.
__all__ = ["answered", "letters"]

# What a wallet may refuse to pay.
PAYING: Final = (
    bank.InsufficientFunds,
    bank.ReducedLimit,
    bank.AccountFrozen,
    bank.DailyLimit,
    bank.MonthlyLimit,
    bank.OwnerDailyLimit,
    bank.OwnerMonthlyLimit,
    bank.LimitsUnavailable,
)
_ENDS: Final = (policies.CancellationRefused, policies.RefundChanged)
_CONFIRMS: Final = (
    policies.PolicyUnknown,
    changes.ChangeUnknown,
    changes.ChangeExpired,
    changes.ChangeOvertaken,
    changes.ChangeSettled,
    changes.WalletMissing,
    *PAYING,
)
_PREVIEW: Final = {"preview": taken.PREVIEW}
_CHANGED: Final = {201: "Change", 202: "Change", 200: "Change"}
_TOLD: Final = {200: "ClaimFile"}

PRODUCT_INFORMATION: Final = Described(answers={200: "ProductInformation"})
ASK: Final = Described(
    takes="Shipments",
    answers={201: "Quotes"},
    refuses=(
        shipments.ParcelOfOrder,
        shipments.PromisePast,
        shipments.PromiseTooSoon,
        shipments.PromiseTooLate,
    ),
)
QUOTE: Final = Described(answers={200: "Quote"}, refuses=(shipments.ShipmentUnknown,))
BUY: Final = Described(
    takes="Order",
    answers={200: "Policy", 201: "Policy", 202: "PurchaseWaiting"},
    is_once=True,
    refuses=(
        CoverKeyReused,
        shipments.ShipmentUnknown,
        shipments.ShipmentCovered,
        shipments.AlreadyInTransit,
        shipments.ParcelOfOrder,
        shipments.TrackingDown,
        quotes.QuoteExpired,
        quotes.LevelNotOffered,
        policies.ChoiceNotActive,
        policies.ProductInformationMissing,
        policies.DemandsMissing,
        policies.ParcelAlreadyCovered,
        PayingWalletMissing,
        PromiseMissing,
        *PAYING,
    ),
)
MINE: Final = Described(answers={200: "Policies"}, is_list=True)
POLICY: Final = Described(answers={200: "Policy"}, refuses=(policies.PolicyUnknown,))
CERTIFICATE_PAPER: Final = Described(
    answers={200: PDF}, asks={"language": TEXT}, refuses=(policies.PolicyUnknown,)
)
CERTIFICATE: Final = Described(
    answers={200: "Certificate"}, asks={"seal": TEXT}, refuses=(policies.PolicyUnknown,)
)
ENDORSE: Final = Described(
    takes="Endorsement",
    asks=_PREVIEW,
    answers=_CHANGED,
    refuses=(
        *_CONFIRMS,
        changes.TooLateToChange,
        changes.NothingToChange,
        changes.ValueTooHigh,
        changes.SumTooHigh,
        changes.NotInsurable,
        quotes.RiderNotOffered,
    ),
)
WITHDRAW: Final = Described(
    takes="Withdrawal", asks=_PREVIEW, answers=_CHANGED, refuses=(*_CONFIRMS, *_ENDS)
)
ASSIGN: Final = Described(
    takes="Assignment",
    asks=_PREVIEW,
    answers=_CHANGED,
    refuses=(*_CONFIRMS, changes.NotInForce, changes.ClaimIsOpen, changes.OwnPolicy),
)
CHANGE: Final = Described(answers={200: "Change"}, refuses=(changes.ChangeUnknown,))
ACCEPT: Final = Described(takes="Nothing", answers={200: "Change"}, refuses=_CONFIRMS)
DECLINE: Final = Described(
    takes="Nothing",
    answers={200: "Change"},
    refuses=(changes.ChangeUnknown, changes.ChangeSettled),
)
_PHOTOS: Final = (Invalid, TooManyPhotos, TooManyPhotoTries)
KEEP_FOR_NOTICE: Final = Described(
    takes="Photos",
    form="multipart/form-data",
    answers={201: "Evidence"},
    refuses=(*_PHOTOS, policies.PolicyUnknown),
)
KEEP_FOR_ANSWER: Final = Described(
    takes="Photos",
    form="multipart/form-data",
    answers={201: "Evidence"},
    refuses=(*_PHOTOS, claims.ClaimUnknown, claims.AnswerClosed),
)
NOTIFY: Final = Described(
    takes="Notice",
    answers={200: "ClaimFile", 201: "ClaimFile"},
    is_once=True,
    refuses=(
        CoverKeyReused,
        policies.PolicyUnknown,
        claims.ClaimExists,
        claims.ClaimWindowClosed,
        claims.CauseNotCovered,
        claims.AmountOverSumInsured,
        TooManyPhotos,
    ),
)
MY_CLAIMS: Final = Described(answers={200: "Claims"}, is_list=True)
CLAIM: Final = Described(answers={200: "ClaimFile"}, refuses=(claims.ClaimUnknown,))
SAY: Final = Described(
    takes="Words",
    answers=_TOLD,
    is_once=True,
    refuses=(CoverKeyReused, claims.ClaimUnknown, claims.AnswerClosed, TooManyPhotos),
)
APPEAL: Final = Described(
    takes="Words",
    answers=_TOLD,
    is_once=True,
    refuses=(
        CoverKeyReused,
        claims.ClaimUnknown,
        claims.AppealClosed,
        claims.ClaimTransitionRefused,
    ),
)
BORDEREAUX: Final = Described(
    answers={200: "Bordereaux"},
    asks={"insurer": TEXT, "currency": TEXT},
    refuses=(MonthUnknown,),
)
