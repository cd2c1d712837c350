"""What a failed request to a model server means, and what is done about it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

import openai

from engine.generation.api_key import redact
from engine.generation.written import replace_unusable

QUOTED_CHARACTERS: Final = 300
_OVERLOADED: Final = frozenset({408, 429, 504, 529})  # 503 may also be a server that starts


class Verdict(Enum):
    """What to do after a failed request."""

    WAIT = "ask again, for as long as it takes"
    RETRY = "ask again a few times, then give this prompt up"
    ROW = "give this prompt up"
    DOUBT = "give this prompt up, or everything where the server answers nothing at all"


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed request: what to do, and why in words, without the key.

    `status` is that of HTTP, 0 without one. `headers` have lower-case names. `told` is the error
    that the server sent, and `param` the field that it names. `is_overload` is true if fewer
    requests at a time may help.
    """

    verdict: Verdict
    reason: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    told: str = ""
    param: str = ""
    is_overload: bool = False


def read_error(error: openai.APIError) -> Failure:
    """What an error of the client means.

    A server that is away, starting, overloaded or limiting is waited for. An error inside the
    server, or a reply that breaks off or never ends, may be due to the prompt, so neither is tried
    for ever. A refusal may concern the prompt or the server as a whole.
    """
    if isinstance(error, openai.APIStatusError):
        return _read_status(error)
    names = [type(link).__name__ for link in _causes(error)]
    if isinstance(error, openai.APITimeoutError) and "ConnectTimeout" not in names:
        return Failure(Verdict.RETRY, "no reply in time", is_overload=True)
    innermost = _causes(error)[-1]
    reason = quote(str(innermost)) or type(innermost).__name__
    if {"ReadError", "RemoteProtocolError", "DecodingError"} & set(names):
        return Failure(Verdict.RETRY, f"the reply broke off: {reason}")
    if {"LocalProtocolError", "UnsupportedProtocol", "TooManyRedirects"} & set(names):
        return Failure(Verdict.DOUBT, f"the request cannot be sent: {reason}")
    return Failure(Verdict.WAIT, reason)


def quote(text: str) -> str:
    """The beginning of a server's message, on one line, without the key, and fit for any file."""
    line = " ".join(replace_unusable(redact(text)).split())
    return line if len(line) <= QUOTED_CHARACTERS else f"{line[:QUOTED_CHARACTERS]}…"


def error_words(error: object) -> str:
    """What an error object of any server says, quoted: its message, or all of it."""
    if isinstance(error, str):
        return quote(error)
    if isinstance(error, dict):
        message = error.get("message") or error.get("detail") or error.get("error")
        if isinstance(message, str):
            return quote(message)
    return quote(json.dumps(error, ensure_ascii=False))


def _read_status(error: openai.APIStatusError) -> Failure:
    told = error.response.text
    body: Any = error.body
    named = body.get("param") if isinstance(body, dict) else None
    # Servers that do not use OpenAI's form of an error still say something.
    message = body.get("message") if isinstance(body, dict) else None
    said = error_words(message) if isinstance(message, str) else quote(told or error.message)
    verdict = _verdict_on(error.status_code, error.code)
    return Failure(
        verdict,
        f"HTTP {error.status_code}: {said}",
        error.status_code,
        {name.lower(): value for name, value in error.response.headers.items()},
        told,
        named if isinstance(named, str) else "",
        verdict is Verdict.WAIT and error.status_code in _OVERLOADED,
    )


def _verdict_on(status: int, code: str | None) -> Verdict:
    if code == "insufficient_quota":  # OpenAI's 429 for an empty account
        return Verdict.DOUBT
    if status in {408, 409, 425, 429, 502, 503, 504, 529}:
        return Verdict.WAIT
    if status >= 500:
        return Verdict.RETRY
    return Verdict.ROW if status in {400, 413, 422} else Verdict.DOUBT


def _causes(error: BaseException) -> list[BaseException]:
    """The error and what caused it, the innermost last."""
    chain = [error]
    while (deeper := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(deeper)
    return chain
