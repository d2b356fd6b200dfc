"""What happens in the world, as rows: what came in raw, what was read from it, and how each update went."""

from scraping.models.attachments import Attachment, FileReading
from scraping.models.figures import Branch, EarlierBatch, OfficialSnapshot
from scraping.models.jobs import Job, JobDocument
from scraping.models.mongo import MirrorOutbox, MirrorState, MongoDocument
from scraping.models.offers import Offer, OfferedStudent, WithdrawnOffer
from scraping.models.policies import Policy
from scraping.models.raw import PortalAccount, RawItem
from scraping.models.review import Review
from scraping.models.runs import UpdateRun
from scraping.models.watch import WatchState

__all__ = [
    "Attachment",
    "Branch",
    "EarlierBatch",
    "FileReading",
    "Job",
    "JobDocument",
    "MirrorOutbox",
    "MirrorState",
    "MongoDocument",
    "Offer",
    "OfferedStudent",
    "OfficialSnapshot",
    "Policy",
    "PortalAccount",
    "RawItem",
    "Review",
    "UpdateRun",
    "WatchState",
    "WithdrawnOffer",
]
