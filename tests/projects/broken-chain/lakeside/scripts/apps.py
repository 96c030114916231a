from django.apps import AppConfig


class ScriptsConfig(AppConfig):
    name = "lakeside.scripts"
