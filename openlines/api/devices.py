"""The browsers that wake their owner."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.current import staff
from openlines.models import PushSubscription
from openlines.presenters import Json, iso
from openlines.push.keys import public_key
from openlines.services.devices import subscribe_device, unsubscribe_device


class DeviceSerializer(drf.Serializer):
    id = drf.IntegerField()
    endpoint = drf.CharField(help_text="By which a browser recognises itself")
    device = drf.CharField()
    created_at = drf.DateTimeField()
    failed_at = drf.DateTimeField(allow_null=True, help_text="Its push service refused us then")


class DevicesSerializer(drf.Serializer):
    public_key = drf.CharField(help_text="What a browser subscribes with; empty where pushing is off")
    devices = DeviceSerializer(many=True)


class NewDeviceSerializer(drf.Serializer):
    endpoint = drf.URLField(max_length=1000)
    public_key = drf.CharField(max_length=128)
    secret = drf.CharField(max_length=64)
    device = drf.CharField(max_length=200, required=False, allow_blank=True, default="")


class DevicesView(APIView):
    @extend_schema(operation_id="push_subscriptions_list", responses=DevicesSerializer)
    def get(self, request: Request) -> Response:
        devices = PushSubscription.objects.filter(user=staff(request)).order_by("-pk")
        return Response({"public_key": public_key(), "devices": [_json(device) for device in devices]})

    @extend_schema(request=NewDeviceSerializer, responses={201: DeviceSerializer})
    def post(self, request: Request) -> Response:
        device = subscribe_device(user=staff(request), **checked(NewDeviceSerializer, request))
        return Response(_json(device), status=status.HTTP_201_CREATED)


class DeviceView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, subscription_id: int) -> Response:
        unsubscribe_device(user=staff(request), subscription_id=subscription_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _json(device: PushSubscription) -> Json:
    return {
        "id": device.pk,
        "endpoint": device.endpoint,
        "device": device.device,
        "created_at": iso(device.created_at),
        "failed_at": iso(device.failed_at),
    }
