"""What the engine refuses, and why.

EngineError
├── JobNotFound          no such job folder
├── JobSpecInvalid       a spec.json that cannot be run
├── NothingDue           a stage that was named has no rows to start from; says what is missing
├── InputsMissing        a stage lacks a table it reads
├── ModelUnavailable     a reference that cannot be loaded; says what to install or change
├── PartInvalid          a stage wrote a part that does not fit its schema
├── TrainingRefused      training rows that cannot be trained on
│   └── TrainingDiverged     weights or losses are no longer finite
├── PackageMissing       an optional package is not installed; says which
├── JobPaused            a stage wrote what is not worth going on with; says what to try
├── KeyRefused           the key of a model server holds what no key has
└── ServerRefused        a model server answers nothing, and waiting will not cure it
    ├── CompletionsRefused   it has no plain completions for this model
    └── SchemaRefused        it does not write by a JSON schema
"""


class EngineError(Exception):
    """Base of every error the engine raises on purpose; its text is for the user."""


class JobNotFound(EngineError):
    """No job of that id lies in the workspace."""


class JobSpecInvalid(EngineError):
    """The job's spec names an unknown stage or has parameters that do not fit."""


class NothingDue(EngineError):
    """A stage was named in a run, and what it starts from is not there yet."""


class InputsMissing(EngineError):
    """A table that a stage reads was neither exported nor written by an earlier stage."""


class ModelUnavailable(EngineError):
    """A model reference does not lead to a model on this machine."""


class PackageMissing(EngineError):
    """What was asked for needs a package that is optional and not installed."""


class PartInvalid(EngineError):
    """A stage produced a frame whose columns or types differ from its table's schema."""


class TrainingRefused(EngineError):
    """The training rows hold fewer than two labels, or none at all."""


class TrainingDiverged(TrainingRefused):
    """The weights or the loss of a training are no longer finite numbers."""


class ServerRefused(EngineError):
    """The model server answered nothing at all: wrong key, unknown model, bad address."""


class CompletionsRefused(ServerRefused):
    """The model server takes chats only, and was asked for a plain completion."""


class SchemaRefused(ServerRefused):
    """The model server refuses the JSON schema that replies were to follow."""


class JobPaused(EngineError):
    """The first rows of a stage are over a limit of quality; its job ends, and can be resumed."""


class KeyRefused(EngineError):
    """The key in the environment cannot be sent as it is."""
