"""Assertions stay on: whatever starts the house refuses a Python that leaves them out."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "start",
    [
        ("-c", "import wsgi"),
        ("-m", "kernel", "worker"),
        ("-m", "kernel", "migrate"),
        ("-c", "from kernel.cli import main; main()"),
        ("-m", "gunicorn", "--check-config", "--config", "python:kernel.web.server"),
    ],
)
@pytest.mark.parametrize(
    ("flags", "environment"), [(("-O",), {}), ((), {"PYTHONOPTIMIZE": "2"})], ids=["-O", "by name"]
)
def test_the_house_refuses_to_start_without_its_assertions(start, flags, environment):
    ended = subprocess.run(
        [sys.executable, *flags, *start],
        check=False,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "Entrepôt does not run under `python -O` or PYTHONOPTIMIZE" in ended.stderr
    assert "Traceback" not in ended.stderr
