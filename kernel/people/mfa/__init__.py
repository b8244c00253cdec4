"""Second factors: passkeys, authenticator apps, recovery codes; and who confirmed lately."""

__all__ = ["errors", "forms", "queries", "rules", "service"]
