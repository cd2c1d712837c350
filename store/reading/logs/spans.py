"""Spans and log records of OpenTelemetry in JSON: nested as OTLP has them, or flat, one a row.

Attributes are maps, or lists of keys with typed values.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from store.reading.logs.records import Row
from store.reading.logs.values import as_row, as_time, first, from_json, word

_NESTED: Final = (
    ("resourceSpans", ("scopeSpans", "instrumentationLibrarySpans"), "spans"),
    ("resourceLogs", ("scopeLogs",), "logRecords"),
)
_VALUES: Final = ("stringValue", "intValue", "doubleValue", "boolValue")


@dataclass(frozen=True, slots=True)
class Span:
    """A span, an event of one, or a log record: its name, ids, attributes and time.

    `parent` has the attributes of the span that an event is of, `events` those of a span.
    """

    name: str
    own_id: str | None
    trace: str | None
    attributes: Row
    fields: Row
    parent: Row

    @property
    def time(self) -> datetime | None:
        """When it began. Raises RowRefused for what is no moment."""
        names = ("timeUnixNano", "startTimeUnixNano", "start_time_unix_nano", "start_time",
                 "startTime", "observedTimeUnixNano", "timestamp")  # fmt: skip
        return as_time(first(self.fields, *names))


def is_nested(row: Row) -> bool:
    """Whether a row holds spans or log records as OTLP nests them."""
    return any(isinstance(row.get(name), list) for name, _, _ in _NESTED)


def spans_of(row: Row) -> Iterator[Span]:
    """The spans and log records in a row, each before its events."""
    if not is_nested(row):
        yield from _with_events(row)
        return
    for outer, middles, inner in _NESTED:
        for resource in _rows(row.get(outer)):
            scopes = (scope for name in middles for scope in _rows(resource.get(name)))
            for scope in scopes:
                for item in _rows(scope.get(inner)):
                    yield from _with_events(item)


def _with_events(item: Row) -> Iterator[Span]:
    attributes = attributes_of(item)
    context = as_row(item.get("context"))
    flat = {**context, **item}
    trace = word(first(flat, "traceId", "trace_id", "context.trace_id"))
    own = word(first(flat, "spanId", "span_id", "context.span_id"))
    name = word(first(item, "name", "eventName", "event_name")) or str(
        attributes.get("event.name", "")
    )
    own_id = f"{trace or ''}:{own}" if own else None
    yield Span(name, own_id, trace, attributes, item, {})
    for nth, event in enumerate(_rows(from_json(item.get("events")))):
        event_id = own_id and f"{own_id}:{nth}"
        found = attributes_of(event)
        yield Span(word(event.get("name")) or "", event_id, trace, found, event, attributes)


def attributes_of(item: Row) -> Row:
    """Attributes by their dotted names, whether they come as a map, nested or not, or as a list.

    Of a flat row without them, the row itself.
    """
    found = from_json(item.get("attributes"))
    if isinstance(found, list):
        return {str(pair.get("key")): _value(pair.get("value")) for pair in _rows(found)}
    if isinstance(found, Mapping):
        return dict(_flat(found, ""))
    return {key.removeprefix("attributes."): value for key, value in item.items()}


def _flat(values: Row, prefix: str) -> Iterator[tuple[str, object]]:
    """Nested maps by dotted names; lists of messages stay under theirs, and are numbered too."""
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
            continue
        yield name, value
        for nth, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, Mapping):
                yield from _flat(item, f"{name}.{nth}.")


def _value(value: object) -> object:
    """A typed value of OTLP as it is meant."""
    if not isinstance(value, Mapping):
        return value
    for name in _VALUES:
        if name in value:
            return value[name]
    if "arrayValue" in value:
        return [_value(item) for item in as_row(value["arrayValue"]).get("values") or ()]  # type: ignore[attr-defined]
    pairs = _rows(as_row(value.get("kvlistValue")).get("values"))
    return {str(pair.get("key")): _value(pair.get("value")) for pair in pairs}


def _rows(value: object) -> list[Row]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
