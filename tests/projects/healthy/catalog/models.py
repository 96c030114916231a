from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=100)


class Book(models.Model):
    title = models.CharField(max_length=200)
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
    isbn = models.CharField(max_length=13, blank=True)
    shelf = models.CharField(max_length=10, blank=True)
    slug = models.SlugField(blank=True)
