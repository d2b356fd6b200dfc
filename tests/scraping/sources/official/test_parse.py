"""Today's markup."""

import pytest

from scraping.sources.official.page import Batch, Card, OfficialPage, Recruiter
from scraping.sources.official.parse import parse_page
from tests.scraping.sources.official.pages import (
    FINISHED,
    HEADING_2026,
    HEADING_2027,
    RUNNING,
    URL,
    component,
    flight,
    images,
    logos,
    page,
    pushes,
    section,
    today,
    top,
)


def parse(*parts: str) -> OfficialPage:
    return parse_page(page(*parts).encode(), URL)


def test_a_section_is_a_batch_and_the_first_one_is_active() -> None:
    running, finished = parse_page(today().encode(), URL).batches
    assert running == Batch(HEADING_2027, tuple(Card(*card) for card in RUNNING), is_active=True)
    assert finished == Batch(HEADING_2026, tuple(Card(*card) for card in FINISHED), is_active=False)


def test_heading_and_introduction_are_read() -> None:
    read = parse_page(today(), URL)
    assert read.main_heading == "Training & Placement"
    assert read.intro_text == "One office for both campuses.\n\nWrite to us."


def test_the_first_title_stands_in_for_a_missing_large_heading() -> None:
    assert parse("<h1>Placement</h1>", section(HEADING_2027, RUNNING)).main_heading == "Placement"


@pytest.mark.parametrize(
    "classes", ["placement-sec student-placement-pg", "student-placement-pg", "palcement-sec", "block-7 grey", ""]
)
def test_the_classes_of_a_section_do_not_matter(classes: str) -> None:
    read = parse(section(HEADING_2027, RUNNING, classes), section(HEADING_2026, FINISHED, classes))
    assert [batch.graduating_year for batch in read.batches] == [2027, 2026]
    assert [len(batch.cards) for batch in read.batches] == [3, 2]


def test_the_cards_of_a_section_count_without_the_block_around_them() -> None:
    read = parse(section(HEADING_2027, RUNNING).replace("highlights inner-page", "grid"))
    assert len(read.active_batch.cards) == 3


def test_headings_apart_from_their_cards_identify_the_batches() -> None:
    first, second = (section("", cards, "") for cards in (RUNNING, FINISHED))
    read = parse("<main><h2>Class of 2027</h2>", first.replace("mainheading__large", "x"), "</main>",
                 "<h2>Class of 2026</h2>", second.replace("mainheading__large", "x"))  # fmt: skip
    assert [(batch.name, len(batch.cards)) for batch in read.batches] == [("Class of 2027", 3), ("Class of 2026", 2)]


def test_a_small_heading_between_does_not_end_a_batch() -> None:
    cards = section("", RUNNING, "").replace("mainheading__large", "x")
    assert parse(f"<h2>{HEADING_2027}</h2><h4>At a glance</h4>", cards).active_batch.name == HEADING_2027


def test_cards_below_another_large_heading_belong_to_no_batch() -> None:
    read = parse(section(HEADING_2027, RUNNING), section("Training Highlights", [("12", "Workshops")], ""))
    assert read.batches == parse(section(HEADING_2027, RUNNING)).batches


def test_a_card_shown_twice_counts_once() -> None:
    assert len(parse(section(HEADING_2027, [*RUNNING, *RUNNING])).active_batch.cards) == 3


def test_a_card_without_figure_or_words_is_left_out() -> None:
    read = parse(section(HEADING_2027, [("", "Offers"), ("12", " "), ("5", "Internships")]))
    assert read.active_batch.cards == (Card("5", "Internships"),)


def test_a_batch_without_cards_is_left_out_and_not_active() -> None:
    read = parse(section("Graduating Batch 2028", ()), section(HEADING_2027, RUNNING))
    assert [(batch.name, batch.is_active) for batch in read.batches] == [(HEADING_2027, True)]


def test_words_are_put_together_as_a_browser_shows_them() -> None:
    card = (
        "<b>Rs. <!-- -->41.50</b>\n Lacs",
        "2<sup>nd</sup> Highest<br>Package&nbsp;by <i>Acme</i><script>x</script>",
    )
    read = parse(section(HEADING_2027, [card]))
    assert read.active_batch.cards == (Card("Rs. 41.50 Lacs", "2nd Highest Package by Acme"),)


def test_characters_no_database_stores_are_dropped() -> None:
    read = parse_page(page(section(HEADING_2027, [("3\ud800\u200b", "Off\x07ers")])), URL)
    assert all(card.text.isprintable() for card in read.active_batch.cards)


def test_bytes_in_a_declared_western_encoding_are_read() -> None:
    body = page('<meta charset="windows-1252">', section(HEADING_2027, RUNNING)).encode("cp1252")
    assert parse_page(body, URL).active_batch.name == HEADING_2027


def test_one_wrong_byte_spoils_only_its_own_place() -> None:
    read = parse_page(today().encode().replace(b"One office", b"One\xff office"), URL)
    assert read.active_batch.name == HEADING_2027


@pytest.mark.parametrize(
    ("name", "year", "season", "label"),
    [
        (HEADING_2027, 2027, 202627, "Batch 2027"),
        ("Current UG Batch 2025", 2025, 202425, "Batch 2025"),
        ("2024", 2024, 202324, "Batch 2024"),
        ("Batch 2023-27", 2027, 202627, "Batch 2027"),
        ("Batch (2023 – 2027)", 2027, 202627, "Batch 2027"),
        ("Graduating Batch 2027 (as on 20.11.2026)", 2027, 202627, "Batch 2027"),
        ("Passing-out batch", None, None, "Passing-out batch"),
    ],
)
def test_year_and_season_of_a_batch(name: str, year: int | None, season: int | None, label: str) -> None:
    batch = Batch(name)
    assert (batch.graduating_year, batch.season, batch.label) == (year, season, label)


def recruiters(*images: str, flight_rows: str = "") -> tuple[Recruiter, ...]:
    return parse(section(HEADING_2027, RUNNING), logos(*images), pushes(flight_rows)).recruiters


def test_image_addresses_are_resolved_against_the_page() -> None:
    found = recruiters(
        '<img src="/up/a.webp" alt=" Acme ">', '<img src="b.png">', '<img src="https://cdn.example/c.png">'
    )
    assert found == (
        Recruiter("https://institute.example/up/a.webp", "Acme"),
        Recruiter("https://institute.example/students/b.png", ""),
        Recruiter("https://cdn.example/c.png", ""),
    )


def test_a_recruiter_without_a_name_takes_it_from_the_fragments() -> None:
    known = flight(images(("/up/a.webp", "Acme"), ("/up/b.webp", "Borealis")))
    found = recruiters(
        '<img alt="" src="https://cms.example/up/a.webp?v=2">',
        '<img alt="B. Ltd" src="/up/b.webp">',
        '<img alt="" src="/_next/image?url=%2Fup%2Fb.webp&amp;w=64">',
        flight_rows=known,
    )
    assert [recruiter.name for recruiter in found] == ["Acme", "B. Ltd", "Borealis"]


def test_a_picture_that_loads_later_is_found_behind_its_placeholder() -> None:
    (found,) = recruiters('<img src="data:image/gif;base64,R0" data-src="/up/a.webp" alt="Acme">')
    assert found.src == "https://institute.example/up/a.webp"


def test_a_logo_repeated_by_a_slider_counts_once() -> None:
    assert len(recruiters(*['<img src="/up/a.webp" alt="Acme">'] * 3)) == 1


@pytest.mark.parametrize("src", ["", "javascript:alert(1)", "data:image/gif;base64,R0", "http://[broken", "file:///x"])
def test_an_address_nobody_would_fetch_is_left_out(src: str) -> None:
    assert recruiters(f'<img src="{src}">') == ()


def test_recruiters_of_the_fragments_stand_in_where_the_page_shows_none() -> None:
    read = parse(section(HEADING_2027, RUNNING), pushes(flight(images(("/up/a.webp", "Acme")))))
    assert read.recruiters == (Recruiter("https://institute.example/up/a.webp", "Acme"),)


def test_fragments_that_state_more_than_the_markup_win() -> None:
    rows = flight(component(HEADING_2027, RUNNING), component(HEADING_2026, FINISHED))
    read = parse(section(HEADING_2027, RUNNING[:1]), pushes(rows))
    assert [len(batch.cards) for batch in read.batches] == [3, 2]


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        (page(top()), "no heading that names a batch"),
        (page(section(HEADING_2027, ())), "no .highlights .item cards below its heading"),
        (page(top()), "no placement-highlights fragments"),
        (page(pushes(flight(component(HEADING_2027, ())))), "empty placement-highlights fragments"),
        (page(top()), "no tabs of the earlier markup"),
        ("", "no heading that names a batch"),
    ],
)
def test_a_page_without_a_batch_is_an_error_that_says_what_is_missing(body: str, missing: str) -> None:
    with pytest.raises(ValueError, match=missing):
        parse_page(body, URL)
