from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "lakeside.sign_in"
