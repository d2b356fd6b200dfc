"""A language model's endpoint on loopback: it speaks OpenAI's chat API and answers as it is told to."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from pytest_django import Settings

KEY = "sk-loopback-secret"


class Model:
    """What the endpoint answers, and what it was asked."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] | Callable[[], Any] = {"category": "webinar"}
        self.asked: list[dict[str, Any]] = []
        self.url = ""

    def reply(self, question: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(question)
        answer = self.answer() if callable(self.answer) else self.answer
        tool = question["tools"][0]["function"]["name"]
        call = {"id": "1", "type": "function", "function": {"name": tool, "arguments": json.dumps(answer)}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        choice = {"index": 0, "finish_reason": "tool_calls", "message": message}
        usage = {"prompt_tokens": 400, "completion_tokens": 50, "total_tokens": 450}
        return {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}


@pytest.fixture
def model(settings: Settings) -> Iterator[Model]:
    told = Model()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                answer, status = json.dumps(told.reply(json.loads(body))).encode(), 200
            except RuntimeError:
                answer, status = b"{}", 503
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        told.url = f"http://127.0.0.1:{server.server_port}/v1"
        settings.LLM_BASE_URL, settings.LLM_API_KEY, settings.LLM_MODEL = told.url, KEY, "m"
        settings.LLM_TIMEOUT_SECONDS, settings.LLM_MAX_RETRIES, settings.LLM_DAILY_CAP = 5, 0, 10
        yield told
        server.shutdown()
