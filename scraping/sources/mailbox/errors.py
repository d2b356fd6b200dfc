"""What can go wrong between the service and its mailbox."""

from scraping.sources.base import SourceError


class MailboxError(SourceError):
    """The mailbox, or one mail of it, can't be read.

    Codes: unreachable, connection_lost, no_folder, bad_answer; of one mail mail_gone, mail_cut, mail_too_large.
    """


class MailboxLoginRefusedError(MailboxError):
    """The server refused the login (code login_refused). Trying again with the same password may lock the account."""
