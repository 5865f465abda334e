"""Calls of VKontakte's API with vk_api: its words and its errors, our connections, no waiting inside.

The library knows one address and waits a third of a second between calls. Here each call has an object of its own, so
threads share nothing; what it sends goes through ``channels_connectors.http``, to the account's address.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from vk_api import VkApi
from vk_api.exceptions import ApiError, ApiHttpError

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.http import READ_SECONDS, Reply, call
from channels_connectors.vk.errors import connector_error

PROVIDER = "VKontakte"
DEFAULT_BASE_URL = "https://api.vk.ru"
LIBRARYS_URL = "https://api.vk.ru/method/"
VERSION = "5.199"
BAD_REQUEST = 400


class Answer:
    """What the library wants to see of an answer."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.status_code = reply.status

    @property
    def ok(self) -> bool:
        return self.status_code < BAD_REQUEST

    def json(self) -> Any:
        return self._reply.json()


class Transport:
    """Stands where the library has its session."""

    def __init__(self, account: Account, *, is_reading: bool) -> None:
        self._methods_url = f"{(account.base_url or DEFAULT_BASE_URL).rstrip('/')}/method/"
        self._read_seconds = read_seconds_of(account)
        self._is_reading = is_reading

    def post(self, url: str, values: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
        own = url.replace(LIBRARYS_URL, self._methods_url, 1)
        return Answer(
            call(
                "POST", own, provider=PROVIDER, data=values,
                is_reading=self._is_reading, read_seconds=self._read_seconds,
            )
        )  # fmt: skip


class NoStorage:
    """Where the library would keep tokens in a file."""

    def __init__(self, *_arguments: Any, **_fields: Any) -> None:
        pass


class Api(VkApi):  # type: ignore[misc]
    """Never waits, and asks nobody for captchas or codes: refusals are refusals."""

    RPS_DELAY = 0.0

    def __init__(self, token: str, transport: Transport) -> None:
        super().__init__(token=token, api_version=VERSION, config=NoStorage, session=transport)
        self.error_handlers: dict[int, Any] = {}


def ask(account: Account, method: str, *, is_reading: bool = False, token: str = "", **values: Any) -> Any:
    """What a method answers; fields that are ``None`` are left out. Raises ``ConnectorError``."""
    api = Api(token or account.credentials.get("token", ""), Transport(account, is_reading=is_reading))
    try:
        return api.method(method, {name: value for name, value in values.items() if value is not None})
    except ApiError as error:
        raise connector_error(error.error) from None
    except ApiHttpError as error:
        words = _("%(provider)s refused the call (%(status)d).")
        words %= {"provider": PROVIDER, "status": error.response.status_code}
        raise ConnectorError(words, kind="PERMANENT", code=str(error.response.status_code)) from None
    except (LookupError, TypeError, ValueError):
        raise unreadable() from None


def unreadable() -> ConnectorError:
    return ConnectorError(_("The provider's answer can't be read."), is_outage=True)


def read_seconds_of(account: Account) -> float:
    return float(account.settings.get("read_seconds", READ_SECONDS))
