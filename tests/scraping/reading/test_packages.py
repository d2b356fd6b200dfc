"""Packages as a careful person reads them out of what a mail says of pay."""

import time

import pytest

from scraping.reading.facts.pay.amounts import find_amounts
from scraping.reading.facts.pay.packages import read_pay

# The rules of the spec in their own examples.
STATED = [
    ("8-12 LPA", 8.0),
    ("12 lakhs per annum", 12.0),
    ("10 LPA CTC + 50k monthly stipend", 10.0),
    ("INR 8.65 Lakhs {5.5 LPA fixed + 1.65 lakhs performance + 1.5 lakhs night shift}", 8.65),
    ("CTC: 12,00,000 per annum", 12.0),
]
WRITTEN = [
    ("CTC: ₹8L–₹12L", 8.0),
    ("Package: 12LPA", 12.0),
    ("CTC - 4.5 L.P.A.", 4.5),
    ("The package is revised from 4.2 LPA to 4.8 LPA", 4.8),
    ("CTC: 7.5 Lacs p.a.", 7.5),
    ("CTC: Rs. 1.2 Cr", 120.0),
    ("Annual CTC: Rs. 6,50,000/-", 6.5),
    ("Package: Rs.3,50,000/-PA", 3.5),
    ("Package: 600000 INR per annum", 6.0),
    ("Package: 1200000", 12.0),
    ("Package: INR 7,20,000 - 9,00,000 LPA", 7.2),
    ("Package: Rs. 7,00,000/- (Rupees Seven Lakhs Only) per annum", 7.0),
    ("CTC: Rs 4 lakh 50 thousand", 4.5),
    ("CTC (LPA): 4.5", 4.5),
    ("Package (in lakhs) - 6-8", 6.0),
    ("CTC: 12", 12.0),
    ("Package: 12+ LPA", 12.0),
    ("B.Tech 2026 - 12 LPA", 12.0),
    ("Batch 2026-27: 12 LPA", 12.0),
    ("10 LPA - 2 years bond", 10.0),
]
PARTS = [
    ("Gross: Rs. 35,000 p.m. + site allowance (CTC approx 4.8 LPA)", 4.8),
    ("CTC of 12 LPA including 2 LPA joining bonus", 12.0),
    ("CTC 12 LPA with joining bonus of 1 lakh", 12.0),
    ("Fixed CTC 10 LPA, variable 2 LPA, total CTC 12 LPA", 12.0),
    ("Fixed 10 LPA variable 2 LPA", 12.0),
    ("10 LPA fixed 2 LPA variable", 12.0),
    ("Fixed pay: 6,00,000 Variable pay: 1,00,000 Joining bonus: 50,000", 7.5),
    ("INR 11.5 LPA fixed + INR 1 Lakh joining bonus + INR 1 Lakh performance bonus + ESOPs", 13.5),
    ("Base: INR 15,00,000; Performance Bonus: INR 1,50,000; Stocks: INR 5,00,000 over 4 years", 16.5),
    ("Rs 6 Lacs per annum + Rs 1 Lac Retention bonus", 6.0),
    ("10 LPA (8 LPA fixed + 2 LPA variable) + 2 Lakh retention bonus", 10.0),
    ("13 LPA (10L base + 3L ESOPs)", 13.0),
    ("INR 10 Lakhs + benefits worth INR 1.5 Lakhs", 10.0),
    ("Total compensation INR 20 Lakhs over four years. Package for the first year: INR 14 Lakhs", 14.0),
    ("INR 16 LPA + 10% variable", 16.0),
    ("Total CTC: 14 LPA Base: 10 LPA Variable: 2 LPA ESOP: 2 LPA", 14.0),
    ("32 LPA - 20 LPA fixed, 2 LPA performance bonus, 10 LPA stock", 32.0),
    ("Base pay: 19,00,000 INR, Sign-on bonus: 1st year - 3,50,000 INR, 2nd year - 2,50,000 INR", 22.5),
    ("JPY 42,00,000 per annum (approx. INR 24 LPA)", 24.0),
    ("Gross salary: 5.5 LPA, CTC: 6 LPA", 6.0),
    ("CTC upto INR 12 LPA, fixed INR 9 LPA", 9.0),
    ("CTC: INR 5 LPA for B.Tech, INR 6 LPA for M.Tech", 5.0),
]
WITH_STIPEND = [
    ("Stipend: 25k per month for 6 months, then 8 LPA", 8.0),
    ("Internship: 30,000 per month; after internship 12 LPA", 12.0),
    ("INR 20,000 PM during internship & INR 6-8 LPA post conversion", 6.0),
    ("Internship stipend of INR 20,000. Post internship CTC INR 7,00,000", 7.0),
    ("Package: 5.5 LPA (Training period 6 months: 20,000 per month)", 5.5),
    ("INR 9.6 LPA (80,000 per month)", 9.6),
    ("CTC INR 7.84 LPA. In hand INR 52,000 pm", 7.84),
    ("Salary: 50,000 per month", 6.0),
    ("Monthly CTC of INR 75,000", 9.0),
    ("Stipend: NIL. PPO: 5 LPA", 5.0),
    ("During Internship - INR 28,000 PM. After Internship - INR 7.2 Lakh Fixed + INR 80,000 Variable", 8.0),
]
STIPEND_ALONE = [
    ("25k/month", 3.0),
    ("Stipend: INR 25,000", 3.0),
    ("Rs.25000/- pm", 3.0),
    ("25000 INR per month + incentives", 3.0),
    ("Stipend: Rs. 20k-25k pm", 2.4),
    ("Rs 25,000 to Rs 30,000/- p.m.", 3.0),
    ("Stipend: 1,00,000 per month", 12.0),
    ("Stipend INR 40,000 PM. PPO based on performance: CTC will be as per industry standards", 4.8),
    ("INR 40,000 PM + accommodation + food worth INR 10,000", 4.8),
]
UNKNOWN = [
    "As per industry standards",
    "CTC: as per company norms",
    "Package: will be disclosed after the interview",
    "Package: up to 12 LPA",
    "Package: TBD",
    "Stipend: Unpaid",
    "Stipend: 1,50,000 (total for 6 months)",
    "Package: $120,000 per annum",
    "Package: USD 100,000",
    "In-hand salary 45,000 per month",
    "Bond of Rs 2,00,000 for 2 years",
    "Registration fee: INR 1,00,000",
    "Cash prizes worth INR 5,00,000",
    "The company has a turnover of INR 500 crore",
    "22103804 22103805",
    "60% and 7.5 CGPA",
    "Stipend: INR 500 per day",
    "",
]


@pytest.mark.parametrize(("text", "package"), [*STATED, *WRITTEN, *PARTS, *WITH_STIPEND])
def test_a_stated_salary_is_the_package(text: str, package: float) -> None:
    pay = read_pay(text)

    assert (pay.package, pay.is_stipend) == (package, False)


@pytest.mark.parametrize(("text", "package"), STIPEND_ALONE)
def test_a_stipend_alone_counts_twelve_times(text: str, package: float) -> None:
    pay = read_pay(text)

    assert (pay.package, pay.is_stipend) == (package, True)


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_the_text_does_not_settle_stays_unknown(text: str) -> None:
    assert read_pay(text).package is None


def test_what_one_has_to_pay_back_is_no_package() -> None:
    assert read_pay("Students have to pay back INR 1,20,000 if they resign. Package: 6 LPA").package == 6.0


def test_an_amount_knows_its_place_its_range_and_its_name() -> None:
    text = "Stipend: Rs. 20k-25k pm"
    (amount,) = find_amounts(text)

    assert text[amount.start : amount.end] == "20k-25k pm"
    assert (amount.low, amount.high, amount.per, amount.kind) == (20_000, 25_000, "month", "stipend")


@pytest.mark.parametrize(
    "piece", ["1", "1,", "1,00,", "INR ", "1 lakh ", "(1 lakh ", "1 - ", "package: ", " ", "ctc + ", "1 lpa base, "]
)
def test_hostile_repetition_costs_little(piece: str) -> None:
    start = time.process_time()
    read_pay(piece * (50_000 // len(piece)))

    assert time.process_time() - start < 3
