"""A client that none of us wrote takes the simulated Avito for the real one.

avito-python-sdk, whose models refuse every field that they do not know, works as a shop against it.
"""

import pytest
from pyavitoapi.client import AvitoAsyncClient
from pyavitoapi.transport.errors import AvitoApiError

from tests.providers.avito import ANNA, CLIENT_ID, CLIENT_SECRET, SHOP, AvitoSimulator, simulated_avito

pytestmark = pytest.mark.row("C15")

JUDGES = {
    "avito": {"avito-python-sdk": "models that take no unknown field; sends, takes back, reads, subscribes, is refused"}
}

HOOK = "https://shop.example.org/hooks/avito/secret/"


@pytest.fixture
def avito():
    with simulated_avito() as avito:
        yield avito


@pytest.fixture
async def sdk(avito):
    client = AvitoAsyncClient(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, base_url=avito.base_url)
    client._transport.requests_per_second = client._transport.requests_per_minute = 10_000
    async with client:
        yield client


def everything_a_buyer_does(avito: AvitoSimulator) -> None:
    avito.writes(text="Still available?")
    avito.writes(quote=avito.chat.messages[-1]["id"], text="And the chair?")
    avito.writes("image", image={"sizes": {"1280x960": "https://img.avito.example.org/1"}})
    avito.writes("voice", voice={"voice_id": "voice-1"})
    avito.writes("location", location={"kind": "street", "lat": 55.75, "lon": 37.61, "title": "Here", "text": "Moscow"})
    avito.writes("link", link={"text": "https://a.example.org", "url": "https://a.example.org"})
    avito.writes(
        "item", item={"title": "Sofa", "price_string": "1 ₽", "item_url": "https://a/1", "image_url": "https://a"}
    )
    avito.writes("call", call={"status": "missed", "target_user_id": SHOP})
    avito.writes("system", author=0, text="Delivery is ordered")
    avito.takes_back(avito.chat.messages[0]["id"])
    avito.reads(avito.chat.messages[1]["id"])


async def test_its_models_read_all_that_a_buyer_can_send(sdk, avito):
    everything_a_buyer_does(avito)
    header = await sdk.auth.auth_header()
    chat = {"user_id": SHOP, "chat_id": avito.chat.id}

    listed = await sdk.messenger.get_messages_v3(path_params=chat, query={"limit": 100}, headers=header)
    chats = await sdk.messenger.get_chats_v2(path_params={"user_id": SHOP}, headers=header)
    described = await sdk.messenger.get_chat_by_id_v2(path_params=chat, headers=header)

    assert [message.id for message in listed.root] == [one["id"] for one in avito.chat.messages[::-1]]
    assert chats.chats[0].context.value.title == described.context.value.title == "Sofa"
    assert {user.id for user in described.users} == {SHOP, ANNA}


async def test_it_sends_takes_back_and_reads(sdk, avito):
    avito.writes(text="Hello")
    header, chat = await sdk.auth.auth_header(), {"user_id": SHOP, "chat_id": avito.chat.id}
    body = {"type": "text", "message": {"text": "Come by"}}

    sent = await sdk.messenger.post_send_message(path_params=chat, json_body=body, headers=header)
    assert [said["id"] for said in avito.said()] == [sent.id]
    await sdk.messenger.delete_message(path_params=chat | {"message_id": sent.id}, headers=header)
    assert avito.said() == []
    assert (await sdk.messenger.chat_read(path_params=chat, headers=header)).ok
    voices = await sdk.messenger.get_voice_files(
        path_params={"user_id": SHOP}, query={"voice_ids": ["voice-1"]}, headers=header
    )
    assert set(voices.voices_urls) == {"voice-1"}


async def test_it_subscribes_and_unsubscribes(sdk, avito):
    header = await sdk.auth.auth_header()
    assert (await sdk.messenger.post_webhook_v3(json_body={"url": HOOK}, headers=header)).ok
    listed = await sdk.messenger.get_subscriptions(headers=header)
    assert [one.url for one in listed.subscriptions] == [HOOK]
    assert (await sdk.messenger.post_webhook_unsubscribe(json_body={"url": HOOK}, headers=header)).ok
    assert avito.subscriptions == []
    assert (await sdk.user.get_user_info_self(headers=header)).id == SHOP


async def test_it_hears_refusals(sdk, avito):
    header = await sdk.auth.auth_header()
    chat = {"user_id": SHOP, "chat_id": "nowhere"}
    with pytest.raises(AvitoApiError) as caught:
        await sdk.messenger.get_messages_v3(path_params=chat, headers=header)
    assert caught.value.status_code == 404
