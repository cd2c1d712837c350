"""What hangs on a row, by the names that screens use."""

from store.browsing.records import MadeRecord, Predicted, Record, SeedRecord

__all__ = ["MadeRecord", "Predicted", "Record", "SeedRecord"]
