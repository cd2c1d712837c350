"""What a model server answers: replies as the border checks them, and what failures mean."""

import email.utils
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import openai
from pydantic import BaseModel, Field

from engine.models.generator import Generation
from engine.models.stopping import before_stop


class Verdict(Enum):
    """What to do after a failed request."""

    WAIT = "ask again, for as long as it takes"
    RETRY = "ask again a few times, then give this prompt up"
    ROW = "give this prompt up"
    REFUSED = "give everything up"


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed request: what to do, why in words, and the Retry-After header or ""."""

    verdict: Verdict
    reason: str
    retry_after: str = ""


def judge(error: openai.APIError) -> Failure:
    """Return what an error of the client means.

    A server that is away, starting, overloaded or limiting is waited for. An error inside the
    server, or a reply that never ends, may be due to the prompt, so neither is retried for ever.
    """
    if isinstance(error, openai.APIStatusError):
        told = error.body.get("message") if isinstance(error.body, dict) else None
        return Failure(
            _judge_status(error.status_code, error.code),
            # Servers that do not use OpenAI's form of an error still say something.
            f"HTTP {error.status_code}: {told or error.response.text or error.message}",
            error.response.headers.get("retry-after", ""),
        )
    cause = _innermost(error)
    # The client makes one error of both; the HTTP library's class tells them apart.
    reached = isinstance(error, openai.APITimeoutError) and "ConnectTimeout" not in {
        type(link).__name__ for link in _causes(error)
    }
    if reached:
        return Failure(Verdict.RETRY, "no reply in time")
    return Failure(Verdict.WAIT, str(cause) or type(cause).__name__)


def delay_s(attempt: int, jitter: float, retry_after: str, now_s: float) -> float:
    """Return the seconds to wait after failed attempt number `attempt`, counted from 1.

    What Retry-After asks for, in seconds or as a date (compared with `now_s`, seconds since
    1970); else 1, 2, 4, … up to 60 seconds, times a factor between 0.5 and 1 made from
    `jitter` (0 to 1), so that requests spread out.
    """
    asked = _asked_s(retry_after.strip(), now_s)
    if asked is not None:
        return asked
    return min(60.0, 2.0 ** min(attempt - 1, 6)) * (0.5 + jitter / 2)


def _judge_status(status: int, code: str | None) -> Verdict:
    if code == "insufficient_quota":  # OpenAI's 429 for an empty account
        return Verdict.REFUSED
    if status in {408, 409, 425, 429, 502, 503, 504, 529}:
        return Verdict.WAIT
    if status >= 500:
        return Verdict.RETRY
    return Verdict.ROW if status in {400, 413, 422} else Verdict.REFUSED


def _asked_s(retry_after: str, now_s: float) -> float | None:
    if not retry_after:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - now_s)
    except ValueError:
        return None


def _causes(error: BaseException) -> list[BaseException]:
    """Return the error and what caused it, the innermost last."""
    chain = [error]
    while (deeper := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(deeper)
    return chain


def _innermost(error: BaseException) -> BaseException:
    return _causes(error)[-1]


class Message(BaseModel):
    """The message of a chat reply; servers add fields of their own."""

    content: str | None = None


class Choice(BaseModel):
    """One text: in `message` from /chat/completions, in `text` from /completions."""

    message: Message | None = None
    text: str | None = None
    finish_reason: str | None = None


class Usage(BaseModel):
    """What the server counted."""

    completion_tokens: int | None = None


class Reply(BaseModel):
    """A reply of either end point."""

    choices: list[Choice] = Field(min_length=1)
    usage: Usage | None = None

    def generation(self, stop: Sequence[str] = ()) -> Generation:
        """Return the reply as a generation; without text it has an error.

        A server that counts no tokens gets an estimate of four characters each. Some servers,
        such as `transformers serve`, leave the stop string in the text.
        """
        choice = self.choices[0]
        text = choice.message.content if choice.message else choice.text
        if text is None:
            return Generation(
                None, 0, False, f"The reply holds no text (finish_reason {choice.finish_reason})."
            )
        counted = self.usage.completion_tokens if self.usage else None
        tokens = estimate_tokens(text) if counted is None else counted
        return Generation(before_stop(text, stop), tokens, choice.finish_reason == "length")


def estimate_tokens(text: str) -> int:
    """Return the tokens of a text at four characters each, rounded up."""
    return (len(text) + 3) // 4
