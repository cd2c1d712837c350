"""The form in which a model server takes requests, learnt from what it refuses.

Newer models of OpenAI refuse `max_tokens` and any temperature but 1, Mistral refuses `seed`, and
so on. What is refused by name is left out, or renamed, and the same prompt is asked again.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from engine.generation.server_failure import Failure

LIMIT: Final = "max_tokens"
NEWER_LIMIT: Final = "max_completion_tokens"

# Those that may be left out, the one that changes a reply least first.
_OPTIONAL: Final = ("top_p", "seed", "stop", "temperature", LIMIT)
_WORDS: Final = frozenset({"seed", "stop"})  # also words of prompts, which an error may repeat

_REFUSES: Final = re.compile(
    r"unsupported|not (currently )?supported|(not|n't) support|not permitted|not allowed"
    r"|not accepted|unrecogni[sz]ed|unknown|unexpected|extra[_ ](forbidden|inputs|fields)"
    r"|deprecated|no longer|only the default|cannot (both )?be|incompatible"
    r"|use '?max_completion_tokens",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RequestForm:
    """Which parameters a server is sent, and under which name it takes the limit of tokens."""

    newer_limit: bool = False
    left_out: frozenset[str] = frozenset()

    def apply(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body of a request in this form."""
        names = {LIMIT: NEWER_LIMIT} if self.newer_limit else {}
        kept = {name: value for name, value in body.items() if name not in self.left_out}
        return {names.get(name, name): value for name, value in kept.items()}

    def after(self, failure: Failure) -> "RequestForm | None":
        """The form to try after a refusal; None if it names no parameter that may go."""
        if failure.status not in {400, 404, 422} or not _REFUSES.search(failure.told):
            return None
        sent = [name for name in _OPTIONAL if name not in self.left_out]
        named = next((name for name in sent if self._is_named(name, failure)), None)
        if named is None:
            return None
        if named == LIMIT and not self.newer_limit:
            return replace(self, newer_limit=True)
        return replace(self, left_out=self.left_out | {named})

    def _is_named(self, name: str, failure: Failure) -> bool:
        sent_as = NEWER_LIMIT if name == LIMIT and self.newer_limit else name
        pattern = rf"['\"`]{sent_as}['\"`]|:\s*{sent_as}\.?(\"|$)"
        if name not in _WORDS:
            pattern += rf"|\b{sent_as}\b"
        return failure.param == sent_as or re.search(pattern, failure.told) is not None

    def describe(self) -> str:
        """What of the sampling the server did not get, in words; "" if it got all."""
        said = [f"with {NEWER_LIMIT} instead of {LIMIT}"] if self.newer_limit else []
        dropped = [name for name in _OPTIONAL if name in self.left_out]
        said = said if LIMIT not in dropped else []
        return "; ".join([*said, *([f"without {', '.join(dropped)}"] if dropped else [])])
