#include "models/additions.h"
#include "models/read.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <stdlib.h>

/*
 * Before somebody says that a model has no class: every `class X` of the project's files, wherever
 * it stands, found without parsing. Only the files that have the name are then read.
 */

typedef struct Mention {
    const SourceFile *file;
    uint32_t next; /* the next one of that name, or UINT32_MAX */
} Mention;

typedef struct Mentions {
    Map first; /* Sym of the lower-cased name → index in list */
    Array(Mention) list;
    bool compares_otherwise; /* some file assigns to deconstruct or changes ALTER_OPTION_KEYS */
    Additions additions;
} Mentions;

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static void add_mention(ModelReader *reader, Str name, const SourceFile *file)
{
    Mentions *mentions = reader->mentions;
    Sym lower = state_lower(reader->workspace, intern(&reader->workspace->interner, name));
    uint32_t first = map_get(&mentions->first, lower, UINT32_MAX);
    if (first != UINT32_MAX && mentions->list.items[first].file == file)
        return;
    map_set(&mentions->first, lower, mentions->list.count);
    array_push(&mentions->list, (Mention){file, first});
}

static bool begins_line(Str text, size_t at)
{
    while (at && (text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '\t'))
        at--;
    return !at || text.ptr[at - 1] == '\n';
}

/* "class X" at the beginning of a line, after white space only. */
static void find_classes(ModelReader *reader, Str text, const SourceFile *file)
{
    Str keyword = S("class ");
    for (size_t at = 0; (at = str_find_part(text, keyword, at)) < text.len;) {
        size_t start = at + keyword.len, end;
        while (start < text.len && text.ptr[start] == ' ')
            start++;
        for (end = start; end < text.len && is_word(text.ptr[end]);)
            end++;
        if (end > start && begins_line(text, at))
            add_mention(reader, str_sub(text, start, end), file);
        at = end;
    }
}

static void note_file(ModelReader *reader, Str text, const SourceFile *file)
{
    reader->mentions->compares_otherwise |=
        str_contains(text, S(".deconstruct = ")) || str_contains(text, S("ALTER_OPTION_KEYS"));
    find_classes(reader, text, file);
    additions_note(&reader->mentions->additions, &reader->workspace->interner, reader->arena, text);
}

static bool in_migrations_package(const Project *project, const SourceFile *file)
{
    for (AppId id = 0; id < project->app_count; id++)
        if (project->apps[id].package_dir == file->dir && project->apps[id].origin == APP_OWN)
            return true;
    return false;
}

static void scan_files(ModelReader *reader)
{
    const Workspace *workspace = reader->workspace;
    const SourceTree *tree = &workspace->tree;
    reader->mentions = xcalloc(1, sizeof *reader->mentions);
    for (uint32_t i = 0; i < tree->file_count; i++) {
        const SourceFile *file = &tree->files[i];
        Arena scratch = {0};
        Str text;
        if (str_ends(file->name, S(".py")) && !in_migrations_package(reader->project, file) &&
            workspace->reader.read(workspace->reader.self, file->path, LIMIT_FILE_BYTES, &scratch,
                                   &text, NULL) == READ_OK)
            note_file(reader, text, file);
        arena_free(&scratch);
    }
}

/* modeltranslation, or an app that is built on it, as far as settings tell. */
static bool may_translate(const Registry *registry)
{
    const Settings *settings = &registry->project->settings;
    for (uint32_t i = 0; i < settings->installed_count; i++) {
        ValueRef entry = settings->installed_apps[i];
        Str path = read_text(registry->reader, read_value(entry)->u.text);
        if (str_contains(path, S("modeltranslation")))
            return true;
    }
    return !settings->installed_complete;
}

/* modeltranslation adds title_en, title_de … for title. */
static bool is_translation(const Registry *registry, const Model *model, Str name)
{
    for (uint32_t i = 0; i < model->field_count; i++) {
        Str other = read_text(registry->reader, model->fields[i].field.name);
        if (other.len && str_starts(name, other) && name.len > other.len &&
            name.ptr[other.len] == '_')
            return may_translate(registry);
    }
    return false;
}

bool registry_may_add(const Registry *registry, const Model *model, Sym field)
{
    ModelReader *reader = registry->reader;
    Str name = read_text(reader, field);
    if (!reader->mentions)
        scan_files(reader);
    const Additions *additions = &reader->mentions->additions;
    if (additions_may_have(additions, SYM_NONE, field, name))
        return true;
    ClassIds mro = reader->classes.items[class_of(reader, model->module, model->class)].mro;
    for (uint32_t i = 0; i < mro.count; i++)
        if (additions_may_have(additions, reader->classes.items[mro.items[i]].class->name, field,
                               name))
            return true;
    return is_translation(registry, model, name);
}

bool registry_compares_otherwise(const Registry *registry)
{
    ModelReader *reader = registry->reader;
    if (!reader->mentions)
        scan_files(reader);
    return reader->mentions->compares_otherwise;
}

void mentions_free(ModelReader *reader)
{
    if (!reader->mentions)
        return;
    map_free(&reader->mentions->first);
    array_free(&reader->mentions->list);
    additions_free(&reader->mentions->additions);
    free(reader->mentions);
}

/* Whether the class may be a model of that app. */
static bool may_be_of(ModelReader *reader, const Module *module, const Class *class, Sym app)
{
    ClassId id = class_of(reader, module, class);
    const ClassInfo *info = &reader->classes.items[id];
    if (info->model == NO || info->abstract == YES)
        return false;
    Sym label = class_label(reader, id);
    return !label || label == app || !info->whole; /* a metaclass may give it another one */
}

static bool file_may_hold(ModelReader *reader, const SourceFile *file, Sym app, Sym lower)
{
    const Module *module = workspace_file(reader->workspace, file);
    bool seen = false;
    for (uint32_t i = 0; module && i < module->class_count; i++) {
        if (state_lower(reader->workspace, module->classes[i].name) != lower)
            continue;
        seen = true;
        if (may_be_of(reader, module, &module->classes[i], app))
            return true;
    }
    if (seen)
        return false;
    AppId id = module ? app_of_module(reader, module) : APP_NONE; /* in a function, or damaged */
    return id == APP_NONE || reader->project->apps[id].label == app;
}

/* What an import, a call or an assignment may bind to a model of that name. */
static bool is_bound(ModelReader *reader, Sym app, Sym lower)
{
    for (uint32_t i = 0; i < reader->modules.count; i++) {
        const Module *module = reader->modules.items[i].module;
        AppId id = app_of_module(reader, module);
        if (id != APP_NONE && reader->project->apps[id].label != app)
            continue;
        for (uint32_t b = 0; b < module->binding_count; b++) {
            const Binding *binding = &module->bindings[b];
            if (state_lower(reader->workspace, binding->name) != lower || !binding->value)
                continue;
            ValueRef value = workspace_value(reader->workspace, (ValueRef){module, binding->value});
            if (!read_is(value, VALUE_CLASS) && !read_is(value, VALUE_FUNCTION))
                return true;
        }
    }
    return false;
}

/* The same of a class that may be a model, of which that cannot be told. */
static bool is_made_by_unknown(ModelReader *reader, Sym app, Str name)
{
    for (ClassId id = 0; id < reader->classes.count; id++) {
        const ClassInfo *info = &reader->classes.items[id];
        if (info->whole || info->model == NO)
            continue;
        Str other = read_text(reader, state_lower(reader->workspace, info->class->name));
        if (other.len < name.len && str_contains(name, other) && class_label(reader, id) == app)
            return true;
    }
    return false;
}

/* A descriptor, a base or a decorator that is not known may make models that are called after the
 * one it stands in: PostTranslation, HistoricalPost. */
static bool is_made_by_another(const Registry *registry, Sym app, Sym lower)
{
    AppId id = project_app(registry->project, app);
    if (id == APP_NONE)
        return true;
    Str name = read_text(registry->reader, lower);
    const AppModels *models = &registry->apps[id];
    for (uint32_t i = models->first; i < models->first + models->count; i++) {
        const Model *model = &registry->models[i];
        Str other = read_text(registry->reader, model->lower);
        if ((model->fields_open || model->makes_models || model->class->decorator_count) &&
            other.len < name.len && str_contains(name, other))
            return true;
    }
    return is_made_by_unknown(registry->reader, app, name);
}

bool registry_may_hold(const Registry *registry, Sym app, Sym lower)
{
    ModelReader *reader = registry->reader;
    if (!reader->mentions)
        scan_files(reader);
    if (is_bound(reader, app, lower) || is_made_by_another(registry, app, lower))
        return true;
    uint32_t at = map_get(&reader->mentions->first, lower, UINT32_MAX);
    for (; at != UINT32_MAX; at = reader->mentions->list.items[at].next)
        if (file_may_hold(reader, reader->mentions->list.items[at].file, app, lower))
            return true;
    return false;
}
