import pytest

from engine.models.server_reply import Reply, delay_s


@pytest.mark.parametrize(("jitter", "expected"), [(0.0, 2.0), (0.5, 3.0), (1.0, 4.0)])
def test_jitter_halves_a_delay_at_most(jitter: float, expected: float) -> None:
    assert delay_s(3, jitter, "", 0.0) == expected


def test_retry_after_may_be_a_date() -> None:
    assert delay_s(1, 0.5, "Thu, 01 Jan 1970 00:01:40 GMT", now_s=70.0) == 30.0
    assert delay_s(1, 0.5, "Thu, 01 Jan 1970 00:01:40 GMT", now_s=500.0) == 0.0


def test_a_retry_after_that_means_nothing_is_ignored() -> None:
    assert delay_s(1, 1.0, "soon", 0.0) == 1.0


def test_a_server_that_counts_no_tokens_gets_an_estimate() -> None:
    reply = Reply.model_validate({"choices": [{"text": "abcdefgh"}], "id": "ignored"})
    assert reply.generation().new_tokens == 2
