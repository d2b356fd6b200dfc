"""What the service has to say about itself."""

from django.db import models
from django.utils import timezone


class Alert(models.Model):
    """Something the admins were told of, and will be told the end of."""

    key = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    detail = models.CharField(max_length=500, blank=True)
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.title
