"""`create_api_key`: the key alone on standard output, once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiKey
from accounts.web.keys import identify

pytestmark = pytest.mark.django_db


def create(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("create_api_key", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_prints_the_key_and_says_what_it_may() -> None:
    out, err = create("campus site", "--scope", "stats", "--scope", "notify", "--days", "30")
    caller = identify(out.strip())
    assert caller is not None
    assert caller.scopes == {"notify", "stats"}
    assert "may notify, stats until" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["x"],
        ["x", "--scope", "root"],
        ["", "--scope", "stats"],
        ["x" * 81, "--scope", "stats"],
        ["x", "--scope", "stats", "--days", "0"],
    ],
)
def test_a_bad_order_is_refused_in_one_line(arguments: list[str]) -> None:
    with pytest.raises(CommandError) as raised:
        create(*arguments)
    assert "\n" not in str(raised.value)
    assert not ApiKey.objects.exists()


def test_a_name_is_taken_once() -> None:
    create("campus site", "--scope", "stats")
    with pytest.raises(CommandError, match="a key 'campus site' already: choose another name") as refused:
        create("campus site", "--scope", "stats")
    assert refused.value.returncode == 2
