#include "cli/cli.h"

#include <dirent.h>
#include <stdlib.h>
#include <strings.h>

/* Appends DIR/lib/python3.x/site-packages. */
static void add_environment(const char *dir, Arena *arena, Paths *out)
{
    const char *lib = path_join(arena, dir, "lib");
    DIR *listing = opendir(lib);
    if (!listing)
        return;
    for (const struct dirent *entry; (entry = readdir(listing));) {
        if (strncmp(entry->d_name, "python3", 7))
            continue;
        const char *python = path_join(arena, lib, entry->d_name);
        const char *packages = path_join(arena, python, "site-packages");
        bool known = !path_exists(packages);
        for (uint32_t i = 0; i < out->count; i++)
            known |= !strcmp(out->items[i], packages);
        if (!known)
            array_push(out, packages);
    }
    closedir(listing);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void environment_site_packages(const Target *target, Arena *arena, Paths *out)
{
    const char *active = getenv("VIRTUAL_ENV");
    if (active && active[0] == '/')
        add_environment(active, arena, out);
    for (const char *at = target->real_root; at; at = path_parent(arena, at)) {
        add_environment(path_join(arena, at, ".venv"), arena, out);
        add_environment(path_join(arena, at, "venv"), arena, out);
        if (!strcmp(at, target->top))
            break;
    }
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_text);
}

static unsigned django_in(const char *packages)
{
    static const char prefix[] = "django-";
    unsigned version = 0;
    DIR *listing = opendir(packages);
    if (!listing)
        return 0;
    for (const struct dirent *entry; !version && (entry = readdir(listing));) {
        Str name = str(entry->d_name);
        if (strncasecmp(entry->d_name, prefix, sizeof prefix - 1) ||
            !str_ends(name, S(".dist-info")))
            continue;
        name = str_sub(name, sizeof prefix - 1, name.len - (sizeof ".dist-info" - 1));
        Str major = str_cut(&name, '.'), minor = str_cut(&name, '.');
        size_t digits = 0;
        while (digits < minor.len && minor.ptr[digits] >= '0' && minor.ptr[digits] <= '9')
            digits++;
        minor = str_sub(minor, 0, digits); /* of a 6.0a1 */
        unsigned high = version_number(major), low = version_number(minor);
        version = high + low / 100;
    }
    closedir(listing);
    return version;
}

unsigned environment_django(MigralintList site_packages)
{
    for (size_t i = 0; i < site_packages.count; i++) {
        unsigned version = django_in(site_packages.items[i]);
        if (version)
            return version;
    }
    return 0;
}
