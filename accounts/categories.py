"""What a notice can be: the words the whole system uses (spec: mailbox, What a mail can be)."""

from django.db import models


class Category(models.TextChoices):
    """Kinds of notices. A subscription may mute each of them."""

    JOB_POSTING = "job_posting", "Job posting"
    SHORTLISTING = "shortlisting", "Shortlist"
    PLACEMENT_OFFER = "placement_offer", "Placement offer"
    UPDATE = "update", "Update"
    REMINDER = "reminder", "Reminder"
    ANNOUNCEMENT = "announcement", "Announcement"
    WEBINAR = "webinar", "Webinar"
    HACKATHON = "hackathon", "Hackathon"
    INTERNSHIP_NOC = "internship_noc", "Internship NOC"
    POLICY_UPDATE = "policy_update", "Placement policy"
    OFFICIAL_FIGURES = "official_figures", "Official figures"
