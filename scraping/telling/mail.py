"""A mail becomes what it is about: an offer, a version of a policy, a notice; or nothing, with the reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django.utils import timezone

from accounts.categories import Category
from notifications.details import Label
from notifications.models import Notice
from notifications.publishing.publish import Draft
from scraping.attachments.text import State
from scraping.corrections.entries import Read, second_said
from scraping.items import IN_A_FILE, SIGNED, Facts, ParsedMail
from scraping.models import Job, Offer, RawItem
from scraping.placements.offers import Merged, OfferNews, Selected, key_of, merge
from scraping.placements.policies import PolicyNews, batch_year, day_of, put_policy
from scraping.reading.facts.naming.match import match_job
from scraping.reading.facts.naming.names import company_key
from scraping.reading.facts.pay.packages import read_pay
from scraping.reading.mail import read_mail
from scraping.reading.mail_page import MailPage, lay_out_mail, told_of_students
from scraping.reading.privacy import public_text, shown
from scraping.reading.second_reader import UNSURE, SecondReading, configured, second_reading
from scraping.sources.mailbox.parse import parse_mail
from scraping.sources.mailbox.source import raw_of
from scraping.telling.attached import Attached, attached_to, files_of, with_facts, with_files, with_lists, with_policy
from scraping.telling.base import Reading, Tell
from scraping.telling.facts_draft import facts_draft, told_roster
from scraping.telling.mail_draft import author, documents, mail_draft, mail_key
from scraping.telling.offer_draft import offer_draft, since
from scraping.telling.policy_draft import policy_draft
from scraping.telling.reviewed import reviewed
from scraping.telling.withdrawals import doubt_of_withdrawal, take_back_offers

Teller = Callable[[MailPage, Facts, RawItem, Reading], Notice | None]


def understand_mail(item: RawItem, reading: Reading) -> Tell:
    """A stored mail and its facts."""
    page = lay_out_mail(parse_mail(raw_of(item.payload)))
    files = attached_to(item, (), reading)
    page = with_lists(page, files)
    jobs = reading.jobs(item.season)
    facts = _with_list(with_policy(read_mail(page, jobs), page.mail, files), page)
    page = _said_by_files(page, files)
    doubts = [*_doubts(page.mail), doubt_of_withdrawal(facts, page.rest.text)]
    key, subject, second = mail_key(page.mail, item.season), shown(page.mail.subject, page), SecondReading(facts)
    if facts.confidence <= UNSURE and configured() and not page.mail.unreadable:
        second = second_reading(facts, subject, public_text(page), jobs, second_said(key))
    doubts.append(second.doubt)
    read = Read(item, key, subject, second.facts, page.mail.sent_at, doubts, second.said)
    return reviewed(read, reading, lambda facts: _tell(page, facts, item, reading))


def _with_list(facts: Facts, page: MailPage) -> Facts:
    """The facts with the students listed, also of a mail that is taken for none of theirs: somebody may know better."""
    return facts if facts.roster else replace(facts, roster=page.students, unread=page.roster.unread)


def _tell(page: MailPage, facts: Facts, item: RawItem, reading: Reading) -> Notice | None:
    tell = tell_as_written if page.mail.unreadable else _TELLERS.get(facts.category, tell_as_written)
    return tell(page, facts, item, reading)


def tell_as_written(page: MailPage, facts: Facts, item: RawItem, reading: Reading) -> Notice:
    """A notice of what the mail says. A copy of a mail that was told already tells nothing more."""
    key = mail_key(page.mail, item.season)
    told = Notice.objects.filter(external_key=key).first()
    if told and told.pk != item.notice_id:
        return told
    if told is None and item.notice_id:  # read by other rules now: it stays the notice it was
        Notice.objects.filter(pk=item.notice_id, external_key__startswith="email:").update(external_key=key)
    take_back_offers(facts, item.season, page.mail.sent_at, page.rest.text)
    draft = replace(mail_draft(page, facts, _job(page, facts, item, reading), item.season), external_key=key)
    if facts.category == Category.INTERNSHIP_NOC:
        companies = told_of_students(page, "company")
        draft = replace(draft, roster=tuple(_with_company(student, companies) for student in draft.roster))
    if facts.category == Category.JOB_POSTING:
        draft = with_facts(draft, files_of(item), draft.title, reading.jobs(item.season))
    return reading.publish(with_files(draft, files_of(item)))


def tell_offer(page: MailPage, facts: Facts, item: RawItem, reading: Reading) -> Notice | None:
    """Who was placed. A mail that names no company, or first tells of one without saying whom, is told as written."""
    if not company_key(facts.company or ""):
        return tell_as_written(page, facts, item, reading)
    before = Offer.objects.filter(season=item.season, company_key=key_of(facts.company or "")).first()
    merged = merge(offer_news(page, facts, item), reading.jobs(item.season))
    if not merged.total:
        return tell_as_written(page, facts, item, reading) if before is None else item.notice
    told = Notice.objects.filter(external_key=mail_key(page.mail, item.season)).first()
    if not merged.is_news and not (told and merged.new):  # a copy of a mail that was told already, too
        return told or merged.offer.notice
    told_at = before.told_at if before else None
    first_said = since(told_at, timezone.now()) if told_at else ""
    new_since = told.details.get(Label.SINCE, "") if told else first_said
    notice = reading.publish(with_files(_offer_notice(page, facts, merged, new_since), files_of(item)))
    if merged.is_news:
        Offer.objects.filter(pk=merged.offer.pk).update(notice=notice, told_at=notice.first_seen_at)
    return notice


def tell_policy(page: MailPage, facts: Facts, item: RawItem, reading: Reading) -> Notice | None:
    """A new version of a batch's policy; the text that is in force already tells nothing.

    A letter that only comes with the policy as a document is told as written: it must not take the place of the text.
    """
    if documents(page) and not facts.extra.get("table_of_contents"):
        return tell_as_written(page, facts, item, reading)
    told = Notice.objects.filter(external_key=mail_key(page.mail, item.season)).first()
    if told and told.pk != item.notice_id:  # a copy that comes late must not bring an older text back
        return told
    policy, is_new = put_policy(policy_news(page, facts, item))
    if not is_new and policy.mail_id != item.pk:
        return policy.notice
    draft = replace(
        policy_draft(policy, item.season), external_key=mail_key(page.mail, item.season), author=author(page.mail)
    )
    draft = replace(draft, published_at=page.mail.sent_at, rule=facts.rule)
    policy.notice = reading.publish(with_files(draft, files_of(item)))
    policy.save(update_fields=["notice"])
    return policy.notice


def offer_news(page: MailPage, facts: Facts, item: RawItem) -> OfferNews:
    """The facts of an offer mail, with each student's own role and package where the list has such columns."""
    roles, packages = told_of_students(page, "role"), told_of_students(page, "package")
    return OfferNews(
        season=item.season,
        company=facts.company or "",
        roles=tuple(replace(role, details=shown(role.details, page)) for role in facts.roles),
        students=tuple(
            Selected(
                name=student.name,
                enrollment=student.enrollment,
                role=roles.get(student.enrollment, ""),
                package=read_pay(f"Package: {packages.get(student.enrollment, '')}").package,
            )
            for student in facts.listed
        ),
        locations=facts.location,
        joining_date=facts.joining_date or "",
        number_of_offers=facts.number_of_offers or 0,
        details={},
        subject=page.mail.subject,
        sent_at=page.mail.sent_at,
        mail=item,
    )


def policy_news(page: MailPage, facts: Facts, item: RawItem) -> PolicyNews:
    """The facts of a policy mail, with what may be shown of its text."""
    return PolicyNews(
        year=batch_year(facts.extra.get("year", "")) or item.season // 100 + 1,
        title=shown(page.mail.subject, page),
        content=shown(facts.extra.get("content", ""), page) or public_text(page),
        updated_on=day_of(facts.extra.get("updated_on", "")),
        mail=item,
    )


def _offer_notice(page: MailPage, facts: Facts, merged: Merged, new_since: str) -> Draft:
    """Return what is said of the offer, with until when it must be accepted and the links of the mail."""
    read = facts_draft(facts, merged.offer.job, merged.offer.season)
    draft = offer_draft(merged, new_since)
    beside = (student for student in facts.roster if student.meaning != facts.meaning)
    return replace(
        draft,
        roster=(*draft.roster, *told_roster(beside, facts.meaning)),
        external_key=mail_key(page.mail, merged.offer.season),
        roster_meaning="selected",
        roster_unread=facts.unread,
        author=author(page.mail),
        deadline=read.deadline,
        deadline_all_day=read.deadline_all_day,
        links=read.links,
        url=read.url,
        rule=facts.rule,
        confidence=facts.confidence,
        published_at=page.mail.sent_at,
    )


def _said_by_files(page: MailPage, files: Sequence[Attached]) -> MailPage:
    """The mail, readable where all it says is in files and one of them was read."""
    if page.mail.unreadable != IN_A_FILE or not any(file.state == State.READ for file in files):
        return page
    return replace(page, mail=replace(page.mail, unreadable=""))


def _doubts(mail: ParsedMail) -> list[str]:
    """Return why somebody should look at the mail; an unchecked signature is no reason."""
    unread = [f"can't be read: open the mail ({mail.unreadable})"] if mail.unreadable else []
    return unread + [note for note in mail.notes if note != SIGNED]


def _job(page: MailPage, facts: Facts, item: RawItem, reading: Reading) -> Job | None:
    reference = match_job(facts.company, facts.role, reading.jobs(item.season), page.mail.sent_at)
    return Job.objects.prefetch_related("documents").get(identifier=reference.identifier) if reference else None


def _with_company(student: dict[str, str], companies: Mapping[str, str]) -> dict[str, str]:
    company = companies.get(student["enrollment"], "")
    return {**student, "company": company} if company else student


_TELLERS: dict[str, Teller] = {Category.PLACEMENT_OFFER: tell_offer, Category.POLICY_UPDATE: tell_policy}
