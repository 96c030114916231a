#include "link/link.h"

#include "base/limits.h"

/* The module that manage.py puts into DJANGO_SETTINGS_MODULE: the next string
 * literal behind the name. */
static Str settings_named_in(Str text, Arena *arena)
{
    Str key = S("DJANGO_SETTINGS_MODULE");
    const char *at = text.len ? memmem(text.ptr, text.len, key.ptr, key.len) : NULL;
    if (!at)
        return (Str){0};
    Str rest = str_sub(text, (size_t)(at - text.ptr) + key.len + 1, text.len);
    size_t open = 0;
    while (open < rest.len && rest.ptr[open] != '"' && rest.ptr[open] != '\'')
        if (rest.ptr[open++] == '\n' && open > 200)
            return (Str){0};
    if (open == rest.len)
        return (Str){0};
    Str tail = str_sub(rest, open + 1, rest.len);
    Str name = str_sub(tail, 0, str_find(tail, rest.ptr[open]));
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] == '\n' || name.ptr[i] == ' ' || name.ptr[i] == '%')
            return (Str){0};
    return arena_str(arena, name);
}

/* manage.py is Django's only when it speaks of Django. */
static bool is_manage(Link *link, const SourceFile *file, Str *settings)
{
    Arena scratch = {0};
    Str text = {0};
    bool is = link->own->reader.read(link->own->reader.self, file->path, LIMIT_FILE_BYTES, &scratch,
                                     &text, NULL) == READ_OK &&
              (str_contains(text, S("DJANGO_SETTINGS_MODULE")) ||
               str_contains(text, S("execute_from_command_line")));
    if (is)
        *settings = settings_named_in(text, &link->workspace->arena);
    arena_free(&scratch);
    return is;
}

void link_scopes(Link *link)
{
    const SourceTree *tree = &link->own->tree;
    array_push(&link->scopes, (LinkScope){.root = DIR_ROOT});
    for (DirId dir = 0; dir < tree->dir_count; dir++) {
        const SourceFile *file = source_file(tree, dir, S("manage.py"));
        Str settings = {0};
        if (!file || !is_manage(link, file, &settings))
            continue;
        if (dir == DIR_ROOT)
            link->scopes.items[0] =
                (LinkScope){.root = DIR_ROOT, .managed = true, .main_settings = settings};
        else
            array_push(&link->scopes,
                       (LinkScope){.root = dir, .managed = true, .main_settings = settings});
    }
}

uint32_t link_scope_of(const Link *link, DirId dir)
{
    for (; dir != DIR_NONE && dir != DIR_ROOT; dir = link->own->tree.dirs[dir].parent)
        for (uint32_t i = 1; i < link->scopes.count; i++)
            if (link->scopes.items[i].root == dir)
                return i;
    return 0;
}
