"""How a person comes in: by a link of the bot, or because Telegram says who they are (spec: personal).

Nothing is used up by opening the address: a link is redeemed by a form, and its secret reaches the server in that form
alone. So whatever looks at links before people do, such as Telegram's previews, changes nothing.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Subscriber
from accounts.signin import init_data, links, visits
from accounts.signin.init_data import InitDataError
from accounts.signin.visits import By
from accounts.times import too_often
from accounts.web.throttling import client_address, count, household
from supersetbot.account.person import own_page

PAGE = "account"
_TRIES, _SECONDS = 600, 600  # from one address, behind which there may be a campus
_LONGEST_SECRET = 200


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _shown(request)
    if not visits.comes_from_us(request):
        return _shown(request, _("That form came from another page. Open your link once more."), 403)
    if wait := count(f"account:door:{household(client_address(request))}", limit=_TRIES, seconds=_SECONDS):
        refused = _shown(request, too_often(wait), 429)
        refused.headers["Retry-After"] = str(int(wait))
        return refused
    if "init_data" in request.POST:
        return _by_telegram(request, request.POST["init_data"])
    return _by_link(request, request.POST.get("secret", "").strip())


def _by_link(request: HttpRequest, secret: str) -> HttpResponse:
    # Somebody may copy the whole address into the field
    person = links.redeem(secret.rpartition("#")[2]) if len(secret) <= _LONGEST_SECRET else None
    if person is None:
        return _shown(request, _("This link is used up or too old. Send /account to the bot for a new one."), 403)
    return _let_in(request, person, By.LINK)


def _by_telegram(request: HttpRequest, text: str) -> HttpResponse:
    try:
        telegram_id = init_data.telegram_id_of(text, settings.TELEGRAM_BOT_TOKEN)
    except InitDataError:
        return _shown(request, _("Telegram did not confirm who you are. Close this page and open it again."), 403)
    person = Subscriber.objects.filter(telegram_id=telegram_id, kind=Subscriber.Kind.PERSON).first()
    if person is None:
        return _shown(request, _("The bot does not know you yet. Send it /start, then open this page again."), 403)
    visit = visits.current(request)
    if visit and visit.subscriber_id == person.pk:  # the page was loaded once more
        return redirect(PAGE)
    if init_data.is_replayed(text):
        return _shown(request, _("This page was opened before. Close it and open it again."), 403)
    return _let_in(request, person, By.TELEGRAM)


def _let_in(request: HttpRequest, person: Subscriber, by: By) -> HttpResponse:
    response = redirect(PAGE)
    visits.begin(request, response, person, by)
    return response


def _shown(request: HttpRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"refusal": refusal, "is_open": visits.current(request) is not None}
    return render(request, "account/door.html", context, status=status)
