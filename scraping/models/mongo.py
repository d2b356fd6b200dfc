"""What MongoDB has of our rows, and what it is still to be told (spec: mongo)."""

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone


class MongoDocument(models.Model):
    """A document that was imported, and the row it became: as long as the row stays as it was, so does the document.

    Of users who were not imported only who they are is kept, to tell MongoDB when they are gone.
    """

    collection = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    source_id = models.CharField("its _id", max_length=200, blank=True)
    row = models.BigIntegerField("primary key of our row", help_text="Of the model that belongs to the collection.")
    document = models.BinaryField("as BSON, made regular", default=b"")
    digest = models.CharField("of the document", max_length=64, blank=True)
    stamp = models.CharField("of our row", max_length=64, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["collection", "key"], name="mongo_document_once"),)
        indexes = (models.Index(fields=["collection", "row"], name="mongo_document_by_row"),)

    def __str__(self) -> str:
        return f"{self.collection} {self.key}"


class MirrorOutbox(models.Model):
    """A row that MongoDB is to be told of as it is when that happens; written with the change itself."""

    collection = models.CharField(max_length=40)
    row = models.BigIntegerField("primary key of our row")
    noted_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    error = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        verbose_name_plural = "mirror outbox"
        indexes = (models.Index(fields=["next_attempt_at", "id"], name="mirror_due"),)

    def __str__(self) -> str:
        return f"{self.collection} {self.row}"


class MirrorState(models.Model):
    """The one row that says who mirrors now, and how it last went."""

    owner = models.CharField(max_length=120, blank=True)
    leased_until = models.DateTimeField(default=timezone.now)
    failures = models.PositiveIntegerField("in a row", default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=300, blank=True)
    users_seen_at = models.DateTimeField("subscribers looked at up to", null=True, blank=True)

    def __str__(self) -> str:
        return self.error or "fine"
