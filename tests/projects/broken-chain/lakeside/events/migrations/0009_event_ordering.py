from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0008_event_area"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="event",
            options={"ordering": ["starts"]},
        ),
    ]
