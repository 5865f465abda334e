"""Secrets of both sides, and the pages that show them once."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing

from channels_connectors.custom.services import SETTINGS_PAGE_SALT
from channels_connectors.models import Account
from crm.models import AuditEntry
from tests.api.client import Caller
from tests.pages import get, post, text_of

pytestmark = [pytest.mark.row("C16"), pytest.mark.row("C17")]


def test_connecting_sends_a_signed_ping(shop, partner):
    assert [said["type"] for said in partner.others] == ["ping"]
    assert shop.scope == f"custom:{partner.others[0]['partner_id']}"


def test_a_new_secret_leaves_the_old_one_good_until_it_is_dropped(shop, driver, partner, bring, cast, monkeypatch):
    old, alla = partner.secret, Caller.by(cast.alla)
    monkeypatch.undo()
    new = alla.post(f"/channels/{shop.pk}/secret/").json()["secret"]

    assert [bring(partner.signed(dict(driver.text("Hi")), secret=secret)).status_code for secret in (old, new)] == [
        202
    ] * 2
    assert alla.delete(f"/channels/{shop.pk}/previous-secret/").status_code == 204
    assert [bring(partner.signed(dict(driver.text("Hi")), secret=secret)).status_code for secret in (old, new)] == [
        401,
        202,
    ]


def test_the_log_says_that_it_changed_and_not_to_what(shop, cast):
    alla = Caller.by(cast.alla)
    alla.post(f"/channels/{shop.pk}/secret/")
    alla.delete(f"/channels/{shop.pk}/previous-secret/")

    entries = AuditEntry.objects.order_by("-pk")[:2]
    assert [entry.after for entry in entries] == [{"credentials": {"is_secret": True}}] * 2


def test_the_page_shows_a_new_secret_once(shop, cast):
    shown = text_of(post(cast.alla, f"/settings/channels/{shop.pk}/secret/"))
    secret = Account.objects.get(channel=shop).credentials["secret"]

    assert secret in shown
    assert secret not in text_of(get(cast.alla, f"/settings/channels/{shop.pk}/"))
    assert post(cast.mallory, f"/settings/channels/{shop.pk}/secret/").status_code == 403


def test_changing_what_it_can_do_keeps_its_secret_and_its_threads(shop, cast, partner):
    alla = Caller.by(cast.alla)
    values = {"name": "Shop", "base_url": partner.address, "edit": False, "text_length": "300"}

    answer = alla.put(f"/channels/{shop.pk}/credentials/", {"values": values})

    assert answer.status_code == 200, answer.json()
    account = Account.objects.get(channel=shop)
    assert (account.credentials["secret"], account.settings["edit"]) == (partner.secret, False)
    kinds = {kind["kind"]: kind for kind in alla.get("/channel-kinds/").json()}
    (row,) = [row for row in kinds["custom"]["channels"] if row["channel"] == shop.pk]
    assert (row["edit"], row["text_length"]) == (False, 300)


def test_the_partner_s_own_page_is_told_which_channel_it_is_opened_for(shop, cast, partner):
    account = Account.objects.get(channel=shop)
    account.settings |= {"settings_page": "https://partner.example/settings?lang=ru"}
    account.save()

    address = get(cast.alla, f"/settings/channels/{shop.pk}/partner-page/")["Location"]

    (token,) = parse_qs(urlsplit(address).query)["token"]
    assert signing.loads(token, key=partner.secret, salt=SETTINGS_PAGE_SALT, max_age=600) == {"channel": shop.pk}
    assert get(cast.mallory, f"/settings/channels/{shop.pk}/partner-page/").status_code == 403
