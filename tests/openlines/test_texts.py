"""Variables and languages of automatic texts, what lines may be set to, and the preview."""

import pytest
from django.utils import timezone

from common.errors import InvalidInput
from crm.models import User
from openlines import texts
from openlines.models import Line
from openlines.services.line_rules import check_line
from openlines.services.lines import change_line
from openlines.texts import fill_in, put_in, text_variable, unknown_variables, words_for
from tests.api.client import Caller
from tests.scenes import Scene, active, offered

pytestmark = pytest.mark.row("A6")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hello, {client}!", "Hello!"),
        ("Dear {client}, hello", "Dear, hello"),
        ("{client}, hello", ", hello"),
        ("You are number {position} in the queue", "You are number in the queue"),
        ("Wait {wait}.\nNo. {number}", "Wait.\nNo. 7"),
        ("{nonsense} { client }", "{nonsense} { client }"),
    ],
)
def test_a_variable_without_a_value_takes_what_leads_to_it_along(text, filled):
    assert put_in(text, {"number": "7"}) == filled


def test_unknown_variables_are_found():
    assert unknown_variables("{client} {nick} { form } {{wait}} {} {ждать}") == ["nick", "ждать"]


def test_apps_above_give_values_in_the_clients_language_when_a_text_asks_for_them(scene: Scene, monkeypatch):
    asked = []
    monkeypatch.setattr(texts, "_finders", {})

    @text_variable("wait")
    def find(dialog, now):
        asked.append(texts.translation.get_language())
        return "5 minutes"

    offered(scene)
    type(scene.dialog.client).objects.update(language="ru-RU")

    assert fill_in("Hello", scene.dialog, now=timezone.now()) == "Hello"
    assert asked == []
    assert fill_in("Wait, {wait}", scene.dialog, now=timezone.now()) == "Wait, 5 minutes"
    assert asked == ["ru"]


def test_the_words_of_another_app_are_translated_by_the_line(scene: Scene):
    Line.objects.update(translations={"en": {"no_answer_text": "Wait"}})
    active(scene)
    dialog = scene.dialog

    assert words_for(dialog, "no_answer_text", own="Подождите", now=scene.now) == "Подождите"
    dialog.client.language = "en"
    assert words_for(dialog, "no_answer_text", own="Подождите", now=scene.now) == "Wait"
    assert words_for(dialog, "no_answer_text", action=Line.Action.NONE, own="Подождите", now=scene.now) == ""


# What lines may be set to


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closing_action": "TEXT", "closing_text": " "}, "closing_text"),
        ({"client_closing_action": "TEXT"}, "client_closing_text"),
        ({"client_closing_action": "FORM"}, "form_url"),
        ({"silence_action": "FORM"}, "form_url"),
        ({"form_url": "javascript:alert(1)"}, "form_url"),
        ({"form_url": "forms.example"}, "form_url"),
        ({"welcome_text": ""}, "welcome_text"),
        ({"welcome_text": "Hello, {name}"}, "welcome_text"),
        ({"silence_text": "{nick}"}, "silence_text"),
        ({"silence_seconds": 0}, "silence_seconds"),
        ({"grace_seconds": 24 * 3600 + 1}, "grace_seconds"),
        ({"reply_goal_seconds": 0}, "reply_goal_seconds"),
        ({"reply_goal_seconds": 8 * 24 * 3600}, "reply_goal_seconds"),
        ({"translations": {"english": {"welcome_text": "Hello"}}}, "translations"),
        ({"translations": {"en": {"name": "Hello"}}}, "translations"),
        ({"translations": {"en": {"welcome_text": "{nick}"}}}, "translations"),
    ],
)
def test_what_cannot_work_is_said_at_the_field(cast, line, changes, field):
    with pytest.raises(InvalidInput) as refused:
        change_line(administrator=cast.alla, line=line, **changes)

    assert list(refused.value.fields) == [field]
    assert Line.objects.get() == Line.objects.get(closing_action="TEXT", form_url="", silence_seconds=3600)


@pytest.mark.parametrize(
    "changes",
    [
        {"silence_text": "", "silence_action": "TEXT"},
        {"closing_action": "NONE", "closing_text": ""},
        {"closing_action": "FORM", "closing_text": "", "form_url": "https://forms.example/1"},
        {"is_welcome_sent": False, "welcome_text": ""},
        {"translations": {"en": {"no_answer_text": "Wait {wait}", "off_hours_text": "{opening}"}}},
        {"grace_seconds": 0},
        {"reply_goal_seconds": 90},
        {"reply_goal_seconds": None},
    ],
)
def test_what_works_is_stored(cast, line, changes):
    change_line(administrator=cast.alla, line=line, **changes)

    assert Line.objects.filter(**changes).exists()


def test_what_is_not_touched_is_not_judged(line):
    line.closing_text = ""

    check_line(line, changed=["name", "grace_seconds"])


# The preview


def english(user: User) -> Caller:
    User.objects.filter(pk=user.pk).update(language="en")
    return Caller.by(user)


def test_the_preview_shows_a_text_as_a_client_would_read_it(cast, line):
    alla = english(cast.alla)

    answer = alla.call("POST", f"/lines/{line.pk}/texts/preview/", {"text": "Hello, {client}! No. {number}. {form}"})

    assert answer.json() == {"text": "Hello, Anna! No. 1024."}


def test_the_preview_names_what_it_does_not_know(cast, line):
    answer = english(cast.alla).call("POST", f"/lines/{line.pk}/texts/preview/", {"text": "{nick} {client} {age}"})

    assert answer.status_code == 400
    assert answer.json()["fields"]["text"] == [
        "Clients would read {nick} as it is: there is no such variable.",
        "Clients would read {age} as it is: there is no such variable.",
    ]


@pytest.mark.row("L2")
def test_the_api_refuses_in_the_same_words_as_the_page(cast, line):
    answer = english(cast.alla).call("PATCH", f"/lines/{line.pk}/", {"closing_action": "FORM"})

    assert answer.status_code == 400
    assert answer.json()["fields"] == {"form_url": ["Give the link to the form, or choose another action."]}
