class Migration(m.Migration):
    dependencies = [("a", "b"),
    operations = [m.X(]

  x = (
<<<<<<< HEAD
y = "
=======
>>>>>>> b
