"""What kind of mail it is, for every kind of the spec and the tie-breaks between them."""

import pytest

from scraping.reading.mail import read_mail
from tests.scraping.sources.mailbox.mails import OFFER, forwarded, laid_out, mail, multipart

LISTED = "\n\n1\t22103001\tAsha Rao\n2\t22103002\tVikram Seth\n3\t9922103003\tMeera Nair\n"
NUMBERED = "\n1. Asha Rao (22103001)\n2. Vikram Seth (22103002)\n"

CASES = [
    # Offers: a list, a package, words of a final selection.
    ("placement_offer", "Kestrel Analytics - Offers", OFFER),
    (
        "placement_offer",
        "Kestrel - Final Result",
        f"The following students have been finally selected by Kestrel at a CTC of 7 LPA.{LISTED}",
    ),
    (
        "placement_offer",
        "PPO - Arcflow",
        f"They have received Pre-Placement Offers from Arcflow with a package of 22 LPA.{LISTED}",
    ),
    (
        "placement_offer",
        "Congratulations!!",
        f"Congratulations for getting placed in Blue Ocean at INR 6.5 Lakhs per annum.{NUMBERED}",
    ),
    ("placement_offer", "Kestrel - Additional Offers", f"Role: Analyst\nPackage: As per industry standards{LISTED}"),
    (
        "placement_offer",
        "Nimbus: Three More Offers",
        f"Three more students have been selected.\nStipend: 30k per month{LISTED}",
    ),
    ("placement_offer", "Nimbus - Final Offers", f"Selected after three rounds of interviews. Package: 8 LPA{LISTED}"),
    (
        "placement_offer",
        "Orbit - Offers",
        "Congratulations on receiving offers from Orbit. Package: 8 LPA. The list is attached.",
    ),
    (
        "placement_offer",
        "Congratulations to our students",
        f"Orbit has rolled out offers to the students below. Package: 8 LPA{LISTED}",
    ),
    (
        "placement_offer",
        "Orbit - Nine Offers - Batch 2026",
        "Orbit has extended nine offers to our students, CTC: 8 LPA. The list is attached.",
    ),
    (
        "placement_offer",
        "Campus news",
        f"Orbit visited our campus and selected three students with a package of 6.6 lakhs a year.{LISTED}",
    ),
    (
        "placement_offer",
        "Orbit - Offers",
        f"Congratulations on receiving offers. CTC: 8 LPA. The offer will be withdrawn if you have backlogs.{LISTED}",
    ),
    ("update", "Orbit - Offers revoked", f"We regret that Orbit took back its offers. CTC: 8 LPA{LISTED}"),
    ("update", "Orbit", f"Orbit has withdrawn the offers made to the students below. CTC: 8 LPA{LISTED}"),
    # The same without a package, or for a next round, is a shortlist.
    ("shortlisting", "Kestrel - Selected students", f"Following students are selected by Kestrel.{LISTED}"),
    (
        "shortlisting",
        "Kestrel - Technical Interview Shortlist",
        f"Congratulations! They are shortlisted for the Technical Interview. CTC: 12 LPA.{LISTED}",
    ),
    (
        "shortlisting",
        "Orbit | Next round",
        f"They are selected for the next round of interviews on 23 Nov 2025. CTC 9 LPA{LISTED}",
    ),
    (
        "shortlisting",
        "List of students for Orbit online test",
        f"Students listed below should report at CL-1 by 9 AM on 22 Nov 2025.{LISTED}",
    ),
    ("shortlisting", "Zephyr | Slots", f"Kindly find the list of students for the HR round of Zephyr.{LISTED}"),
    ("shortlisting", "Zephyr - Final Interview shortlist", f"Please find the list.{LISTED}"),
    ("shortlisting", "Zephyr - Shortlisted Students", "The list is attached."),
    # An invitation to apply, whatever it calls itself.
    (
        "job_posting",
        "Orbit is hiring interns - Batch 2026",
        "Orbit invites applications.\nCTC: 12 LPA\nLast date to apply: 25 Nov 2025, 5 PM",
    ),
    (
        "job_posting",
        "Announcement: Nimbus Tech Campus Drive 2026",
        "Interested students should register by 5 PM, 24 Nov.\nRole: GET\nCTC: 6 LPA",
    ),
    (
        "job_posting",
        "Internship Opportunity at Blue Ocean",
        "Blue Ocean is looking for interns. Stipend INR 20,000 per month. Apply by 30 Nov",
    ),
    (
        "job_posting",
        "Off campus drive by Zephyr",
        "Zephyr is hiring freshers from 2026 batch. CTC 4.5 LPA. Apply before 28 Nov 2025",
    ),
    ("job_posting", "Zephyr 2026", "Role: Analyst\nCTC: 4.5 LPA\nEligibility: B.Tech, 7 CGPA"),
    (
        "internship_noc",
        "List of students for Internship NOC",
        f"They are permitted to go for internship from Jan 2026 at Kestrel Labs.{LISTED}",
    ),
    (
        "internship_noc",
        "Winter internships",
        f"No Objection Certificates are issued to the following students.{LISTED}",
    ),
    ("internship_noc", "Students list", f"The following students are going for internship at Kestrel Labs.{LISTED}"),
    (
        "webinar",
        "Webinar on Generative AI",
        "Join a webinar by Dr. Kavita Menon on 25 Nov 2025, 4 PM. Dear students, register soon.",
    ),
    (
        "webinar",
        "Guest Lecture: Careers in VLSI",
        "A guest lecture will be held on 26 Nov 2025 at 11 AM in the auditorium for all students.",
    ),
    ("hackathon", "Nimbus Hackathon 2026", "Teams of 2 to 3. Prizes worth INR 2 lakh. Register by 1 Dec."),
    ("hackathon", "Nimbus Code Challenge", "A coding competition for students. Starts on 5 Dec 2025."),
    (
        "hackathon",
        "BuildIt 2026",
        "Team size: 2-4\nTheme: Climate\nPrize pool: INR 5,00,000\nRegistration deadline: 30 Nov 2025",
    ),
    (
        "reminder",
        "Gentle Reminder: Orbit - apply by 5 PM today",
        "Students who have not applied should apply before 5 PM, 20 Nov 2025.",
    ),
    ("reminder", "Last call - undertaking", "All students must submit the form by 24 Nov 2025."),
    ("update", "Orbit - Online test rescheduled", "The online test of 21 Nov has been postponed to 24 Nov 2025, 3 PM."),
    ("update", "Venue changed: Nimbus interviews", "The interviews of Nimbus take place in LT-4."),
    ("announcement", "Dress code", "All students must come in formals for placement drives."),
    (
        "announcement",
        "Undertaking - Kestrel offers",
        f"The following students have not submitted the offer acceptance form.{LISTED}",
    ),
    ("announcement", "Holiday", "Dear students, the T&P cell will be closed on 25 Nov."),
    ("policy_update", "Placement Policy for Batch 2026 (Revised)", "1. Eligibility\nAll students with no backlogs."),
    ("internship_noc", "Industrial training", f"No Objection Certificates of the following are ready.{LISTED}"),
    ("internship_noc", "Summer training", f"These students are permitted to undergo internship at Orbit.{LISTED}"),
    ("reminder", "Last call: Orbit registration", "Only 2 hours left to register. The link closes at 5 PM today."),
    ("reminder", "Gentle reminder - fill the Orbit form", "Those who have not yet filled the form must do so by 4 PM."),
    ("policy_update", "Amendments in Placement Rules 2026-27", "A. Dream Company\nMore than 15 LPA."),
    ("policy_update", "T&P Policy 2026-27", "Please find the placement policy.\n1. Registration\nAll register."),
    ("irrelevant", "Security alert", "A new sign-in on Windows to your Google Account."),
    ("irrelevant", "You have been added to Batch 2026", "View this group. You may unsubscribe at any time."),
    ("irrelevant", "482913 is your verification code", "Use this code to sign in."),
    ("irrelevant", "Google", "Your Google Account was accessed from a new device."),
    ("irrelevant", "Your weekly LinkedIn digest", "Top posts for you. Unsubscribe"),
    (
        "irrelevant",
        "Digest for placement-alerts@groups.example - 5 updates in 3 topics",
        "Today's topics: Orbit is hiring",
    ),
    ("irrelevant", "10 new jobs for you in Noida", "Software Engineer at Orbit. Apply now."),
    ("irrelevant", "Nimbus Newsletter November 2025", "What's new in our product."),
    ("irrelevant", "Flat 50% off on all courses", "Upgrade now."),
    ("irrelevant", "A story about rivers", "Read on. View in browser. Unsubscribe"),
    ("irrelevant", "Your order has been shipped", "Track your parcel."),
    ("irrelevant", "Invitation: Sync @ Mon 24 Nov 2025", "When: Mon 24 Nov. Where: Meet."),
    ("irrelevant", "Accepted: Interview slot", "Asha has accepted this invitation"),
    ("irrelevant", "Automatic reply: Offers", "I am out of office"),
    ("irrelevant", "Delivery Status Notification (Failure)", "Your message wasn't delivered."),
    ("irrelevant", "Lunch tomorrow?", "Hi, shall we meet?"),
    ("irrelevant", "", ""),
]


@pytest.mark.parametrize(("kind", "subject", "text"), CASES)
def test_the_kind_of_a_mail(kind: str, subject: str, text: str) -> None:
    facts = read_mail(laid_out(mail(subject, text)))

    assert facts.category == kind, (facts.rule, facts.evidence)
    assert 0 < facts.confidence <= 1
    assert facts.evidence


@pytest.mark.parametrize(("kind", "subject", "text"), CASES)
def test_a_forward_is_of_the_same_kind(kind: str, subject: str, text: str) -> None:
    facts = read_mail(laid_out(forwarded(subject, text)))

    assert facts.category == kind, (facts.rule, facts.evidence)


def test_a_mail_that_is_irrelevant_says_why() -> None:
    assert read_mail(laid_out(mail("Security alert", "A new sign-in"))).extra == {"reason": "Security alert"}


def test_a_bounce_of_an_offer_is_a_bounce() -> None:
    bounced = mail("Undeliverable: Kestrel - Offers", OFFER, sender="MAILER-DAEMON@mail.example")

    assert read_mail(laid_out(bounced)).rule == "mail.bounce"


def test_a_calendar_file_beside_a_list_of_offers_does_not_hide_it() -> None:
    calendar = b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR"
    body = multipart(OFFER.encode(), calendar, subject="Kestrel - Offers")

    assert read_mail(laid_out(body)).category == "placement_offer"


def test_a_short_answer_above_an_older_mail_is_irrelevant() -> None:
    answer = mail(
        "Re: Kestrel - Offers", "I will be there sir\n\nOn Thu, 20 Nov 2025 at 18:00, T&P wrote:\n> Dear Students"
    )

    assert read_mail(laid_out(answer)).rule == "mail.answer"


def test_a_portal_list_quoted_for_a_past_round_is_still_an_offer() -> None:
    text = (
        "The following students, shortlisted after the HR interview, have been offered full-time roles. CTC: 9 LPA"
        + LISTED
    )

    assert read_mail(laid_out(mail("Orbit - Offers", text))).category == "placement_offer"
