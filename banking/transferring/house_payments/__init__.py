"""Money between wallets and accounts of the house: collected, paid out, booked.

Floors above move money by these intents alone; the legs of a journal are composed here.
"""

__all__ = ["queries", "service"]
