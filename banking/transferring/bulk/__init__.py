"""Payment batches: many transfers approved as one, booked group by group, all or nothing."""

__all__ = ["errors", "events", "queries", "service"]
