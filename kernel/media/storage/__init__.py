"""Where files lie that the house keeps: a folder of this machine, or a bucket that many share."""

__all__ = ["errors", "gateway"]
