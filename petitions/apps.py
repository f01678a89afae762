from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "petitions"
    verbose_name = "信访事项"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from casework import kinds
        from organisations import handover as leaving
        from petitions import handover, rules

        kinds.register(rules.KIND)
        leaving.register(handover.SOURCE)
