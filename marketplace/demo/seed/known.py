"""What everybody signs in with in a demonstration: written down, and so worth nothing elsewhere."""

PASSWORD = "harbour lantern 1852"  # noqa: S105 - documented, of a demonstration that is not public
# What the authenticator apps of those who work for the house hold, in base32.
APP_SECRET = "HARBORLANTERNHARBORLANTERNHARBOR"  # noqa: S105 - as the password above
