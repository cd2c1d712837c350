"""What the store refuses, and why.

StoreError
├── WorkspaceHeld        another process owns the database
├── Unreachable          no private socket leads to the owner, or away from it
├── OtherVersion         the owner runs another version of this program
├── OwnerGone            nobody owns the workspace on which a window looks
├── LooksOn              something was to be written where a window only looks on
├── AnswerLost           the owner wrote, and ended before it could say so
├── MessageRefused       what came over the socket is no message, or is too long
├── CallFailed           the owner met an error that is none of these
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
├── LabelsOutdated       learned labels that are not those of the decisions now
├── PatternInvalid       a regular expression that is none
└── RecipeRefused        a recipe that cannot be turned into training rows
"""


class StoreError(Exception):
    """Base of every error the store raises on purpose; its text is for the user."""


class WorkspaceHeld(StoreError):
    """Another process holds the database; the message names it and the way out."""


class Unreachable(StoreError):
    """No socket can be made where only this user comes, or another user is at its other end."""


class OtherVersion(StoreError):
    """The owner of the workspace runs another version of this program; says what to do."""


class OwnerGone(StoreError):
    """The workspace on which a window looked has no owner any more."""


class LooksOn(StoreError):
    """A window that only looks on was asked to write."""


class AnswerLost(StoreError):
    """A call has written, but its owner ended before it could say what came of it."""


class MessageRefused(StoreError):
    """What came over a socket is no message, has values of other types, or is too long."""


class CallFailed(StoreError):
    """The owner met an error while it did a call of another process."""


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


class LabelsOutdated(StoreError):
    """Learned labels are not, or no longer, those of the decisions that count."""


class PatternInvalid(StoreError):
    """What was to be searched for cannot be read as a pattern."""


class RecipeRefused(StoreError):
    """A recipe names a benchmark, an unknown dataset, or selects no rows."""
