from django.conf import settings
from django.db import models


class Loan(models.Model):
    book = models.ForeignKey("catalog.Book", on_delete=models.PROTECT)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    due = models.DateField()
