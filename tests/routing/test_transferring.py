"""Transfer, return, take over: who may, where dialogs go, and what goes along."""

from typing import Any
from uuid import uuid4

import pytest

from common.errors import InvalidInput, NotAllowed, NotFound
from crm.models import Client, Lead, LeadStage, StaffGroup, User
from openlines.access import visible_dialogs
from openlines.models import Chat, Dialog, Line, Message
from openlines.services.closing import finish_dialog
from openlines.services.lifecycle import DialogAlreadyClosed
from openlines.services.lines import create_line, set_queue_members
from routing.models import Offer
from routing.services.answering import NotOffered, answer_dialog
from routing.services.presence import keep_alive
from routing.services.transferring import NothingToReturn, return_to_queue, take_over, transfer_dialog
from routing.types import Target, ToGroup, ToLine, ToOperator
from tests.committing import committed
from tests.routing.desk import Desk


def transfer(desk: Desk, dialog: Dialog, target: User | Target, *, by: str = "olga", note: str = "") -> None:
    to = ToOperator(target.pk) if isinstance(target, User) else target
    with committed():
        transfer_dialog(dialog_id=dialog.pk, actor=person(desk, by), target=to, note=note, now=desk.now)
    dialog.refresh_from_db()


def give_back(desk: Desk, dialog: Dialog, *, by: str = "olga", note: str = "") -> None:
    with committed():
        return_to_queue(dialog_id=dialog.pk, actor=person(desk, by), note=note, now=desk.now)
    dialog.refresh_from_db()


def person(desk: Desk, name: str) -> User:
    return desk.people.get(name) or getattr(desk.scene.cast, name)


def answered(desk: Desk, by: str = "olga") -> Dialog:
    dialog = desk.hello()
    answer_dialog(dialog_id=dialog.pk, operator=person(desk, by), now=desk.now)
    dialog.refresh_from_db()
    return dialog


def warehouse(desk: Desk, *members: str) -> Line:
    """Another line, which Alla alone looks after."""
    line = create_line(administrator=desk.scene.cast.alla, name="Warehouse")
    ids = [person(desk, name).pk for name in members]
    with committed():
        set_queue_members(administrator=desk.scene.cast.alla, line=line, operator_ids=ids)
    return line


def group_of(desk: Desk, *members: str) -> ToGroup:
    group = StaffGroup.objects.create(name="Carriers")
    group.members.set([person(desk, name).pk for name in members])
    return ToGroup(group.pk)


def lines_of_staff(dialog: Dialog) -> list[dict[str, Any]]:
    lines = dialog.messages.filter(author_kind=Message.Author.SYSTEM).order_by("seq")
    return [line.payload["service"] for line in lines]


def refused_field(error: pytest.ExceptionInfo[InvalidInput]) -> list[str]:
    return list(error.value.fields)


# To a colleague


@pytest.mark.row("D6")
@pytest.mark.parametrize("actor", ["olga", "sergey", "alla"])
def test_a_dialog_is_transferred_with_its_whole_history(desk: Desk, actor: str):
    dialog = answered(desk)

    transfer(desk, dialog, desk.people["roman"], by=actor)

    assert (dialog.state, dialog.owner) == ("ACTIVE", desk.people["roman"])
    names = {"from": actor.title(), "to": "Roman"}
    assert lines_of_staff(dialog)[-1] == {"code": "DIALOG_TRANSFERRED", "params": names}
    assert desk.reasons(dialog)[-1] == "Transferred to Roman."
    assert Chat.objects.get().last_operator == desk.people["roman"]


@pytest.mark.row("D6")
def test_a_note_is_a_whisper_of_who_hands_over(desk: Desk):
    dialog = answered(desk)

    transfer(desk, dialog, desk.people["roman"], note=" She asks for oak \n")

    whisper = dialog.messages.latest("seq")
    assert (whisper.text, whisper.visibility, whisper.author) == ("She asks for oak", "STAFF", desk.people["olga"])
    assert whisper.delivery_state == ""


@pytest.mark.row("D6")
def test_an_offer_may_be_transferred_instead_of_answered(desk: Desk):
    dialog = desk.hello()

    transfer(desk, dialog, desk.scene.cast.mallory)

    assert dialog.owner == desk.scene.cast.mallory
    assert Offer.objects.get(dialog=dialog, operator=desk.people["olga"], kind="QUEUE").outcome == "WITHDRAWN"


@pytest.mark.row("D6")
def test_who_may_not_transfer(desk: Desk):
    Line.objects.update(access="LINE")
    dialog = answered(desk)

    with pytest.raises(NotAllowed):
        transfer(desk, dialog, desk.people["roman"], by="oleg")
    for who in ("mallory", "stranger"):
        with pytest.raises(NotFound):
            transfer(desk, dialog, desk.scene.cast.mallory, by=who)


@pytest.mark.row("D6")
def test_a_transfer_needs_a_colleague(desk: Desk):
    dialog = answered(desk)
    cast = desk.scene.cast
    User.objects.filter(username="mallory").update(is_active=False)

    for target in (cast.olga, cast.stranger, cast.mallory, ToOperator(0)):
        with pytest.raises(InvalidInput) as error:
            transfer(desk, dialog, target)
        assert refused_field(error) == ["operator_id"]


def test_what_is_closed_can_be_neither_transferred_nor_returned_nor_taken_over(desk: Desk):
    dialog = answered(desk)
    finish_dialog(dialog_id=dialog.pk, operator=desk.scene.cast.sergey, now=desk.now)

    with pytest.raises(DialogAlreadyClosed):
        transfer(desk, dialog, desk.people["oleg"], by="sergey")
    with pytest.raises(DialogAlreadyClosed):
        give_back(desk, dialog, by="sergey")
    with pytest.raises(DialogAlreadyClosed):
        take_over(dialog_id=dialog.pk, actor=desk.scene.cast.sergey, now=desk.now)


# As an offer


@pytest.fixture
def offering(desk: Desk) -> Desk:
    """Colleagues of this line accept transfers first."""
    desk.rule(transfers_as_offer=True, offer_seconds=60)
    return desk


@pytest.mark.row("D6")
def test_where_the_line_says_so_a_transfer_is_an_offer_that_nobody_owns(offering: Desk):
    dialog = answered(offering)

    transfer(offering, dialog, offering.people["roman"], note="She asks for oak")

    assert (dialog.state, dialog.owner, offering.offered(dialog)) == ("OFFERED", None, ["roman"])
    offer = Offer.objects.get(dialog=dialog, outcome="PENDING")
    assert (offer.kind, (offer.expires_at - offering.now).total_seconds()) == ("TRANSFER", 60)
    said = {"operator_id": offering.people["olga"].pk, "note": "She asks for oak", "group": None}
    assert dialog.handed_over == said
    assert lines_of_staff(dialog)[-1] == {"code": "TRANSFER_OFFERED", "params": {"from": "Olga", "to": "Roman"}}
    assert "Olga hands it over to Roman, who has to accept it." in offering.reasons(dialog)


@pytest.mark.row("D6")
def test_an_accepted_transfer_has_its_owner_and_no_more_says_who_handed_it_over(offering: Desk):
    dialog = answered(offering)
    transfer(offering, dialog, offering.scene.cast.mallory)

    answer_dialog(dialog_id=dialog.pk, operator=offering.scene.cast.mallory, now=offering.now)

    dialog.refresh_from_db()
    assert (dialog.owner, dialog.handed_over) == (offering.scene.cast.mallory, None)


@pytest.mark.row("D6")
@pytest.mark.row("R7")
@pytest.mark.parametrize("end", ["skip", "expire"])
def test_a_transfer_that_is_not_accepted_falls_back_to_the_queue(offering: Desk, end: str):
    dialog = answered(offering)
    transfer(offering, dialog, offering.people["roman"])

    if end == "skip":
        offering.skip(dialog, "roman")
    else:
        offering.wait(60)

    assert offering.offered(dialog) == ["oleg"]
    assert dialog.owner is None


# To another line


@pytest.mark.row("D6")
def test_another_line_has_it_by_its_own_rules_and_the_old_one_sees_it_no_more(desk: Desk):
    desk.scene.line.access = "LINE"
    desk.scene.line.save()
    dialog = answered(desk)
    texts = dialog.messages.filter(author_kind=Message.Author.BOT).count()

    transfer(desk, dialog, ToLine(warehouse(desk, "mallory").pk), note="Is it in stock?")

    assert (dialog.line.name, dialog.state, dialog.owner) == ("Warehouse", "OFFERED", None)
    assert dialog.offered_to == [desk.scene.cast.mallory.pk]
    assert dialog.messages.filter(author_kind=Message.Author.BOT).count() == texts
    for name in ("olga", "oleg", "sergey"):
        assert not visible_dialogs(person(desk, name)).filter(pk=dialog.pk).exists()
    assert visible_dialogs(desk.scene.cast.mallory).get() == dialog
    line = {"code": "TRANSFERRED_TO_LINE", "params": {"from": "Olga", "line": "Warehouse"}}
    assert line in lines_of_staff(dialog)
    assert "Olga handed it to the line “Warehouse”, whose rules hold from now on." in desk.reasons(dialog)


@pytest.mark.row("D6")
def test_who_hands_it_to_a_line_they_work_in_themselves_is_asked_last(desk: Desk):
    dialog = answered(desk)
    line = warehouse(desk, "olga", "roman")

    transfer(desk, dialog, ToLine(line.pk))

    assert desk.offered(dialog) == ["roman"]


@pytest.mark.row("D6")
@pytest.mark.row("R4")
def test_another_line_asks_whoever_is_responsible_first_if_it_wants_to(desk: Desk):
    dialog = answered(desk)
    Client.objects.update(responsible=desk.people["oleg"])
    line = warehouse(desk, "roman")

    transfer(desk, dialog, ToLine(line.pk))

    assert Offer.objects.get(dialog=dialog, outcome="PENDING").kind == "RESPONSIBLE"
    assert desk.offered(dialog) == ["oleg"]


@pytest.mark.row("D6")
def test_a_line_must_be_another_one_and_at_work(desk: Desk):
    dialog = answered(desk)
    off, archived = warehouse(desk), warehouse(desk)
    Line.objects.filter(pk=off.pk).update(is_active=False)
    Line.objects.filter(pk=archived.pk).update(archived_at=desk.now)

    for pk in (off.pk, archived.pk, desk.scene.line.pk, 0):
        with pytest.raises(InvalidInput) as error:
            transfer(desk, dialog, ToLine(pk))
        assert refused_field(error) == ["line_id"]


# To a group


@pytest.mark.row("D6")
def test_a_group_s_members_alone_are_asked_until_one_answers(desk: Desk):
    dialog = answered(desk)

    transfer(desk, dialog, group_of(desk, "olga", "roman"))

    assert desk.offered(dialog) == ["roman"]
    assert dialog.group == StaffGroup.objects.get()
    said = {"operator_id": desk.people["olga"].pk, "note": "", "group": "Carriers"}
    assert dialog.handed_over == said
    desk.wait(60)
    desk.wait(60)
    assert not Offer.objects.filter(dialog=dialog, operator=desk.people["oleg"]).exists()
    desk.answer(dialog, desk.offered(dialog)[0])
    dialog.refresh_from_db()
    assert dialog.group is None


@pytest.mark.row("D6")
def test_members_of_a_group_need_no_place_in_the_queue(desk: Desk):
    dialog = answered(desk)

    transfer(desk, dialog, group_of(desk, "mallory"))

    assert dialog.offered_to == [desk.scene.cast.mallory.pk]


@pytest.mark.row("D6")
def test_what_waits_for_a_group_is_for_its_members_only(desk: Desk):
    dialog = answered(desk)
    desk.away("olga", "oleg", "roman")

    transfer(desk, dialog, group_of(desk, "roman"))

    assert dialog.state == "QUEUED"
    with pytest.raises(NotOffered, match="waits for the group “Carriers”"):
        desk.answer(dialog, "oleg")
    desk.answer(dialog, "roman")
    dialog.refresh_from_db()
    assert dialog.owner == desk.people["roman"]


@pytest.mark.row("D6")
def test_what_waits_for_a_group_is_offered_when_one_of_it_comes(desk: Desk):
    dialog = answered(desk)
    mallory = desk.scene.cast.mallory
    User.objects.filter(pk=mallory.pk).update(presence="OFFLINE")
    transfer(desk, dialog, group_of(desk, "mallory"))
    assert dialog.state == "QUEUED"

    with committed():
        keep_alive(connection_id=uuid4(), operator_id=mallory.pk, now=desk.now)

    dialog.refresh_from_db()
    assert dialog.offered_to == [mallory.pk]


@pytest.mark.row("D6")
def test_a_group_needs_members_who_work(desk: Desk):
    dialog = answered(desk)
    empty = group_of(desk, "stranger")

    for target in (empty, ToGroup(0)):
        with pytest.raises(InvalidInput) as error:
            transfer(desk, dialog, target)
        assert refused_field(error) == ["group_id"]


# Who is responsible


def responsible(dialog: Dialog) -> tuple[User | None, User | None]:
    lead = Lead.objects.get(dialogs=dialog)
    return Client.objects.get(pk=dialog.client_id).responsible, lead.responsible


@pytest.mark.row("K7")
@pytest.mark.row("D6")
def test_the_client_and_the_lead_that_the_talk_made_follow_a_transfer(desk: Desk):
    dialog = answered(desk)
    roman = desk.people["roman"]

    transfer(desk, dialog, roman)

    assert responsible(dialog) == (roman, roman)


@pytest.mark.row("K7")
def test_they_stay_where_they_are_if_the_line_says_so(desk: Desk):
    desk.rule(moves_responsible=False)
    dialog = answered(desk)

    transfer(desk, dialog, desk.people["roman"])

    assert responsible(dialog) == (None, None)


@pytest.mark.row("K7")
def test_a_lead_that_is_settled_or_older_than_the_talk_stays_with_its_own(desk: Desk):
    dialog = answered(desk)
    roman = desk.people["roman"]
    Lead.objects.update(responsible=desk.people["oleg"])
    Lead.objects.update(stage=LeadStage.objects.create(name="Won", kind="WON", position=9))

    transfer(desk, dialog, roman)

    assert responsible(dialog) == (roman, desk.people["oleg"])
    older = Lead.objects.create(title="Older", client=dialog.client, stage=LeadStage.objects.get(name="New"))
    Dialog.objects.update(lead=older)
    transfer(desk, dialog, desk.people["olga"], by="roman")
    dialog.refresh_from_db()
    assert responsible(dialog) == (desk.people["olga"], None)


@pytest.mark.row("K7")
def test_an_offered_transfer_moves_them_when_it_is_accepted(offering: Desk):
    dialog = answered(offering)
    roman = offering.people["roman"]

    transfer(offering, dialog, roman)
    assert responsible(dialog) == (None, None)
    offering.answer(dialog, "roman")

    assert responsible(dialog) == (roman, roman)


# Back to the queue


@pytest.mark.row("R7")
@pytest.mark.parametrize("actor", ["olga", "sergey"])
def test_a_dialog_goes_back_to_the_queue_and_its_operator_is_asked_last(desk: Desk, actor: str):
    dialog = answered(desk)

    give_back(desk, dialog, by=actor, note="I must go")

    asked = [desk.offered(dialog)[0]]
    for _ in range(2):
        desk.wait(60)
        asked += desk.offered(dialog)
    assert asked[-1] == "olga"
    assert sorted(asked) == ["oleg", "olga", "roman"]
    line = {"operator": "Olga", "reason": "BY_HAND", "by": actor.title()}
    assert {"code": "RETURNED_TO_QUEUE", "params": line} in lines_of_staff(dialog)
    assert f"Returned to the queue by {actor.title()}; Olga is asked last." in desk.reasons(dialog)
    assert dialog.messages.get(visibility="STAFF", author_kind="OPERATOR").text == "I must go"


@pytest.mark.row("R7")
def test_who_is_alone_in_the_queue_has_it_again(desk: Desk):
    desk.sit("olga")
    dialog = answered(desk)

    give_back(desk, dialog)

    assert desk.offered(dialog) == ["olga"]


@pytest.mark.row("R7")
def test_who_may_not_return_and_what_can_not_be_returned(desk: Desk):
    Line.objects.update(access="LINE")
    waiting = desk.hello("Boris")
    dialog = desk.hello()
    desk.answer(dialog, desk.offered(dialog)[0])

    with pytest.raises(NotAllowed):
        give_back(desk, dialog, by="roman")
    with pytest.raises(NotFound):
        give_back(desk, dialog, by="mallory")
    with pytest.raises(NothingToReturn):
        give_back(desk, waiting, by="sergey")


def test_a_note_has_an_end(desk: Desk):
    dialog = answered(desk)

    with pytest.raises(InvalidInput) as error:
        give_back(desk, dialog, note="x" * 2001)

    assert refused_field(error) == ["note"]


# Taking over


@pytest.mark.row("D13")
def test_a_supervisor_takes_a_dialog_over_and_keeps_it_when_asking_again(desk: Desk):
    dialog = answered(desk)

    for _ in range(2):
        take_over(dialog_id=dialog.pk, actor=desk.scene.cast.sergey, now=desk.now)

    dialog.refresh_from_db()
    assert dialog.owner == desk.scene.cast.sergey
    lines = [line for line in lines_of_staff(dialog) if line["code"] == "DIALOG_TAKEN_OVER"]
    assert lines == [{"code": "DIALOG_TAKEN_OVER", "params": {"operator": "Sergey", "from": "Olga"}}]


@pytest.mark.row("D13")
def test_operators_take_over_from_each_other_only_where_the_line_lets_them(desk: Desk):
    Line.objects.update(access="LINE")
    dialog = answered(desk)

    with pytest.raises(NotAllowed):
        take_over(dialog_id=dialog.pk, actor=desk.people["oleg"], now=desk.now)
    desk.rule(colleagues_take_over=True)
    take_over(dialog_id=dialog.pk, actor=desk.people["oleg"], now=desk.now)

    dialog.refresh_from_db()
    assert dialog.owner == desk.people["oleg"]
    with pytest.raises(NotFound):
        take_over(dialog_id=dialog.pk, actor=desk.scene.cast.mallory, now=desk.now)


@pytest.mark.row("D13")
def test_what_is_offered_to_a_colleague_is_theirs_to_answer(desk: Desk):
    Line.objects.update(access="LINE")
    desk.rule(colleagues_take_over=True)
    dialog = desk.hello()

    with pytest.raises(NotAllowed):
        take_over(dialog_id=dialog.pk, actor=desk.people["roman"], now=desk.now)
