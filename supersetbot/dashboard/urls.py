"""Addresses of the dashboard, below the admin's."""

from django.urls import path

from supersetbot.dashboard import actions, broadcasts, person, search, views

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("search", search.search, name="dashboard-search"),
    path("people/<int:subscriber_id>", person.person, name="person"),
    path("cycle", actions.run_cycle, name="run-cycle"),
    path("retry", actions.retry_all, name="retry-all"),
    path("retry/<int:delivery_id>", actions.retry, name="retry"),
    path("slots/<int:slot_id>", actions.switch_slot, name="switch-slot"),
    path("test", actions.send_test, name="send-test"),
    path("broadcast", broadcasts.compose, name="compose"),
    path("broadcast/planned/<int:schedule_id>/call-off", actions.call_off, name="call-off"),
    path("broadcast/<int:notice_id>", broadcasts.watch, name="broadcast"),
    *(
        path(f"broadcast/<int:notice_id>/{order}", broadcasts.steer, {"order": order}, name=order)
        for order in broadcasts.ORDERS
    ),
]
