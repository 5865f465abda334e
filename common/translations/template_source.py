"""Texts in Django templates, read the way ``makemessages`` reads them."""

import ast
import re
from collections.abc import Iterator

from django.utils.translation import templatize

from common.translations.python_source import texts_of_python
from common.translations.texts import NotLiteral, Text

LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(?:n?p?gettext|_)\(\s*{LITERAL}(?:\s*,\s*{LITERAL})*", re.DOTALL)


def texts_of_template(source: str) -> Iterator[Text | NotLiteral]:
    """Raises ``SyntaxError`` for a translation block with other tags inside."""
    for call in CALL.finditer(templatize(source)):
        yield from texts_of_python(_closed(call[0]))


def _closed(call: str) -> str:
    """The call by itself; a text with a raw newline between its quotes is still one text."""
    code = call.replace("\n", "\\n") + ")"
    ast.parse(code)
    return code
