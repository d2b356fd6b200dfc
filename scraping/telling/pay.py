"""What a job of the portal pays. It asks nothing of the reading: the bot, the lists and the API say it too."""

from decimal import Decimal

from notifications.rendering.formats import lpa
from scraping.models import Job


def pay(job: Job) -> str:
    """`₹12 LPA`, `₹8–12 LPA`, `₹25,000/month`; "" where the portal does not say."""
    amounts = _stated(job)
    if amounts and _is_monthly(job):
        return "₹" + "–".join(f"{amount:,.0f}" for amount in amounts) + "/month"
    return lpa(map(_lakhs, amounts))


def rupees_a_year(job: Job) -> tuple[int, int] | None:
    """The lowest and the highest pay in rupees a year, a stipend twelve times; None where the portal does not say."""
    times = 12 if _is_monthly(job) else 1
    amounts = [round(amount * times if times > 1 else _lakhs(amount) * 100_000) for amount in _stated(job)]
    return (amounts[0], amounts[-1]) if amounts else None


def _stated(job: Job) -> list[Decimal]:
    """The lowest and the highest of what the portal states: a package, a range or both. One where all agree."""
    amounts = {_lakhs(amount): amount for amount in (job.package, job.ctc_min, job.ctc_max) if amount and amount > 0}
    return [amounts[lakhs] for lakhs in sorted({min(amounts), max(amounts)})] if amounts else []


def _is_monthly(job: Job) -> bool:
    return job.interval.upper().startswith("MONTH")


def _lakhs(rupees: Decimal) -> Decimal:
    """Rupees in lakhs; amounts below 1,000 were typed in lakhs already."""
    return rupees / 100_000 if rupees >= 1_000 else rupees
