"""Pages where officers let an insurer's people in and out, and where these accept."""

__all__: list[str] = []
