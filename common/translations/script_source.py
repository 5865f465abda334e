"""Texts in our JavaScript: ``t("…")``, ``tn("…", "…", …)`` and ``pieces("…")`` of ``static/console/core/i18n.js``."""

import ast
import re
from collections.abc import Iterator

from common.translations.texts import NotLiteral, Text

LITERAL = r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
CALL = re.compile(rf"(?<![\w.$])(?P<name>t|tn|pieces)\(\s*(?:(?P<one>{LITERAL})|(?P<glued>`))")
PLURAL = re.compile(rf"\s*,\s*(?P<many>{LITERAL})\s*[,)]")
END = re.compile(r"\s*[,)]")
COMMENT = re.compile(r"^\s*(?://|/\*|\*).*$", re.MULTILINE)


def texts_of_script(source: str) -> Iterator[Text | NotLiteral]:
    code = COMMENT.sub("", source)
    for call in CALL.finditer(code):
        line = code.count("\n", 0, call.start()) + 1
        yield _text(call, code) or NotLiteral(line, f"{call['name']}()")


def _text(call: re.Match[str], code: str) -> Text | None:
    if call["glued"]:
        return None
    if call["name"] == "tn":
        plural = PLURAL.match(code, call.end())
        return Text(_value(call["one"]), _value(plural["many"])) if plural else None
    return Text(_value(call["one"])) if END.match(code, call.end()) else None


def _value(literal: str) -> str:
    value: str = ast.literal_eval(literal)
    return value
