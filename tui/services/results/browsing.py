"""Which rows of a table are browsed, by the names that screens use."""

from store.browsing.columns import TableName
from store.browsing.views import Condition, Shown, Sort, View

__all__ = ["Condition", "Shown", "Sort", "TableName", "View"]
