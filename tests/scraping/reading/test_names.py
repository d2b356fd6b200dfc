import pytest

from scraping.reading.facts.naming.names import clean_company, company_key, company_keys, initials, role_words


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Orbit Labs (formerly Moon Technologies),", "Orbit Labs (formerly Moon Technologies)"),
        ("\u200bAcme  Solutions Private Limited ", "Acme Solutions Private Limited"),
        ("Acme Inc.", "Acme Inc."),
        ("CafÃ© Robotics -", "Café Robotics"),
        ("Moody's", "Moody's"),
    ],
)
def test_a_company_for_display(name: str, shown: str) -> None:
    assert clean_company(name) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Orbit Infotech Private Limited", "orbit infotech (India) Pvt. Ltd"),
        ("Orbit-Infotech", "Orbit Infotech"),
        ("Orbit India", "Orbit"),
        ("Orbit India Pvt Ltd", "Orbit"),
        ("L'Oréal", "LOREAL"),
        ("Ernst & Young", "Ernst and Young LLP"),
        ("Orbit (Digital)", "ORBIT"),
    ],
)
def test_one_key_for_one_company(one: str, other: str) -> None:
    assert company_key(one) == company_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("Orbit", "Orbital"), ("Bank of India", "Bank of Baroda"), ("Tata Steel", "Tata Power")]
)
def test_different_keys(one: str, other: str) -> None:
    assert company_key(one) != company_key(other)


def test_a_name_that_is_nothing_but_legal_words_keeps_them() -> None:
    assert company_key("Private Limited") == "privatelimited"
    assert company_key("()") == ""


def test_short_and_former_names_stand_in_brackets() -> None:
    assert company_keys("Advanced Moon Devices (AMD) India Pvt Ltd") == {"advancedmoondevices", "amd"}
    assert company_keys("Orbit.ai (Formerly Applicate)") == {"orbitai", "applicate"}
    assert company_keys("Orbit (Digital)") == {"orbit"}


def test_initials() -> None:
    assert initials("Bank of the Moon Ltd") == "bm"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Site Reliability Engineer (SRE) Intern", "SRE Intern"),
        ("Software Development Engineer -2 (SDE-2)", "SDE 2"),
        ("Frontend Designer", "Front End Designer Role"),
        ("Backend-Engineer (Intern)", "Back-end Engineer Internship"),
        ("Care—Associate", "Care Associate"),
    ],
)
def test_one_role_said_differently(one: str, other: str) -> None:
    assert role_words(one) == role_words(other)
