"""Pages on which tariffs of cover are written, rated beforehand and published."""

__all__: list[str] = []
