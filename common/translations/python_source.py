"""Texts in Python."""

import ast
from collections.abc import Iterator

from common.translations.texts import NotLiteral, Text

# Where each function takes its context, msgid and plural.
FUNCTIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), ("msgid",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("msgid", "plural")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "msgid")),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ("context", "msgid", "plural")),
}


def texts_of_python(source: str) -> Iterator[Text | NotLiteral]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (name := _function(node.func)) in FUNCTIONS:
            found = _text(name, node)
            if found is not None:
                yield found


def _function(called: ast.expr) -> str:
    if isinstance(called, ast.Name):
        return called.id
    return called.attr if isinstance(called, ast.Attribute) else ""


def _text(name: str, call: ast.Call) -> Text | NotLiteral | None:
    parts = FUNCTIONS[name]
    given = call.args[: len(parts)]
    values = [part.value for part in given if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if len(values) == len(parts):
        return Text(**dict(zip(parts, values, strict=True)))
    # A name or a subscript may hold a text that was marked elsewhere; what is glued together was not.
    is_glued = any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in given)
    return NotLiteral(call.lineno, f"{name}()") if is_glued else None
