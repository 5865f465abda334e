"""What operators note of a dialog, with the keyboard alone: tags, until later, what it was about."""

import json

import pytest
from playwright.sync_api import expect

from tests.chromium import PATIENCE, sign_in
from tests.live import PASSWORD, LiveProduct

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]

# Olga has the dialog of somebody who wrote to the sandbox.
BEGIN = """
from django.utils import timezone
from crm.models import User
from openlines.models import Channel, Dialog
from openlines.services.lifecycle import assign_dialog
from openlines.services.locking import lock_dialog
from django.db import transaction
from tests.factories import write
dialog = write(Channel.objects.filter(kind="sandbox").first(), "Is the oak table in stock?", sender="Marta")
with transaction.atomic():
    assign_dialog(lock_dialog(dialog.pk), operator=User.objects.get(username="olga"), now=timezone.now())
print(dialog.pk)
"""


@pytest.mark.row("D7")
def test_a_dialog_is_tagged_put_aside_and_finished_with_a_topic_by_keys(product: LiveProduct, new_context):
    with product.api("alla") as alla:
        assert alla.post("/tags/", json={"name": "Wholesale"}).status_code == 201
        for name in ("Order", "Delivery"):
            assert alla.post("/topics/", json={"name": name}).status_code == 201
    dialog_id = json.loads(product.manage("shell", "-v", "0", "-c", BEGIN).splitlines()[-1])
    page = new_context().new_page()
    page.set_default_timeout(PATIENCE)
    sign_in(page, product.url, user="olga", password=PASSWORD, path=f"/dialogs/{dialog_id}/")
    row = page.locator(f'.dialog-row[data-dialog="{dialog_id}"]')
    expect(page.locator(".message", has_text="Is the oak table in stock?")).to_be_visible()
    page.locator(".conversation__scroll").focus()

    page.keyboard.press("KeyL")
    expect(page.get_by_role("combobox", name="Find a tag")).to_be_focused()
    page.keyboard.type("whole")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(row.locator(".tag", has_text="Wholesale")).to_be_visible()

    page.keyboard.press("KeyZ")
    expect(page.get_by_role("button", name="Until the client writes")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator(".feed__service", has_text="put the dialog aside until")).to_be_visible()
    expect(page.locator(".dialog-list__group", has_text="Put aside")).to_be_visible()

    page.keyboard.press("KeyE")
    expect(page.get_by_role("button", name="Finish without a topic")).to_be_focused()
    page.keyboard.press("2")
    expect(page.locator(".facts__topic", has_text="Delivery")).to_be_visible()
    with product.api("olga") as olga:
        found = olga.get(f"/dialogs/{dialog_id}/").json()
    assert (found["state"], found["topic"]["name"], found["snooze"]) == ("CLOSED", "Delivery", None)
