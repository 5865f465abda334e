from typing import Any

from rest_framework import serializers

from crm.models import Lead, LeadSource, LeadStage, User


class StageReferenceSerializer(serializers.Serializer[dict[str, Any]]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=LeadStage.Kind.choices)
    position = serializers.IntegerField()
    of = serializers.IntegerField()


class NamedSerializer(serializers.Serializer[dict[str, Any]]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class LeadSerializer(serializers.Serializer[dict[str, Any]]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    client_id = serializers.IntegerField()
    stage = StageReferenceSerializer()
    source = NamedSerializer(allow_null=True)  # type: ignore[assignment]
    responsible = NamedSerializer(allow_null=True)
    amount = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    created_at = serializers.DateTimeField()
    url = serializers.CharField()


class LeadChangeSerializer(serializers.ModelSerializer[Lead]):
    source = serializers.PrimaryKeyRelatedField(queryset=LeadSource.objects.all(), allow_null=True, required=False)  # type: ignore[assignment]
    responsible = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True).exclude(role=User.Role.NONE), allow_null=True, required=False
    )

    class Meta:
        model = Lead
        fields = ("title", "stage", "source", "responsible", "amount", "currency", "comment")
        extra_kwargs = {"title": {"required": False}, "stage": {"required": False}}


class IdentitySerializer(serializers.Serializer[dict[str, Any]]):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    value = serializers.CharField()
    title = serializers.CharField()
    channel_name = serializers.CharField(allow_null=True)
    is_claimed = serializers.BooleanField(help_text="Known as another client's; this one says it is theirs")
    last_seen_at = serializers.DateTimeField(allow_null=True)


class ClientChangeSerializer(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField(max_length=255, required=False)
    notes = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    known_notes = serializers.CharField(
        required=False, allow_blank=True, help_text="The notes as they were read: others are not overwritten"
    )
    is_vip = serializers.BooleanField(required=False)
    tag_ids = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=100)


class PreferencesSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("theme", "language", "density")
        extra_kwargs = {name: {"required": False} for name in fields}
