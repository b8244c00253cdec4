"""How search joins the house."""

from __future__ import annotations

from kernel.plug import Plug

PLUG = Plug(name="search", package="search")
