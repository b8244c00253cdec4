"""A service to try translating with: speaks as LibreTranslate does, and misbehaves on demand.

It knows titles by the packaged list of words. For all else it says one sentence with the figures
of the original, so that pages can be looked at; whoever wants real words runs the real service.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from kernel.web.preferences import LANGUAGES
from marketplace.catalogue.translating.gateway import WordList
from marketplace.catalogue.translating.rules import language

_SENTENCES: Mapping[str, str] = {
    "en": "The stand-in says this in English.",
    "zh": "这是替身用中文说的一句话。",
    "es": "El sustituto dice esto en español.",
    "fr": "Le remplaçant dit ceci en français.",
    "de": "Der Ersatz sagt dies auf Deutsch.",
    "ja": "代役が日本語で言う一文です。",
    "ko": "대역이 한국어로 하는 말입니다.",
    "pt": "O substituto diz isto em português.",
    "ar": "يقول البديل هذا بالعربية.",
}
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_CODES = {language(tag): tag for tag in LANGUAGES.values()} | {"da": "da", "it": "it"}


class Fault(StrEnum):
    """What it does instead of translating."""

    HTML = "html"
    TOO_LONG = "too-long"
    OTHER_NUMBERS = "other-numbers"
    OTHER_LANGUAGE = "other-language"
    HIDDEN_SIGNS = "hidden-signs"
    EMPTY = "empty"
    TOO_FEW = "too-few"
    NO_JSON = "no-json"
    NOT_TAKEN = "not-taken"
    BUSY = "busy"
    BROKEN = "broken"
    ELSEWHERE = "elsewhere"
    SLOW = "slow"


_SPOILT: Mapping[Fault, Callable[[str], str]] = {
    Fault.HTML: lambda words: f"{words}<script>alert(1)</script>",
    Fault.TOO_LONG: lambda words: f"{words} " * 400,
    Fault.OTHER_NUMBERS: lambda words: f"{words} 99",
    Fault.OTHER_LANGUAGE: lambda _words: "Совсем другой язык",
    Fault.HIDDEN_SIGNS: lambda words: f"\u202e{words}",
    Fault.EMPTY: lambda _words: "  ",
}
_STATUS = {Fault.NOT_TAKEN: 400, Fault.BUSY: 429, Fault.BROKEN: 500, Fault.ELSEWHERE: 302}


class StandIn(ThreadingHTTPServer):
    """The service at a port of this machine. Units: slow_s in seconds.

    Shape: faults counts what it still does wrong; asked holds the bodies it was sent, in order.
    """

    daemon_threads = True

    def __init__(self, port: int = 0, *, key: str = "", slow_s: int = 60) -> None:
        super().__init__(("127.0.0.1", port), _Desk)
        self.key, self.slow_s = key, slow_s
        self.faults: Counter[Fault] = Counter()
        self.asked: list[Mapping[str, Any]] = []

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}"

    def next_fault(self) -> Fault | None:
        """Return what goes wrong now, and count it."""
        fault = next((one for one, left in self.faults.items() if left > 0), None)
        if fault is not None:
            self.faults[fault] -= 1
        return fault


class _Desk(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        """Tell the languages."""
        if self.path != "/languages":
            self._tell(404, {"error": "not here"})
            return
        codes = sorted(_CODES)
        self._tell(200, [{"code": code, "name": code, "targets": codes} for code in codes])

    def do_POST(self) -> None:
        """Translate, or do what was asked for instead."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        fault = self.server.next_fault()
        if self.server.key and body.get("api_key") != self.server.key:
            self._tell(403, {"error": "Invalid API key"})
        elif fault is Fault.SLOW:
            time.sleep(self.server.slow_s)
        elif fault is Fault.NO_JSON:
            self._send(200, b"<html>a proxy says hello</html>")
        elif fault in _STATUS:
            self._tell(_STATUS[fault], {"error": fault.value})
        else:
            self._tell(200, {"translatedText": _said(body, fault)})

    def log_message(self, *_told: object) -> None:
        """Log nothing: what it is asked are shops' words."""

    def _tell(self, status: int, told: object) -> None:
        self._send(status, json.dumps(told, ensure_ascii=False).encode())

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _said(body: Mapping[str, Any], fault: Fault | None) -> list[str]:
    words, target = list(body["q"]), body["target"]
    source = _CODES.get(body["source"], body["source"])
    known = WordList().say(words, source=source, target=_CODES.get(target, target))
    said = [
        answer.words or _sentence(original, target)
        for original, answer in zip(words, known, strict=True)
    ]
    if fault is Fault.TOO_FEW:
        return said[1:]
    return [_SPOILT[fault](one) for one in said] if fault and fault in _SPOILT else said


def _sentence(original: str, target: str) -> str:
    figures = " ".join(_FIGURES.findall(original))
    return f"{_SENTENCES.get(target, _SENTENCES['en'])} {figures}".strip()
