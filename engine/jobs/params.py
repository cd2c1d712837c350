"""What the parameters of all stages are; without polars, because the app reads them early."""

from pydantic import BaseModel, ConfigDict


class StageParams(BaseModel):
    """Base of every stage's parameters: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    def needs_device(self) -> bool:
        """Whether the stage computes on this machine; a stage that only asks a server does not."""
        return True

    @property
    def uses_all_devices(self) -> bool:
        """Whether the stage uses all devices of its job; the others take the first."""
        return False
