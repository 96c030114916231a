import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("venues", "0001_initial"),
        # ("tournaments", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="Fixture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kick_off", models.DateTimeField()),
                (
                    "tournament",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="tournaments.tournament"),
                ),
            ],
        ),
    ]
