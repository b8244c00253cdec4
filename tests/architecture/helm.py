"""Renders and lints the chart by Helm's own code, in a process of its own: it brings Go along.

`python helm.py <chart>` reads values as JSON and prints findings and manifests as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import helm_python


def told(chart: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return what Helm says of a chart with some values. Shape: findings, manifests, refusal."""
    found = helm_python.lint(chart, values, strict=True)
    findings = [one["error"] for one in found["messages"] if one["severity"] > 1]
    try:
        with helm_python.Chart.load(chart) as opened:
            manifests = opened.render(values, name="house", namespace="shop")
    except helm_python.HelmError as refusal:
        return {"findings": findings, "manifests": {}, "refusal": str(refusal)}
    return {"findings": findings, "manifests": manifests, "refusal": ""}


if __name__ == "__main__":
    json.dump(told(sys.argv[1], json.load(sys.stdin)), sys.stdout)
