"""Catalogues of translations: what is wrong with one, and bringing it up to the texts of the product."""

import re
from collections.abc import Iterator
from pathlib import Path

import polib

from common.translations.sources import Found
from common.translations.texts import Text, placeholders

PLURALS = {
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 :"
    " n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
}  # fmt: skip
WIDTH = 110


def catalogue_path(locale: Path, language: str, domain: str) -> Path:
    return locale / language / "LC_MESSAGES" / f"{domain}.po"


def merged(found: Found) -> dict[tuple[str, str], tuple[Text, list[str]]]:
    """One entry per msgid: a text that is used alone and counted is the counted one."""
    entries: dict[tuple[str, str], tuple[Text, list[str]]] = {}
    for text, files in found.texts.items():
        known, known_files = entries.get(text.key, (text, []))
        entries[text.key] = (text if text.plural else known, sorted({*known_files, *files}))
    return entries


def problems_of(path: Path, found: Found) -> Iterator[str]:
    """Everything that keeps the catalogue from being complete and right, in words."""
    yield from found.problems
    catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
    forms = plural_forms(catalogue)
    wanted = merged(found)
    for entry in catalogue:
        if entry.obsolete or (entry.msgctxt or "", entry.msgid) not in wanted:
            yield f"obsolete: {entry.msgid!r}"
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue if not entry.obsolete}
    for key, (text, files) in wanted.items():
        for problem in problems_of_entry(known.get(key), text, forms):
            yield f"{problem}: {text.msgid!r} ({', '.join(files)})"


def plural_forms(catalogue: polib.POFile) -> int:
    number = re.search(r"nplurals=(\d+)", catalogue.metadata.get("Plural-Forms", ""))
    return int(number[1]) if number else 2


def problems_of_entry(entry: polib.POEntry | None, text: Text, forms: int) -> Iterator[str]:
    if entry is None or entry.msgid_plural != text.plural:
        yield "missing"
        return
    if entry.fuzzy:
        yield "fuzzy"
    translations = list(entry.msgstr_plural.values()) if text.plural else [entry.msgstr]
    if not all(translations) or len(translations) != (forms if text.plural else 1):
        yield "not translated"
        return
    # Every form is used for several numbers in Russian, so each of them must say the number.
    wanted = placeholders(text.plural or text.msgid)
    for translation in translations:
        if placeholders(translation) != wanted:
            yield f"placeholders differ in {translation!r}"


def update(path: Path, language: str, found: Found) -> tuple[int, int]:
    """Adds new texts, drops those nobody uses; returns how many of each. What is there keeps its translation."""
    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in old if not entry.obsolete}
    wanted = merged(found)
    new = polib.POFile(wrapwidth=WIDTH)
    new.metadata = metadata(language)
    for key in sorted(wanted, key=lambda key: (wanted[key][1][0], key)):
        new.append(_entry(*wanted[key], known.get(key)))
    path.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(path))
    return len(wanted.keys() - known.keys()), len(known.keys() - wanted.keys())


def metadata(language: str) -> dict[str, str]:
    return {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }


def _entry(text: Text, files: list[str], known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(
        msgctxt=text.context or None,
        msgid=text.msgid,
        msgid_plural=text.plural,
        # No line numbers: they would change with every edit.
        occurrences=[(name, "") for name in files],
    )
    if text.plural:
        entry.msgstr_plural = dict(known.msgstr_plural) if known and known.msgid_plural == text.plural else {0: ""}
    elif known and not known.msgid_plural:
        entry.msgstr = known.msgstr
    if known:
        entry.tcomment, entry.flags = known.tcomment, known.flags
    if "%" in text.msgid and placeholders(text.msgid) and "python-format" not in entry.flags:
        entry.flags.append("python-format")
    return entry
