"""How calls to providers fail."""


class ConnectorError(Exception):
    """A provider refused or could not be reached.

    ``kind`` says what to do about it:

    - ``RETRY``: nothing was accepted, try again after ``retry_after`` seconds (or by back-off);
    - ``LATER``: the same, but not within minutes: a quota is used up, a limit of the day;
    - ``BLOCKED``: this client can't be written to;
    - ``WINDOW``: not until the client writes again, or only with a template;
    - ``TOKEN``: our credentials are no longer accepted, the channel is down;
    - ``PERMANENT``: this message will never be accepted;
    - ``UNKNOWN``: the provider may have accepted it (time-out after the request was written).

    ``is_outage`` says that the provider itself is ill (no connection, a 5xx, a time-out), not that it refused.
    ``retry_after`` holds for the whole account, unless the provider says that it is ``of_chat`` alone.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str = "RETRY",
        retry_after: float | None = None,
        code: str = "",
        is_outage: bool = False,
        of_chat: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after
        self.code = code
        self.is_outage = is_outage
        self.of_chat = of_chat


class SignatureMismatch(Exception):
    """A webhook did not prove that it comes from the provider. ``reason`` is one word for the counters."""

    def __init__(self, reason: str = "signature") -> None:
        super().__init__(reason)
        self.reason = reason
