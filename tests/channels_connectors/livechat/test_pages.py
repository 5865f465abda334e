"""What a visitor's browser loads before any word is said."""

import gzip
import json
import re

import pytest
from django.apps import apps
from django.test import Client

from channels_connectors.livechat.texts import SCRIPT_TEXTS, script_catalogue
from common.translations.script_source import texts_of_script
from openlines.models import Channel
from tests.channels_connectors.livechat.conftest import SHOP
from tests.channels_connectors.livechat.visitors import Visitor
from tests.live import ROOT


def directive(response, name):
    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    return policy[name]


def loader(widget, **headers):
    return Client(headers=headers).get(f"/chat/{widget.key}/loader.js")


@pytest.mark.row("C3")
def test_the_loader_is_one_small_script(widget):
    response = loader(widget, **{"Accept-Encoding": "gzip"})

    assert response["Content-Type"].startswith("text/javascript")
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 5000
    script = gzip.decompress(response.content).decode()
    assert widget.key in script
    assert "Открыть чат" in script or "Open the chat" in script


def test_the_loader_brings_nothing_that_is_fetched(widget):
    script = loader(widget).content.decode()

    assert re.findall(r"https?://\S+", script.replace("http://www.w3.org/2000/svg", "")) == []


def test_the_loader_is_kept_by_browsers_until_it_changes(widget):
    first = loader(widget)
    again = loader(widget, **{"If-None-Match": first["ETag"]})

    assert "max-age=300" in first["Cache-Control"]
    assert again.status_code == 304


def test_a_site_may_paste_the_script_itself(widget):
    assert "</" not in loader(widget).content.decode()


def test_a_chat_that_is_not_open_shows_no_button(widget):
    Channel.objects.update(state=Channel.State.PAUSED)

    response = loader(widget)
    assert response.status_code == 200
    assert len(response.content) < 100


@pytest.mark.parametrize("path", ["loader.js", "", "panel/"])
@pytest.mark.django_db
def test_an_unknown_key_finds_nothing(path):
    assert Client().get(f"/chat/nobody-knows-this/{path}").status_code == 404


@pytest.mark.row("C3")
@pytest.mark.row("W3")
def test_the_hosted_page_may_be_in_no_frame(widget):
    response = Client().get(f"/chat/{widget.key}/")

    assert response.status_code == 200
    assert directive(response, "frame-ancestors") == "'none'"
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.row("W3")
def test_a_line_has_a_page(line, widget):
    response = Client().get(f"/line/{line.public_key}/")

    assert response.status_code == 200
    assert widget.key in response.content.decode()


@pytest.mark.django_db
def test_a_line_without_a_chat_has_no_page(line):
    assert Client().get(f"/line/{line.public_key}/").status_code == 404


def test_the_panel_may_be_on_any_site_when_none_is_named(widget):
    response = Client().get(f"/chat/{widget.key}/panel/?origin={SHOP}")

    assert directive(response, "frame-ancestors") == "*"
    assert "X-Frame-Options" not in response


def test_the_panel_may_only_be_on_the_sites_that_are_named(shop_only):
    response = Client().get(f"/chat/{shop_only.key}/panel/?origin={SHOP}")
    assert response.status_code == 200
    assert directive(response, "frame-ancestors") == f"'self' {SHOP}"

    foreign = Client().get(f"/chat/{shop_only.key}/panel/?origin=https://evil.example")
    assert foreign.status_code == 403
    assert directive(foreign, "frame-ancestors") == "'none'"


@pytest.mark.parametrize("path", ["", "panel/?origin=https://shop.example"])
def test_the_rest_of_the_policy_stays_strict(widget, path):
    response = Client().get(f"/chat/{widget.key}/{path}")

    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert directive(response, "default-src") == "'none'"
    assert not re.search(r"<script(?![^>]*(src=|application/json))|style=|<style| on\w+=", response.content.decode())


@pytest.mark.parametrize("origin", ["https://evil.example'\"><script>", "javascript:alert(1)", "null", "file:///x"])
def test_an_origin_that_is_none_is_spoken_to_by_nobody(widget, origin):
    response = Client().get(f"/chat/{widget.key}/panel/", {"origin": origin})

    config = re.search(r'<script id="config" type="application/json">(.*?)</script>', response.content.decode())
    assert json.loads(config[1])["parent_origin"] == ""
    assert b"<script>" not in response.content


def test_the_page_speaks_the_visitors_language(widget):
    russian = Client(headers={"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5"}).get(f"/chat/{widget.key}/")
    english = Client(headers={"Accept-Language": "ru"}).get(f"/chat/{widget.key}/?lang=en")
    neither = Client(headers={"Accept-Language": "fr"}).get(f"/chat/{widget.key}/?lang=../../x")

    assert b'lang="ru"' in russian.content
    assert b'lang="en"' in english.content
    assert b'lang="en"' in neither.content


def test_a_closed_chat_says_so(widget):
    Channel.objects.update(state=Channel.State.PAUSED)

    response = Client().get(f"/chat/{widget.key}/")
    assert "closed" in response.content.decode()
    assert b"main.js" not in response.content


@pytest.mark.row("C3")
def test_looking_around_stores_nothing(widget):
    before = rows()

    visitor = Visitor(widget, origin=SHOP).arrive()
    loader(widget)
    for path in ("", f"panel/?origin={SHOP}", "messages/", "messages/?after_revision="):
        assert visitor.call("GET", path).status_code == 200
    assert visitor.call("POST", "receipts/", {"read": 5}).status_code == 204

    assert rows() == before
    assert not visitor.browser.cookies


def rows():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_visitors_get_the_texts_of_their_scripts_and_no_others():
    texts, seen, waiting = set(), set(), [ROOT / "static" / "widget" / "main.js"]
    while waiting:
        path = waiting.pop().resolve()
        if path not in seen:
            seen.add(path)
            source = path.read_text(encoding="utf-8")
            texts |= {text.msgid for text in texts_of_script(source)}
            waiting += [path.parent / name for name in re.findall(r'from "(\.[^"]+)"', source)]

    assert texts == SCRIPT_TEXTS
    assert set(script_catalogue("ru")) <= SCRIPT_TEXTS
