from django.db import models


class Area(models.Model):
    name = models.CharField(max_length=80)
    outline = models.JSONField(default=list)
