"""Refusals that a person may be told about. Anything else that is raised is a bug."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _


def listed(words: object) -> list[object]:
    """One word on a field or several, as several."""
    return list(words) if isinstance(words, list | tuple) else [words]


class DomainError(Exception):
    """A rule of the product was not met.

    ``code`` is for programs, ``message`` (translated) for people, ``fields`` names the inputs to mend.
    """

    code = "refused"
    status = 409
    message: object = _("This can't be done.")

    def __init__(self, message: object = None, *, fields: Mapping[str, object] | None = None) -> None:
        if message is not None:
            self.message = message
        self.fields = dict(fields or {})
        super().__init__(str(self.code))

    @property
    def words(self) -> list[str]:
        """What is said at the fields, in their order."""
        return [str(word) for words in self.fields.values() for word in listed(words)]

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    code = "not_allowed"
    status = 403
    message = _("You don't have the right to do this.")


class NotFound(DomainError):
    code = "not_found"
    status = 404
    message = _("There is nothing here, or you may not see it.")


class InvalidInput(DomainError):
    code = "invalid"
    status = 400
    message = _("Please check what you entered.")
