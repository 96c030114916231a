from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0004_book_shelf"),
        ("catalog", "0004_book_slug"),
    ]

    operations = []
