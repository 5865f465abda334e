from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from common.moments import read_moments_quickly


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = _("Common")

    def ready(self) -> None:
        from common import lookups  # noqa: F401 - registers itself

        connection_created.connect(read_moments_quickly, dispatch_uid="moments")
