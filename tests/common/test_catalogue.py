import polib
import pytest

from common.catalogue import catalogue
from common.translations.catalogues import metadata


@pytest.fixture
def locale(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    catalogue.cache_clear()
    yield tmp_path
    catalogue.cache_clear()


def test_scripts_get_texts_and_plural_forms_and_no_gaps(locale):
    texts = polib.POFile()
    texts.metadata = metadata("ru")
    texts.append(polib.POEntry(msgid="Save", msgstr="Сохранить"))
    texts.append(polib.POEntry(msgid="Later"))
    forms = {0: "{count} день", 1: "{count} дня", 2: "{count} дней"}
    texts.append(polib.POEntry(msgid="{count} day", msgid_plural="{count} days", msgstr_plural=forms))
    (locale / "ru" / "LC_MESSAGES").mkdir(parents=True)
    texts.save(str(locale / "ru" / "LC_MESSAGES" / "djangojs.po"))
    assert catalogue("ru") == {"Save": "Сохранить", "{count} day": list(forms.values())}


def test_english_needs_no_catalogue(locale):
    assert catalogue("en") == {}
