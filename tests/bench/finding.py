"""Filling the search and asking it, inside one process on the database that DATABASE_URL names:
``python -m tests.bench.finding NAME '{"rounds": 10}'`` prints JSON."""

import json
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import django

from tests.bench import databases, vocabulary

if TYPE_CHECKING:
    from crm.models import User

BATCH = 5_000


def in_process(what: str, database: str, **wanted: Any) -> Any:
    """Run it in a Python of its own and return what it has to say."""
    command = ["-m", "tests.bench.finding", what, json.dumps(wanted)]
    return json.loads(databases.run_python(command, {"DATABASE_URL": databases.url_for_settings(database)}))


def index_all() -> float:
    """Everything there is, as the worker takes it; returns the seconds."""
    from openlines.services.indexing import Indexer

    indexer, began_at = Indexer(), time.perf_counter()
    while indexer.index_next(limit=BATCH):
        pass
    return time.perf_counter() - began_at


def searches(*, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of whole calls of the API, by role and by kind of what is looked for."""
    from rest_framework.test import APIClient

    questions, times = _questions(rounds), defaultdict(list)
    for role, user in _roles().items():
        client = APIClient(HTTP_HOST="localhost")
        client.force_authenticate(user)
        client.get("/api/v1/search/", {"q": "warm up"})
        for kind, texts in questions.items():
            for text in texts:
                began_at = time.perf_counter()
                answer = client.get("/api/v1/search/", {"q": text})
                times[f"{role} {kind}"].append((time.perf_counter() - began_at) * 1000)
                assert answer.status_code == 200, answer.content
    return times


def _roles() -> "dict[str, User]":
    from crm.models import User

    operators = User.objects.filter(username__startswith="operator").order_by("pk")
    return {
        "administrator": User.objects.get(username="alla"),
        "supervisor": User.objects.get(username="sergey"),
        "operator": operators[10],
        "newcomer": operators.last() or operators[0],
    }


def _questions(rounds: int) -> dict[str, list[str]]:
    """Others in each round, the same in each run."""
    from crm.models import Identity
    from openlines.models import Message

    dice, words, names = random.Random(1), vocabulary.words(), vocabulary.names()
    frequent, seldom = vocabulary.FREQUENT[:40], words[len(words) // 2 :]
    newest = Message.objects.latest("pk").pk

    def a_message() -> str:
        with_number = Message.objects.filter(pk__lt=dice.randrange(newest // 10, newest), text__contains="№")
        return with_number.order_by("-pk")[0].text.split("№")[1]

    def a_phone() -> str:
        value = Identity.objects.filter(scope="phone").order_by("pk")[dice.randrange(1000)].value
        return f"8 ({value[2:5]}) {value[5:8]}-{value[8:10]}-{value[10:]}"

    kinds: dict[str, Callable[[], str]] = {
        "rare word": lambda: dice.choice(seldom),
        "number of an order": a_message,
        "very common word": lambda: dice.choice(frequent[:8]),
        "common word": lambda: dice.choice(frequent),
        "two common words": lambda: " ".join(dice.sample(frequent, 2)),
        "common and rare word": lambda: f"{dice.choice(frequent)} {dice.choice(seldom)}",
        "beginning of a word": lambda: dice.choice(words[:5000])[:4],
        "two letters": lambda: dice.choice(frequent)[:2],
        "middle of a word": lambda: dice.choice([word for word in words[:5000] if len(word) > 7])[2:7],
        "three letters": lambda: dice.choice(frequent)[1:4],
        "English word": lambda: dice.choice(vocabulary.ENGLISH),
        "nothing": lambda: dice.choice(seldom)[::-1] + "щщ",
        "name": lambda: dice.choice(names),
        "first name": lambda: dice.choice(vocabulary.FIRST_NAMES),
        "phone": a_phone,
        "part of a phone": lambda: a_phone()[4:13],
    }
    return {kind: [draw() for _ in range(rounds)] for kind, draw in kinds.items()}


PARTS: dict[str, Callable[..., Any]] = {part.__name__: part for part in (index_all, searches)}


def main(what: str, wanted: dict[str, Any]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    django.setup()
    json.dump(PARTS[what](**wanted), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
