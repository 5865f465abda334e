"""The product as an app: what a browser installs, what it keeps, and that it keeps nothing of anybody."""

import re

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client
from PIL import Image

from openlines.web import app
from tests.factories import Cast

pytestmark = pytest.mark.row("D12")


def path_of(url: str) -> str:
    found = find(url.removeprefix("/static/"))
    assert isinstance(found, str), url
    return found


def test_the_manifest_names_icons_that_exist_in_the_sizes_it_says():
    manifest = Client().get("/manifest.webmanifest").json()

    sized = [icon for icon in manifest["icons"] if icon["sizes"] != "any"]
    assert {icon["purpose"] for icon in sized} == {"any", "maskable"}
    for icon in sized:
        with Image.open(path_of(icon["src"])) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
    assert path_of(manifest["icons"][0]["src"])
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")


@pytest.mark.django_db
def test_every_page_names_the_manifest(cast: Cast):
    client = Client()
    assert b'rel="manifest"' in client.get("/login/").content
    client.force_login(cast.olga)
    assert b'rel="manifest"' in client.get("/").content


def test_the_service_worker_stands_at_the_root_and_is_asked_for_anew():
    response = Client().get("/sw.js")

    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert "unsafe" not in response["Content-Security-Policy"]
    kept = re.findall(r'"(/static/[^"]+)"', response.content.decode())
    assert len(kept) > 8
    assert all(map(path_of, kept))


def test_a_release_is_another_service_worker(monkeypatch):
    class Collected:
        hashed_files = {"console/main.js": "console/main.0123456789ab.js"}

    before = app._version()
    monkeypatch.setattr(app, "staticfiles_storage", Collected)

    assert app._version() != before


@pytest.mark.django_db
def test_the_page_without_a_line_says_nothing_of_anybody(cast: Cast, django_assert_num_queries):
    client = Client()
    client.force_login(cast.olga)
    page = client.get("/offline/").content.decode()

    assert Client().get("/offline/").content.decode() == page
    assert 'lang="ru"' in page
    assert 'lang="en"' in page
    assert "Olga" not in page
    assert "csrf" not in page
