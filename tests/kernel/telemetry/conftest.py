"""Figures kept in a folder of the test's own, and read as Prometheus does."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kernel.telemetry import metrics
from kernel.telemetry.meters import Meters


class Kept(Meters):
    """Shape: read returns (name, *labels in the order of their names) → value."""

    def read(self):
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(self.text().decode())
            for sample in family.samples
        }


@pytest.fixture
def meters(tmp_path):
    made = Kept(tmp_path)
    metrics.use(made)
    yield made
    metrics.use(None)
    made.close()
