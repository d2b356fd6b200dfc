"""How many deliveries are in each state; one line of JSON."""

import json

import django


def main() -> None:
    django.setup()
    from django.db.models import Count

    from notifications.models import Delivery

    print(json.dumps(dict(Delivery.objects.order_by().values_list("state").annotate(Count("pk")))))


if __name__ == "__main__":
    main()
