from django.conf import settings
from django.db import models


class LoginCode(models.Model):
    visitor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    code = models.CharField(max_length=12, unique=True)
    expires = models.DateTimeField()
