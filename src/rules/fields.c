#include "rules/fields.h"

#include "rules/condition.h"

/* Field classes of Django without a column on the model's own table. */
static const char *const columnless[] = {
    "ManyToManyField", "GenericForeignKey",   "GenericRelation",
    "ForeignObject",   "CompositePrimaryKey",
};

static const char *const django_fields[] = {
    "django.db.models.",
    "django.contrib.postgres.fields.",
    "django.contrib.gis.db.models.",
    "django.contrib.contenttypes.",
};

static bool of_django(Str path)
{
    for (size_t i = 0; i < sizeof django_fields / sizeof *django_fields; i++)
        if (str_starts(path, str(django_fields[i])))
            return true;
    return false;
}

Truth field_has_column(Str path)
{
    if (!of_django(path))
        return MAYBE;
    for (size_t i = 0; i < sizeof columnless / sizeof *columnless; i++)
        if (str_eq(str_tail(path, '.'), str(columnless[i])))
            return NO;
    return YES;
}

Truth field_is_class(Str path, Str wanted)
{
    if (!path.len)
        return MAYBE;
    if (str_find(wanted, '.') < wanted.len)
        return glob_match(wanted, path) ? YES : of_django(path) ? NO : MAYBE;
    if (!of_django(path))
        return glob_match(wanted, str_tail(path, '.')) ? MAYBE : NO;
    return truth(glob_match(wanted, str_tail(path, '.')));
}
