"""However a name is spelled, spaced or linked, a stranger does not read it."""

import time

import pytest
from django.utils import timezone

from notifications.models import Notice, StoredFile
from notifications.rendering.files import document_parts, edited_parts
from notifications.rendering.messages import RichText, TelegramPart
from notifications.rendering.naming import names_of
from notifications.rendering.public import PublicNotice, without_names
from notifications.rendering.render import telegram_parts

ROSTER = [{"name": "Asha Verma", "enrollment": "22103001"}, {"name": "Bilal Khan", "enrollment": "21BCE1234"}]
SECRETS = ("Asha", "Verma", "Bilal", "Khan", "103001", "1234")


def notice(body: str = "", **fields: object) -> Notice:
    defaults = {"pk": 1, "title": "Shortlist", "category": "shortlisting", "roster": ROSTER}
    return Notice(**{"published_at": timezone.now(), **defaults, "body": body, **fields})


def told(found: Notice) -> str:
    parts = telegram_parts(without_names(found))
    links = [entity.url for part in parts for entity in part.body.entities]
    buttons = [button for part in parts for button in part.buttons]
    return f"{[part.body.text for part in parts]} {links} {buttons}"


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize(
    "body",
    [
        "<p>Verma, Asha</p>",
        "<p>Asha K. Verma</p>",
        "<p>Asha-Verma, Asha_Verma, AshaVerma</p>",
        "<p>Asha was selected</p>",
        "<table><tr><td>Asha</td><td>Verma</td></tr></table>",
        "<ul><li>Asha<li>Verma</ul>",
        "<p>As\u200bha Ver\u00adma</p>",
        "<p>2210 3001</p><p>22-103-001</p><p>022103001</p><p>E22103001X</p>",
        "<p>21BCE1234, 21/BCE/1234</p>",
        '<p>See <a href="https://x.example/22103001">this</a></p>',
        '<p>Mail <a href="mailto:asha.verma@x.example">her</a></p>',
        "<p>https://x.example/Asha-Verma</p>",
    ],
)
def test_names_and_numbers_are_found_however_they_are_spelled(body: str) -> None:
    assert leaks(told(notice(body))) == []


def test_what_goes_on_with_a_list_goes_with_it_and_what_does_not_stays() -> None:
    body = "<p>Report at 9.</p><p>1. Asha Verma</p><p>2. Bilal Khan</p><p>3. Chitra Rao - CSE</p><p>Bring a laptop</p>"
    shown = told(notice(body))
    assert "Chitra" not in shown
    assert "Report at 9." in shown
    assert "Bring a laptop" in shown


def test_a_companys_own_words_stay_though_a_student_is_called_so() -> None:
    shown = told(notice("<p>Khan Labs visits on 2 May.</p>", company="Khan Labs", title="Khan Labs · Shortlist"))
    assert "Khan Labs visits on 2 May." in shown


def test_a_date_is_no_number_of_a_student() -> None:
    assert "22-10-2026" in told(notice("<p>Come on 22-10-2026.</p>"))


@pytest.mark.parametrize("field", ["company", "venue", "author", "stage", "edit_note"])
def test_a_short_text_that_names_somebody_is_empty(field: str) -> None:
    assert PublicNotice(notice(**{field: "with Bilal Khan"})).facts[field] == ""


@pytest.mark.parametrize(
    ("url", "category", "shown"),
    [
        ("https://x.example/list.pdf", "update", False),
        ("https://docs.google.com/spreadsheets/d/1", "shortlisting", False),
        ("https://docs.google.com/forms/d/1", "shortlisting", True),
        ("https://x.example/jd.pdf", "job_posting", True),
        ("https://x.example/register", "update", True),
        ("https://x.example/?who=22103001", "job_posting", False),
    ],
)
def test_links_to_files_that_may_hold_a_list_are_left_out(url: str, category: str, *, shown: bool) -> None:
    found = notice(
        f'<p>Open <a href="{url}">this</a> or {url}</p>',
        category=category,
        roster=ROSTER if "22103001" in url else [],
        links=[{"url": url, "label": "this"}],
    )
    assert (url in told(found)) is shown
    assert bool(PublicNotice(found).links) is shown


def test_files_that_name_nobody_come_first_and_keep_their_place() -> None:
    names = ("list.pdf", "jd.pdf", "22103001.pdf")
    found = notice(files=[{"digest": name, "name": name} for name in names])
    files = {name: StoredFile(digest=name, size=1, names_people=name == "list.pdf") for name in names}
    seen = document_parts(found, files, names=False)
    assert [part.name for part in seen] == ["jd.pdf"]
    text = TelegramPart(RichText("text"))
    after = edited_parts((text,), document_parts(found, files, names=True), 2, text)
    assert [part.name for part in after[2:]] == ["list.pdf", "22103001.pdf"]  # type: ignore[union-attr]  # files all


def test_a_list_of_thousands_beside_a_long_text_takes_no_time() -> None:
    roster = [{"name": f"Student{number} Name{number}", "enrollment": f"{22000000 + number}"} for number in range(7000)]
    body = "".join(f"<p>Line {number} of a long text without anybody.</p>" for number in range(2500))
    start = time.process_time()
    assert PublicNotice(notice(body, roster=roster)).text.count("Line") == 2500
    assert time.process_time() - start < 5


def test_a_text_that_is_a_list_of_thousands_takes_no_time() -> None:
    roster = [{"name": f"Student{number} Name{number}", "enrollment": f"{22000000 + number}"} for number in range(7000)]
    body = "<br>".join(f"{student['name']} {student['enrollment']}" for student in roster)
    start = time.process_time()
    assert PublicNotice(notice(f"<p>{body}</p>", roster=roster)).text == ""
    assert time.process_time() - start < 5


def test_names_without_letters_and_numbers_are_passed_over() -> None:
    names = names_of([{"name": "", "enrollment": ""}, {"name": "·", "enrollment": "-"}])
    assert not names.stand_in("· - nobody")
