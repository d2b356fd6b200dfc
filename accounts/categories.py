"""What a notice can be: the words the whole system uses (spec: mailbox, What a mail can be)."""

from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class Category(models.TextChoices):
    """Kinds of notices. A subscription may mute each of them."""

    JOB_POSTING = "job_posting", _lazy("Job posting")
    SHORTLISTING = "shortlisting", _lazy("Shortlist")
    PLACEMENT_OFFER = "placement_offer", _lazy("Placement offer")
    UPDATE = "update", _lazy("Update")
    REMINDER = "reminder", _lazy("Reminder")
    ANNOUNCEMENT = "announcement", _lazy("Announcement")
    WEBINAR = "webinar", _lazy("Webinar")
    HACKATHON = "hackathon", _lazy("Hackathon")
    INTERNSHIP_NOC = "internship_noc", _lazy("Internship NOC")
    POLICY_UPDATE = "policy_update", _lazy("Placement policy")
    OFFICIAL_FIGURES = "official_figures", _lazy("Official figures")
