"""The list of lines and the page of one: what administrators change."""

import pytest

from crm.models import LeadSource, StaffGroup, User
from openlines.models import Dialog, Line
from openlines.services.lines import create_line
from routing.models import Decision, Queue
from tests.factories import make_channel, make_user, write
from tests.pages import browser, get, post, text_of


def values_of(line: Line) -> dict[str, object]:
    """What the untouched page of the line would send."""
    page = browser(User.objects.get(username="alla")).get(f"/settings/lines/{line.pk}/").context["page"]
    values = {field.name: field.value() for section in page for field in section if field.name != "entries"}
    values = {
        name: "on" if value is True else value
        for name, value in values.items()
        if value is not None and value is not False
    }
    limits = {f"limit-{row.key}": row.limit for row in page.queue.rows}
    languages = [code for code, _name in page.languages]
    return values | limits | {"entries": page.queue.keys, "languages": languages, "seen": page.seen}


def operators(*people: User) -> list[str]:
    return [f"operator-{person.pk}" for person in people]


def save(cast, line: Line, *, piece: bool = False, without: tuple[str, ...] = (), **changes: object):
    values = {name: value for name, value in (values_of(line) | changes).items() if name not in without}
    return post(cast.alla, f"/settings/lines/{line.pk}/", piece=piece, **values)


def queue_of(line: Line) -> list[int]:
    return list(line.queue_members.order_by("position").values_list("operator_id", flat=True))


@pytest.mark.row("L4")
def test_only_administrators_configure_lines(cast, line):
    channel = make_channel(cast, line)
    reads = [
        "/settings/lines/", "/settings/lines/new/", f"/settings/lines/{line.pk}/", "/settings/lines/queue-row/",
        f"/settings/lines/{line.pk}/connect/telegram/", f"/settings/channels/{channel.pk}/",
        f"/settings/channels/{channel.pk}/test/", f"/settings/channels/{channel.pk}/arrived/", "/stats/lines/today/",
    ]  # fmt: skip
    writes = [
        "/settings/lines/new/", f"/settings/lines/{line.pk}/", f"/settings/lines/{line.pk}/connect/sandbox/",
        f"/settings/channels/{channel.pk}/disconnect/", f"/settings/channels/{channel.pk}/token/",
        f"/settings/channels/{channel.pk}/move/", f"/settings/channels/{channel.pk}/details/",
        "/settings/channels/check/telegram/",
    ]  # fmt: skip
    for name in ("sergey", "olga", "mallory", "stranger"):
        person = browser(getattr(cast, name))
        assert [person.get(address).status_code for address in reads] == [403] * len(reads)
        assert [person.post(address).status_code for address in writes] == [403] * len(writes)
    assert {get(None, address).status_code for address in reads} == {302}
    assert {post(None, address).status_code for address in writes} == {302}
    channel.refresh_from_db()
    assert channel.state == "CONNECTED"


def test_a_piece_sends_who_is_signed_out_to_the_whole_sign_in_page(cast, line):
    response = get(None, f"/settings/lines/{line.pk}/", piece=True)

    assert response.headers["HX-Redirect"] == "/login/"


@pytest.mark.row("L1")
def test_a_new_line_works_at_once(cast, commit):
    with commit():
        response = post(cast.alla, "/settings/lines/new/", name="Support")

    line = Line.objects.get(name="Support")
    assert response.headers["Location"] == f"/settings/lines/{line.pk}/"
    assert (line.is_active, line.queue.distribution, queue_of(line)) == (True, "EVENLY", [cast.alla.pk])
    assert "{client}" in line.welcome_text
    with commit():
        dialog = write(make_channel(cast, line), "Hello")
    assert dialog.state == Dialog.State.QUEUED


@pytest.mark.parametrize("name", ["", "   ", "x" * 256])
def test_a_line_needs_a_name_of_sensible_length(cast, name):
    response = post(cast.alla, "/settings/lines/new/", piece=True, name=name)

    assert response.status_code == 422
    assert not Line.objects.exists()


@pytest.mark.row("L1")
def test_the_list_shows_state_channels_queue_and_todays_figures(cast, line, commit):
    channel = make_channel(cast, line)
    with commit():
        write(channel, "Hello")

    page = text_of(get(cast.alla, "/settings/lines/"))
    figures = text_of(get(cast.alla, "/stats/lines/today/", piece=True))

    for words in ("Sales", "works", "Olga", "Oleg", "channel-mark--sandbox", "/stats/lines/today/"):
        assert words in page
    assert f'id="figures-{line.pk}"' in figures
    assert figures.count("<dd>1</dd>") == 1
    assert '<dd class="line-row__waiting">1</dd>' in figures


@pytest.mark.row("L1")
def test_the_list_costs_the_same_however_many_lines_there_are(cast, django_assert_num_queries):
    alla = browser(cast.alla)
    for number in range(12):
        make_channel(cast, create_line(administrator=cast.alla, name=f"Line {number}"))

    with django_assert_num_queries(5):
        alla.get("/settings/lines/")


@pytest.mark.row("L2")
def test_the_page_costs_the_same_however_many_staff_there_are(cast, line, django_assert_num_queries):
    alla = browser(cast.alla)
    for number in range(20):
        make_user(f"operator{number}", User.Role.OPERATOR)

    with django_assert_num_queries(15):
        alla.get(f"/settings/lines/{line.pk}/")


@pytest.mark.row("L2")
def test_saving_stores_the_whole_page_at_once(cast, line):
    source = LeadSource.objects.create(name="Fair")
    response = save(
        cast, line, name="Sales & support", access="LINE", lead_rule="BY_HAND", lead_source=source.pk,
        distribution="STRICTLY", offer_seconds=300, entries=operators(cast.oleg, cast.alla, cast.olga),
        supervisors=[], welcome_text="Hello, {client}", silence_minutes="1.5", silence_text="",
        closing_action="NONE", without=("checks_presence",),
    )  # fmt: skip

    assert response.status_code == 302
    line = Line.objects.select_related("queue").get(pk=line.pk)
    assert (line.name, line.access, line.lead_rule, line.lead_source) == ("Sales & support", "LINE", "BY_HAND", source)
    assert (line.welcome_text, line.silence_seconds, line.silence_text) == ("Hello, {client}", 90, "")
    assert (line.is_welcome_sent, line.closing_action, line.is_closed_by_silence) == (True, "NONE", True)
    assert queue_of(line) == [cast.oleg.pk, cast.alla.pk, cast.olga.pk]
    assert not line.supervisors.exists()
    queue = line.queue
    assert (queue.distribution, queue.offer_seconds, queue.checks_presence) == ("STRICTLY", 300, False)
    assert queue.prefers_last_operator


def test_an_untouched_page_changes_nothing(cast, line):
    Line.objects.filter(pk=line.pk).update(silence_seconds=3601)
    Queue.objects.filter(line=line).update(offer_seconds=7)
    before = Line.objects.filter(pk=line.pk).values().get(), Queue.objects.filter(line=line).values().get()

    assert save(cast, line).status_code == 302

    assert (Line.objects.filter(pk=line.pk).values().get(), Queue.objects.filter(line=line).values().get()) == before
    assert queue_of(line) == [cast.olga.pk, cast.oleg.pk]


@pytest.mark.row("R3")
def test_the_exact_seconds_set_over_the_api_are_offered_among_the_minutes(cast, line):
    Queue.objects.filter(line=line).update(offer_seconds=90)

    page = text_of(get(cast.alla, f"/settings/lines/{line.pk}/"))

    assert '<option value="90" selected>90 seconds</option>' in page
    assert '<option value="60">1 minute</option>' in page
    assert '<option value="1800">30 minutes</option>' in page
    assert "31 minutes" not in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "This field is required."),
        ({"welcome_text": "  "}, "Write a text, or switch it off."),
        ({"closing_text": "Bye, {name}"}, "Clients would read {name} as it is"),
        ({"welcome_text": "x" * 2001}, "at most 2000 characters"),
        ({"silence_minutes": "0"}, "Enter more than nothing."),
        ({"silence_minutes": "99999"}, "At most 30 days."),
        ({"silence_minutes": "soon"}, "Enter a number."),
        ({"offer_seconds": 61}, "Select a valid choice."),
        ({"distribution": "RANDOM"}, "Select a valid choice."),
        ({"entries": []}, "Add at least one operator"),
        ({"entries": ["operator-0"]}, "Somebody in the queue is no longer there."),
        ({"supervisors": [0]}, "Select a valid choice."),
        ({"client_closing_action": "FORM"}, "Give the link to the form, or choose another action."),
        ({"no_answer_action": "TEXT"}, "Write a text, or switch it off."),
        ({"form_url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"priority": 10}, "Select a valid choice."),
        ({"return_seconds": 61}, "Select a valid choice."),
        ({"grace_minutes": "-1"}, "Enter nothing less than 0."),
        ({"continue_minutes": "99999"}, "At most 30 days."),
        ({"lead_source": 0}, "Select a valid choice."),
    ],
)
def test_a_mistake_is_shown_at_its_field_and_nothing_is_stored(cast, line, changes, words):
    response = save(cast, line, piece=True, **({"name": "Changed"} | changes))

    assert response.status_code == 422
    assert words in text_of(response)
    assert Line.objects.get(pk=line.pk).name == "Sales"
    assert queue_of(line) == [cast.olga.pk, cast.oleg.pk]


def test_who_is_in_the_queue_twice_is_refused_in_words(cast, line):
    response = save(cast, line, name="Changed", entries=operators(cast.olga, cast.olga))

    assert response.status_code == 422
    assert "Repeated." in text_of(response)
    assert Line.objects.get(pk=line.pk).name == "Sales"


def test_what_a_colleague_changed_meanwhile_is_said_before_it_is_overwritten(cast, line):
    mine = values_of(line) | {"name": "Mine"}
    save(cast, line, name="Theirs")

    refused = post(cast.alla, f"/settings/lines/{line.pk}/", piece=True, **mine)

    assert refused.status_code == 422
    assert "Somebody changed this line while you did." in text_of(refused)
    assert Line.objects.get(pk=line.pk).name == "Theirs"
    again = mine | {"seen": refused.context["page"].seen}
    assert post(cast.alla, f"/settings/lines/{line.pk}/", **again).status_code == 302
    assert Line.objects.get(pk=line.pk).name == "Mine"


def test_saving_in_place_answers_with_the_form_and_a_word(cast, line):
    response = save(cast, line, piece=True, name="Renamed")

    page = text_of(response)
    assert page.startswith('<form class="line-form"')
    assert 'id="line-title" hx-swap-oob="true"' in page
    assert "Saved. It works like this from now on." in page


@pytest.mark.row("R1")
@pytest.mark.parametrize(
    ("action", "order"),
    [("down:olga", ["oleg", "olga"]), ("up:oleg", ["oleg", "olga"]), ("up:olga", ["olga", "oleg"]),
     ("remove:olga", ["oleg"]), ("add", ["olga", "oleg", "alla"]), ("up:mallory", ["olga", "oleg"])],
)  # fmt: skip
def test_the_queue_is_rearranged_without_scripts_and_not_stored_before_saving(cast, line, action, order):
    verb, _colon, name = action.partition(":")
    wanted = f"{verb}:operator-{getattr(cast, name).pk}" if name else verb

    response = save(cast, line, rearrange=wanted, candidate=f"operator-{cast.alla.pk}")

    assert [row.operator.username for row in response.context["page"].queue.rows] == order
    assert 'data-unsaved="1"' in text_of(response)
    assert queue_of(line) == [cast.olga.pk, cast.oleg.pk]


@pytest.mark.row("R1")
def test_a_row_for_one_more_operator(cast):
    assert "Alla" in text_of(get(cast.alla, "/settings/lines/queue-row/", candidate=f"operator-{cast.alla.pk}"))
    for nobody in ("", "0", "operator-x", f"operator-{cast.stranger.pk}", "group-1"):
        assert "<li" not in text_of(get(cast.alla, "/settings/lines/queue-row/", candidate=nobody))


@pytest.mark.row("R1")
def test_a_waiting_dialog_is_offered_to_whom_was_just_put_in_the_queue(cast, line, commit):
    User.objects.filter(pk__in=[cast.olga.pk, cast.oleg.pk]).update(presence="OFFLINE")
    with commit():
        dialog = write(make_channel(cast, line), "Hello")
    assert dialog.state == Dialog.State.QUEUED

    with commit():
        save(cast, line, entries=operators(cast.olga, cast.mallory))

    dialog.refresh_from_db()
    assert dialog.offered_to == [cast.mallory.pk]


def test_a_line_that_is_switched_off_keeps_what_clients_write_and_offers_it_later(cast, line, commit):
    channel = make_channel(cast, line)
    with commit():
        save(cast, line, without=("is_active",))
    with commit():
        dialog = write(channel, "Hello")

    assert dialog.state == Dialog.State.QUEUED
    assert not dialog.messages.filter(author_kind="BOT").exists()
    assert Decision.objects.get().reason["code"] == "LINE_OFF"

    with commit():
        save(cast, line, is_active="on")
    dialog.refresh_from_db()
    assert dialog.offered_to == [cast.olga.pk]


def test_a_name_of_markup_is_text(cast, line):
    save(cast, line, name="<img src=x onerror=alert(1)>")

    for address in ("/settings/lines/", f"/settings/lines/{line.pk}/"):
        assert "<img src=x" not in text_of(get(cast.alla, address))


def test_an_unknown_line_is_not_found_in_the_products_look(cast):
    response = get(cast.alla, "/settings/lines/999/")

    assert response.status_code == 404
    assert "There is nothing here" in text_of(response)


@pytest.mark.row("R1")
def test_groups_stand_in_the_queue_like_operators_each_with_a_limit(cast, line):
    group = StaffGroup.objects.create(name="Night shift")
    group.members.add(cast.alla, cast.stranger)

    save(cast, line, entries=[f"group-{group.pk}", *operators(cast.oleg)], **{f"limit-group-{group.pk}": "3"})

    entries = line.queue_entries.order_by("position").values_list("group_id", "operator_id", "dialog_limit")
    assert list(entries) == [(group.pk, None, 3), (None, cast.oleg.pk, None)]
    assert queue_of(line) == [cast.alla.pk, cast.oleg.pk]
    page = text_of(get(cast.alla, f"/settings/lines/{line.pk}/"))
    assert "Night shift" in page
    assert "0 of 1 on the line" in page


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "many", "1001", "²"])
def test_a_limit_that_is_none_is_said_with_the_name_of_whose_it_is(cast, line, limit):
    response = save(cast, line, **{f"limit-operator-{cast.oleg.pk}": limit})

    assert response.status_code == 422
    assert "Oleg: a limit is a whole number from 1 to 1000, or nothing." in text_of(response)
    assert f'value="{limit}"' in text_of(response)


@pytest.mark.row("A6")
def test_texts_are_written_in_other_languages_too(cast, line):
    german = {"welcome_text-de": "Guten Tag, {client}!", "closing_text-de": "Auf Wiedersehen", "silence_text-de": " "}

    save(cast, line, languages=["de", "fr"], **german)

    line.refresh_from_db()
    assert line.translations == {"de": {"welcome_text": "Guten Tag, {client}!", "closing_text": "Auf Wiedersehen"}}
    wrong = save(cast, line, **{"welcome_text-de": "Guten Tag, {name}!"})
    assert wrong.status_code == 422
    assert "Clients would read {name} as it is" in text_of(wrong)


@pytest.mark.row("A6")
def test_a_language_is_added_and_taken_out_before_anything_is_stored(cast, line):
    added = save(cast, line, rearrange="add-language", language="de")

    assert [code for code, _name in added.context["page"].languages] == ["de"]
    assert 'name="welcome_text-de"' in text_of(added)
    removed = save(cast, line, languages=["de"], rearrange="remove-language:de")
    assert removed.context["page"].languages == []
    assert save(cast, line, rearrange="add-language", language="klingon").context["page"].languages == []
    line.refresh_from_db()
    assert line.translations == {}


@pytest.mark.row("R3")
@pytest.mark.row("R4")
@pytest.mark.row("R5")
def test_every_rule_of_the_queue_is_on_the_page(cast, line):
    save(
        cast, line, place_rule="UNTIL_CLOSED", nobody_rule="EVERYONE", return_seconds=600, responsible_seconds=120,
        last_operator_seconds=180, priority=7, priority_minutes="2.5", no_answer_action="RETURN", no_answer_seconds=60,
        transfers_as_offer="on", colleagues_take_over="on", checks_working_day="on", off_hours_action="TEXT",
        off_hours_text="We are closed until {opening}", grace_minutes="10", continue_minutes="90", form_url="https://example.org/form",
        client_closing_action="FORM", without=("checks_absence", "moves_responsible", "prefers_responsible"),
    )  # fmt: skip

    line = Line.objects.select_related("queue").get(pk=line.pk)
    queue = line.queue
    assert (queue.place_rule, queue.nobody_rule, queue.return_seconds) == ("UNTIL_CLOSED", "EVERYONE", 600)
    assert (queue.responsible_seconds, queue.last_operator_seconds, queue.priority_seconds) == (120, 180, 150)
    assert (queue.no_answer_action, queue.no_answer_seconds) == ("RETURN", 60)
    assert (queue.transfers_as_offer, queue.colleagues_take_over, queue.checks_working_day) == (True, True, True)
    assert (queue.checks_absence, queue.moves_responsible, queue.prefers_responsible) == (False, False, False)
    assert (queue.off_hours_action, queue.off_hours_text) == ("TEXT", "We are closed until {opening}")
    assert (line.priority, line.grace_seconds, line.client_closing_action) == (7, 600, "FORM")
    assert line.continue_seconds == 5400


@pytest.mark.row("D1")
def test_a_line_says_within_what_time_clients_get_an_answer(cast, line):
    assert save(cast, line, reply_goal_seconds=600).status_code in {200, 302}
    line.refresh_from_db()
    assert line.reply_goal_seconds == 600

    save(cast, line, reply_goal_seconds="")
    line.refresh_from_db()
    assert line.reply_goal_seconds is None


@pytest.mark.row("A5")
def test_ratings_are_set_with_their_words_in_every_language(cast, line):
    words = {"rating_text": "How was it, {client}?", "rating_text-de": "Wie war es?", "rating_thanks_text": "Thanks"}

    save(cast, line, is_rating_asked="on", rating_scale="FIVE", languages=["de"], **words)

    line.refresh_from_db()
    assert (line.is_rating_asked, line.rating_scale, line.rating_text) == (True, "FIVE", "How was it, {client}?")
    assert (line.rating_thanks_text, line.translations["de"]) == ("Thanks", {"rating_text": "Wie war es?"})


@pytest.mark.row("A5")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rating_text": " "}, "Write a text, or switch it off."),
        ({"rating_text": "Rate, {name}"}, "Clients would read {name} as it is"),
        ({"rating_scale": "TEN"}, "Select a valid choice"),
    ],
)
def test_a_request_that_says_nothing_is_refused(cast, line, changes, words):
    response = save(cast, line, is_rating_asked="on", **changes)

    assert response.status_code == 422
    assert words in text_of(response)
