"""Templates as clients read them. Pure."""

import re
from collections.abc import Sequence

GAP = re.compile(r"\{\{\s*(\d{1,4})\s*\}\}")


def filled(body: str, values: Sequence[str]) -> str:
    """The lowest gap takes the first value; what stands in values is left alone."""
    numbers = sorted({int(number) for number in GAP.findall(body)})
    by_number = dict(zip(numbers, values, strict=False))
    return GAP.sub(lambda gap: by_number.get(int(gap[1]), gap[0]), body)
