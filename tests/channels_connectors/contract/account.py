"""The cells of the account: connecting it, its webhook, its media."""

import pytest

from channels_connectors.connector import POLL
from channels_connectors.errors import ConnectorError
from openlines.types import IncomingMessage
from tests.channels_connectors.contract.trying import Trial, texts_of

HOOK = "https://shop.example.org/hooks/kind/a-long-secret-token/"


def check(trial: Trial) -> None:
    checked = trial.connector.check(trial.driver.account)

    assert checked.external_id == trial.driver.account.external_id
    assert checked.title
    assert not trial.secrets_in(f"{checked.title} {checked.details}")


def check_wrong_token(trial: Trial) -> None:
    with pytest.raises(ConnectorError) as caught:
        trial.connector.check(trial.driver.wrong_token())
    assert caught.value.kind == "TOKEN"


def webhook(trial: Trial) -> None:
    trial.connector.set_webhook(url=HOOK, account=trial.driver.account)
    assert trial.driver.webhook() == HOOK
    subscription = trial.connector.subscription(url=HOOK, account=trial.driver.account)
    assert subscription is None or subscription.is_ours

    trial.connector.remove_webhook(trial.driver.account)
    assert trial.driver.webhook() == ""


def webhook_lost(trial: Trial) -> None:
    trial.connector.set_webhook(url=HOOK, account=trial.driver.account)
    trial.driver.lose_webhook()
    subscription = trial.connector.subscription(url=HOOK, account=trial.driver.account)

    assert subscription is not None
    assert not subscription.is_ours


def refresh(trial: Trial) -> None:
    refreshed = trial.connector.refresh(trial.driver.account)

    assert refreshed is not None
    assert refreshed.credentials
    assert refreshed.expires_in is None or refreshed.expires_in > 0


def poll(trial: Trial) -> None:
    assert POLL in trial.connector.inbound
    start = trial.connector.poll(cursor="", timeout=0, account=trial.driver.account)
    trial.driver.write_for_poll("Hello")
    polled = trial.connector.poll(cursor=start.cursor, timeout=0, account=trial.driver.account)
    assert texts_of([item for event in polled.events for item in trial.parsed(event.body)]) == ["Hello"]

    again = trial.connector.poll(cursor=polled.cursor, timeout=0, account=trial.driver.account)
    known = {event.key for event in polled.events}
    assert {event.key for event in again.events} <= known


def photo(trial: Trial) -> None:
    sender = trial.message(trial.driver.text("Hello")).sender
    fetched = trial.connector.fetch_photo(sender.photo_reference or sender.external_id, trial.driver.account)

    assert fetched is not None
    assert trial.driver.is_photo(fetched.content)


def media(trial: Trial) -> None:
    kind = next(kind for kind in ("IMAGE", "FILE") if kind.lower() not in trial.driver.cannot)
    (event,) = trial.events(trial.driver.medium(kind))
    (message,) = [item for item in trial.parsed(event.body) if isinstance(item, IncomingMessage)]
    (attachment,) = message.attachments
    fetched = trial.connector.fetch_media(attachment, trial.driver.account, event=event.body)

    assert trial.driver.is_content(kind, fetched.content)
