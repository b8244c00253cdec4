"""A card network for machines without one: localstripe behind a proxy that misbehaves on demand.

The proxy adds what localstripe lacks: idempotency keys, a hosted card page, fees, repeated delivery
of webhooks, and faults. It runs as a process of its own and shares nothing with the house but HTTP.
"""
