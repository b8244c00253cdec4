"""What sets the browser up and what starts it mean the same one."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.chromium import NAMES, path_of_chromium

SCRIPT = Path(__file__).parents[2] / "docker" / "chromium.sh"
BASH = shutil.which("bash")


@pytest.fixture
def only(tmp_path, monkeypatch):
    """Put programs of these names, and no others, on the path; return where they lie."""

    def put(*names, **programs):
        for name in [*names, *programs]:
            (tmp_path / name).write_text(f"#!{BASH}\n{programs.get(name, '')}\n")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        return tmp_path

    monkeypatch.delenv("CHROMIUM", raising=False)
    return put


def is_content():
    """Whether the script finds a browser; without one, and without apt-get, it gives up."""
    return subprocess.run([BASH, SCRIPT], check=False, stderr=subprocess.DEVNULL).returncode == 0


@pytest.mark.parametrize("name", NAMES)
def test_any_of_the_names_will_do(only, name):
    folder = only(name)
    assert is_content()
    assert path_of_chromium() == str(folder / name)


def test_the_one_that_is_named_wins(only, monkeypatch):
    folder = only(*NAMES, "own-browser")
    monkeypatch.setenv("CHROMIUM", str(folder / "own-browser"))
    assert is_content()
    assert path_of_chromium() == str(folder / "own-browser")


def test_a_name_that_leads_nowhere_is_said_and_nothing_else_taken(only, monkeypatch):
    only(*NAMES)
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert not is_content()
    with pytest.raises(FileNotFoundError, match="/nowhere/chromium"):
        path_of_chromium()


def test_without_any_browser_nothing_starts(only):
    only()
    assert not is_content()
    with pytest.raises(FileNotFoundError):
        path_of_chromium()


CJK, ARABIC = "Noto Sans CJK JP", "Noto Sans Arabic"


@pytest.mark.parametrize(
    ("fonts", "fetched"),
    [
        ("", "fonts-noto-core fonts-noto-cjk"),
        (ARABIC, "fonts-noto-cjk"),
        (CJK, "fonts-noto-core"),
        (f"{ARABIC}\n{CJK}", ""),
    ],
)
def test_a_browser_without_the_fonts_gets_those_that_are_missing(only, fonts, fetched):
    """Else its pages would move, and tests that watch them fail by what the machine lacks."""
    asked = only("chromium", **{"fc-list": f"echo '{fonts}'"}) / "asked"
    words = f'echo "$@" >> {asked}'
    only(**{"apt-get": words, "sudo": words})
    assert is_content()
    told = asked.read_text().splitlines() if asked.exists() else []
    assert len(told) == (2 if fetched else 0)
    assert told == [] or told[1].endswith(f"--no-install-recommends {fetched}")


def test_where_fonts_cannot_be_fetched_that_is_said_and_the_tests_go_on(only):
    only("chromium")
    told = subprocess.run([BASH, SCRIPT], check=False, capture_output=True, text=True)
    assert told.returncode == 0
    assert "fonts-noto-core fonts-noto-cjk" in told.stderr
