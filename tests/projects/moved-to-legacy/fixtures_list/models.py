from django.db import models


class Fixture(models.Model):
    """A match that is to be played. The tournament and the venue are numbers since the split."""

    tournament_id = models.IntegerField(db_index=True)
    venue = models.IntegerField()
    kick_off = models.DateTimeField()
