"""Two clients are one person after all, and perhaps are not: everything goes over, and comes back as it was."""

import random
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from channels_connectors.inbox import keep_event, process_channel
from common.errors import NotFound
from crm.merging import AlreadyMerged, MergeUndone, SameClient
from crm.models import Client, Identity, Lead, User
from openlines.access import visible_clients
from openlines.history import message_page
from openlines.likenesses import similar_clients
from openlines.models import CallBack, Channel, Chat, Dialog
from openlines.services.clients import AddressTaken, NotesChanged, add_address, change_client, remove_address
from openlines.services.closing import finish_dialog
from openlines.services.leads import create_lead_by_hand
from openlines.services.merging import merge_clients, undo_merge
from routing.services.answering import answer_dialog
from tests.api.client import Caller
from tests.console_state import Verify
from tests.factories import make_cast, make_channel, make_line, write
from tests.scenes import Scene

pytestmark = pytest.mark.row("K6")


@pytest.fixture
def two(scene: Scene) -> tuple[Client, Client]:
    """Anna and Boris, each in a dialog of their own that Olga and Oleg see by their line."""
    scene.line.access = "LINE"
    scene.line.save()
    anna = write(scene.channel, "Hello", now=scene.now)
    boris = write(make_channel(scene.cast, scene.line), "Me again", sender="Boris", now=scene.now)
    for dialog in (anna, boris):
        answer_dialog(
            dialog_id=dialog.pk, operator=User.objects.get(pk=dialog.offered_to[0]), now=scene.now
        )  # fmt: skip
    return anna.client, boris.client


def merged(scene: Scene, kept: Client, absorbed: Client, actor: User | None = None) -> Any:
    return merge_clients(
        kept_id=kept.pk, absorbed_id=absorbed.pk, actor=actor or scene.cast.olga, now=scene.now
    )  # fmt: skip


def ledger() -> dict[str, Any]:
    """Whose everything is, and what the clients say of themselves."""
    models = (Identity, Lead, Chat, Dialog, CallBack)
    owners = {model.__name__: dict(model.objects.values_list("pk", "client")) for model in models}
    leads = dict(Dialog.objects.values_list("pk", "lead"))
    return owners | {"clients": list(Client.objects.order_by("pk").values()), "leads": leads}


def test_everything_goes_to_the_kept_client(two, scene):
    anna, boris = two
    Client.objects.filter(pk=boris.pk).update(notes="Likes tea", is_vip=True, tag_ids=[2, 3])
    Client.objects.filter(pk=anna.pk).update(notes="Pays late", tag_ids=[1, 2])

    merged(scene, anna, boris)

    kept = Client.objects.get(pk=anna.pk)
    assert (kept.name, kept.notes, kept.is_vip, kept.tag_ids) == ("Anna", "Pays late\n\nLikes tea", True, [1, 2, 3])
    for model in (Identity, Lead, Chat, Dialog):
        assert set(model.objects.values_list("client", flat=True)) == {anna.pk}, model
    texts = [message["text"] for message in message_page(scene.dialog, reader=scene.cast.olga, limit=50)["messages"]]
    assert "Hello" in texts
    assert "Me again" in texts
    assert list(visible_clients(scene.cast.alla)) == [kept]


def test_new_messages_of_the_absorbed_go_to_the_kept_client(two, scene):
    anna, boris = two
    dialog = Dialog.objects.get(client=boris)
    merged(scene, anna, boris)
    finish_dialog(dialog_id=dialog.pk, operator=scene.cast.alla, now=scene.now)
    Dialog.objects.filter(pk=dialog.pk).update(state="CLOSED", closed_at=scene.now, closing_at=None)

    again = write(dialog.channel, "Once more", sender="Boris", number=2, now=scene.now)

    assert again.pk != dialog.pk
    assert again.client == anna


@pytest.mark.parametrize("seed", range(5))
def test_undone_it_is_as_before(two, scene, seed):
    chance = random.Random(seed)
    for client in two:
        values = {
            "notes": chance.choice(["", "Likes tea", "Pays late"]), "is_vip": chance.random() < 0.5,
            "is_reachable": chance.random() < 0.5, "is_anonymous": chance.random() < 0.5,
            "tag_ids": chance.sample([1, 2, 3, 4], 2), "name": chance.choice(["", "Anna", "Anna Petrova"]),
            "language": chance.choice(["", "ru", "en"]), "photo": chance.choice(["", "clients/a.png"]),
            "responsible": chance.choice([None, scene.cast.olga]),
        }  # fmt: skip
        Client.objects.filter(pk=client.pk).update(**values)
        Identity.objects.create(client=client, kind="phone", scope="phone", value=f"+7916{client.pk:07}")
        CallBack.objects.create(client=client, operator=scene.cast.olga, phone="+7", due_at=scene.now)
    kept, absorbed = chance.sample(two, 2)
    before = ledger()

    merge = merged(scene, kept, absorbed)
    assert ledger() != before
    undo_merge(merge_id=merge.pk, actor=scene.cast.olga, now=scene.now)

    assert ledger() == before


def test_what_came_meanwhile_goes_where_it_belongs(two, scene):
    anna, boris = two
    theirs = Dialog.objects.get(client=boris)
    merge = merged(scene, anna, boris)
    change_client(client=Client.objects.get(pk=anna.pk), name="Anna Petrova")
    Dialog.objects.filter(pk=theirs.pk).update(lead=None)
    lead = create_lead_by_hand(dialog_id=theirs.pk, operator=scene.cast.alla, now=scene.now)
    assert lead.client_id == anna.pk

    undo_merge(merge_id=merge.pk, actor=scene.cast.olga, now=scene.now)

    assert Client.objects.get(pk=anna.pk).name == "Anna Petrova"
    assert Lead.objects.get(pk=lead.pk).client_id == boris.pk
    assert Dialog.objects.get(pk=theirs.pk).client_id == boris.pk


def test_tags_given_since_stay_those_that_were_brought_go(two, scene):
    anna, boris = two
    Client.objects.filter(pk=anna.pk).update(tag_ids=[1])
    Client.objects.filter(pk=boris.pk).update(tag_ids=[2])
    merge = merged(scene, anna, boris)
    Client.objects.filter(pk=anna.pk).update(tag_ids=[1, 2, 3])

    undo_merge(merge_id=merge.pk, actor=scene.cast.olga, now=scene.now)

    assert Client.objects.get(pk=anna.pk).tag_ids == [1, 3]


def test_it_is_refused_where_it_makes_no_sense(two, scene):
    anna, boris = two
    with pytest.raises(SameClient):
        merged(scene, anna, anna)
    merge = merged(scene, anna, boris)
    with pytest.raises(NotFound):
        merged(scene, anna, boris)
    clara = write(scene.channel, "Hi", sender="Clara", now=scene.now).client
    later = merged(scene, clara, anna, scene.cast.alla)
    with pytest.raises(NotFound):
        undo_merge(merge_id=merge.pk, actor=scene.cast.alla, now=scene.now)
    undo_merge(merge_id=later.pk, actor=scene.cast.alla, now=scene.now)
    undo_merge(merge_id=merge.pk, actor=scene.cast.alla, now=scene.now)
    with pytest.raises(MergeUndone):
        undo_merge(merge_id=merge.pk, actor=scene.cast.alla, now=scene.now)


@pytest.mark.row("P1")
def test_both_must_be_seen_by_who_merges(two, scene):
    anna, boris = two
    scene.line.access = "OWN"
    scene.line.save()
    Dialog.objects.filter(client=anna).update(owner=scene.cast.olga)
    Dialog.objects.filter(client=boris).update(owner=scene.cast.oleg)

    for actor in (scene.cast.olga, scene.cast.oleg, scene.cast.mallory):
        with pytest.raises(NotFound):
            merged(scene, anna, boris, actor)

    assert not Client.objects.exclude(merged_into=None).exists()


@pytest.mark.row("D12")
def test_consoles_follow_a_merge_and_its_undoing(two, scene, verify: Verify):
    anna, boris = two
    everybody = [getattr(scene.cast, name) for name in ("alla", "sergey", "olga", "oleg", "mallory")]

    with verify(*everybody):
        merge = merged(scene, anna, boris)
    with verify(*everybody):
        undo_merge(merge_id=merge.pk, actor=scene.cast.olga, now=scene.now)


# Who may be the same


def test_the_same_phone_is_a_sign_also_where_it_is_only_claimed(two, scene):
    anna, boris = two
    add_address(client=anna, kind="phone", text="+7 916 123-45-67")
    scope = f"phone:claimed:{boris.pk}"
    Identity.objects.create(client=boris, kind="phone", scope=scope, value="+79161234567")

    (found,) = similar_clients(anna, reader=scene.cast.olga)

    assert (found["id"], found["reasons"]) == (boris.pk, [{"code": "SAME_PHONE", "value": "+79161234567"}])
    assert [one["id"] for one in similar_clients(boris, reader=scene.cast.olga)] == [anna.pk]


def test_a_first_name_is_no_sign_a_whole_one_needs_another(two, scene):
    anna, boris = two
    Client.objects.update(name="Anna")
    assert similar_clients(anna, reader=scene.cast.olga) == []
    Client.objects.update(name="Anna Petrova")
    assert similar_clients(Client.objects.get(pk=anna.pk), reader=scene.cast.olga) == []
    Client.objects.update(language="ru")

    (found,) = similar_clients(Client.objects.get(pk=anna.pk), reader=scene.cast.olga)

    assert (found["id"], [reason["code"] for reason in found["reasons"]]) == (boris.pk, ["SAME_NAME"])


@pytest.mark.row("P1")
def test_clients_who_are_not_seen_are_not_shown_as_similar(two, scene):
    anna, boris = two
    Identity.objects.filter(client=boris).update(kind="telegram", title="@anna")
    Identity.objects.filter(client=anna).update(kind="telegram", title="@anna")
    Dialog.objects.filter(client=boris).delete()

    assert similar_clients(anna, reader=scene.cast.olga) == []
    assert len(similar_clients(anna, reader=scene.cast.alla)) == 1


# The card


def test_addresses_are_checked_kept_once_and_taken_away(two, scene):
    anna, boris = two
    caller = Caller.by(scene.cast.olga)
    path = f"/clients/{anna.pk}/addresses/"

    answer = caller.call("POST", path, {"kind": "phone", "value": "+7 (916) 123-45-67"})
    assert (answer.status_code, answer.json()["value"]) == (201, "+79161234567")
    assert caller.call("POST", path, {"kind": "phone", "value": "12"}).json()["fields"].keys() == {"value"}
    assert caller.call("POST", path, {"kind": "email", "value": "nobody"}).status_code == 400
    mail = caller.call("POST", path, {"kind": "email", "value": " Anna@Example.COM "})
    assert mail.json()["value"] == "anna@example.com"
    with pytest.raises(AddressTaken):
        add_address(client=boris, kind="phone", text="+79161234567")
    account = anna.identities.exclude(kind__in=["phone", "email"]).get()
    with pytest.raises(NotFound):
        remove_address(client=anna, identity_id=account.pk)
    assert caller.call("DELETE", f"{path}{answer.json()['id']}/").status_code == 204
    assert set(anna.identities.values_list("kind", flat=True)) == {account.kind, "email"}


def test_newer_notes_of_a_colleague_are_not_overwritten(two):
    anna, _boris = two
    change_client(client=anna, notes="Theirs", known_notes="")

    with pytest.raises(NotesChanged):
        change_client(client=anna, notes="Mine", known_notes="")
    change_client(client=anna, notes="Mine", known_notes="Theirs")

    assert Client.objects.get(pk=anna.pk).notes == "Mine"


@pytest.fixture
def racing(transactional_db: None) -> tuple[Channel, Client, Client, User]:
    cast = make_cast()
    line = make_line(cast)
    channel = make_channel(cast, line)
    anna = write(channel, "Hello").client
    dialog = write(make_channel(cast, line), "Me again", sender="Boris")
    Dialog.objects.filter(pk=dialog.pk).update(
        state="CLOSED", closed_at=timezone.now(), offered_to=[], offer_started_at=None, offer_expires_at=None
    )
    return dialog.channel, anna, dialog.client, cast.alla


def test_who_writes_while_they_are_merged_is_the_kept_client(racing):
    channel, anna, boris, alla = racing
    started = Event()

    def receive() -> None:
        started.set()
        event = b'{"chat": "boris", "id": "b-2", "sender": {"name": "Boris"}, "text": "Late"}'
        keep_event(channel_id=channel.pk, key="late", body=event)
        assert process_channel(channel_id=channel.pk, now=timezone.now()) == 1
        connection.close()

    receiver = Thread(target=receive)
    with transaction.atomic():
        merge_clients(kept_id=anna.pk, absorbed_id=boris.pk, actor=alla, now=timezone.now())
        receiver.start()
        started.wait()
        receiver.join(0.5)
        assert receiver.is_alive()
    receiver.join(20)

    assert set(Dialog.objects.values_list("client", flat=True)) == {anna.pk}


def test_two_who_merge_the_same_clients_each_way_do_it_once(racing):
    _channel, anna, boris, alla = racing
    outcomes: list[str] = []

    def race(kept: Client, absorbed: Client) -> None:
        try:
            merge_clients(kept_id=kept.pk, absorbed_id=absorbed.pk, actor=alla, now=timezone.now())
            outcomes.append("done")
        except (AlreadyMerged, NotFound) as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=race, args=pair) for pair in ((anna, boris), (boris, anna))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert outcomes.count("done") == 1
    assert Client.objects.exclude(merged_into=None).count() == 1
