"""Whether clients are asked how it was, and in which words."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_connectors.web.line_sections.base import switch
from channels_connectors.web.line_sections.timeline import TimelineSection, automatic_text
from openlines.models import Line


class RatingSection(TimelineSection):
    anchor: ClassVar = "rating"
    line_fields: ClassVar = (
        "is_rating_asked", "rating_scale", "rating_text", "is_rating_comment_asked", "rating_thanks_text",
    )  # fmt: skip
    texts: ClassVar = dict.fromkeys(("rating_text", "rating_thanks_text"), ("client", "operator", "number"))

    is_rating_asked = switch(gettext_lazy("Ask clients for a rating"))
    rating_scale = forms.ChoiceField(label=gettext_lazy("Scale"), choices=Line.RatingScale.choices)
    rating_text = automatic_text(gettext_lazy("Request for a rating"))
    is_rating_comment_asked = switch(gettext_lazy("Take a comment"))
    rating_thanks_text = automatic_text(
        gettext_lazy("Thanks for a rating"), gettext_lazy("Empty: nothing is said to the rating")
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("is_rating_asked") and "rating_text" in values and not values["rating_text"].strip():
            self.add_error("rating_text", _("Write a text, or switch it off."))
        return values
