"""Django's own admin: every model is there, history can't be rewritten, secrets are nowhere."""

import pytest
from django.apps import apps
from django.contrib import admin

from crm.models import User
from tests.factories import make_channel, make_user
from tests.pages import get, text_of

HOUSE = {"crm", "openlines", "routing", "channels_connectors", "stats"}


def test_every_model_is_registered():
    own = {model for model in apps.get_models() if model._meta.app_label in HOUSE}

    assert [model.__name__ for model in own if not admin.site.is_registered(model)] == []


@pytest.fixture
def root(db):
    return make_user("root", User.Role.ADMINISTRATOR, is_staff=True, is_superuser=True)


def test_every_list_opens(cast, line, root):
    make_channel(cast, line, kind="livechat")
    for model in admin.site._registry:
        label = model._meta
        assert get(root, f"/admin/{label.app_label}/{label.model_name}/").status_code == 200


def test_roles_are_changed_elsewhere_and_nobody_is_deleted(cast, root):
    page = text_of(get(root, f"/admin/crm/user/{cast.olga.pk}/change/"))

    assert 'name="first_name"' in page
    assert 'name="role"' not in page
    assert 'name="is_superuser"' not in page
    assert get(root, f"/admin/crm/user/{cast.olga.pk}/delete/").status_code == 403


def test_nobody_else_enters(cast):
    for user in (cast.sergey, cast.olga, cast.mallory):
        assert get(user, "/admin/").status_code == 302
