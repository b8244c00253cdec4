"""Second factors: passkeys, authenticator apps, recovery codes; and who confirmed lately."""
