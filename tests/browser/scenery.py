"""A furnished desk: Olga's morning, with one of everything that a console can show."""

import io
import math
import struct
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from PIL import Image, ImageDraw

from tests.live import LiveProduct
from tests.providers.telegram import BotHandle, CustomerHandle, TelegramSimulator, simulated_telegram

LONG_NAME = "Maximiliane von Hohenstein-Württemberg und zu Lichtenfels"
ARMCHAIRS = "Hello! We need 12 armchairs for a meeting room: is there a discount, and how long does it take?"
RATING = {
    "is_rating_asked": True, "rating_scale": "FIVE", "is_rating_comment_asked": True,
    "rating_text": "How was it, {client}?", "rating_thanks_text": "Thank you!",
}  # fmt: skip
REPLIES = (
    {"title": "Greeting", "shortcut": "hi", "folder": "Every day", "text": "Good afternoon, {client}! How can I help?"},
    {"title": "Delivery", "shortcut": "del", "folder": "Every day", "text": "We deliver within three days."},
    {"title": "Bank details", "folder": "Papers", "text": "Our bank details are in the contract, on the last page."},
)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """What is on it: the ids of dialogs and clients by the name of the client."""

    telegram: TelegramSimulator
    bot: BotHandle
    olga: httpx.Client
    alla: httpx.Client

    def client(self, first_name: str, *words: str, **fields: Any) -> CustomerHandle:
        customer = self.bot.customer(first_name, **fields)
        for text in words:
            customer.writes(text)
        return customer

    def dialog(self, name: str) -> dict[str, Any]:
        for _ in range(150):
            for dialog in self.alla.get("/dialogs/", params={"tab": "all", "limit": 100}).json()["results"]:
                if dialog["client"]["name"].startswith(name):
                    return dict(dialog)
            time.sleep(0.2)
        raise AssertionError(f"{name} has not arrived")

    def taken(self, name: str) -> int:
        dialog_id: int = self.dialog(name)["id"]
        done(self.olga.post(f"/dialogs/{dialog_id}/answer/"))
        return dialog_id

    def say(self, dialog_id: int, text: str, **fields: Any) -> dict[str, Any]:
        return dict(done(self.olga.post(f"/dialogs/{dialog_id}/messages/", json={"text": text, **fields})))

    def attached(self, name: str, content: bytes) -> str:
        return str(done(self.olga.post("/attachments/", files={"file": (name, content)}))["id"])

    def messages(self, dialog_id: int) -> list[dict[str, Any]]:
        return list(self.alla.get(f"/dialogs/{dialog_id}/messages/").json()["messages"])

    def said(self, dialog_id: int, found: str) -> dict[str, Any]:
        """A message of it, once it is stored."""
        for _ in range(150):
            for message in self.messages(dialog_id):
                if found in message["text"]:
                    return message
            time.sleep(0.2)
        raise AssertionError(f"“{found}” has not arrived")


def done(response: httpx.Response) -> Any:
    assert response.is_success, f"{response.request.method} {response.request.url}: {response.text[:500]}"
    return response.json() if response.content else {}


@contextmanager
def furnished(product: LiveProduct) -> Iterator[Desk]:
    with simulated_telegram() as telegram, product.api("olga") as olga, product.api("alla") as alla:
        bot = telegram.add_bot(first_name="Loft")
        _set_the_line(alla, bot, telegram.base_url)
        olga.patch("/me/", json={"language": "en"})
        alla.patch("/me/", json={"language": "en"})
        desk = Desk(telegram, bot, olga, alla)
        _dictionaries(desk)
        _clients_come(desk)
        _main_conversation(desk)
        _others(desk)
        yield desk


def _set_the_line(alla: httpx.Client, bot: BotHandle, base_url: str) -> None:
    line = alla.get("/lines/").json()[0]["id"]
    done(alla.patch(f"/lines/{line}/queue/", json={"distribution": "ALL_AT_ONCE", "offer_seconds": 600}))
    done(alla.patch(f"/lines/{line}/", json={**RATING, "reply_goal_seconds": 240}))
    values = {"token": bot.token, "base_url": base_url}
    done(alla.post("/channels/", json={"line": line, "kind": "telegram", "values": values}))


def _dictionaries(desk: Desk) -> None:
    for color, name in enumerate(("Wholesale", "Delivery", "Complaint", "Architects and designers of interiors")):
        desk.alla.post("/tags/", json={"name": name, "color": color + 1})
    for name in ("Price and stock", "Delivery", "Complaint"):
        desk.alla.post("/topics/", json={"name": name})
    for reply in REPLIES:
        done(desk.olga.post("/quick-replies/", json=reply))


def _clients_come(desk: Desk) -> None:
    anna = desk.client("Anna", "Good morning! The armchair came with a scratch on the armrest.", last_name="Petrova")
    anna.sends_photo(picture(), caption="Here it is")
    anna.sends_voice(sound())
    anna.sends_file("Invoice 48213.pdf", "application/pdf", b"%PDF-1.4 " + bytes(184_000))
    anna.shares_location(55.7558, 37.6173)
    anna.shares_contact("+79175550142", "Anna", is_own=True)
    desk.client("Boris", "It is 900 roubles?", "And how many days does it take?", last_name="Volkov")
    desk.client(LONG_NAME, "Where is my order? " * 8)
    desk.client("Dina", "I would like a table of oak", last_name="Kim")
    desk.client("Pavel", ARMCHAIRS, last_name="Lazarev")


def _main_conversation(desk: Desk) -> None:
    dialog_id = desk.taken("Anna")
    first = desk.said(dialog_id, "scratch")
    desk.say(dialog_id, "Anna, good morning! I am so sorry. I am looking at your order now.", reply_to=first["id"])
    sergey = next(one for one in desk.alla.get("/operators/").json() if one["role"] == "SUPERVISOR")
    whisper = f"@{sergey['name']} the armrest is in stock, the courier can come tomorrow."
    desk.say(dialog_id, whisper, visibility="STAFF", mentions=[sergey["id"]])
    mistake = desk.say(dialog_id, "Wrong window")
    desk.say(
        dialog_id,
        "There are two ways: we **replace the armrest** tomorrow between 10 and 14, or return 10 % of the price.",
        is_formatted=True,
        attachments=[desk.attached("Act 48213.pdf", b"%PDF-1.4 " + bytes(90_000))],
    )
    desk.olga.delete(f"/messages/{mistake['id']}/")
    tags = [tag["id"] for tag in desk.alla.get("/tags/").json()]
    desk.olga.put(f"/dialogs/{dialog_id}/tags/", json={"tag_ids": tags[:3]})
    client_id = desk.dialog("Anna")["client"]["id"]
    desk.olga.patch(
        f"/clients/{client_id}/", json={"notes": "Prefers to be called after six.", "is_vip": True, "tag_ids": tags[:2]}
    )
    due_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 5400))
    call = {
        "client_id": client_id,
        "dialog_id": dialog_id,
        "phone": "+79175550142",
        "due_at": due_at,
        "note": "Ask for the porch code",
    }
    done(desk.olga.post("/call-backs/", json=call))


def _others(desk: Desk) -> None:
    desk.taken("Boris")
    desk.taken(LONG_NAME)
    dina = desk.taken("Dina")
    desk.say(dina, "Of course: we make them to order.")
    done(desk.olga.put(f"/dialogs/{dina}/draft/", json={"text": "Dina, as to the guarantee"}))
    _unreachable(desk)
    _finished(desk)


def _unreachable(desk: Desk) -> None:
    gleb = desk.client("Gleb", "Hello?", last_name="Orlov")
    dialog_id = desk.taken("Gleb")
    desk.telegram.command("deactivate", customer=gleb.id)
    desk.say(dialog_id, "Good afternoon, Gleb!")


def _finished(desk: Desk) -> None:
    egor = desk.client("Egor", "Thank you, it has come.", last_name="Zhukov")
    dialog_id = desk.taken("Egor")
    done(desk.olga.post(f"/dialogs/{dialog_id}/finish/"))
    desk.said(dialog_id, "How was it")
    egor.presses(seen(egor, "How was it"), "5")
    done(desk.alla.put(f"/dialogs/{dialog_id}/supervisor-rating/", json={"score": 4, "comment": "Greet first"}))


def seen(customer: CustomerHandle, found: str) -> int:
    """A message of ours, once it has reached them."""
    for _ in range(150):
        for message in customer.received():
            if found in message["text"]:
                return int(message["message_id"])
        time.sleep(0.2)
    raise AssertionError(f"“{found}” has not reached them")


def picture() -> bytes:
    """An armchair."""
    image = Image.new("RGB", (640, 420), "#cfc8bd")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 320, 640, 420), fill="#a58f78")
    draw.rounded_rectangle((200, 70, 440, 270), 40, fill="#46505f")
    draw.rounded_rectangle((170, 240, 470, 310), 20, fill="#38414e")
    draw.rounded_rectangle((150, 190, 200, 300), 16, fill="#6f4f33")
    draw.rounded_rectangle((440, 190, 490, 300), 16, fill="#6f4f33")
    draw.line((455, 215, 478, 260), fill="#f2d7b5", width=4)
    draw.ellipse((430, 195, 510, 275), outline="#ef5b6b", width=5)
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def sound(seconds: int = 4, rate: int = 8000) -> bytes:
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        tones = (int(9000 * math.sin(i / 7) * math.sin(i / 4000)) for i in range(seconds * rate))
        file.writeframes(b"".join(struct.pack("<h", tone) for tone in tones))
    return content.getvalue()
