from django.db import models


class Block(models.Model):
    number = models.PositiveBigIntegerField(unique=True)
    digest = models.CharField(max_length=66)


class Payment(models.Model):
    block = models.ForeignKey(Block, on_delete=models.CASCADE)
    ticket = models.ForeignKey("events.Ticket", on_delete=models.CASCADE)
    amount = models.DecimalField(max_digits=30, decimal_places=0)
