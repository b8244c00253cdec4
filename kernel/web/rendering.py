"""Pages from templates: one environment, prefixes per package, escaping always on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any

from flask import Flask, current_app, session
from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    pass_eval_context,
)
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.nodes import Call, Expr, Getattr
from jinja2.runtime import Context, Macro
from markupsafe import (  # type: ignore[attr-defined]  # the second is not exported
    Markup,
    _escape_inner,  # what `escape` does before it wraps the answer
    escape,
)

from kernel.config import settings
from kernel.errors import HouseError, NotSignedIn
from kernel.manifest import Manifest
from kernel.text import Counted, Message
from kernel.web.i18n import present, speak
from kernel.web.line_breaks import LineBreaks


class HouseTemplate(Template):
    """A template whose macros are made once, since all templates share the same globals."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


# What Jinja writes on a function that wants to know whether its text is escaped; it has no name of
# its own to import, so a function is asked, and no type knows of it.
_EVAL_CONTEXT = pass_eval_context(lambda _context: None).jinja_pass_arg  # type: ignore[attr-defined]


class HouseContext(Context):
    """A context that calls macros and plain functions straight; a page does so hundreds of times.

    Jinja asks every callable four times whether it wants the context. Source: jinja2.runtime, 3.1.
    """

    def call(self, called: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - anything
        """Call something from a template."""
        kind = type(called)
        wants = _EVAL_CONTEXT
        if kind is FunctionType or kind is MethodType:
            wants = called.__dict__.get("jinja_pass_arg")
        elif kind is not Macro:
            return super().call(called, *args, **kwargs)
        if wants is None:
            return called(*args, **kwargs)
        if wants is _EVAL_CONTEXT:
            return called(self.eval_ctx, *args, **kwargs)
        return super().call(called, *args, **kwargs)


def _shown(value: object) -> str:
    """Return what a template prints as it stands in the page: said in its language, escaped."""
    if type(value) is Markup:
        return value
    if type(value) is str:
        return _escape_inner(value)
    if type(value) is int:
        return str(value)
    return escape(present(value, html=True))


class HouseCode(CodeGenerator):
    """Writes shorter code for what a page does a thousand times. Source: jinja2.compiler, 3.1.

    What is printed passes one function, where Jinja finalizes it, asks it for its escaped form and
    wraps the answer again. Attributes are read by Python itself; whatever has none of that name is
    asked by Jinja, for an item, as ever. Calls carry no variables of loops and blocks, which only
    functions that take a whole context could see: the house has none.
    """

    def _output_child_pre(
        self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if _is_escaped(frame):
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(
        self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if _is_escaped(frame):
            self.write(")")
        else:
            super()._output_child_post(node, frame, finalize)

    def visit_Getattr(self, node: Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's own name
        """Write how an attribute is read."""
        self.write("(t_value if (t_value := getattr((t_thing := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing")
        self.write(f" else environment.getattr(t_thing, {node.attr!r}))")

    def visit_Call(  # noqa: N802 - Jinja's own name
        self,
        node: Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002 - Jinja's own signature
    ) -> None:
        """Write how something is called."""
        self.write("context.call(")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")


def _is_escaped(frame: Frame) -> bool:
    return bool(frame.eval_ctx.autoescape) and not frame.eval_ctx.volatile


class HouseEnvironment(Environment):
    """An environment whose templates share one mapping of globals, which each include copies."""

    code_generator_class = HouseCode
    shown = staticmethod(_shown)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template sees; no template here has globals of its own."""
        assert not d, "templates have no globals of their own"
        return self.globals


def _compiler() -> str:
    """Return a name for what writes templates' code: an upgraded house compiles them anew."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]


def environment(manifests: Sequence[Manifest]) -> Environment:
    """Return the environment: `shell/…` from the kernel, `<package>/…` from each package."""
    loaders = {
        manifest.name: FileSystemLoader(manifest.folder / "templates") for manifest in manifests
    }
    compiled = settings().var / "templates" / _compiler()
    compiled.mkdir(mode=0o700, parents=True, exist_ok=True)
    kernel = next(manifest for manifest in manifests if manifest.name == "kernel")
    loaders["shell"] = FileSystemLoader(kernel.folder / "web" / "templates" / "shell")
    env = HouseEnvironment(
        loader=PrefixLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", LineBreaks],
        cache_size=-1,
        # Compiling them all takes a second and a half at each start; a source's hash tells if it
        # is still the one that was compiled, and the folder's name by which compiler.
        bytecode_cache=FileSystemBytecodeCache(str(compiled)),
    )
    env.template_class = HouseTemplate
    env.context_class = HouseContext
    return env


def install(app: Flask, env: Environment) -> None:
    """Give the application its environment."""
    app.extensions["entrepot_templates"] = env


def render(template: str, /, **context: Any) -> str:  # noqa: ANN401 - page dataclasses
    """Return the page; `page` is the view's documented dataclass."""
    env: Environment = current_app.extensions["entrepot_templates"]
    return env.get_template(template).render(context)


def own_address(address: str) -> str:
    """Return an address of our own site as it is, anything else as nothing: no open redirects.

    Browsers drop tabs and line ends, so `/<tab>/elsewhere` would lead elsewhere.
    """
    is_ours = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_ours and address.isprintable() else ""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of the page before.

    Shape: kind is the note's: ok, info or bad; code is that of a refusal, empty for good news.
    """

    kind: str
    sentence: Message
    code: str


def flash(sentence: str, **data: object) -> None:
    """Keep a sentence for the next page; it is shown once and never the only proof."""
    _keep("ok", sentence, data)


def flash_refusal(refusal: HouseError) -> None:
    """Keep why something was refused for the next page; to be asked to sign in is no fault."""
    kind = "info" if isinstance(refusal, NotSignedIn) else "bad"
    _keep(kind, refusal.sentence.msgid, refusal.data, code=refusal.code)


def _keep(kind: str, sentence: str, data: Mapping[str, object], *, code: str = "") -> None:
    # A cookie holds plain values; numbers stay numbers, since sentences count with them.
    plain = {k: v if isinstance(v, int) else str(speak(v, html=False)) for k, v in data.items()}
    forms = [sentence, sentence.many, sentence.by] if isinstance(sentence, Counted) else sentence
    session["flash"] = [kind, forms, plain, code]


def take_flash() -> Told | None:
    """Return the sentence kept by the page before, and forget it."""
    flashed = session.pop("flash", None)
    if not flashed:
        return None
    # A browser that was open while the house was upgraded brings one that has no code yet.
    kind, sentence, data, *code = flashed
    if not isinstance(sentence, str):
        one, many, by = sentence
        sentence = Counted(one)
        sentence.many, sentence.by = many, by
    return Told(kind, Message(sentence, data), code[0] if code else "")
