"""Payment batches: many transfers approved as one, booked group by group, all or nothing."""
