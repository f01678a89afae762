from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "案件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from casework import formwords

        formwords.put()
        from casework import checks, exports_people, exports_settings, tasks  # noqa: F401  (registers the system checks, lists to export, sweeps)
