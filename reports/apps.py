from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "看与报"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from casework import homes
        from reports import tasks  # noqa: F401  (registers the sweeps)
        from reports.dashboard import home

        homes.register(home.six)
        homes.register(home.checking)
        homes.register_panels(home.found)
