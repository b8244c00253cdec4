"""Customs papers of guests, for the account that takes them along.

Quotes stay as they were made, being evidence; a declaration that follows one asks whose it is by
then.
"""

from __future__ import annotations

from kernel.manifest import Belongings
from marketplace.borders.customs.models import CustomsDeclaration

BELONGINGS = Belongings(key="marketplace.customs", columns=(CustomsDeclaration.buyer_id,))
