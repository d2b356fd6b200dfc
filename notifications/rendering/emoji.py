"""The sign that stands before what is told of each category."""

from accounts.categories import Category

OTHER = "📣"
EMOJI: dict[str, str] = {
    Category.JOB_POSTING: "💼",
    Category.SHORTLISTING: "🎯",
    Category.PLACEMENT_OFFER: "🎉",
    Category.UPDATE: "📌",
    Category.REMINDER: "⏰",
    Category.ANNOUNCEMENT: "📣",
    Category.WEBINAR: "🎤",
    Category.HACKATHON: "🏆",
    Category.INTERNSHIP_NOC: "📄",
    Category.POLICY_UPDATE: "📘",
    Category.OFFICIAL_FIGURES: "📊",
}
