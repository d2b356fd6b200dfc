"""Who was placed where, and for how much."""

from django.db import models
from django.utils import timezone

from notifications.models import Notice
from scraping.models.jobs import Job
from scraping.models.raw import RawItem


class Offer(models.Model):
    """What a company offered in a season, put together from all mails about it (placements/offers.py merges them)."""

    season = models.PositiveIntegerField()
    company = models.CharField(max_length=200)
    company_key = models.CharField(
        max_length=200, editable=False, help_text="The name as compared: no case, legal form or signs."
    )
    company_fold = models.CharField(max_length=200, editable=False, help_text="The name as it is searched.")
    roles = models.JSONField(default=list, blank=True, help_text="[{role, package (LPA or null), details}]")
    locations = models.JSONField(default=list, blank=True, help_text='["Noida", …]')
    location_keys = models.TextField(editable=False, default="\n", help_text="The locations as compared, a line each.")
    joining_date = models.CharField(max_length=20, blank=True, help_text="2027-07-01, or 2027-07.")
    number_of_offers = models.PositiveIntegerField(default=0, help_text="As stated, at least as many as are named.")
    details = models.JSONField(default=dict, blank=True, help_text="Further labelled facts: {label: text}.")
    subject = models.CharField("subject of the first mail", max_length=500, blank=True)
    sent_at = models.DateTimeField("first mail sent", null=True, blank=True)
    told_at = models.DateTimeField("last announced", null=True, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="offers", help_text="On campus: the job it is for."
    )
    notice = models.ForeignKey(
        Notice, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The last notice about it."
    )

    class Meta:
        ordering = ("-first_seen_at", "-pk")
        constraints = (models.UniqueConstraint(fields=["season", "company_key"], name="offer_once_a_season"),)
        indexes = (models.Index(fields=["season", "-first_seen_at"], name="offer_by_season"),)

    def __str__(self) -> str:
        return self.company


class OfferedStudent(models.Model):
    """A student in an offer. The fields not edited here are set by placements/counted.py, and are what is counted."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="students")
    name = models.CharField(max_length=200, blank=True)
    enrollment = models.CharField("enrolment number", max_length=40, blank=True)
    role = models.CharField(max_length=300, blank=True, help_text="Where the list states one.")
    package = models.DecimalField(
        "package (LPA)", max_digits=9, decimal_places=4, null=True, blank=True, help_text="Where the list states one."
    )
    student = models.CharField(max_length=200, editable=False, help_text="The number as compared; without it the name.")
    number = models.BigIntegerField(null=True, editable=False, help_text="The number, where branches go by it.")
    fixed_branch = models.CharField(max_length=20, editable=False, blank=True, help_text="JUIT or MTech, by the rule.")
    counted_role = models.CharField(max_length=300, editable=False, blank=True)
    role_key = models.CharField(max_length=300, editable=False, blank=True)
    counted_package = models.BigIntegerField(
        null=True, editable=False, help_text="Rupees a year: whole numbers add up alike in every database."
    )
    person = models.TextField(editable=False, blank=True, help_text="Name and number as they are searched.")
    added_at = models.DateTimeField(default=timezone.now)
    mail = models.ForeignKey(
        RawItem, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The mail that named them."
    )

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["offer", "student"], name="student_once_an_offer"),)

    def __str__(self) -> str:
        return self.name or self.enrollment


class WithdrawnOffer(models.Model):
    """A student's offer that a company took back: mails sent before that do not bring it back."""

    season = models.PositiveIntegerField()
    company_key = models.CharField(max_length=200)
    student = models.CharField(max_length=200, help_text="As OfferedStudent.student.")
    sent_at = models.DateTimeField("withdrawn by a text of", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["season", "company_key", "student"], name="withdrawn_once_an_offer"),
        )

    def __str__(self) -> str:
        return f"{self.company_key}: {self.student}"
