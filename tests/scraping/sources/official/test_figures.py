"""Numbers by name, and what moved between two readings."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scraping.sources.official.figures import Difference, differences, figures
from scraping.sources.official.page import Batch, Card, OfficialPage, PackageRow, Recruiter

HIGHEST = Card("Rs. 41.50 Lacs", "Highest Package by Kestrel Systems (2 Offers)")
VISITED = Card("81", "Quality Companies Visited So Far")
AVERAGE = Card("Rs. 10.42 Lacs", "Average Package")
RUNNING = Batch("Placement Highlights – Graduating Batch 2027", (VISITED, HIGHEST, AVERAGE), is_active=True)
FINISHED = Batch("Placement Highlights – Graduating Batch 2026", (Card("143", "Companies Visited"),))
PAGE = OfficialPage((RUNNING, FINISHED), (Recruiter("https://x.example/k.png", "Kestrel Systems"),), "Placement", "Hi")


def only(*cards: Card) -> dict[str, tuple[Decimal | None, str, str]]:
    found = figures(Batch("Batch 2027", cards))
    return {name: (figure.value, figure.unit, figure.detail) for name, figure in found.items()}


@pytest.mark.parametrize(
    ("card", "name", "value", "unit", "detail"),
    [
        (VISITED, "Companies visited", "81", "", ""),
        (Card("260+", "Quality Companies Visited So Far"), "Companies visited", "260", "", ""),
        (Card("1,204", "Total Offers"), "Total offers", "1204", "", ""),
        (HIGHEST, "Highest package", "41.50", "Lacs", "Kestrel Systems, 2 Offers"),
        (Card("Rs. 33 Lacs", "2nd Highest Package by A (India) (1 Offer)"), "2nd highest package", "33", "Lacs",
         "A (India), 1 Offer"),
        (Card("Rs 7.6 Lakhs", "Median CTC"), "Median CTC", "7.6", "Lacs", ""),
        (Card("7.6 LPA", "Median CTC"), "Median CTC", "7.6", "Lacs", ""),
        (Card("₹1.25 Crore", "Highest Package"), "Highest package", "125", "Lacs", ""),
        (Card("Rs. 45,000", "Average Stipend"), "Average stipend", "45000", "Rs.", ""),
        (Card("92.5%", "Students Placed"), "Students placed", "92.5", "%", ""),
        (Card("Average Package:", "Rs. 10.42 Lacs"), "Average package", "10.42", "Lacs", ""),
        (Card("", "Highest Package by Acme – Rs. 62 Lacs"), "Highest package", "62", "Lacs", "Acme"),
        (Card("Rs. 4 to Rs. 6 Lacs", "Usual Package"), "Usual package from Rs. 4 Lacs", "6", "Lacs", ""),
        (Card("4 - 6", "Rounds"), "Rounds from 4", "6", "", ""),
        (Card("Many", "Happy Students"), "Many Happy Students", None, "", ""),
        (Card("81", "2026 figures"), "81 2026 figures", None, "", ""),
    ],
)  # fmt: skip
def test_a_card_is_a_figure(card: Card, name: str, value: str | None, unit: str, detail: str) -> None:
    assert only(card) == {name: (Decimal(value) if value else None, unit, detail)}


def test_a_range_of_packages_counts_companies_and_offers() -> None:
    found = only(
        Card("Rs. 12.00 to Rs. 32.99 Lacs", "Package (6 Companies - 1,019 Offers)"),
        Card("Upto Rs. 11.99 Lacs", "Package (1 Company - 1 Offer)"),
    )
    assert found == {
        "Companies from Rs. 12 Lacs": (Decimal(6), "", ""),
        "Offers from Rs. 12 Lacs": (Decimal(1019), "", ""),
        "Companies up to Rs. 11.99 Lacs": (Decimal(1), "", ""),
        "Offers up to Rs. 11.99 Lacs": (Decimal(1), "", ""),
    }


def test_the_distribution_table_has_figures_too() -> None:
    rows = (PackageRow("Rs. 12.00 to Rs. 40.99 Lacs", "18.4", "16.0"), PackageRow("Rest", "4.1", "-"))
    found = figures(Batch("Batch 2025", package_distribution=rows))
    assert {name: figure.value for name, figure in found.items()} == {
        "Average package from Rs. 12 Lacs": Decimal("18.4"),
        "Median package from Rs. 12 Lacs": Decimal("16.0"),
        "Average package of Rest": Decimal("4.1"),
    }


def test_figures_of_one_name_are_numbered() -> None:
    assert list(only(HIGHEST, Card("Rs. 40 Lacs", "Highest Package by B"))) == [
        "Highest package",
        "Highest package (2)",
    ]


def changed(**changes: tuple[Card, Card]) -> OfficialPage:
    cards = tuple(dict(changes.values()).get(card, card) for card in RUNNING.cards)
    return replace(PAGE, batches=(replace(RUNNING, cards=cards), FINISHED))


def test_a_moved_figure_of_the_active_batch_reads_from_and_to() -> None:
    new = changed(visited=(VISITED, Card("84", VISITED.description)))
    assert differences(PAGE, new) == (Difference("Companies visited 81 → 84", figure_moved=True),)


def test_a_figure_tells_whose_it_is() -> None:
    new = changed(highest=(HIGHEST, Card("Rs. 52.00 Lacs", "Highest Package by Lumen (1 Offer)")))
    assert [line.text for line in differences(PAGE, new)] == [
        "Highest package Rs. 41.50 Lacs (Kestrel Systems, 2 Offers) → Rs. 52.00 Lacs (Lumen, 1 Offer)"
    ]


def test_the_same_amount_for_more_offers_is_a_move() -> None:
    new = changed(highest=(HIGHEST, Card(HIGHEST.title, "Highest Package by Kestrel Systems (3 Offers)")))
    assert [line.figure_moved for line in differences(PAGE, new)] == [True]


def test_a_moved_figure_of_another_batch_is_told_apart() -> None:
    new = replace(PAGE, batches=(RUNNING, replace(FINISHED, cards=(Card("144", "Companies Visited"),))))
    assert differences(PAGE, new) == (Difference("Batch 2026: Companies visited 143 → 144"),)


def test_new_and_gone_figures_are_said() -> None:
    new = replace(PAGE, batches=(replace(RUNNING, cards=(VISITED, HIGHEST, Card("9", "Internships"))), FINISHED))
    assert differences(PAGE, new) == (
        Difference("Internships 9 (new)", figure_moved=True),
        Difference("Average package Rs. 10.42 Lacs (gone)"),
    )


def test_a_card_without_a_number_is_no_figure_that_moves() -> None:
    new = replace(PAGE, batches=(replace(RUNNING, cards=(*RUNNING.cards, Card("Soon", "More"))), FINISHED))
    assert differences(PAGE, new) == (Difference("Soon More (new)"),)


def test_a_reworded_figure_does_not_move() -> None:
    new = changed(visited=(VISITED, Card("81", "Companies Visited")))
    assert differences(PAGE, new) == (Difference("Wording or order changed"),)


def test_a_reworded_heading_does_not_hide_what_moved() -> None:
    moved = replace(RUNNING, name="Class of 2027", cards=(Card("84", VISITED.description), HIGHEST, AVERAGE))
    assert differences(PAGE, replace(PAGE, batches=(moved, FINISHED)))[0].text == "Companies visited 81 → 84"


def test_a_new_active_batch_is_said_and_its_figures_count() -> None:
    coming = Batch("Batch 2028", (Card("3", "Companies Visited"),), is_active=True)
    new = replace(PAGE, batches=(coming, replace(RUNNING, is_active=False)))
    assert differences(PAGE, new) == (
        Difference("Batch 2028 is new"),
        Difference("Companies visited 3 (new)", figure_moved=True),
        Difference("Batch 2026 is gone"),
        Difference("Active batch Batch 2027 → Batch 2028"),
    )


def test_batches_of_one_year_are_kept_apart() -> None:
    twins = Batch("B.Tech. 2027", (VISITED,), is_active=True), Batch("MBA 2027", (Card("12", "Companies Visited"),))
    old = OfficialPage(twins)
    new = OfficialPage((twins[0], replace(twins[1], cards=(Card("13", "Companies Visited"),))))
    assert [line.text for line in differences(old, new)] == ["Batch 2027: Companies visited 12 → 13"]


def test_changes_around_the_figures_are_said_and_move_none() -> None:
    recruiters = (Recruiter("https://x.example/q.png", ""),)
    new = replace(PAGE, main_heading="Placements", intro_text="Hello", recruiters=recruiters)
    assert differences(PAGE, new) == (
        Difference("Main heading “Placement” → “Placements”"),
        Difference("Introduction changed"),
        Difference("Recruiters new: q.png"),
        Difference("Recruiters gone: Kestrel Systems"),
    )


def test_the_same_content_has_no_differences() -> None:
    assert differences(PAGE, replace(PAGE)) == ()
