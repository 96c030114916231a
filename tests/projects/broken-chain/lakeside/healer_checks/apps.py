from django.apps import AppConfig


class HealerChecksConfig(AppConfig):
    name = "lakeside.healer_checks"
