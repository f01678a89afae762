from datetime import datetime
from typing import Any

from django.apps import AppConfig


def tell_demo(world: Any, horizon: datetime) -> list[str]:
    """The closed months of a demo county and what its auditor did; loaded by the seed alone, not by every web worker."""
    from reports import demo

    return demo.tell(world, horizon)


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "看与报"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from casework import demo, homes
        from reports import tasks  # noqa: F401  (registers the sweeps)
        from reports.dashboard import home
        from reports.views import listings  # noqa: F401  (registers the lists that can be exported)

        demo.register(tell_demo)
        homes.register(home.six)
        homes.register(home.checking)
        homes.register_panels(home.found)
