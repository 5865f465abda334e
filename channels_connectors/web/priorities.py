"""Priorities of lines and channels in words."""

from django.utils.translation import gettext_lazy as _

PRIORITIES = (
    (0, _("0 – like any other")),
    (1, _("1 – a little earlier")),
    (2, "2"),
    (3, _("3 – earlier")),
    (4, "4"),
    (5, _("5 – clearly earlier")),
    (6, "6"),
    (7, _("7 – urgent")),
    (8, "8"),
    (9, _("9 – like important clients")),
)
