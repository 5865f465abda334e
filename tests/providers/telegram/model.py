"""What the simulated Telegram knows."""

import asyncio
import itertools
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Fields = dict[str, Any]

# A bot gets these only when it names them.
OPT_IN_UPDATES = {"chat_member", "message_reaction", "message_reaction_count"}


class ApiError(Exception):
    """What the Bot API answers instead of a result."""

    def __init__(self, code: int, description: str, parameters: Fields | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def body(self) -> Fields:
        body: Fields = {"ok": False, "error_code": self.code, "description": self.description}
        return body if self.parameters is None else {**body, "parameters": self.parameters}


def bad_request(words: str) -> ApiError:
    return ApiError(400, f"Bad Request: {words}")


@dataclass(frozen=True, kw_only=True)
class Options:
    """How this Telegram behaves where the real one is slow or strict."""

    retry_start: float = 1.0
    retry_limit: float = 90.0
    answer_timeout: float = 60.0
    # A Bot API server in --local mode takes http:// and any port, too.
    is_strict_about_urls: bool = False


@dataclass(kw_only=True)
class StoredFile:
    file_id: str
    unique_id: str
    path: str
    content: bytes
    name: str
    mime: str


@dataclass(kw_only=True)
class Customer:
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_deactivated: bool = False
    photo: list[Fields] = field(default_factory=list)

    @property
    def user(self) -> Fields:
        return {"id": self.id, "is_bot": False} | self._names() | _present(language_code=self.language_code)

    @property
    def chat(self) -> Fields:
        return {"id": self.id, "type": "private"} | self._names()

    def _names(self) -> Fields:
        return {"first_name": self.first_name} | _present(last_name=self.last_name, username=self.username)


@dataclass(kw_only=True)
class Chat:
    """What one customer and one bot have in common."""

    customer: Customer
    messages: dict[int, Fields] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    is_blocked: bool = False


@dataclass(kw_only=True)
class Business:
    """The account of a person who lets the bot answer their clients."""

    owner: Customer
    chats: dict[int, Chat] = field(default_factory=dict)

    def chat_with(self, customer: Customer) -> Chat:
        return self.chats.setdefault(customer.id, Chat(customer=customer))

    def chat_with_id(self, customer_id: int) -> Chat:
        if customer_id not in self.chats:
            raise bad_request("chat not found")
        return self.chats[customer_id]


@dataclass(kw_only=True)
class Webhook:
    url: str
    secret: str = ""
    max_connections: int = 40
    last_error_at: int = 0
    last_error: str = ""


@dataclass(kw_only=True)
class Fault:
    """Bad weather for the next ``count`` calls of ``method`` (of any method, if it is empty)."""

    kind: str
    method: str = ""
    count: int = 1
    seconds: float = 0.0


@dataclass(kw_only=True)
class Bot:
    id: int
    token: str
    username: str
    first_name: str
    is_revoked: bool = False
    chats: dict[int, Chat] = field(default_factory=dict)
    business: dict[str, Business] = field(default_factory=dict)
    pending: dict[int, Fields] = field(default_factory=dict)
    history: dict[int, Fields] = field(default_factory=dict)
    allowed_updates: list[str] = field(default_factory=list)
    webhook: Webhook | None = None
    poll: "asyncio.Future[str] | None" = None
    queries: set[str] = field(default_factory=set)
    answered_queries: list[str] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    flood_ends_at: float = 0.0
    calls: list[Fields] = field(default_factory=list)
    deliveries: list[Fields] = field(default_factory=list)
    most_connections: int = 0
    answers_to_lose: int = 0
    is_holding: bool = False
    message_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    update_ids: Iterator[int] = field(default_factory=lambda: itertools.count(900_001))

    @property
    def user(self) -> Fields:
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}

    def chat_with(self, customer: Customer) -> Chat:
        return self.chats.setdefault(customer.id, Chat(customer=customer))

    def wants(self, kind: str) -> bool:
        return kind in self.allowed_updates if self.allowed_updates else kind not in OPT_IN_UPDATES


@dataclass(kw_only=True)
class World:
    """All bots, customers and files, and a bell that rings at every change."""

    options: Options = field(default_factory=Options)
    bots: dict[str, Bot] = field(default_factory=dict)
    customers: dict[int, Customer] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    # Set by the webhooks' sender.
    on_update: Callable[[Bot, Fields], None] = lambda _bot, _update: None
    on_webhook: Callable[[Bot], None] = lambda _bot: None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(7001))
    query_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    album_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    bells: set["asyncio.Task[None]"] = field(default_factory=set)

    def add_bot(self, *, username: str = "", first_name: str = "", token: str = "") -> Bot:
        identifier = int(token.partition(":")[0]) if token else 100_000_000 + next(self.ids)
        token = token or f"{identifier}:AA{secrets.token_hex(16)}x"
        username = username or f"shop{identifier}_bot"
        bot = Bot(id=identifier, token=token, username=username, first_name=first_name or username)
        self.bots[token] = bot
        return bot

    def add_customer(self, **fields: Any) -> Customer:
        customer = Customer(id=fields.pop("id", None) or next(self.ids), **fields)
        self.customers[customer.id] = customer
        return customer

    def push(self, bot: Bot, kind: str, content: Fields) -> Fields:
        """Something happened that the bot may want to hear of."""
        update_id = next(bot.update_ids)
        update: Fields = {"update_id": update_id, kind: content}
        if bot.wants(kind):
            bot.pending[update_id] = bot.history[update_id] = update
            self.on_update(bot, update)
        self.ring()
        return update

    def ring(self) -> None:
        bell = asyncio.get_running_loop().create_task(self._ring())
        self.bells.add(bell)
        bell.add_done_callback(self.bells.discard)

    async def _ring(self) -> None:
        async with self.changed:
            self.changed.notify_all()


def now() -> int:
    return int(time.time())


def _present(**fields: Any) -> Fields:
    return {name: value for name, value in fields.items() if value}
