"""Stages and sources of leads: /settings/crm/."""

import pytest

from common.errors import InvalidInput, NotAllowed
from crm.dictionaries import InUse, LastOpenStage, add_source, add_stage, change_stage, order_stages, remove_source
from crm.models import Client, Lead, LeadSource, LeadStage
from tests.pages import get, post, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.row("K4")]
PAGE = "/settings/crm/"


@pytest.fixture
def stages(cast):
    kinds = {"New": "OPEN", "Offer": "OPEN", "Won": "WON", "Lost": "LOST"}
    return {
        name: LeadStage.objects.create(name=name, kind=kind, position=place)
        for place, (name, kind) in enumerate(kinds.items(), 1)
    }


def order():
    return list(LeadStage.objects.values_list("name", flat=True))


def test_only_administrators_see_and_change_them(cast, stages):
    writes = [
        ("stages/", {"name": "Mine", "kind": "OPEN"}),
        (f"stages/{stages['New'].pk}/", {"name": "Mine", "kind": "OPEN"}),
        (f"stages/{stages['New'].pk}/remove/", {}),
        ("stages/order/", {"order": [stage.pk for stage in stages.values()][::-1]}),
        ("sources/", {"name": "Mine"}),
    ]
    for name in ("sergey", "olga", "mallory", "stranger"):
        user = getattr(cast, name)
        assert get(user, PAGE).status_code == 403
        for address, values in writes:
            assert post(user, PAGE + address, **values).status_code == 403
        with pytest.raises(NotAllowed):
            add_stage(administrator=user, name="Mine", kind="OPEN")
    assert order() == ["New", "Offer", "Won", "Lost"]
    assert get(None, PAGE).headers["Location"] == f"/login/?next={PAGE}"


class TestStages:
    def test_a_new_open_stage_stands_before_won_and_lost(self, cast, stages):
        assert post(cast.alla, f"{PAGE}stages/", name="Contract", kind="OPEN").headers["Location"] == PAGE
        post(cast.alla, f"{PAGE}stages/", name="Not now", kind="LOST")
        assert order() == ["New", "Offer", "Contract", "Won", "Lost", "Not now"]

    def test_they_are_renamed_and_mean_something_else(self, cast, stages):
        post(cast.alla, f"{PAGE}stages/{stages['Offer'].pk}/", piece=True, name="  Big   offer ", kind="WON")
        changed = LeadStage.objects.get(pk=stages["Offer"].pk)
        assert (changed.name, changed.kind) == ("Big offer", "WON")

    def test_a_new_order_is_kept(self, cast, stages):
        ids = [stages[name].pk for name in ("Offer", "New", "Lost", "Won")]
        assert post(cast.alla, f"{PAGE}stages/order/", piece=True, order=ids).status_code == 200
        assert order() == ["Offer", "New", "Lost", "Won"]

    @pytest.mark.parametrize(
        ("move", "result"),
        [("up", ["Offer", "New", "Won", "Lost"]), ("down", ["New", "Won", "Offer", "Lost"]), ("x", None)],
    )
    def test_buttons_move_one_by_one_step(self, cast, stages, move, result):
        ids = [stage.pk for stage in stages.values()]
        post(cast.alla, f"{PAGE}stages/order/", order=ids, move=f"{move}:{stages['Offer'].pk}")
        assert order() == (result or ["New", "Offer", "Won", "Lost"])

    @pytest.mark.parametrize("wrong", [[], ["1"], ["abc"], ["-1"], ["99999999999999999999"]])
    def test_an_order_that_names_others_is_refused(self, cast, stages, wrong):
        answer = post(cast.alla, f"{PAGE}stages/order/", order=wrong)
        assert answer.status_code == 422
        assert order() == ["New", "Offer", "Won", "Lost"]

    def test_a_used_stage_stays(self, cast, stages):
        Lead.objects.create(title="Chairs", client=Client.objects.create(), stage=stages["Won"])
        answer = post(cast.alla, f"{PAGE}stages/{stages['Won'].pk}/remove/", piece=True)
        assert answer.status_code == 422
        assert "1 lead is at this stage" in text_of(answer)
        post(cast.alla, f"{PAGE}stages/{stages['Lost'].pk}/remove/")
        assert order() == ["New", "Offer", "Won"]

    def test_one_open_stage_stays(self, cast, stages):
        post(cast.alla, f"{PAGE}stages/{stages['New'].pk}/remove/")
        refused = post(cast.alla, f"{PAGE}stages/{stages['Offer'].pk}/remove/")
        assert refused.status_code == 422
        with pytest.raises(LastOpenStage):
            change_stage(administrator=cast.alla, stage_id=stages["Offer"].pk, name="Offer", kind="LOST")
        assert order() == ["Offer", "Won", "Lost"]

    @pytest.mark.parametrize("values", [{"name": " "}, {"name": "x" * 101}, {"name": "A", "kind": "X"}, {"name": "\0"}])
    def test_bad_values_are_refused(self, cast, stages, values):
        values = {"kind": "OPEN"} | values
        for address in ("stages/", f"stages/{stages['New'].pk}/"):
            assert post(cast.alla, PAGE + address, **values).status_code == 422
        assert order() == ["New", "Offer", "Won", "Lost"]

    def test_a_stage_that_is_gone_is_told(self, cast, stages):
        assert post(cast.alla, f"{PAGE}stages/99999/remove/").status_code == 422
        with pytest.raises(InvalidInput):
            order_stages(administrator=cast.alla, stage_ids=[stages["New"].pk] * 4)

    def test_there_is_an_end_to_their_number(self, cast, stages):
        for number in range(26):
            add_stage(administrator=cast.alla, name=f"Stage {number}", kind="OPEN")
        with pytest.raises(InvalidInput):
            add_stage(administrator=cast.alla, name="One more", kind="OPEN")


class TestSources:
    def test_they_are_added_renamed_and_removed(self, cast):
        post(cast.alla, f"{PAGE}sources/", name="Fair")
        source = LeadSource.objects.get()
        post(cast.alla, f"{PAGE}sources/{source.pk}/", name="Exhibition")
        assert LeadSource.objects.get().name == "Exhibition"
        post(cast.alla, f"{PAGE}sources/{source.pk}/remove/")
        assert not LeadSource.objects.exists()

    def test_a_name_is_taken_once(self, cast):
        add_source(administrator=cast.alla, name="Fair")
        site = add_source(administrator=cast.alla, name="Site")
        for address in ("sources/", f"sources/{site.pk}/"):
            answer = post(cast.alla, PAGE + address, piece=True, name="Fair")
            assert answer.status_code == 422
            assert "already" in text_of(answer)

    def test_a_source_of_leads_or_lines_stays(self, cast, line):
        with pytest.raises(InUse):
            remove_source(administrator=cast.alla, source_id=line.lead_source_id)
        used = add_source(administrator=cast.alla, name="Fair")
        Lead.objects.create(title="Chairs", client=Client.objects.create(), stage=LeadStage.objects.get(), source=used)
        assert post(cast.alla, f"{PAGE}sources/{used.pk}/remove/").status_code == 422
        assert LeadSource.objects.filter(pk=used.pk).exists()
