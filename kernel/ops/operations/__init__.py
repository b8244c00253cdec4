"""The operator's view of the machinery: queues, deliveries that gave up, schedules."""

__all__ = ["queries"]
