from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Pages that don't shift while rows are added."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
