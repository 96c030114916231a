from django.contrib.auth.models import AbstractUser
from django.db import models


class Visitor(AbstractUser):
    VISITOR, STEWARD, HEALER = "visitor", "steward", "healer"

    wallet = models.CharField(max_length=64, blank=True)
    role = models.CharField(max_length=16, default=VISITOR)
    language = models.CharField(max_length=8, default="en")
    newsletter = models.BooleanField(default=False)
