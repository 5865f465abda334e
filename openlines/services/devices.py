"""Browsers of staff that are woken when a client calls and no console is in sight."""

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput, NotFound
from common.http import AddressRefused, check_address
from crm.models import User
from openlines.models import PushSubscription
from openlines.push.asking import forget_who_has_devices
from openlines.push.keys import decoded, is_on

MOST_DEVICES = 10
SECRET_BYTES = 16


class PushIsOff(DomainError):
    code = "push_is_off"
    message = _("This installation can't wake browsers: it has no key for that.")


@transaction.atomic
def subscribe_device(*, user: User, endpoint: str, public_key: str, secret: str, device: str) -> PushSubscription:
    """From now on this browser is the user's, whoever's it was before. The oldest makes room for an eleventh.

    Raises ``PushIsOff``, ``InvalidInput`` (an address that we would not call, keys that are none).
    """
    if not is_on():
        raise PushIsOff
    _refuse_what_could_not_be_reached(endpoint, public_key, secret)
    subscription, _is_new = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={"user": user, "public_key": public_key, "secret": secret, "device": device, "failed_at": None},
    )
    surplus = PushSubscription.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)[MOST_DEVICES:]
    PushSubscription.objects.filter(pk__in=list(surplus)).delete()
    forget_who_has_devices()
    return subscription


def _refuse_what_could_not_be_reached(endpoint: str, public_key: str, secret: str) -> None:
    try:
        check_address(endpoint)
    except AddressRefused as refusal:
        raise InvalidInput(fields={"endpoint": [_("This is no address of a push service.")]}) from refusal
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(public_key))
    except ValueError as error:
        raise InvalidInput(fields={"public_key": [_("This is no key.")]}) from error
    try:
        is_secret = len(decoded(secret)) == SECRET_BYTES
    except ValueError:
        is_secret = False
    if not is_secret:
        raise InvalidInput(fields={"secret": [_("This is no key.")]})


def unsubscribe_device(*, user: User, subscription_id: int) -> None:
    """One's own only. Raises ``NotFound``."""
    deleted, _by_model = PushSubscription.objects.filter(user=user, pk=subscription_id).delete()
    if not deleted:
        raise NotFound
