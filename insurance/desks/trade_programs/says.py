"""What each operation on open covers and cargo says of itself."""

from __future__ import annotations

from typing import Final

from insurance.desks.programs.errors import CoverKeyReused
from insurance.desks.programs.says import PAYING
from insurance.desks.trade_programs import letters, schemas
from insurance.trade.cargo import errors as cargo
from insurance.trade.open_cover import errors as open_cover
from kernel.web.described import PDF, TEXT, Described

# Imported for what it lets the document name.
__all__ = ["letters", "schemas"]

_UNKNOWN: Final = (open_cover.OpenCoverUnknown,)

COVERS: Final = Described(answers={200: "OpenCovers"}, is_list=True)
COVER: Final = Described(answers={200: "OpenCoverInFull"}, refuses=_UNKNOWN)
DECLARE: Final = Described(
    takes="Shipment",
    answers={200: "Declaration", 201: "Declaration"},
    refuses=(
        *_UNKNOWN,
        open_cover.ShipmentDeclared,
        open_cover.OpenCoverSuspended,
        open_cover.OpenCoverNotActive,
        open_cover.OpenCoverOutsideYear,
        open_cover.ShipmentLate,
        open_cover.ConveyanceLimit,
        open_cover.LocationLimit,
        open_cover.ShipmentRefused,
    ),
)
DECLARATIONS: Final = Described(
    answers={200: "Declarations"}, is_list=True, asks={"reference": TEXT}, refuses=_UNKNOWN
)
DECLARATION: Final = Described(
    answers={200: "Declaration"}, refuses=(*_UNKNOWN, open_cover.DeclaredShipmentUnknown)
)
ASK: Final = Described(takes="Cargo", answers={201: "CargoQuote"})
QUOTE: Final = Described(answers={200: "CargoQuote"}, refuses=(cargo.CargoUnknown,))
BUY: Final = Described(
    takes="CargoOrder",
    answers={200: "CargoPolicy", 201: "CargoPolicy", 202: "PurchaseWaiting"},
    is_once=True,
    refuses=(
        CoverKeyReused,
        cargo.CargoUnknown,
        cargo.CargoQuoteExpired,
        cargo.CargoNotOffered,
        cargo.CargoDeparted,
        cargo.CargoClausesUnopened,
        cargo.CargoNeedsMissing,
        cargo.CargoWalletMissing,
        *PAYING,
    ),
)
MINE: Final = Described(answers={200: "CargoPolicies"}, is_list=True)
POLICY: Final = Described(answers={200: "CargoPolicy"}, refuses=(cargo.CargoUnknown,))
CERTIFICATE_PAPER: Final = Described(
    answers={200: PDF}, asks={"language": TEXT}, refuses=(cargo.CargoUnknown,)
)
