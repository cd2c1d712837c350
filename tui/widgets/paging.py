"""A place in a list of which one page is read at a time."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Paging:
    """Places on a page and pages count from 0; pages are of `size` rows, the last one shorter."""

    size: int
    page: int = 0
    place: int = 0

    @property
    def first(self) -> int:
        """The place in the list of the page's first row."""
        return self.page * self.size

    def move(self, by: int, shown: int) -> "Paging":
        """The place so many rows on, where `shown` are on the page.

        Beyond the end of a full page is the next one, before its first row the last of the page
        before.
        """
        place = self.place + by
        if place >= shown == self.size:
            return replace(self, page=self.page + 1, place=0)
        if place < 0 < self.page:
            return replace(self, page=self.page - 1, place=self.size - 1)
        return replace(self, place=max(0, min(place, shown - 1)))
