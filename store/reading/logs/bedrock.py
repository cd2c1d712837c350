"""Reads what Amazon Bedrock Guardrails say: answers of ApplyGuardrail, and logs that hold them.

The answer leaves out the text that it is about. Where a log keeps the request beside it, as
`request` or as CloudWatch's model invocation log does, the text is that of the request.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from store.reading.cells import RowRefused
from store.reading.chats import Speaker
from store.reading.logs.records import Asked, Layout, LogRecord, PassedOver, Reader, Row, Verdict
from store.reading.logs.values import as_feedback, as_row, as_text, as_time, first, word

_ACTIONS: Final[dict[str, Verdict]] = {"GUARDRAIL_INTERVENED": "flagged", "NONE": "passed"}
# Where assessments keep what they found, and what names it; matched words and texts are not named.
_FINDINGS: Final = (
    ("topicPolicy", "topics", "name"),
    ("contentPolicy", "filters", "type"),
    ("wordPolicy", "managedWordLists", "type"),
    ("sensitiveInformationPolicy", "piiEntities", "type"),
    ("sensitiveInformationPolicy", "regexes", "name"),
    ("contextualGroundingPolicy", "filters", "type"),
)
_OWN_WORDS: Final = "WORDS"


def recognises(row: Row) -> bool:
    """Whether a row is an answer of ApplyGuardrail, or holds one."""
    answer = _answer(row)
    return answer.get("action") in _ACTIONS and "assessments" in answer


def _answer(row: Row) -> Row:
    if "assessments" in row:
        return row
    response = as_row(first(row, "response", "output"))
    return as_row(response.get("outputBodyJson")) or response


def _request(row: Row) -> Row:
    request = as_row(first(row, "request", "input"))
    return as_row(request.get("inputBodyJson")) or request


def names_of_assessments(answer: Row) -> tuple[str, ...]:
    """What assessments found, by name: of several findings each once, in their order."""
    assessments = answer.get("assessments")
    found = [name for item in _rows(assessments) for name in _findings(item)]
    return tuple(dict.fromkeys(found))


def _findings(assessment: Row) -> Iterator[str]:
    for policy, kind, name in _FINDINGS:
        for item in _rows(as_row(assessment.get(policy)).get(kind)):
            if _is_found(item) and (found := word(item.get(name))):
                yield found
    if any(map(_is_found, _rows(as_row(assessment.get("wordPolicy")).get("customWords")))):
        yield _OWN_WORDS


def _is_found(item: Row) -> bool:
    return item.get("detected") is not False and item.get("action") != "NONE"


def _rows(value: object) -> list[Row]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _open(asked: Asked, _: Sequence[Row]) -> Reader:
    def read(row: Row) -> Iterator[LogRecord | PassedOver]:
        answer, request = _answer(row), _request(row)
        action = answer.get("action")
        if not isinstance(action, str) or action not in _ACTIONS:
            raise RowRefused("no action of ApplyGuardrail: neither GUARDRAIL_INTERVENED nor NONE")
        source = str(first(request, "source") or row.get("source")).upper()
        side: Speaker = "assistant" if source == "OUTPUT" else "user"
        if asked.turn not in (None, side):
            yield PassedOver(f"a guardrail's word on the {side}'s text")
            return
        text, missing = as_text(_content(request) or row.get("text"))
        arn = word(first(row, "guardrailArn"))
        guard = first(request, "guardrailIdentifier", "guardrailId") or first(
            row, "guardrailIdentifier", "guardrailId"
        )
        version = first(request, "guardrailVersion") or row.get("guardrailVersion")
        metadata = as_row(first(row, "ResponseMetadata") or answer.get("ResponseMetadata"))
        own_id = first(row, "requestId", "request_id", "id") or metadata.get("RequestId")
        yield LogRecord(
            side, text, missing, word(own_id),
            conversation=word(first(row, "sessionId", "conversation_id")),
            logged_at=as_time(first(row, "timestamp", "time")),
            guard=word(guard) or arn,
            guard_version=word(version),
            verdict=_ACTIONS[action],
            categories=names_of_assessments(answer),
            feedback=as_feedback(row.get("feedback")),
        )  # fmt: skip

    return read


def _content(request: Row) -> str | None:
    """The texts of a request, one after the other."""
    texts = [as_row(item.get("text")).get("text") for item in _rows(request.get("content"))]
    return "\n".join(text for text in texts if isinstance(text, str)) or None


BEDROCK: Final = Layout("Amazon Bedrock Guardrails", recognises, _open)
