"""How each kind of raw item is read: a module a kind, registered in READERS."""

from scraping.telling import mail, official, portal
from scraping.telling.base import Reader

# Jobs first: notices and mails are linked to them.
READERS: dict[str, Reader] = {
    "job": Reader(portal.understand_job),
    "notice": Reader(portal.understand_notice),
    "mail": Reader(mail.understand_mail, counts_attempts=True),
    "page": Reader(official.understand_page),
}
