"""Paging of long lists."""

from functools import cached_property
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet

if TYPE_CHECKING:  # generic in the stubs only
    _Paginator = Paginator[Model]
else:
    _Paginator = Paginator


class CappedPaginator(_Paginator):
    """Counts and pages only the first ``limit`` rows.

    Counting every row of a large table costs more than the page itself.
    """

    limit = 2_500

    def __init__(self, rows: QuerySet[Model], per_page: int) -> None:
        super().__init__(rows, per_page)
        self._rows = rows

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.limit)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than ``limit``."""
        return self._counted > self.limit

    @cached_property
    def _counted(self) -> int:
        return self._rows.order_by().values("pk")[: self.limit + 1].count()
