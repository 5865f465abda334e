import django

django.setup()

from tests.channels_connectors.tables.page import PAGE, page  # noqa: E402

PAGE.write_text(page(), "utf-8")
