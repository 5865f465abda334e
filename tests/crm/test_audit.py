"""Every change of settings is in the log: who, when, before, after; searchable, for administrators alone."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.utils import translation

import channels_connectors
import crm
import openlines
import routing
from channels_connectors.connector import CheckedAccount
from channels_connectors.registry import CONNECTORS
from channels_connectors.services.channels import connect_channel
from channels_connectors.services.upkeep import change_credentials
from crm.audit import record_change, recorded
from crm.audit_log import AuditFilter, audit_entries, differences
from crm.models import AuditEntry
from crm.staff import set_password
from openlines.models import Line
from openlines.services.lines import Place, change_line, set_queue
from routing.models import Queue
from routing.services.queues import change_queue
from tests.api.client import Caller
from tests.crm.audited import EXCEPTIONS, SERVICES, Audited
from tests.pages import browser, get, text_of
from tests.scenes import Scene

pytestmark = pytest.mark.row("P4")


def newest() -> AuditEntry:
    return AuditEntry.objects.latest("pk")


def words(entry: AuditEntry) -> dict[str, tuple[str, str]]:
    return {one.name: (one.before, one.after) for one in differences(entry)}


# Nothing is forgotten


@pytest.mark.parametrize("audited", SERVICES, ids=lambda audited: audited.name)
def test_whatever_an_administrator_changes_is_in_the_log(audited: Audited, scene):
    AuditEntry.objects.all().delete()

    audited.run(scene)

    entry = newest()
    assert (entry.actor, entry.actor_name) == (scene.cast.alla, "Alla")
    assert entry.before != entry.after
    assert entry.subject_kind
    assert entry.action


def test_every_service_of_administrators_is_tried():
    tried = {audited.service for audited in SERVICES} | EXCEPTIONS.keys()

    missing = {f"{service.__module__}.{service.__name__}" for service in services_of_administrators()}
    missing -= {f"{service.__module__}.{service.__name__}" for service in tried}
    assert sorted(missing) == []


def services_of_administrators() -> Iterator[Callable[..., Any]]:
    for app in (crm, openlines, routing, channels_connectors):
        for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if ".migrations" in module.name or ".management" in module.name:
                continue
            for name, function in inspect.getmembers(import_module(module.name), inspect.isfunction):
                is_public = function.__module__ == module.name and not name.startswith("_")
                if is_public and _is_keyword(function, "administrator"):
                    yield function


def _is_keyword(function: Callable[..., Any], name: str) -> bool:
    parameter = inspect.signature(function).parameters.get(name)
    return parameter is not None and parameter.kind is inspect.Parameter.KEYWORD_ONLY


# What an entry says


def test_only_what_differs_is_kept(scene):
    change_line(administrator=scene.cast.alla, line=scene.line, name="Support", is_active=True)

    entry = newest()
    assert (entry.before, entry.after) == ({"name": "Sales"}, {"name": "Support"})
    assert (entry.subject_kind, entry.subject_id, entry.subject_name) == ("line", scene.line.pk, "Support")


def test_saving_without_a_change_leaves_nothing(scene):
    AuditEntry.objects.all().delete()

    change_line(administrator=scene.cast.alla, line=scene.line, name="Sales")
    set_queue(
        administrator=scene.cast.alla,
        line=scene.line,
        places=[Place(operator_id=scene.cast.olga.pk), Place(operator_id=scene.cast.oleg.pk)],
    )

    assert not AuditEntry.objects.exists()


def change_and_fail(scene: Scene) -> None:
    change_line(administrator=scene.cast.alla, line=scene.line, name="Support")
    raise ZeroDivisionError


def test_what_was_rolled_back_is_not_in_the_log(scene, commit):
    AuditEntry.objects.all().delete()

    with pytest.raises(ZeroDivisionError), commit():
        change_and_fail(scene)

    assert not AuditEntry.objects.exists()


def test_people_are_named_by_their_names(scene):
    change_line(administrator=scene.cast.alla, line=scene.line, supervisors=[])

    assert newest().before == {"supervisors": [{"id": scene.cast.sergey.pk, "name": "Sergey"}]}
    assert words(newest()) == {"supervisors": ("Sergey", "–")}


def test_a_name_stays_readable_when_its_bearer_is_gone(scene):
    change_line(administrator=scene.cast.alla, line=scene.line, name="Support")

    scene.cast.alla.queue_places.all().delete()
    scene.cast.alla.delete()

    assert (newest().actor, newest().actor_name) == (None, "Alla")


def test_settings_are_told_by_their_names_and_choices_by_their_labels(scene):
    queue = Queue.objects.get(line=scene.line)
    change_queue(administrator=scene.cast.alla, queue=queue, distribution="STRICTLY", checks_presence=False)

    assert words(newest()) == {
        "distribution": ("Evenly", "Strictly in order"),
        "offer only to operators on the line": ("yes", "no"),
    }


def test_the_order_of_a_queue_is_told_with_its_limits(scene):
    places = [Place(operator_id=scene.cast.oleg.pk, dialog_limit=3), Place(operator_id=scene.cast.olga.pk)]
    set_queue(administrator=scene.cast.alla, line=scene.line, places=places)

    assert words(newest()) == {"queue entries": ("Olga, Oleg", "Oleg (3), Olga")}


def test_the_moment_is_that_of_the_caller(scene):
    with recorded(scene.line, actor=scene.cast.alla, now=scene.later(days=-1)):
        scene.line.name = "Support"

    assert newest().happened_at == scene.later(days=-1)


# Secrets


def test_a_password_is_said_to_be_changed_and_nothing_more(scene):
    set_password(administrator=scene.cast.alla, member_id=scene.cast.olga.pk, password="a long enough pass phrase")

    assert (newest().before, newest().after) == ({}, {"password": {"is_secret": True}})
    assert words(newest()) == {"password": ("", "changed")}


def test_secrets_inside_of_values_are_left_out_too(scene):
    record_change(
        actor=scene.cast.alla,
        action="CHANGED",
        subject=scene.channel,
        before={"settings": {"api_token": "old", "title": "x"}, "base_url": "https://me:hush@proxy.example"},
        after={"settings": {"api_token": "hush", "title": "y"}, "base_url": "https://me:hush@other.example"},
    )

    assert "hush" not in f"{newest().before}{newest().after}"
    assert newest().after["settings"]["title"] == "y"
    assert newest().after["base_url"] == "https://…@other.example"


@pytest.fixture
def _bot(monkeypatch):
    """Telegram takes whatever token it is shown for one of the same bot's."""
    bot = CheckedAccount(external_id="42", title="@loft_bot", details={})
    for name, answer in (("check", bot), ("set_webhook", None), ("remove_webhook", None)):
        monkeypatch.setattr(CONNECTORS["telegram"], name, lambda *_, answer=answer, **__: answer)


@pytest.mark.usefixtures("_bot")
def test_a_bot_that_is_connected_is_in_the_log(scene):
    channel = connect_channel(
        administrator=scene.cast.alla, line=scene.line, kind="telegram", values={"token": "1:hush"}, now=scene.now
    )

    assert (newest().action, newest().subject_id) == ("CONNECTED", channel.pk)
    assert not_to_be_read("hush")


@pytest.mark.usefixtures("_bot")
def test_a_new_token_is_in_the_log_without_its_text(scene):
    channel = connect_channel(
        administrator=scene.cast.alla, line=scene.line, kind="telegram", values={"token": "1:old"}, now=scene.now
    )
    change_credentials(administrator=scene.cast.alla, channel=channel, values={"token": "1:hush"}, now=scene.now)

    assert newest().after == {"credentials": {"is_secret": True}}
    assert words(newest()) == {"token": ("", "changed")}
    assert not_to_be_read("hush")


def not_to_be_read(secret: str) -> bool:
    rows = AuditEntry.objects.values_list("before", "after", "subject_name")
    return all(secret not in str(row) for row in rows)


# The page


def test_only_administrators_read_the_log(cast):
    for name in ("sergey", "olga", "mallory", "stranger"):
        assert get(getattr(cast, name), "/settings/audit/").status_code == 403
    assert get(cast.alla, "/settings/audit/").status_code == 200
    assert get(None, "/settings/audit/").status_code == 302


def test_a_new_installation_says_what_will_be_here(cast):
    assert "Nothing was changed yet" in text_of(get(cast.alla, "/settings/audit/"))


def test_the_page_tells_who_changed_what_from_what_to_what(scene):
    change_line(administrator=scene.cast.alla, line=scene.line, name="Support <b>")

    page = text_of(get(scene.cast.alla, "/settings/audit/"))

    for piece in ("Alla", "Changed", "line", "<del>Sales</del>", "<ins>Support &lt;b&gt;</ins>"):
        assert piece in page


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"search": "supp"}, True),
        ({"search": "ALLA"}, True),
        ({"search": "Nowhere"}, False),
        ({"search": 'quote " and \\ back'}, False),
        ({"search": ".*"}, False),
        ({"kind": "line"}, True),
        ({"kind": "channel"}, False),
        ({"since": "2020-01-01"}, True),
        ({"until": "2020-01-01"}, False),
        ({"since": "nonsense"}, True),
    ],
)
def test_the_log_is_searched_and_filtered(query, is_found, scene):
    AuditEntry.objects.all().delete()
    change_line(administrator=scene.cast.alla, line=scene.line, name="Support")

    assert ("<ins>Support</ins>" in text_of(get(scene.cast.alla, "/settings/audit/", **query))) == is_found
    assert ("<ins>Support</ins>" in text_of(get(scene.cast.alla, "/settings/audit/", piece=True, **query))) == is_found


def test_the_log_of_one_person(scene):
    change_line(administrator=scene.cast.alla, line=scene.line, name="Support")

    assert "Support" in text_of(get(scene.cast.alla, "/settings/audit/", actor=scene.cast.alla.pk))
    assert "Support" not in text_of(get(scene.cast.alla, "/settings/audit/", actor=scene.cast.olga.pk))


def test_a_number_is_found_as_a_whole(scene):
    change_queue(administrator=scene.cast.alla, queue=Queue.objects.get(line=scene.line), offer_seconds=417)

    assert audit_entries(AuditFilter(search="417")).count() == 1
    assert audit_entries(AuditFilter(search="41")).count() == 0


def test_older_entries_come_page_by_page(scene, django_assert_max_num_queries):
    alla = browser(scene.cast.alla)
    AuditEntry.objects.all().delete()
    for number in range(101):
        line = Line(pk=scene.line.pk, name=f"Line {number}")
        record_change(
            actor=scene.cast.alla, action="CHANGED", subject=line, before={"name": ""}, after={"name": number}
        )
    pages, before = [], None
    with django_assert_max_num_queries(24):
        while True:
            context = alla.get("/settings/audit/", {"before": before} if before else {}).context
            pages.append([row["entry"].subject_name for row in context["rows"]])
            before = context["before"]
            if before is None:
                break

    assert [len(page) for page in pages] == [50, 50, 1]
    assert [name for page in pages for name in page] == [f"Line {number}" for number in reversed(range(101))]


def test_the_log_speaks_the_reader_s_language(scene):
    change_queue(administrator=scene.cast.alla, queue=Queue.objects.get(line=scene.line), distribution="STRICTLY")

    with translation.override("ru"):
        assert words(newest()) == {"распределение": ("Равномерно", "Строго по очереди")}


# The API


def test_the_api_tells_the_same_with_the_same_filters(scene):
    alla = Caller.by(scene.cast.alla)
    change_line(administrator=scene.cast.alla, line=scene.line, name="Support")

    (entry,) = alla.get("/audit/", search="support", kind="line", since="2020-01-01T00:00:00Z").json()["results"]

    assert (entry["actor_name"], entry["before"], entry["after"]) == ("Alla", {"name": "Sales"}, {"name": "Support"})
    assert alla.get("/audit/", actor=scene.cast.olga.pk).json()["results"] == []
    assert alla.get("/audit/", until="2020-01-01T00:00:00Z").json()["results"] == []
    assert list(alla.get("/audit/", since="yesterday").json()["fields"]) == ["since"]
