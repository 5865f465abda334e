"""A company to try the product with: staff, a line with a sandbox and a website chat."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import translation

from channels_connectors.services.channels import connect_own
from crm.models import LeadSource, LeadStage, User
from openlines.models import Line, QuickReply
from openlines.services.lines import create_line, set_queue_members

STAFF = (
    ("alla", "Алла", "Аверина", User.Role.ADMINISTRATOR),
    ("sergey", "Сергей", "Соколов", User.Role.SUPERVISOR),
    ("olga", "Ольга", "Орлова", User.Role.OPERATOR),
    ("oleg", "Олег", "Осипов", User.Role.OPERATOR),
)
STAGES = (
    ("Новый", LeadStage.Kind.OPEN), ("В работе", LeadStage.Kind.OPEN), ("Предложение", LeadStage.Kind.OPEN),
    ("Успех", LeadStage.Kind.WON), ("Отказ", LeadStage.Kind.LOST),
)  # fmt: skip


REPLIES = (
    ("Приветствие", "hi", "Здравствуйте, {client}! Меня зовут {operator}, чем могу помочь?"),
    ("Минутку", "wait", "Минутку, сейчас уточню и вернусь с ответом."),
    ("Прощание", "bye", "Спасибо, что обратились к нам! Будем рады помочь снова."),
)


class Command(BaseCommand):
    help = "Load the demo company once. Does nothing when there is staff already."

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            return
        accounts = self._load()
        path = Path(settings.VAR_DIR) / "demo-accounts.txt"
        path.touch(mode=0o600)
        path.write_text("".join(f"{name} {password} ({role})\n" for name, password, role in accounts), encoding="utf-8")

    @transaction.atomic
    @translation.override("ru")
    def _load(self) -> list[tuple[str, str, str]]:
        accounts = [self._account(*person) for person in STAFF]
        for position, (name, kind) in enumerate(STAGES, start=1):
            LeadStage.objects.create(name=name, kind=kind, position=position)
        for name in ("Открытая линия", "Сайт", "Звонок"):
            LeadSource.objects.get_or_create(name=name)
        self._make_line()
        for title, shortcut, text in REPLIES:
            QuickReply.objects.create(title=title, shortcut=shortcut, text=text)
        return accounts

    def _account(self, username: str, first: str, last: str, role: str) -> tuple[str, str, str]:
        password = settings.DEMO_PASSWORD or secrets.token_urlsafe(9)
        user = User(username=username, first_name=first, last_name=last, role=role)
        user.is_staff = user.is_superuser = role == User.Role.ADMINISTRATOR
        user.set_password(password)
        user.save()
        return username, password, role.lower()

    def _make_line(self) -> None:
        alla = User.objects.get(username="alla")
        line: Line = create_line(administrator=alla, name="Sales")
        line.supervisors.add(User.objects.get(username="sergey"))
        operators = User.objects.filter(role=User.Role.OPERATOR).order_by("pk").values_list("pk", flat=True)
        set_queue_members(administrator=alla, line=line, operator_ids=list(operators))
        for kind in ("sandbox", "livechat"):
            connect_own(administrator=alla, line=line, kind=kind)
