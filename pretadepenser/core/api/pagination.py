"""Pages of lists: ``?page=2&page_size=50``."""

from typing import Final

from rest_framework import pagination

MAX_PAGE_SIZE: Final = 200


class PageNumberPagination(pagination.PageNumberPagination):
    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE
