from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "lakeside.ledger"
