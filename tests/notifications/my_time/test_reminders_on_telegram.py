"""A reminder as it arrives in a chat: below the message of its posting, with its buttons."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Notice
from notifications.my_time.reminders import remind
from notifications.publishing.publish import publish
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.bot import labels
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run

pytestmark = pytest.mark.usefixtures("together")
SOON = timedelta(hours=3, seconds=30)


def published(draft: MakeDraft, **fields: object) -> Notice:
    known = {"category": "job_posting", "company": "Zenith", "role": "Engineer", "url": "https://portal.example/1"}
    deadline = timezone.now() + SOON
    notice = publish(draft("job:1", **known | {"job_key": "j1", "deadline": deadline} | fields)).notice
    # as if some time had passed since it came
    Notice.objects.filter(pk=notice.pk).update(first_seen_at=timezone.now() - timedelta(hours=1))
    return notice


def test_it_answers_the_posting_and_has_its_buttons(subscribe: Subscribe, draft: MakeDraft, telegram: BotApi) -> None:
    chat = int(subscribe().address)
    published(draft)
    run()
    assert remind() == 1
    run()
    posting, reminder = telegram.messages(chat)
    assert reminder.reply_to == posting.message_id
    assert reminder.text.startswith("⏰ Zenith · Engineer\nDeadline: ")
    assert reminder.text.endswith("(in 3 hours)")
    assert labels(reminder) == ["Open", "Applied", "Not interested"]


def test_it_comes_where_the_posting_was_deleted(subscribe: Subscribe, draft: MakeDraft, telegram: BotApi) -> None:
    chat = int(subscribe().address)
    published(draft)
    run()
    telegram.messages(chat)[0].deleted = True
    remind()
    run()
    assert telegram.messages(chat)[-1].reply_to == 0
    assert len(telegram.messages(chat)) == 2


def test_several_have_a_number_each(subscribe: Subscribe, draft: MakeDraft, telegram: BotApi) -> None:
    chat = int(subscribe().address)
    deadline = timezone.now() + SOON
    for number in range(2):
        publish(draft(f"job:{number}", category="job_posting", company=f"Company {number}", deadline=deadline))
    run()
    remind()
    run()
    reminder = telegram.messages(chat)[-1]
    assert reminder.text.startswith("⏰ 2 reminders\n\n1. Company 0\nDeadline: ")
    assert labels(reminder) == ["1", "2"]
    assert reminder.reply_to == 0
