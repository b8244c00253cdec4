"""What may be changed in a function: each mutant differs from it in one place."""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import CodeType

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitXor: ast.BitOr,
}
_OPPOSITES = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "floor": "ceil",
    "ceil": "floor",
}
_SHORT = 80  # characters of source
# Sentences for people are not decisions: their words are read by translators and reviewers.
_WORDS = frozenset({"N_", "P_", "_", "gettext", "ngettext"})

_Change = Callable[[ast.AST], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change. Shape: was and becomes are source text; reached where a test calls it at all."""

    function: str
    line: int
    was: str
    becomes: str
    code: CodeType
    reached: bool = True


def mutants_of(source: str, filename: str) -> Iterator[Mutant]:
    """Yield every mutant of the functions of a module, in the order of its lines."""
    for function, owner in _functions(ast.parse(source)):
        for number, change in _places(function):
            yield _mutant(function, owner, number, change, filename)


_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(tree: ast.Module) -> Iterator[tuple[_Function, str]]:
    """Yield functions, and methods with their class; one inside another is a part of it."""
    for node in tree.body:
        if isinstance(node, _Function):
            yield node, ""
        elif isinstance(node, ast.ClassDef):
            yield from ((one, node.name) for one in node.body if isinstance(one, _Function))


def _mutant(function: _Function, owner: str, number: int, change: _Change, filename: str) -> Mutant:
    twin = copy.deepcopy(function)
    parents = {id(below): node for node in ast.walk(twin) for below in ast.iter_child_nodes(node)}
    node = next(itertools.islice(_nodes(twin), number, None))
    shown = _shown(node, parents)
    was, line = _line(shown), getattr(node, "lineno", function.lineno)
    change(node)
    return Mutant(
        function=f"{owner}.{function.name}".lstrip("."),
        line=line,
        was=was,
        becomes=_line(shown),
        code=_compiled(twin, owner, filename),
    )


def _compiled(function: _Function, owner: str, filename: str) -> CodeType:
    """Return the code of a function as its module would hold it, the rest of it left out."""
    body: list[ast.stmt] = [function]
    if owner:
        body = [ast.ClassDef(owner, bases=[], keywords=[], body=body, decorator_list=[])]
    tree = ast.fix_missing_locations(ast.Module(body, type_ignores=[]))
    code = compile(tree, filename, "exec", flags=annotations.compiler_flag)
    for name in filter(None, (owner, function.name)):
        code = next(
            one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == name
        )
    return code


def _nodes(function: _Function) -> Iterator[ast.AST]:
    """Yield what runs when a function is called: neither annotations nor defaults nor words."""
    waiting: list[ast.AST] = list(reversed(_without_docstring(function.body)))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(_parts(node)))


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return body[1:] if is_text else body


def _parts(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, _Function):
        return list(_without_docstring(node.body))
    if isinstance(node, ast.AnnAssign):
        return [node.value] if node.value else []
    # An assertion guards what cannot happen; a rule raises.
    if isinstance(node, ast.Assert) or (isinstance(node, ast.Call) and _called(node) in _WORDS):
        return []
    if isinstance(node, ast.Raise):
        return _arguments(node)
    return list(ast.iter_child_nodes(node))


def _arguments(node: ast.Raise) -> list[ast.AST]:
    """Return what an error carries, apart from words for whoever debugs."""
    raised = node.exc
    if not isinstance(raised, ast.Call):
        return []
    texts = (ast.Constant, ast.JoinedStr)
    return [one for one in (*raised.args, *raised.keywords) if not isinstance(one, texts)]


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _places(function: _Function) -> Iterator[tuple[int, _Change]]:
    for number, node in enumerate(_nodes(function)):
        for change in _changes(node):
            yield number, change


def _changes(node: ast.AST) -> Iterator[_Change]:
    for kind, changes in _BY_KIND:
        if isinstance(node, kind):
            yield from changes(node)


def _of_comparison(node: ast.Compare) -> Iterator[_Change]:
    for at, operator in enumerate(node.ops):
        for other in _COMPARISONS[type(operator)]:
            yield _setting("ops", [*node.ops[:at], other(), *node.ops[at + 1 :]])


def _of_arithmetic(node: ast.BinOp | ast.AugAssign) -> Iterator[_Change]:
    if type(node.op) in _ARITHMETIC and not _is_text(node):
        yield _setting("op", _ARITHMETIC[type(node.op)]())


def _is_text(node: ast.BinOp | ast.AugAssign) -> bool:
    """Whether a text is put together: any other operator would only fail."""
    sides = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.value]
    return any(
        isinstance(one, ast.JoinedStr)
        or (isinstance(one, ast.Constant) and isinstance(one.value, str))
        for one in sides
    )


def _of_both(node: ast.BoolOp) -> Iterator[_Change]:
    yield _setting("op", ast.Or() if isinstance(node.op, ast.And) else ast.And())


def _of_sign(node: ast.UnaryOp) -> Iterator[_Change]:
    if isinstance(node.op, ast.Not):
        yield lambda found: _become(found, _call("bool", found.operand))
    elif isinstance(node.op, ast.USub):
        yield lambda found: setattr(found, "op", ast.UAdd())


def _of_constant(node: ast.Constant) -> Iterator[_Change]:
    value = node.value
    if isinstance(value, bool):
        yield _setting("value", not value)
    elif isinstance(value, int):
        yield _setting("value", value + 1)
        yield _setting("value", value - 1)
    elif isinstance(value, str):
        yield _setting("value", _other_text(value))


def _other_text(text: str) -> str:
    try:
        return str(Decimal(text) + 1)
    except InvalidOperation:
        return "" if text else "another"


def _of_call(node: ast.Call) -> Iterator[_Change]:
    name = _called(node)
    if name in _OPPOSITES and isinstance(node.func, ast.Name):
        yield _setting("func", ast.Name(_OPPOSITES[name], ast.Load()))
    elif name in _OPPOSITES and isinstance(node.func, ast.Attribute):
        yield _setting("func", ast.Attribute(node.func.value, _OPPOSITES[name], ast.Load()))


def _of_condition(node: ast.If | ast.IfExp | ast.While) -> Iterator[_Change]:
    """Turn a condition round where no operator of it can be."""
    if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
        yield _setting("test", ast.UnaryOp(ast.Not(), node.test))


def _of_filter(node: ast.comprehension) -> Iterator[_Change]:
    for at, test in enumerate(node.ifs):
        yield _setting("ifs", [*node.ifs[:at], *node.ifs[at + 1 :]])
        if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            turned = ast.UnaryOp(ast.Not(), test)
            yield _setting("ifs", [*node.ifs[:at], turned, *node.ifs[at + 1 :]])


def _of_return(node: ast.Return) -> Iterator[_Change]:
    if node.value is not None and not isinstance(node.value, ast.Constant):
        yield _setting("value", ast.Constant(None))


def _of_statement(node: ast.stmt) -> Iterator[_Change]:
    """Leave a statement out that does something by itself."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    yield lambda found: _become(found, ast.Pass())


def _of_jump(node: ast.Break | ast.Continue) -> Iterator[_Change]:
    other = ast.Continue if isinstance(node, ast.Break) else ast.Break
    yield lambda found: _become(found, other())


_BY_KIND: tuple[tuple[object, Callable[..., Iterator[_Change]]], ...] = (
    (ast.Compare, _of_comparison),
    (ast.BinOp | ast.AugAssign, _of_arithmetic),
    (ast.BoolOp, _of_both),
    (ast.UnaryOp, _of_sign),
    (ast.Constant, _of_constant),
    (ast.Call, _of_call),
    (ast.If | ast.IfExp | ast.While, _of_condition),
    (ast.comprehension, _of_filter),
    (ast.Return, _of_return),
    (ast.Raise | ast.Expr | ast.AugAssign, _of_statement),
    (ast.Break | ast.Continue, _of_jump),
)


def _setting(field: str, value: object) -> _Change:
    return lambda found: setattr(found, field, copy.deepcopy(value))


def _become(node: ast.AST, other: ast.AST) -> None:
    """Turn a node into another where it stands."""
    kept = {
        key: getattr(node, key) for key in ("lineno", "col_offset", "end_lineno", "end_col_offset")
    }
    node.__dict__.clear()
    node.__class__ = other.__class__
    node.__dict__.update(vars(other) | kept)


def _call(name: str, argument: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), [argument], [])


def _shown(node: ast.AST, parents: dict[int, ast.AST]) -> ast.AST:
    """Return the part of the source that tells one change from the next: not a bare figure."""
    shown = node
    while isinstance(shown, ast.Constant | ast.Name | ast.comprehension | ast.keyword | ast.Slice):
        above = parents[id(shown)]
        if len(_line(above)) > _SHORT and not isinstance(shown, ast.comprehension | ast.Slice):
            break
        shown = above
    return shown


def _line(node: ast.AST) -> str:
    """Return a part of the source in one line: of a statement with a body, its head."""
    return ast.unparse(node).splitlines()[0]
