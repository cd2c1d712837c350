"""The body of a request to a model server, and what it refuses of it that cannot be left out."""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from engine.generation.protocol import Request, Sampling
from engine.generation.server_failure import Failure
from engine.generation.templates import Prompt

SCHEMA_NAME: Final = "scenario"  # the interface wants one, and shows it to nobody but the model
SCHEMA_ADVICE: Final = (
    "If it takes no response_format with a JSON schema, write `structured = false` in [scenarios] "
    "of workspace.toml: the model is then asked for JSON in words alone, and what it replies is "
    "read as before."
)

_OF_SCHEMAS: Final = re.compile(
    r"response_?format|json_?schema|\bschemas?\b|guided|grammar|structured", re.IGNORECASE
)


def request_body(
    model: str, request: Request, stop: Sequence[str], sampling: Sampling, schema: str | None
) -> dict[str, Any]:
    """What the client is called with; by a JSON `schema` the reply is one value."""
    return {
        **asked(request.prompt),
        "model": model,
        "temperature": sampling.temperature,
        "top_p": 1.0,
        "max_tokens": sampling.max_new_tokens,
        "seed": request.seed,
        **({"stop": list(stop)} if stop else {}),
        **({"extra_body": _response_format(schema)} if schema else {}),
    }


def asked(prompt: Prompt) -> dict[str, Any]:
    """The part of a body that a prompt makes: messages of a chat, or a text to go on from."""
    return {"prompt": prompt.user} if prompt.completion else {"messages": prompt.messages()}


def refuses_schema(failure: Failure) -> bool:
    """Whether a server refuses a request for the form of the reply that was asked for."""
    is_refusal = failure.status in {400, 404, 415, 422, 501}
    return is_refusal and _OF_SCHEMAS.search(f"{failure.param} {failure.told}") is not None


def _response_format(schema: str) -> dict[str, Any]:
    """Structured output as OpenAI, vLLM and llama.cpp take it."""
    named = {"name": SCHEMA_NAME, "strict": True, "schema": json.loads(schema)}
    return {"response_format": {"type": "json_schema", "json_schema": named}}
