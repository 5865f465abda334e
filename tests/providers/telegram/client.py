"""The Python face of the control side; the simulator itself may run in this process or in another."""

import base64
from types import TracebackType
from typing import Any, Self

import httpx

Fields = dict[str, Any]


class TelegramSimulator:
    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        # Not through anybody's proxy: it is a server on this machine.
        self._http = httpx.Client(base_url=base_url, timeout=70, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def command(self, name: str, **fields: Any) -> Any:
        response = self._http.post(f"/control/{name}", json=fields)
        answer = response.json()
        if response.status_code != 200:
            raise AssertionError(f"{name}: {answer['error']}")
        return answer

    def add_bot(self, *, username: str = "", first_name: str = "", token: str = "") -> "BotHandle":
        bot = self.command("add_bot", username=username, first_name=first_name, wanted_token=token)
        return BotHandle(self, bot)


class BotHandle:
    def __init__(self, simulator: TelegramSimulator, user: Fields) -> None:
        self._simulator = simulator
        self.token: str = user["token"]
        self.id: int = user["id"]
        self.username: str = user["username"]

    def command(self, name: str, **fields: Any) -> Any:
        return self._simulator.command(name, token=self.token, **fields)

    def customer(self, first_name: str, *, photo: bytes = b"", **fields: Any) -> "CustomerHandle":
        """Someone new who talks to this bot; ``last_name``, ``username``, ``language_code``, ``id`` as wished."""
        files = {"file": _file("photo.png", "image/png", photo)} if photo else {}
        user = self._simulator.command("add_customer", first_name=first_name, **fields, **files)
        return CustomerHandle(self, user)

    def revoke_token(self) -> None:
        self.command("revoke_token")

    def flood(self, seconds: float) -> None:
        self.command("flood", seconds=seconds)

    def fault(self, kind: str, *, method: str = "", count: int = 1, seconds: float = 0.0) -> None:
        """See ``faults.KINDS`` for the kinds."""
        self.command("fault", kind=kind, method=method, count=count, seconds=seconds)

    def lose_answers(self, count: int) -> None:
        self.command("lose_answers", count=count)

    def hold(self) -> None:
        self.command("hold")

    def release(self) -> None:
        self.command("release")

    def deliver(self, *update_ids: int) -> list[bool]:
        return list(self.command("deliver", update_ids=update_ids))

    def calls(self, method: str = "") -> list[Fields]:
        return list(self.command("calls", method=method))

    def deliveries(self) -> list[Fields]:
        return list(self.command("deliveries"))

    def state(self) -> Fields:
        return dict(self.command("state"))

    def wait_for_calls(self, count: int, *, method: str = "", seconds: float = 10.0) -> list[Fields]:
        self.command("wait", what="calls", method=method, count=count, seconds=seconds)
        return self.calls(method)

    def wait_for_deliveries(self, count: int, *, seconds: float = 10.0) -> list[Fields]:
        """Until the webhook has taken so many updates."""
        self.command("wait", what="deliveries", count=count, seconds=seconds)
        return self.deliveries()

    def wait_for_attempts(self, count: int, *, seconds: float = 10.0) -> list[Fields]:
        self.command("wait", what="attempts", count=count, seconds=seconds)
        return self.deliveries()

    def wait_until_all_delivered(self, *, seconds: float = 10.0) -> None:
        self.command("wait", what="nothing_pending", seconds=seconds)


class CustomerHandle:
    """A customer in front of one bot. What they do comes back as the update that Telegram made of it."""

    def __init__(self, bot: BotHandle, user: Fields) -> None:
        self._bot = bot
        self.id: int = user["id"]

    def writes(self, text: str, *, reply_to: int = 0) -> Fields:
        return self._does("write", content={"text": text}, reply_to=reply_to)

    def sends(self, content: Fields, *, reply_to: int = 0) -> Fields:
        """Any content that the Bot API knows, as it stands in a message."""
        return self._does("write", content=content, reply_to=reply_to)

    def sends_photo(self, content: bytes, *, caption: str = "") -> Fields:
        return self._sends_file("photo", "photo.png", "image/png", content, caption)

    def sends_file(self, name: str, mime: str, content: bytes, *, caption: str = "") -> Fields:
        return self._sends_file("document", name, mime, content, caption)

    def sends_voice(self, content: bytes) -> Fields:
        return self._sends_file("voice", "voice.oga", "audio/ogg", content)

    def sends_sticker(self, content: bytes) -> Fields:
        return self._sends_file("sticker", "sticker.webp", "image/webp", content)

    def sends_media(self, kind: str, name: str, mime: str, content: bytes) -> Fields:
        return self._sends_file(kind, name, mime, content)

    def sends_album(self, *photos: bytes, caption: str = "") -> list[Fields]:
        files = [_file("photo.png", "image/png", photo) for photo in photos]
        return list(self._bot.command("send_album", customer=self.id, files=files, caption=caption))

    def shares_location(self, latitude: float, longitude: float) -> Fields:
        return self.sends({"location": {"latitude": latitude, "longitude": longitude}})

    def shares_contact(self, phone: str, first_name: str, *, is_own: bool = False) -> Fields:
        owner = {"user_id": self.id} if is_own else {}
        return self.sends({"contact": {"phone_number": phone, "first_name": first_name} | owner})

    def edits(self, message_id: int, words: str) -> Fields:
        return self._does("edit", message_id=message_id, words=words)

    def presses(self, message_id: int, label: str) -> Fields:
        return self._does("press", message_id=message_id, label=label)

    def blocks(self) -> Fields:
        return self._does("block")

    def unblocks(self) -> Fields:
        return self._does("unblock")

    def reacts(self, message_id: int, emoji: str) -> Fields:
        return self._does("react", message_id=message_id, emoji=emoji)

    def lets_the_bot_answer(self) -> Fields:
        """Their business account, from now on."""
        return self._does("connect_business")

    def writes_to_business(self, connection_id: str, text: str, *, is_owner: bool = False) -> Fields:
        return self._does("write_to_business", connection_id=connection_id, text=text, is_owner=is_owner)

    def deletes_in_business(self, connection_id: str, *message_ids: int) -> Fields:
        return self._does("delete_in_business", connection_id=connection_id, message_ids=list(message_ids))

    def sees_of_business(self, connection_id: str) -> list[Fields]:
        return list(self._bot.command("business_chat", customer=self.id, connection_id=connection_id))

    def writes_in_group(self, text: str) -> Fields:
        return self._does("write_in_group", text=text)

    def sees(self) -> list[Fields]:
        """Both sides of the chat."""
        return list(self._bot.command("chat", customer=self.id))

    def received(self) -> list[Fields]:
        """What the bot wrote, as it stands now."""
        return list(self._bot.command("chat", customer=self.id, sender="bot"))

    def waits_for(self, count: int, *, seconds: float = 10.0) -> list[Fields]:
        """Until the bot has written so many messages."""
        self._bot.command("wait", what="messages", customer=self.id, count=count, seconds=seconds)
        return self.received()

    def _sends_file(self, kind: str, name: str, mime: str, content: bytes, caption: str = "") -> Fields:
        return self._does("send_file", kind=kind, file=_file(name, mime, content), caption=caption)

    def _does(self, name: str, **fields: Any) -> Fields:
        return dict(self._bot.command(name, customer=self.id, **fields))


def _file(name: str, mime: str, content: bytes) -> Fields:
    return {"name": name, "mime": mime, "content": base64.b64encode(content).decode()}
