"""Bodies of calls."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils.json import strict_constant

HALF_A_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")


class PlainJSONParser(JSONParser):
    """JSON that a database can hold; anything else is a mistake of the caller, however deep it lies."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body: bytes = stream.read()
        try:
            parsed = json.loads(body.decode(), parse_constant=strict_constant)
            if HALF_A_PAIR.search(body):
                json.dumps(parsed, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise ParseError(_("This is not valid JSON.")) from None
        return parsed
