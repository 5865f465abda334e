"""A client's mail as the page that it was: for those who may see the message, and harmless."""

import pytest
from django.test import Client

from openlines.models import Message
from openlines.presenters import message_json
from openlines.services.replies import send_reply
from tests.scenes import Scene, active, anna_writes

pytestmark = [pytest.mark.django_db, pytest.mark.row("C12")]

PAGE = '<p style="color:red">Hello <a href="https://example.org/" target="_blank">there</a></p>'


def mail(scene: Scene, **details: object) -> Message:
    active(scene)
    anna_writes(scene, "Hello there", details={"html": PAGE, "mail": {"subject": "My order"}} | details)
    return scene.clients_message


def fetch(user, message):
    client = Client()
    client.force_login(user)
    return client.get(f"/files/messages/{message.pk}/")


def test_only_those_who_may_see_the_message_see_its_page(scene):
    message = mail(scene)
    answers = {name: fetch(getattr(scene.cast, name), message).status_code for name in scene.cast.__slots__}

    assert answers == {"alla": 200, "sergey": 200, "olga": 200, "oleg": 404, "mallory": 404, "stranger": 404}
    assert Client().get(f"/files/messages/{message.pk}/").status_code == 302


def test_nothing_runs_in_it_and_nothing_is_loaded_by_it(scene):
    answer = fetch(scene.cast.olga, mail(scene))
    policy = answer.headers["Content-Security-Policy"]

    assert PAGE in answer.content.decode()
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert not any(word in policy for word in ("allow-scripts", "allow-same-origin", "img-src", "script-src"))
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_message_without_a_page_has_none(scene):
    active(scene)
    anna_writes(scene, "Hello")
    send_reply(dialog_id=scene.dialog.pk, operator=scene.cast.olga, text="Good morning", now=scene.now)

    assert {fetch(scene.cast.olga, message).status_code for message in Message.objects.all()} == {404}


def test_consoles_are_told_of_the_page_and_not_given_it(scene):
    details = message_json(mail(scene, quoted_text="> Before").pk)["details"]

    assert details == {"mail": {"subject": "My order"}, "quoted_text": "> Before", "has_html": True}
