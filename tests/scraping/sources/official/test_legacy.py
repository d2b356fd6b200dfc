"""The markup before the redesign."""

from scraping.sources.official.page import Batch, Card, PackageRow, Recruiter
from scraping.sources.official.parse import parse_page
from tests.scraping.sources.official.pages import URL, legacy, page, section, tab, top

ROW = ("Rs. 12.00 to Rs. 40.99 Lacs", "18.4", "16.0")
POINTERS = ("90+ Quality Companies Visited So Far", "Rs. 41.00 Lacs Highest Package by Acme (1 Offer)")
SAVED = legacy(
    ["Current UG Batch 2025", "Batch 2024"],
    [tab(POINTERS, [ROW], style="display: block;"), tab(["70+ Quality Companies"])],
)


def test_a_tab_is_a_batch_with_pointers_and_a_table() -> None:
    running, finished = parse_page(SAVED.encode(), URL).batches
    assert running == Batch(
        name="Current UG Batch 2025",
        cards=(
            Card("90+", "Quality Companies Visited So Far"),
            Card("Rs. 41.00 Lacs", "Highest Package by Acme (1 Offer)"),
        ),
        package_distribution=(PackageRow(*ROW),),
        is_active=True,
    )
    assert finished == Batch("Batch 2024", (Card("70+", "Quality Companies"),))


def test_pointers_keep_the_words_of_the_page() -> None:
    assert parse_page(SAVED, URL).active_batch.placement_pointers == POINTERS


def test_heading_introduction_and_logos_are_read() -> None:
    read = parse_page(SAVED, URL)
    assert (read.main_heading, read.intro_text) == ("Training & Placement", "About us.")
    assert read.recruiters == (Recruiter("https://institute.example/files/k.png", "Kestrel Systems"),)


def test_the_tab_that_is_shown_is_active_wherever_it_stands() -> None:
    saved = legacy(["Batch 2026", "Batch 2025"], [tab(POINTERS), tab(POINTERS, style="DISPLAY:block")])
    assert parse_page(saved, URL).active_batch.name == "Batch 2025"


def test_the_first_tab_is_active_where_none_is_shown() -> None:
    saved = legacy(["Batch 2026", "Batch 2025"], [tab(POINTERS), tab(POINTERS)])
    assert parse_page(saved, URL).active_batch.name == "Batch 2026"


def test_a_tab_without_content_or_name_is_no_batch() -> None:
    saved = legacy(["Batch 2026", "", "Batch 2024"], [tab(POINTERS), tab(POINTERS)])
    assert [batch.name for batch in parse_page(saved, URL).batches] == ["Batch 2026"]


def test_a_table_alone_makes_a_batch() -> None:
    saved = legacy(["Batch 2025"], [tab((), [ROW])])
    assert parse_page(saved, URL).active_batch.package_distribution == (PackageRow(*ROW),)


def test_rows_that_are_heads_or_too_short_are_left_out() -> None:
    rows = [("<b>Rest</b>", "", ""), ROW]
    saved = legacy(["Batch 2025"], [tab(POINTERS, rows).replace("</table>", "<tr><td>Total</td></tr></table>")])
    read = parse_page(saved, URL)
    assert read.active_batch.package_distribution == (PackageRow("Rest", "", ""), PackageRow(*ROW))


def test_a_class_named_text_is_no_introduction_on_todays_page() -> None:
    today = page(
        top().replace("desc-sec", ""), '<div class="text">Menu</div>', section("Batch 2027", [("9", "Offers")])
    )
    assert parse_page(today, URL).intro_text == ""
