"""What the store refuses, and why.

StoreError
├── WorkspaceHeld        another process owns the database
├── WorkspaceClosed      its files cannot be written, or its file system has no locks
├── DatabaseFailed       a full or lost disk, too little memory, a damaged file
├── OutOfMemory          a transaction was rolled back, and may be tried again
├── RowKnown             a row is there already
├── SchemaMismatch       a part or a frame does not fit its table
├── PartConflict         a part came twice with different bytes
├── UnknownName          a dataset, cluster, detector … that is not there
├── DatasetInUse         answers hang on a dataset that was to be changed
├── ImportRefused        a whole file or command cannot be taken
├── DecisionRefused      a decision that has no meaning here
├── PatternInvalid       a regular expression that is none
└── RecipeRefused        a recipe that cannot be turned into training rows
"""


class StoreError(Exception):
    """Base of every error the store raises on purpose; its text is for the user."""


class WorkspaceHeld(StoreError):
    """Another process holds the database; the message names it and the way out."""


class WorkspaceClosed(StoreError):
    """The workspace cannot be owned: it is read-only, or lies where no file can be locked."""


class DatabaseFailed(StoreError):
    """The disk, the memory or the database's file failed; no statement is to blame."""


class OutOfMemory(StoreError):
    """A transaction was rolled back for lack of memory; there is more for the next."""


class RowKnown(StoreError):
    """A row that was to be inserted is there already, or may not be; nothing was written."""


class SchemaMismatch(StoreError):
    """Columns or types differ from the table's schema."""


class PartConflict(StoreError):
    """The ledger knows this part under another digest."""


class UnknownName(StoreError):
    """Something was named that the workspace does not hold."""


class DatasetInUse(StoreError):
    """Questions and answers hang on a dataset; the message counts them and names the way out."""


class ImportRefused(StoreError):
    """An import cannot begin: unreadable file, wrong column, no usable option."""


class DecisionRefused(StoreError):
    """A decision names an unknown cluster, label or action, or nothing is left to undo."""


class PatternInvalid(StoreError):
    """What was to be searched for cannot be read as a pattern."""


class RecipeRefused(StoreError):
    """A recipe names a benchmark, an unknown dataset, or selects no rows."""
