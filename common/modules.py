"""Which ES modules a script of ours needs: at once, and on demand."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

STATIC_IMPORT = re.compile(
    r"""^(?:import\s*|(?:import|export)\s[^;"'()=]*?\sfrom\s*)["'](\.[^"']+)["'];""", re.MULTILINE
)
DYNAMIC_IMPORT = re.compile(r"""\bimport\(["'](\.[^"']+)["']\)""")

LINE_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
BLOCK_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n?", re.MULTILINE | re.DOTALL)
MARGIN = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Modules:
    first: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


def modules_of(entry: str, read: Callable[[str], str]) -> Modules:
    """``first``: the entry and all that it imports; ``later``: what any of them fetches on demand, with its imports."""
    texts: dict[str, str] = {}

    def reach(name: str, *patterns: re.Pattern[str]) -> None:
        if name in texts:
            return
        texts[name] = read(name)
        for pattern in patterns:
            for path in pattern.findall(texts[name]):
                reach(posixpath.normpath(posixpath.join(posixpath.dirname(name), path)), *patterns)

    reach(entry, STATIC_IMPORT)
    first = tuple(texts)
    texts.clear()
    reach(entry, STATIC_IMPORT, DYNAMIC_IMPORT)
    return Modules(first=first, later=tuple(name for name in texts if name not in first))


def without_comments(script: str) -> str:
    """The same script without comments that have lines of their own, and without margins. No text of ours has several
    lines (``tests/common/test_modules.py`` looks), so nothing else begins a line with what looks like a comment."""
    for pattern in (BLOCK_COMMENT, LINE_COMMENT, MARGIN):
        script = pattern.sub("", script)
    return script
