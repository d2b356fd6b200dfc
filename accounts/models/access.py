"""Who may open the admin, the API and the account page, and what was done there."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _lazy
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models.subscribers import Subscriber


class User(AbstractUser):
    """Someone who may open the admin."""


class AuditEntry(models.Model):
    """What an admin, staff, a key or a command did; only accounts/audit.py writes it, and nobody changes it."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.CharField(max_length=100)
    action = models.CharField(max_length=100)
    target = models.CharField(max_length=600, blank=True)
    outcome = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name_plural = "audit log"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.actor}: {self.action}"


class ApiKey(models.Model):
    """A program's key to the HTTP API. The key itself is shown once and never stored; see accounts/web/keys.py."""

    name = models.CharField(max_length=80, unique=True, help_text="Who uses it.")
    prefix = models.CharField("starts with", max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: never.")
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "API key"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class RequestCount(models.Model):
    """Requests of one kind by one caller in the present window; only accounts/web/throttling.py writes it."""

    key = models.CharField(max_length=160, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class LoginAttempts(RequestCount):
    """Attempts of an address or an account to log in to the admin; see accounts/web/login.py."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "login attempts"


class WebSession(AbstractBaseSession):
    """Somebody logged in on one browser; accounts/web/sessions.py stores it under a digest of its key."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    browser = models.CharField(max_length=60, blank=True)
    network = models.CharField(max_length=45, blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"session of {self.user_id}"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store


class AccountLink(models.Model):
    """The link to the account page that was made last for a person; its secret is stored as a digest only.

    Only accounts/signin/links.py reads and writes it.
    """

    subscriber = models.OneToOneField(Subscriber, models.CASCADE, related_name="account_link")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link {self.pk}"


class AccountSession(models.Model):
    """A browser in which a person has the account page open, found by a digest of its cookie.

    It is no session of staff and opens nothing of the admin; only accounts/signin/visits.py writes it.
    """

    class By(models.TextChoices):
        LINK = "link", _lazy("A link of the bot")
        TELEGRAM = "telegram", _lazy("Telegram itself")

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="account_sessions")
    digest = models.CharField(max_length=64, unique=True)
    by = models.CharField("opened by", max_length=8, choices=By)
    browser = models.CharField(max_length=60, blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"account session {self.pk}"


class AccountToken(models.Model):
    """A person's key to their own data by the API; shown once, stored as a digest (accounts/signin/tokens.py)."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="account_tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"account token {self.pk}"


class Authenticator(TOTPDevice):  # type: ignore[misc]  # django-otp has no types
    """An app that shows codes. What is stored is no key without SECRET_KEY: a stolen database makes no codes."""

    class Meta:
        proxy = True

    @property
    def bin_key(self) -> bytes:
        return salted_hmac("accounts.authenticator", self.key, algorithm="sha256").digest()[:20]
