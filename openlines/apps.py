from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpenlinesConfig(AppConfig):
    name = "openlines"
    verbose_name = _("Lines and dialogs")

    def ready(self) -> None:
        from openlines import checks, subscribers  # noqa: F401 - registers handlers
