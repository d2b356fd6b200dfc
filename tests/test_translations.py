"""The translation as it is compiled (`make messages`)."""

import re
from collections.abc import Sequence

from tests.paths import ROOT
from tests.translations import MO, ROOMS, compiled, marked, stored

_WITHIN_ANOTHER = re.compile(r"""\{[^{}"]*\b_n?\('""")  # no extraction looks into an f-string


def test_a_translation_has_the_placeholders_of_its_text() -> None:
    wrong = {str(message.id): message.check() for message in stored() if message.id}
    assert {text: errors for text, errors in wrong.items() if errors} == {}


def test_what_is_compiled_is_what_is_written() -> None:
    assert compiled(stored()) == MO.read_bytes()


def test_no_text_is_marked_within_another() -> None:
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    assert [path for path in files if _WITHIN_ANOTHER.search(path.read_text(encoding="utf-8"))] == []


def test_the_privacy_notice_says_the_same_in_both_languages() -> None:
    english, hindi = ((ROOT / "accounts" / name).read_text("utf-8") for name in ("privacy.txt", "privacy.hi.txt"))
    said = [
        [re.findall(r"/[a-z]+|\{\w+\}|\d+", paragraph) for paragraph in text.strip().split("\n\n")]
        for text in (english, hindi)
    ]
    assert list(map(sorted, said[0])) == list(map(sorted, said[1]))


def test_every_text_has_its_translation_and_no_other_is_left() -> None:
    texts = {(message.context, message.id) for message in marked() if message.id}
    translated = {(message.context, message.id) for message in stored() if message.id and all(_forms(message.string))}
    assert texts - translated == set()
    assert translated - texts == set()


def _forms(translation: str | Sequence[str] | None) -> tuple[str, ...]:
    return (translation or "",) if isinstance(translation, str | None) else tuple(translation)
