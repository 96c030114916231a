from django.db import migrations


def to_geometry(apps, schema_editor):
    """Turn the two coordinates of every place into a GeoJSON point.

    Maps read the geometry only; GeoJSON puts the longitude first.
    """
    Place = apps.get_model("events", "Place")
    for place in Place.objects.all():
        place.geometry = {"type": "Point", "coordinates": [place.longitude, place.latitude]}
        place.save(update_fields=["geometry"])


def to_coordinates(apps, schema_editor):
    """Take the coordinates back out of the GeoJSON point."""
    Place = apps.get_model("events", "Place")
    for place in Place.objects.exclude(geometry={}):
        place.longitude, place.latitude = place.geometry["coordinates"]
        place.save(update_fields=["latitude", "longitude"])


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0012_place_geometry"),
    ]

    operations = [
        migrations.RunPython(to_geometry, to_coordinates),
        migrations.RemoveField(
            model_name="place",
            name="latitude",
        ),
        migrations.RemoveField(
            model_name="place",
            name="longitude",
        ),
    ]
