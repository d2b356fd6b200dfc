"""Passwords of staff: long, not common, not made of this service's words, and otherwise as one likes."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pytest_django import Settings

from accounts.models import User


@pytest.mark.parametrize(
    "password",
    [
        "short-pass1",  # 11 signs
        "password1234",  # among the common ones
        "1q2w3e4r5t6y",
        "Placement-SuperSet-2026",
        "superset superset",
        "bot.example.edu.bot",
        "asha.rao.tnp@x",
    ],
)
def test_what_others_would_try_first_is_refused(password: str, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["bot.example.edu"]
    with pytest.raises(ValidationError):
        validate_password(password, User(username="asha.rao.tnp", email="asha.rao@example.edu"))


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "738194650281",  # digits alone
        "ゆきのふるまちをすぎて、ねこがいっぴき",
        "the placement bot likes quiet rivers",
        "x7" * 64,
    ],
)
def test_any_signs_will_do_and_any_length(password: str) -> None:
    validate_password(password, User(username="asha"))


@pytest.mark.django_db
def test_a_password_counts_as_it_was_typed() -> None:
    long = " Gaps at Both Ends, and " + "é" * 80 + " "
    user = User.objects.create_user("asha", password=long)
    assert user.check_password(long)
    assert not user.check_password(long.strip())
    assert not user.check_password(long.lower())
    assert not user.check_password(long[:72])
