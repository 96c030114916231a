from django.db import migrations
from django.utils.text import slugify


def fill_slugs(apps, schema_editor):
    """Give every book that has none a slug made of its title."""
    Book = apps.get_model("catalog", "Book")
    for book in Book.objects.filter(slug="").iterator():
        book.slug = slugify(book.title)[:50]
        book.save(update_fields=["slug"])


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0005_merge_shelf_and_slug"),
    ]

    operations = [
        migrations.RunPython(fill_slugs, migrations.RunPython.noop),
    ]
