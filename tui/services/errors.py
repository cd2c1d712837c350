"""What the command line and the app refuse before store or engine are asked.

ServiceError
├── NotAWorkspace      the folder holds no workspace, or already holds one
├── NoTerminal         the app is opened where no screen can be drawn
├── SettingsInvalid    workspace.toml, task.toml or the user's own file cannot be used
├── ProblemMissing     data is to be written, and the workspace has no problem.toml
├── DatasetUnfit       rows that were invented are to go where others are
├── DetectorMissing    predictions need an initial detector and nothing can make one
├── LabelUnknown       a stored label that task.toml lacks; says how to rename it
├── LabelRefused       a renaming that would make one label of two
├── NameUnfit          a name that a folder or a command line would misread
├── ThresholdOutdated  a threshold chosen while other labels were positive
├── NothingToDo        what was asked for has no rows; says what is missing
├── JobUnfinished      a job still runs, failed, or was cancelled
└── NoRowCame          a job ended, and a stage of it wrote no row that is right
"""


class ServiceError(Exception):
    """Base of the errors raised here on purpose; the text is for the user."""


class NotAWorkspace(ServiceError):
    """The folder is not a workspace, or is one where a new one was to be made."""


class NoTerminal(ServiceError):
    """The app was opened without a terminal, or on one that cannot show it."""


class SettingsInvalid(ServiceError):
    """A configuration file has unknown keys, wrong types or contradictions."""


class ProblemMissing(ServiceError):
    """The workspace says of no problem from which data could be written."""


class DatasetUnfit(ServiceError):
    """A dataset has other roles than the data that is to be written into it."""


class DetectorMissing(ServiceError):
    """No labelled rows to train the initial detector on, and none was brought along."""


class LabelUnknown(ServiceError):
    """A label of rows or of a detector is not among those of task.toml."""


class LabelRefused(ServiceError):
    """A label cannot get this name: another label has it."""


class NameUnfit(ServiceError):
    """A name that was given holds what a folder or a command line would misread."""


class ThresholdOutdated(ServiceError):
    """Other labels were positive when a detector's threshold was chosen."""


class NothingToDo(ServiceError):
    """A command that starts work found no row that needs it."""


class JobUnfinished(ServiceError):
    """A job that a command depends on did not end well, or has not ended."""


class NoRowCame(ServiceError):
    """A job ended, and every row that one of its stages wrote has an error."""
