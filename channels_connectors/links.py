"""Media behind addresses that a provider's payload names: fetched through the guard, failing as providers do."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

from channels_connectors.connector import FetchedMedia
from channels_connectors.errors import ConnectorError
from channels_connectors.http import retry_after_of
from common.http import AddressRefused, Answer, NotReached, TooLarge, Unreadable, download

SECONDS = 60.0
MOST_BYTES = 100 * 1024 * 1024
OK, TOO_MANY, SERVER_ERROR = 200, 429, 500


def fetch_link(
    url: str, *, most_bytes: int = MOST_BYTES, seconds: float = SECONDS, headers: Mapping[str, str] | None = None
) -> FetchedMedia:
    """``headers`` go to the first host alone. Raises ``ConnectorError``: ``RETRY`` where it may come yet."""
    try:
        answer = download(url, most_bytes=most_bytes, seconds=seconds, headers=headers)
    except AddressRefused as error:
        raise ConnectorError(_("The file's address is none that may be called."), kind="PERMANENT") from error
    except TooLarge as error:
        raise ConnectorError(_("The file is too large."), kind="PERMANENT") from error
    except (NotReached, Unreadable) as error:
        raise ConnectorError(_("The file did not come in time."), is_outage=True) from error
    if answer.status != OK:
        raise _refusal(answer)
    return FetchedMedia(content=answer.body, name=_name(url), mime=_mime(answer))


def _refusal(answer: Answer) -> ConnectorError:
    if answer.status == TOO_MANY or answer.status >= SERVER_ERROR:
        return ConnectorError(
            _("The file can't be had at the moment."), retry_after=retry_after_of(answer.headers), is_outage=True
        )
    words = _("The file is not there any more (%(status)d).") % {"status": answer.status}
    return ConnectorError(words, kind="PERMANENT", code=str(answer.status))


def _name(url: str) -> str:
    return unquote(PurePosixPath(urlsplit(url).path).name)[:255]


def _mime(answer: Answer) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()[:127]
