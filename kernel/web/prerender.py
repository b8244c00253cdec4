"""Pages that must appear when nothing works: written at set-up, one per failure and language."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kernel.web import i18n
from kernel.web.line_breaks import LineBreaks
from kernel.web.preferences import LANGUAGES, path_tag

# By status: what is shown when nothing works, and to floods, which may cost nothing.
FAILURES = {429: "errors/too_fast.html", 500: "errors/500.html", 503: "errors/503.html"}
_TEMPLATES = Path(__file__).parent / "templates" / "shell"


def failure_pages(folder: Path, *, stylesheet: str) -> None:
    """Write the pages of `FAILURES` in every offered language; they need no database."""
    folder.mkdir(parents=True, exist_ok=True)
    env = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", LineBreaks],
    )
    i18n.install(env)
    for locale in LANGUAGES.values():
        with i18n.use_locale(locale):
            for status, template in FAILURES.items():
                page = env.get_template(template).render(
                    stylesheet=stylesheet, home=f"/{path_tag(locale)}/", reference="{reference}"
                )
                (folder / f"{status}.{locale}.html").write_text(page, encoding="utf-8")
