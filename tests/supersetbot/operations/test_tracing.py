"""Traces: one notice from its source to the phone, over two processes, at a real receiver."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pytest_django import Settings

from accounts import tracing
from notifications.models import Delivery
from notifications.publishing.publish import Draft, publish
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.paths import ROOT
from tests.processes import Installation


class Receiver(ThreadingHTTPServer):
    """Takes traces in as a collector does (OTLP over HTTP)."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.spans: list[tuple[int, Span]] = []  # each with its process


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        request = ExportTraceServiceRequest()
        request.ParseFromString(self.rfile.read(int(self.headers["Content-Length"])))
        for resource in request.resource_spans:
            pid = next(a.value.int_value for a in resource.resource.attributes if a.key == "process.pid")
            self.server.spans += [(pid, span) for scope in resource.scope_spans for span in scope.spans]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings.OTEL_EXPORTER_OTLP_ENDPOINT = f"http://127.0.0.1:{server.server_port}"
        tracing._provider.cache_clear()
        yield server
        server.shutdown()
        thread.join()


def draft(key: str, **more: Any) -> Draft:
    return Draft(external_key=key, title="Zenith Labs visits", category="update", season=202627, **more)


def test_a_notice_is_one_trace_from_its_source_to_the_phone(
    installation: Installation, telegram: BotApi, receiver: Receiver, settings: Settings, subscribe: Subscribe
) -> None:
    subscribe(address="7001")
    begun = timezone.now() - timedelta(minutes=3)
    notice = publish(draft("n:1", published_at=begun)).notice
    tracing.flush()
    installation.set(OTEL_EXPORTER_OTLP_ENDPOINT=settings.OTEL_EXPORTER_OTLP_ENDPOINT)
    subprocess.run([sys.executable, "manage.py", "send", "--telegram"], cwd=ROOT, check=True, capture_output=True)
    assert Delivery.objects.get().state == "sent"
    spans = {span.name: (pid, span) for pid, span in receiver.spans}
    assert spans.keys() == {"reach us", "fan out", "deliver"}
    assert len({span.trace_id for _, span in spans.values()}) == 1
    assert spans["deliver"][0] != spans["fan out"][0]
    reach = spans["reach us"][1]
    assert 179 < (reach.end_time_unix_nano - reach.start_time_unix_nano) / 1e9 < 240
    told = {attribute.key: attribute.value for attribute in spans["deliver"][1].attributes}
    assert told["notice.id"].int_value == notice.pk
    assert told["outcome"].string_value == "sent"
    assert not any(word in str(receiver.spans) for word in ("7001", "Zenith", telegram.token))


def test_nothing_of_it_is_imported_where_nobody_asks() -> None:
    used = "notifications.delivery.sender, notifications.publishing.publish"
    code = f"import django, sys; django.setup(); import {used}; print('opentelemetry' in sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"


def test_a_receiver_that_is_away_holds_up_nothing(settings: Settings, subscribe: Subscribe) -> None:
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = "http://127.0.0.1:1"
    tracing._provider.cache_clear()
    subscribe()
    assert publish(draft("n:2")).queued == 1
