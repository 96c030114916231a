from django.conf import settings
from django.db import models


class Place(models.Model):
    title = models.CharField(max_length=120)
    geometry = models.JSONField(default=dict)
    capacity = models.PositiveIntegerField(default=0)
    open_air = models.BooleanField(default=False)


class Event(models.Model):
    title = models.CharField(max_length=200)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    area = models.ForeignKey("geodata.Area", null=True, blank=True, on_delete=models.SET_NULL)
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True, blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    status = models.CharField(max_length=16, default="submitted")
    poster = models.URLField(blank=True)

    class Meta:
        ordering = ["starts"]


class Ticket(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    redeemed = models.BooleanField(default=False)
    bought = models.DateTimeField(auto_now_add=True)
