"""The Celery application: tasks are nudges and nets, rows are the work."""

import os

from celery import Celery
from celery.signals import setup_logging

from config.worker import Loops

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

app = Celery("config")
# For every thread: tasks are asked for by those that answer requests, and by the loops.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(Loops)


@setup_logging.connect
def keep_the_projects_logging(**_: object) -> None:
    """Django's LOGGING is in force; Celery shall not replace it."""
