"""The translation as it is compiled (`make messages`)."""

from tests.translations import MO, compiled, stored


def test_a_translation_has_the_placeholders_of_its_text() -> None:
    wrong = {str(message.id): message.check() for message in stored() if message.id}
    assert {text: errors for text, errors in wrong.items() if errors} == {}


def test_what_is_compiled_is_what_is_written() -> None:
    assert compiled(stored()) == MO.read_bytes()
