from django.conf import settings
from django.db import models


class Application(models.Model):
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    certificate = models.URLField()
    approved = models.BooleanField(null=True)
