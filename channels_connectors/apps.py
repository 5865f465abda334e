from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConnectorsConfig(AppConfig):
    name = "channels_connectors"
    verbose_name = _("Channels")

    def ready(self) -> None:
        from channels_connectors import means, subscribers  # noqa: F401 - registers handlers
        from channels_connectors.livechat import subscribers as visitors  # noqa: F401 - registers handlers
