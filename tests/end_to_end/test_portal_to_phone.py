"""From the portal to the phone, over real sockets: what the student reads, to the character."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Subscriber
from accounts.personal import profiles
from accounts.subscribing.members import Membership
from scraping.cycle.cycle import cycle
from supersetbot.sandbox.portal.portal_world import EVERYONE, Job, Notice, epoch
from supersetbot.sandbox.portal.server import Portal
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(UTC).replace(second=0, microsecond=0)


def shown(when: datetime) -> str:
    """`Wed 26 Nov, 10:14 AM`, worked out apart from the product."""
    local = when.astimezone(timezone.get_default_timezone())
    day = local.strftime("%a %d %b").replace(" 0", " ")
    year = "" if local.year == timezone.localtime().year else f" {local.year}"
    return f"{day}{year}, {local.strftime('%I:%M %p').lstrip('0')}"


def job(deadline: datetime) -> Job:
    short = {
        "jobProfileIdentifier": "job-1",
        "jobProfileTitle": "Software Engineer",
        "companyName": "Zenith Labs",
        "placementCategoryLevel": 1,
        "placementCategoryName": None,
        "content": "",
        "createdAt": epoch(NOW),
        "jobProfileApplicationDeadline": epoch(deadline),
    }
    courses = [{"name": name, "program": {"shortName": "B.Tech"}} for name in ("CSE", "IT", "ECE")]
    detail = {
        "eligibilityCheckResult": {
            "academicResults": [{"level": "UG", "required": 7.0}, {"level": "CLASS_XII", "required": 60}],
            "courseCheckResult": {"openedForCourses": courses},
        },
        "jobProfile": {
            "location": "Noida, Bengaluru",
            "package": 1200000,
            "ctcInterval": "ANNUAL",
            "allowGenderFemale": True,
            "allowGenderMale": True,
            "allowGenderOther": True,
            "stages": [{"sequence": 3, "name": "HR"}, {"sequence": 1, "name": "Online test"}],
            "documents": [{"name": "JD.pdf", "identifier": "doc-1"}],
        },
        "positionType": "Full time",
    }
    return Job(short, detail, EVERYONE)


def notice(title: str, content: str) -> Notice:
    record = {
        "identifier": f"notice-{title[:8]}",
        "title": title,
        "content": content,
        "lastModifiedByUserName": "T&P Cell",
        "lastModifiedOn": epoch(NOW),
        "publishedAt": epoch(NOW),
    }
    return Notice(record, EVERYONE)


@pytest.fixture
def student(subscribe: Subscribe) -> int:
    return int(subscribe().address)


def test_a_job_posting(portal: Portal, telegram: BotApi, student: int) -> None:
    deadline = NOW + timedelta(days=3)
    portal.publish_job(job(deadline))

    cycle("test")

    (message,) = telegram.messages(student)
    assert message.text == (
        "💼 Zenith Labs · Software Engineer\n"
        "₹12 LPA · Noida, Bengaluru · Full time\n"
        f"Apply by {shown(deadline)} (in 3 days)\n"
        "\n"
        "Who can apply B.Tech CSE, IT, ECE · UG: 7.0 CGPA · Class 12: 60 %\n"
        "Rounds Online test → HR\n"
        "📎 JD.pdf"
    )
    units = message.text.encode("utf-16-le")
    bold = [
        units[2 * int(str(e["offset"])) :][: 2 * int(str(e["length"]))].decode("utf-16-le")
        for e in message.entities
        if e["type"] == "bold"
    ]
    assert bold == ["Zenith Labs", "Apply by", "Who can apply", "Rounds"]
    rows = (message.reply_markup or {})["inline_keyboard"]
    assert isinstance(rows, list)
    link, answers, mute = rows
    assert link == [{"text": "Open on SuperSet", "url": "https://app.joinsuperset.com/students"}]
    assert [key["text"] for key in answers] == ["Applied", "Not interested", "Remind me"]
    assert [key["text"] for key in mute] == ["🔕 Mute this kind"]


def test_a_shortlist(portal: Portal, telegram: BotApi, student: int) -> None:
    portal.publish_notice(
        notice(
            "Shortlist published for Stage 3 (Technical interview)  of Zenith Labs's Software Engineer ",
            "Following students are shortlisted for Stage 3 (Technical interview)<br/>"
            "<ol><li>Aarav Sharma (22103001)</li><li>D'Souza &lt;Z&gt; (9922103002)</li></ol>",
        )
    )

    cycle("test")

    (message,) = telegram.messages(student)
    assert message.text == (
        "🎯 Shortlist · Zenith Labs · Software Engineer\n"
        "Stage 3, Technical interview\n"
        "\n"
        "2 students\n"
        "22103001    Aarav Sharma\n"
        "9922103002  D'Souza <Z>\n"
        "\n"
        "T&P Cell"
    )


def test_whom_a_shortlist_names_is_told_so_first(portal: Portal, telegram: BotApi, student: int) -> None:
    Subscriber.objects.update(membership=Membership.MEMBER)
    profiles.agree(student)
    profiles.tell(student, "number", "22103001")
    portal.publish_notice(
        notice(
            "Shortlist for Technical interview - Zenith Labs",
            "<p>The following students are shortlisted:</p><ol><li>Aarav (22103001)</li><li>Dev (22103002)</li></ol>",
        )
    )

    cycle("test")

    (message,) = telegram.messages(student)
    assert message.text.startswith("🎯 You are on the list: Zenith Labs, Technical interview. 2 students.\n")


def test_an_announcement_with_awkward_text_and_a_script(portal: Portal, telegram: BotApi, student: int) -> None:
    portal.publish_notice(
        notice(
            "Library hours <5 & *more*",
            "<p>Open till <b>10 PM</b>.</p><script>alert(1)</script>"
            "<ul><li>Bring_your_card</li><li>R&amp;D wing</li></ul>",
        )
    )

    cycle("test")

    (message,) = telegram.messages(student)
    assert message.text.endswith(
        "Library hours <5 & *more*\n\nOpen till 10 PM.\n• Bring_your_card\n• R&D wing\n\nT&P Cell"
    )
    assert "alert" not in message.text
