"""Finding messages: in both languages, by parts, and only what one may read."""

from datetime import timedelta

import pytest

from crm.models import Client
from openlines.models import Dialog, Line, Message, SearchEntry, SearchWord
from openlines.search import MessageFilter, dialogs_with, found_messages
from openlines.services.closing import finish_dialog
from openlines.services.indexing import Indexer
from openlines.services.replies import delete_reply, edit_reply
from routing.services.answering import answer_dialog
from tests.factories import make_channel, make_line, write
from tests.scenes import Scene, active, anna_writes, reply

pytestmark = pytest.mark.row("D14")

ANYTHING = MessageFilter()


def index() -> None:
    indexer = Indexer()
    while indexer.index_next():
        pass


def texts(user, search: str, wanted: MessageFilter = ANYTHING) -> list[str]:
    results = found_messages(user, search, wanted).results
    return ["".join(piece["text"] for piece in result["pieces"]) for result in results]


def hits(user, search: str) -> list[str]:
    results = found_messages(user, search, ANYTHING).results
    return [piece["text"] for result in results for piece in result["pieces"] if piece["is_hit"]]


@pytest.fixture
def said(scene: Scene):
    """Anna says it to Olga, and it comes into the search."""
    active(scene)

    def say(*texts: str) -> None:
        for text in texts:
            anna_writes(scene, text)
        index()

    return say


@pytest.mark.parametrize(
    ("text", "search", "hit"),
    [
        ("Привезите столы из дуба", "стол", "столы"),
        ("Где мой заказ?", "заказами", "заказ"),
        ("Все ещё жду ЁЛКУ", "елка", "ЁЛКУ"),
        ("Ещё елка", "ёлки", "елка"),
        ("Two parcels were lost", "parcel", "parcels"),
        ("I was waiting", "WAIT", "waiting"),
        ("Нужна переупаковка", "упаков", "переупаковка"),
        ("Order UNBREAKABLE", "break", "UNBREAKABLE"),
        ("Доставка в Тверь", "до", "Доставка"),
        ("Заказ №10445871", "45871", "10445871"),
        ("Call 8 (916) 123-45-67", "+7 916 123 45 67", "8 (916) 123-45-67"),
        ("Call +79161234567", "123-45-67", "+79161234567"),
        ("Пишите на anna@loft.example", "anna@loft.example", "anna"),
        ("100% oak_veneer", "100%", "100"),
    ],
)
def test_words_are_found_by_their_forms_and_parts(said, scene, text, search, hit):
    said(text, "Something else")

    assert hits(scene.cast.olga, search)[0] == hit
    assert texts(scene.cast.olga, search) == [text]


def test_all_of_the_words_have_to_match(said, scene):
    said("Дубовый стол", "Дубовый шкаф", "Белый стол")

    assert texts(scene.cast.olga, "стол дуб") == ["Дубовый стол"]
    assert texts(scene.cast.olga, "стол сосна") == []


def test_words_that_everybody_uses_count_only_where_there_are_no_others(said, scene):
    said("Стол и стул", "Стул")

    assert texts(scene.cast.olga, "и стол") == ["Стол и стул"]
    assert hits(scene.cast.olga, "и стол") == ["Стол"]
    assert texts(scene.cast.olga, "и") == []


@pytest.mark.parametrize(
    "search",
    ["", " ", "'", '"a" & !b | (', "\\", "%", "_", "<->", ":*", "a\0b", "\u202eoak", "х" * 100_000, "🙂", "@14@0"],
)
def test_whatever_is_typed_is_only_looked_for(said, scene, search):
    said("Nothing of the kind 100")

    assert texts(scene.cast.olga, search) == []


def test_the_newest_comes_first_and_pages_don_t_shift(said, scene):
    said(*(f"Стол {number}" for number in range(7)))

    first = found_messages(scene.cast.olga, "стол", ANYTHING, limit=3)
    said("Стол 7")
    second = found_messages(scene.cast.olga, "стол", ANYTHING, before=first.next_before, limit=3)
    third = found_messages(scene.cast.olga, "стол", ANYTHING, before=second.next_before, limit=3)

    pages = [[r["message_id"] for r in page.results] for page in (first, second, third)]
    assert [len(page) for page in pages] == [3, 3, 1]
    together = [message_id for page in pages for message_id in page]
    assert together == sorted(set(together), reverse=True)
    assert third.next_before is None


def test_edits_and_deletions_are_followed(said, scene):
    said("Hello")
    message = reply(scene, "Привезём диван")
    index()
    edit_reply(message_id=message.pk, operator=scene.cast.olga, text="Привезём кресло", now=scene.now)
    index()
    assert (texts(scene.cast.olga, "диван"), texts(scene.cast.olga, "кресло")) == ([], ["Привезём кресло"])

    delete_reply(message_id=message.pk, operator=scene.cast.olga, now=scene.now)
    assert texts(scene.cast.alla, "кресло") == []
    index()
    assert not SearchEntry.objects.filter(message_id=message.pk).exists()


def test_whispers_are_found_by_staff_and_say_what_they_are(said, scene):
    said("Hello")
    reply(scene, "Наш старейший клиент", visibility=Message.Visibility.STAFF)
    index()

    (found,) = found_messages(scene.cast.olga, "старейший", ANYTHING).results
    assert (found["visibility"], found["author"]["name"]) == ("STAFF", "Olga")


def test_service_lines_are_not_in_the_search(said, scene):
    said("Hello")

    assert not SearchEntry.objects.filter(message__author_kind=Message.Author.SYSTEM).exists()


def test_only_those_find_it_who_may_read_it(said, scene):
    said("Секретный стол")
    cast = scene.cast

    for user in (cast.alla, cast.sergey, cast.olga):
        assert texts(user, "секретный") == ["Секретный стол"]
    for user in (cast.oleg, cast.mallory, cast.stranger):
        assert found_messages(user, "секретный", ANYTHING) == found_messages(user, "nothing", ANYTHING)


def test_rights_that_are_given_and_taken_count_at_once(said, scene):
    said("Секретный стол")

    Line.objects.update(access=Line.Access.LINE)
    assert texts(scene.cast.oleg, "стол") == ["Секретный стол"]
    Line.objects.update(access=Line.Access.OWN)
    scene.line.supervisors.clear()

    assert texts(scene.cast.oleg, "стол") == texts(scene.cast.sergey, "стол") == []


def test_what_was_said_before_in_the_chat_opens_in_the_dialog_that_one_sees(said, scene):
    said("Первый стол")
    before = scene.dialog
    finish_dialog(dialog_id=before.pk, operator=scene.cast.olga, now=scene.now)
    later = write(scene.channel, "И снова я", number=50, now=scene.later(hours=2))
    Dialog.objects.filter(pk=later.pk).update(owner=scene.cast.mallory, state=Dialog.State.ACTIVE, offered_to=[])
    index()

    (found,) = found_messages(scene.cast.mallory, "первый", ANYTHING).results
    assert found["dialog"]["id"] == later.pk
    (found,) = found_messages(scene.cast.olga, "первый", ANYTHING).results
    assert found["dialog"]["id"] == before.pk


def test_many_and_few_visible_dialogs_are_answered_alike(said, scene, monkeypatch):
    said("Стол раз", "Стол два")
    few = found_messages(scene.cast.olga, "стол", ANYTHING)

    monkeypatch.setattr("openlines.search.FEW_DIALOGS", -1)

    assert found_messages(scene.cast.olga, "стол", ANYTHING) == few
    assert found_messages(scene.cast.mallory, "стол", ANYTHING).results == []
    assert found_messages(scene.cast.alla, "стол", MessageFilter(line_id=scene.line.pk)).results == few.results


def test_when_time_is_up_the_page_says_where_to_go_on(said, scene, monkeypatch):
    said("Стол раз", "Стол два")
    monkeypatch.setattr("openlines.search.NEAR_BLOCKS", 0)
    monkeypatch.setattr("openlines.search.ENOUGH_SECONDS", -1)
    assert found_messages(scene.cast.alla, "стол", ANYTHING).results == []
    assert found_messages(scene.cast.alla, "стол", ANYTHING).next_before == Message.objects.latest("pk").pk + 1


@pytest.mark.parametrize("few", [1_500, -1])
def test_filters_narrow_what_is_found(said, scene, monkeypatch, few):
    monkeypatch.setattr("openlines.search.FEW_DIALOGS", few)
    said("Стол от Анны")
    other = make_channel(scene.cast, make_line(scene.cast, name="Support"), kind="sandbox")
    boris = write(other, "Стол от Бориса", sender="Boris", now=scene.later(days=3))
    answer_dialog(dialog_id=boris.pk, operator=scene.cast.olga, now=scene.later(days=3))
    reply(scene, "Стол от Ольги")
    Message.objects.filter(text="Стол от Ольги").update(has_attachments=True)
    index()
    alla, later = scene.cast.alla, scene.later(days=2)

    assert texts(alla, "стол", MessageFilter(line_id=other.line_id)) == ["Стол от Бориса"]
    assert texts(alla, "стол", MessageFilter(channel_id=scene.channel.pk)) == ["Стол от Ольги", "Стол от Анны"]
    assert len(texts(alla, "стол", MessageFilter(channel_kind="sandbox"))) == 3
    assert texts(alla, "стол", MessageFilter(channel_kind="telegram")) == []
    assert texts(alla, "стол", MessageFilter(operator_id=scene.cast.oleg.pk)) == []
    assert texts(alla, "стол", MessageFilter(since=later)) == ["Стол от Бориса"]
    assert texts(alla, "стол", MessageFilter(until=later)) == ["Стол от Ольги", "Стол от Анны"]
    assert texts(alla, "стол", MessageFilter(since=later + timedelta(days=9))) == []
    assert texts(alla, "стол", MessageFilter(until=scene.later(days=-1))) == []
    assert texts(alla, "стол", MessageFilter(author="OPERATOR")) == ["Стол от Ольги"]
    assert texts(alla, "стол", MessageFilter(has_files=True)) == ["Стол от Ольги"]


def test_chats_that_went_to_another_client_are_found_with_them(said, scene):
    said("Стол")
    kept = Client.objects.create(name="Anna Petrova")
    scene.dialog.chat.client = scene.dialog.client = kept
    Dialog.objects.update(client=kept)
    scene.dialog.chat.__class__.objects.update(client=kept)

    (found,) = found_messages(scene.cast.olga, "стол", ANYTHING).results

    assert found["dialog"]["client"]["name"] == found["author"]["name"] == "Anna Petrova"


def test_names_of_files_are_found(said, scene):
    said("Hello")
    message = reply(scene, "Смотрите")
    message.attachments.create(name="Договор аренды.pdf", kind="FILE")
    Message.objects.filter(pk=message.pk).update(has_attachments=True)
    index()

    assert texts(scene.cast.olga, "аренда") == ["Договор аренды.pdf"]


def test_the_dialogs_of_the_newest_hits_are_known(said, scene):
    said("Стол")

    assert dialogs_with(scene.cast.olga, "стол", messages=10) == {scene.dialog.pk}
    assert dialogs_with(scene.cast.mallory, "стол", messages=10) == set()


def test_a_word_is_kept_once(said, scene):
    said("Стол стол СТОЛ", "Столы")

    assert SearchWord.objects.filter(lexeme="стол").count() == 2


def test_marks_of_formatted_words_are_not_shown(scene: Scene):
    active(scene)
    reply(scene, "We **replace the armrest** tomorrow", is_formatted=True)
    index()

    assert texts(scene.cast.olga, "armrest") == ["We replace the armrest tomorrow"]
