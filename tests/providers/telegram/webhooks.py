"""Updates on their way to webhooks: in order and one at a time for each chat, again and again until a 2xx."""

import asyncio
import contextlib
import time
from collections import deque

import aiohttp

from tests.providers.telegram.model import Bot, Fields, World, now

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_RETRY_AFTER = 3600


class WebhookSender:
    """Delivers the updates of one bot to the webhook that is set now."""

    def __init__(self, world: World, bot: Bot, session: aiohttp.ClientSession) -> None:
        self._world = world
        self._bot = bot
        self._session = session
        self._queues: dict[int, deque[Fields]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(bot.webhook.max_connections if bot.webhook else 1)
        self._busy = 0
        for update in bot.pending.values():
            self.take(update)

    def take(self, update: Fields) -> None:
        chat_id = chat_of(update)
        if chat_id in self._queues:
            self._queues[chat_id].append(update)
            return
        self._queues[chat_id] = deque([update])
        task = asyncio.get_running_loop().create_task(self._empty(chat_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def deliver_once(self, update: Fields, attempt: int = 1) -> tuple[bool, float]:
        """Whether it was taken, and after how many seconds the receiver wants to see it again."""
        async with self._places:
            self._busy += 1
            self._bot.most_connections = max(self._bot.most_connections, self._busy)
            try:
                status, retry_after = await self._post(update)
            finally:
                self._busy -= 1
        is_taken = 200 <= status < 300 and not self._is_answer_lost()
        self._record(update, attempt, status, is_taken=is_taken)
        return is_taken, retry_after

    async def _empty(self, chat_id: int) -> None:
        queue = self._queues[chat_id]
        while queue:
            await self._until_released()
            if queue[0]["update_id"] in self._bot.pending:
                await self._deliver(queue[0])
            queue.popleft()
        del self._queues[chat_id]

    async def _until_released(self) -> None:
        async with self._world.changed:
            await self._world.changed.wait_for(lambda: not self._bot.is_holding)

    async def _deliver(self, update: Fields) -> None:
        # The first repetition comes at once, the next ones ever later.
        delay, attempt = 0.0, 1
        while update["update_id"] in self._bot.pending:
            is_taken, retry_after = await self.deliver_once(update, attempt)
            if is_taken:
                return
            await asyncio.sleep(retry_after or delay)
            delay = min(delay * 2 or self._world.options.retry_start, self._world.options.retry_limit)
            attempt += 1

    async def _post(self, update: Fields) -> tuple[int, float]:
        webhook = self._bot.webhook
        if webhook is None:
            return 0, 0.0
        headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
        timeout = aiohttp.ClientTimeout(total=self._world.options.answer_timeout)
        try:
            async with self._session.post(
                webhook.url, json=update, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                await response.read()
                return response.status, _retry_after(response.headers.get("Retry-After", ""))
        except (aiohttp.ClientError, TimeoutError) as error:
            webhook.last_error = f"Connection failed: {type(error).__name__}"
            return 0, 0.0

    def _is_answer_lost(self) -> bool:
        is_lost = self._bot.answers_to_lose > 0
        self._bot.answers_to_lose -= is_lost
        return is_lost

    def _record(self, update: Fields, attempt: int, status: int, *, is_taken: bool) -> None:
        update_id, webhook = update["update_id"], self._bot.webhook
        self._bot.deliveries.append(
            {"update_id": update_id, "attempt": attempt, "status": status, "is_taken": is_taken, "at": time.time()}
        )
        if is_taken:
            self._bot.pending.pop(update_id, None)
        elif webhook is not None:
            webhook.last_error_at = now()
            webhook.last_error = f"Wrong response from the webhook: {status}" if status else webhook.last_error
        self._world.ring()


class WebhookSenders:
    """One sender for every bot that has a webhook."""

    def __init__(self, world: World, session: aiohttp.ClientSession) -> None:
        self._world = world
        self._session = session
        self._senders: dict[str, WebhookSender] = {}
        self._stopping: set[asyncio.Task[None]] = set()
        world.on_update = self._take
        world.on_webhook = self._set

    async def close(self) -> None:
        for bot in self._world.bots.values():
            bot.webhook = None
            self._set(bot)
        await asyncio.gather(*self._stopping, return_exceptions=True)
        await self._session.close()

    def sender_of(self, bot: Bot) -> WebhookSender | None:
        return self._senders.get(bot.token)

    def _take(self, bot: Bot, update: Fields) -> None:
        if bot.token in self._senders:
            self._senders[bot.token].take(update)

    def _set(self, bot: Bot) -> None:
        earlier = self._senders.pop(bot.token, None)
        if earlier is not None:
            task = asyncio.get_running_loop().create_task(earlier.stop())
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)
        if bot.webhook is not None:
            self._senders[bot.token] = WebhookSender(self._world, bot, self._session)


def chat_of(update: Fields) -> int:
    """The chat whose order the update belongs to."""
    content = next(value for name, value in update.items() if name != "update_id")
    holder = content if "chat" in content else content.get("message", content)
    return int(holder.get("chat", content.get("from", {})).get("id", 0))


def _retry_after(header: str) -> float:
    with contextlib.suppress(ValueError):
        return min(float(header), LONGEST_RETRY_AFTER)
    return 0.0
