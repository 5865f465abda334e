"""Every text of the repository, by catalogue."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from common.translations.python_source import texts_of_python
from common.translations.script_source import texts_of_script
from common.translations.template_source import texts_of_template
from common.translations.texts import NotLiteral, Text

Reader = Callable[[str], Iterable[Text | NotLiteral]]

PACKAGES = ("common", "crm", "openlines", "routing", "channels_connectors", "stats", "config")
READERS: tuple[tuple[str, tuple[str, ...], Reader], ...] = (
    ("django", tuple(f"{package}/**/*.py" for package in PACKAGES), texts_of_python),
    ("django", ("templates/**/*.*", *(f"{package}/**/templates/**/*.*" for package in PACKAGES)), texts_of_template),
    ("djangojs", ("static/**/*.js",), texts_of_script),
)
DOMAINS = ("django", "djangojs")


@dataclass(slots=True)
class Found:
    """Texts of one catalogue with the files they stand in, and what could not be read."""

    texts: dict[Text, list[str]] = field(default_factory=lambda: defaultdict(list))
    problems: list[str] = field(default_factory=list)


def found_texts(root: Path) -> dict[str, Found]:
    found = {domain: Found() for domain in DOMAINS}
    for domain, patterns, reader in READERS:
        for path in _files(root, patterns):
            _read(path, str(path.relative_to(root)), reader, found[domain])
    for one in found.values():
        one.problems += _contradictions(one.texts)
    return found


def _files(root: Path, patterns: Iterable[str]) -> Iterator[Path]:
    for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
        if "migrations" not in path.parts and path.is_file():
            yield path


def _read(path: Path, name: str, reader: Reader, found: Found) -> None:
    try:
        for text in reader(path.read_text(encoding="utf-8")):
            if isinstance(text, NotLiteral):
                found.problems.append(f"{name} {text}")
            elif name not in found.texts[text]:
                found.texts[text].append(name)
    except SyntaxError as error:
        found.problems.append(f"{name}: {error}")


def _contradictions(texts: Iterable[Text]) -> Iterator[str]:
    """A catalogue has one entry per msgid, so a text can't have two plurals."""
    plurals: dict[tuple[str, str], set[str]] = defaultdict(set)
    for text in texts:
        if text.plural:
            plurals[text.key].add(text.plural)
    for (_context, msgid), several in plurals.items():
        if len(several) > 1:
            yield f"“{msgid}” has several plurals: {', '.join(sorted(several))}"
