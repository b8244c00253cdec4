"""What programs of customers and officers ask of cover, as JSON, by the commands of the pages."""

__all__ = ["answered", "answers", "errors", "once", "queries", "says", "service", "shown"]
