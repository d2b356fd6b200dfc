"""What is left of a notice's text without its list."""

import pytest

from scraping.reading.body import without_roster

LIST = "<ol><li>Asha Rao - 22103001</li><li>Ravi Sen - 22103002</li></ol>"
HEADING = "Following students are shortlisted for Stage 1 (Resume shortlisting) of Zenith's Analyst"


def test_the_portals_own_heading_alone_is_left_out() -> None:
    assert without_roster(f"<p>{HEADING}</p>{LIST}") == ""


@pytest.mark.parametrize(
    "content",
    [
        f"<p>{HEADING}</p>{LIST}<p>Bring your college ID card.</p>",
        f"<p>{HEADING}. Bring your college ID card.</p>{LIST}",
        f"<p>{HEADING}</p><p>Bring your college ID card.</p>{LIST}",
    ],
)
def test_a_sentence_beside_the_heading_is_kept(content: str) -> None:
    rest = without_roster(content)
    assert "Bring your college ID card." in rest
    assert "Asha" not in rest
