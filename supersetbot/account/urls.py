"""Addresses of the account page."""

from django.urls import path

from supersetbot.account import door, page
from supersetbot.account.person import DOOR

urlpatterns = [
    path("", page.account, name=door.PAGE),
    path("in", door.door, name=DOOR),
    path("out", page.leave, name="account-leave"),
    path("change/<slug:name>", page.change, name="account-change"),
]
