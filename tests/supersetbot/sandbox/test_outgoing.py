"""The sandbox's mail server shows what the service sends."""

import asyncio
import socket

import pytest
from django.core.mail import send_mail
from pytest_django import Settings

from supersetbot.sandbox.mailbox.outgoing import OutgoingMail


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


async def test_a_mail_is_shown_with_its_address_subject_and_words(settings: Settings, port: int) -> None:
    shown: list[str] = []
    server = OutgoingMail(port, shown.append)
    await server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    words = "Your code is 012345\nनमस्ते\n"
    await asyncio.to_thread(send_mail, "Your code – now", words, None, ["asha@vindhya.example"])
    await server.stop()
    assert shown == ["To: asha@vindhya.example\nYour code – now\n\nYour code is 012345\nनमस्ते"]


async def test_a_port_that_is_taken_is_told(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)), pytest.raises(OSError, match="in use"):
        await OutgoingMail(port, print).start()
