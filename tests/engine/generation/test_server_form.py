import pytest

from engine.generation.server_failure import Failure, Verdict
from engine.generation.server_form import RequestForm

BODY = {
    "messages": [],
    "model": "m",
    "temperature": 0.6,
    "top_p": 1.0,
    "max_tokens": 9,
    "seed": 5,
    "stop": ["\n"],
}


def refusal(told: str, param: str = "", status: int = 400) -> Failure:
    return Failure(Verdict.ROW, told, status, told=told, param=param)


@pytest.mark.parametrize(
    ("failure", "gone"),
    [
        (
            refusal("Unsupported value: 'temperature' does not support 0.6", "temperature"),
            "temperature",
        ),
        (
            refusal(
                '{"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], '
                '"msg": "Extra inputs are not permitted"}]}',
                status=422,
            ),
            "seed",
        ),
        (refusal("Unrecognized request argument supplied: seed"), "seed"),
        (refusal("Unsupported parameter: 'stop' is not supported with this model."), "stop"),
        (refusal("`temperature` and `top_p` cannot both be specified for this model."), "top_p"),
        (refusal("temperature is deprecated for this model"), "temperature"),
    ],
)
def test_a_parameter_that_is_refused_by_name_is_left_out(failure: Failure, gone: str) -> None:
    form = RequestForm().after(failure)
    assert form is not None
    assert form.apply(BODY) == {name: value for name, value in BODY.items() if name != gone}
    assert form.describe() == f"without {gone}"


def test_the_limit_of_tokens_is_renamed_first_and_left_out_at_last() -> None:
    told = "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    form = RequestForm().after(refusal(told, "max_tokens"))
    assert form is not None
    assert form.apply(BODY)["max_completion_tokens"] == 9
    assert "max_tokens" not in form.apply(BODY)
    assert form.describe() == "with max_completion_tokens instead of max_tokens"
    again = form.after(refusal("Unknown field 'max_completion_tokens'"))
    assert again is not None
    assert again.describe() == "without max_tokens"
    assert again.after(refusal("Unknown field 'max_completion_tokens'")) is None


@pytest.mark.parametrize(
    "failure",
    [
        refusal("'max_tokens' or 'max_completion_tokens' is too large: 250.", "max_tokens"),
        refusal("Invalid 'temperature': decimal above maximum value.", "temperature"),
        refusal("This content is not allowed: seed oils, and when to stop eating them."),
        refusal("This model's maximum context length is 4096 tokens."),
        refusal("'seed' is not supported", status=500),
    ],
)
def test_what_is_not_refused_by_name_is_still_sent(failure: Failure) -> None:
    assert RequestForm().after(failure) is None


def test_what_was_left_out_is_not_left_out_again() -> None:
    form = RequestForm(left_out=frozenset({"seed"}))
    assert form.after(refusal("Unrecognized request argument supplied: seed")) is None
