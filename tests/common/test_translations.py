from pathlib import Path
from textwrap import dedent

import polib
import pytest

from common.translations.catalogues import merged, problems_of, update
from common.translations.python_source import texts_of_python
from common.translations.script_source import texts_of_script
from common.translations.sources import Found, found_texts
from common.translations.template_source import texts_of_template
from common.translations.texts import NotLiteral, Text, placeholders


def found(*texts: Text) -> Found:
    return Found(texts={text: ["crm/models.py"] for text in texts})


def written(path: Path, *texts: Text, **translations: str) -> polib.POFile:
    update(path, "ru", found(*texts))
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        entry.msgstr = translations.get(entry.msgid, "")
    catalogue.save(str(path))
    return catalogue


class TestPython:
    def test_every_function_of_gettext_is_understood(self):
        source = """
            _("One") + gettext_lazy("Two " "halves") + translation.gettext("Three")
            ngettext("%(n)d day", "%(n)d days", n) + pgettext("verb", "Open") + npgettext("queue", "place", "places", n)
        """
        assert set(texts_of_python(dedent(source))) == {
            Text("One"),
            Text("Two halves"),
            Text("Three"),
            Text("%(n)d day", "%(n)d days"),
            Text("Open", context="verb"),
            Text("place", "places", "queue"),
        }

    def test_what_is_glued_together_is_refused_and_a_name_is_let_through(self):
        (problem,) = texts_of_python('_(label)\n_(f"Hello {name}")')
        assert isinstance(problem, NotLiteral)
        assert str(problem).startswith("line 2: _()")


class TestTemplates:
    def test_tags_blocks_and_constants_are_understood(self):
        source = """{% translate "Say \\'hi\\'" %}{% translate 'Two' as two %}{{ _("Three")|upper }}
            {% blocktranslate trimmed count n=leads %}
              {{ n }} lead
            {% plural %}
              {{ n }} leads
            {% endblocktranslate %}{% translate "Open" context "verb" %}
            {% comment %}{% translate "No" %}{% endcomment %}"""
        assert set(texts_of_template(source)) == {
            Text("Say \\'hi\\'"),
            Text("Two"),
            Text("Three"),
            Text("%(n)s lead", "%(n)s leads"),
            Text("Open", context="verb"),
        }

    def test_a_block_with_a_tag_inside_is_refused(self):
        with pytest.raises(SyntaxError, match="must not include other block tags"):
            list(texts_of_template("{% blocktranslate %}{% if x %}No{% endif %}{% endblocktranslate %}"))


class TestScripts:
    def test_texts_plurals_and_pieces_are_understood(self):
        source = """
            h("b", {}, t("Save")); const x = at("Not a text"); this.t("Neither");
            tn("{count} day", '{count} days', n); pieces(
              "From {from}", {from}); `${t("Inside")}`
            // t("Commented out")
            pieces(template(values), values);
        """
        assert set(texts_of_script(source)) == {
            Text("Save"),
            Text("{count} day", "{count} days"),
            Text("From {from}"),
            Text("Inside"),
        }

    @pytest.mark.parametrize("code", ["t(`Hello ${name}`)", 't("Hello " + name)', 'tn("day", many, n)'])
    def test_what_is_glued_together_is_refused(self, code):
        (problem,) = texts_of_script(code)
        assert isinstance(problem, NotLiteral)


def test_placeholders_of_all_kinds_are_seen():
    assert placeholders("%(who)s has %d of {count}, 100%% of {}") == {"%(who)s", "%d", "{count}", "{}"}


def test_a_text_that_is_also_counted_has_one_entry():
    entries = merged(found(Text("Lead"), Text("Lead", "Leads")))
    assert [text for text, _files in entries.values()] == [Text("Lead", "Leads")]


class TestProblems:
    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "ru" / "django.po"

    def problems(self, path, *texts):
        return list(problems_of(path, found(*texts)))

    def test_a_whole_catalogue_has_none(self, path):
        written(path, Text("Save"), Save="Сохранить")
        assert self.problems(path, Text("Save")) == []

    def test_a_missing_catalogue_misses_everything(self, path):
        assert self.problems(path, Text("Save")) == ["missing: 'Save' (crm/models.py)"]

    def test_new_untranslated_and_obsolete_texts_are_told(self, path):
        written(path, Text("Old"), Text("Save"), Old="Старое")
        assert self.problems(path, Text("Save"), Text("New")) == [
            "obsolete: 'Old'",
            "not translated: 'Save' (crm/models.py)",
            "missing: 'New' (crm/models.py)",
        ]

    def test_fuzzy_entries_are_told(self, path):
        catalogue = written(path, Text("Save"), Save="Сохранить")
        catalogue[0].flags.append("fuzzy")
        catalogue.save(str(path))
        assert self.problems(path, Text("Save")) == ["fuzzy: 'Save' (crm/models.py)"]

    @pytest.mark.parametrize("translation", ["Привет, {имя}", "Привет", "Привет, {name} {name} %s"])
    def test_other_placeholders_are_told(self, path, translation):
        written(path, Text("Hello, {name}"), **{"Hello, {name}": translation})
        (problem,) = self.problems(path, Text("Hello, {name}"))
        assert problem.startswith("placeholders differ")

    def test_every_plural_form_must_be_there_and_say_the_number(self, path):
        days = Text("{count} day", "{count} days")
        catalogue = written(path, days)
        catalogue[0].msgstr_plural = {0: "{count} день", 1: "{count} дня"}
        catalogue.save(str(path))
        assert self.problems(path, days)[0].startswith("not translated")
        catalogue[0].msgstr_plural[2] = "дней"
        catalogue.save(str(path))
        assert self.problems(path, days)[0].startswith("placeholders differ in 'дней'")

    def test_what_could_not_be_read_is_a_problem(self, tmp_path):
        (tmp_path / "templates").mkdir()
        (tmp_path / "templates" / "page.html").write_text("{% blocktranslate %}{% if x %}{% endblocktranslate %}")
        (problem,) = found_texts(tmp_path)["django"].problems
        assert problem.startswith("templates/page.html")


def test_update_keeps_translations_and_drops_what_nobody_uses(tmp_path):
    path = tmp_path / "django.po"
    written(path, Text("Old"), Text("Save"), Old="Старое", Save="Сохранить")
    assert update(path, "ru", found(Text("Save"), Text("New", "News"))) == (1, 1)
    assert [(entry.msgid, entry.msgstr) for entry in polib.pofile(str(path))] == [("New", ""), ("Save", "Сохранить")]
