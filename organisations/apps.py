from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "organisations"
    verbose_name = "单位与人员"
    default_auto_field = "django.db.models.BigAutoField"
