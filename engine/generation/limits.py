"""How often the first rows of a stage may show a sign before its job pauses."""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from store.flags import Flag

Sign = Literal[Flag, "equal", "error"]
"""What may be wrong with a row: a flag, a text that another row has too, or no text at all."""

Limits = dict[Sign, Annotated[float, Field(ge=0, le=1)]]
"""The largest share for each sign: at 1 it never matters, and nor does a sign that is not there."""

# The embedded model, with the template made for it, stays far below them.
QUERY_LIMITS: Final[Limits] = {
    "empty": 0.1,
    "echo": 0.3,
    "template-echo": 0.1,
    "no-question": 0.3,
    "refusal": 0.2,
    "repetition": 0.2,
    "other-language": 0.2,
    "cut": 0.3,
    "damaged": 0.1,
    "equal": 0.2,
}
# Most answers of a model that writes at length are cut, as the papers' are, and are of use.
ANSWER_LIMITS: Final[Limits] = {
    "empty": 0.1,
    "echo": 0.3,
    "template-echo": 0.1,
    "refusal": 0.3,
    "repetition": 0.3,
    "other-language": 0.2,
    "cut": 1,
    "damaged": 0.1,
    "equal": 0.2,
}


# What repeats, or is in no readable form, is an error; half of a small model's scenarios may be.
SCENARIO_LIMITS: Final[Limits] = {
    "error": 0.5,
    "template-echo": 0.1,
    "refusal": 0.2,
    "repetition": 0.2,
    "damaged": 0.1,
}
# What is refused is an error; of a few candidates one is enough.
CORRECTION_LIMITS: Final[Limits] = {
    "error": 0.9,
    "refusal": 0.5,
    "repetition": 0.3,
    "other-language": 0.2,
    "equal": 0.5,
}


class QualitySettings(BaseModel):
    """The table `quality` of workspace.toml: limits for all that language models write.

    A sign that is not named keeps the limit that it has here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    queries: Annotated[Limits, AfterValidator(lambda given: {**QUERY_LIMITS, **given})] = {}
    answers: Annotated[Limits, AfterValidator(lambda given: {**ANSWER_LIMITS, **given})] = {}
    scenarios: Annotated[Limits, AfterValidator(lambda given: {**SCENARIO_LIMITS, **given})] = {}
    corrections: Annotated[
        Limits, AfterValidator(lambda given: {**CORRECTION_LIMITS, **given})
    ] = {}
