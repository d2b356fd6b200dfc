"""Traces of a notice on its way from its source to the phones, by OpenTelemetry (an optional extra: docs/operating.md).

A notice is one trace, whichever process works on it: the trace's id is made of the notice's, so that nothing is stored
or handed over. Spans hold numbers and words of the service, never a name, a text or an address. Without
OTEL_EXPORTER_OTLP_ENDPOINT nothing of it is imported.
"""

import logging
import os
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

log = logging.getLogger(__name__)

Value = str | int


def span(name: str, notice_id: int, **attributes: Value) -> "AbstractContextManager[Span | None]":
    """A step of a notice's way, as long as the block. None where nobody wants to know."""
    provider = _provider(os.getpid()) if settings.OTEL_EXPORTER_OTLP_ENDPOINT else None
    if provider is None:
        return nullcontext()
    tracer = provider.get_tracer(__name__)
    return tracer.start_as_current_span(
        name, _trace_of(notice_id), attributes={"notice.id": notice_id, **attributes}, record_exception=False
    )


def step(name: str, notice_id: int, begun: datetime, **attributes: Value) -> None:
    """Note a step that ends now and began at `begun`, outside of this process."""
    provider = _provider(os.getpid()) if settings.OTEL_EXPORTER_OTLP_ENDPOINT else None
    if provider:
        provider.get_tracer(__name__).start_span(
            name,
            _trace_of(notice_id),
            attributes={"notice.id": notice_id, **attributes},
            start_time=int(begun.timestamp() * 1e9),
        ).end()


def flush() -> None:
    """Have what is noted sent now; it is sent every five seconds, and when a process ends."""
    if settings.OTEL_EXPORTER_OTLP_ENDPOINT and (provider := _provider(os.getpid())):
        provider.force_flush()


@cache
def _provider(pid: int) -> "TracerProvider | None":
    """What sends this process's spans: its threads are not forked, so each process has its own."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.error("Nothing is traced: install requirements-otel.txt.")
        return None
    provider = TracerProvider(resource=Resource.create({"service.name": "supersetbot", "process.pid": pid}))
    exporter = OTLPSpanExporter(f"{settings.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces", timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def _trace_of(notice_id: int) -> "Context":
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    digest = salted_hmac(__name__, str(notice_id), algorithm="sha256").digest()
    trace, above = int.from_bytes(digest[:16]), int.from_bytes(digest[16:24])
    parent = SpanContext(trace, above, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    return set_span_in_context(NonRecordingSpan(parent))
