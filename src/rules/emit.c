#include "rules/causes.h"
#include "rules/check.h"
#include "rules/engine.h"

#include <stdarg.h>
#include <stdio.h>

/* Room for one more element: the copy doubles whenever the count is a power
 * of two, so that arrays in the arena can grow. */
static void *grown(Arena *arena, void *items, uint32_t count, size_t size)
{
    if (count & (count - 1))
        return items;
    void *larger = arena_alloc(arena, (count ? 2 * (size_t)count : 1) * size, alignof(max_align_t));
    if (count)
        memcpy(larger, items, count * size);
    return larger;
}

static Str format_args(Arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = arena_alloc(arena, (size_t)len + 1, 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return (Str){text, (size_t)len};
}

static Place place_copy(Arena *arena, Place place)
{
    return (Place){arena_str(arena, place.path), place.span};
}

static bool below(Str path, Str dir)
{
    return !dir.len || str_eq(path, dir) || (str_starts(path, dir) && path.ptr[dir.len] == '/');
}

const App *project_app_at(const Project *project, Str path)
{
    const App *holder = NULL;
    for (uint32_t i = 0; i < project->app_count; i++) {
        const App *app = &project->apps[i];
        if (app->path.len && below(path, app->path) &&
            (!holder || app->path.len > holder->path.len))
            holder = app;
    }
    return holder;
}

static Finding *emit(RuleContext *context, const App *app, Place place, const char *format,
                     va_list args)
{
    Arena *arena = &context->findings->arena;
    Finding *finding = arena_new(arena, Finding);
    finding->rule = context->rule;
    finding->severity = context->rule->severity;
    finding->place = place_copy(arena, place);
    finding->project = arena_str(arena, context->project->root);
    finding->message = format_args(arena, format, args);
    const App *owner = app ? app : project_app_at(context->project, place.path);
    if (owner)
        finding->owner = arena_str(arena, context_str(context, owner->label));
    if (app)
        finding->app = finding->owner;
    finding->foreign = owner && owner->origin != APP_OWN;
    array_push(&context->findings->reported, finding);
    return finding;
}

Finding *report(RuleContext *context, Place place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Finding *finding = emit(context, NULL, place, format, args);
    va_end(args);
    return finding;
}

Finding *report_migration(RuleContext *context, const Migration *migration, Place place,
                          const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Finding *finding = emit(context, &context->project->apps[migration->app], place, format, args);
    va_end(args);
    finding->migration =
        arena_str(&context->findings->arena, context_str(context, migration->name));
    return finding;
}

Finding *report_app(RuleContext *context, const App *app, Place place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    Finding *finding = emit(context, app, place, format, args);
    va_end(args);
    return finding;
}

void finding_note(RuleContext *context, Finding *finding, Place place, const char *format, ...)
{
    Arena *arena = &context->findings->arena;
    va_list args;
    va_start(args, format);
    finding->notes = grown(arena, finding->notes, finding->note_count, sizeof(Note));
    finding->notes[finding->note_count++] =
        (Note){.place = place_copy(arena, place), .text = format_args(arena, format, args)};
    va_end(args);
}

void finding_help(RuleContext *context, Finding *finding, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    finding->help = format_args(&context->findings->arena, format, args);
    va_end(args);
}

/* The first cause is the deepest: checks run causes first. */
static void explain(RuleContext *context, Finding *finding, Map *map, uint64_t key)
{
    Causes *causes = context->findings->causes;
    if (map_has(map, key))
        return;
    map_set(map, key, causes->findings.count);
    array_push(&causes->findings, finding);
}

static Finding *explaining(const RuleContext *context, const Map *map, uint64_t key)
{
    uint32_t index = map_get(map, key, UINT32_MAX);
    return index == UINT32_MAX ? NULL : context->findings->causes->findings.items[index];
}

void finding_explains(RuleContext *context, Finding *finding, NodeId node)
{
    explain(context, finding, &context->findings->causes->by_node, node);
}

Finding *finding_explaining(const RuleContext *context, NodeId node)
{
    return explaining(context, &context->findings->causes->by_node, node);
}

void finding_explains_model(RuleContext *context, Finding *finding, Sym app, Sym lower)
{
    explain(context, finding, &context->findings->causes->by_model, map_key(app, lower));
}

Finding *finding_explaining_model(const RuleContext *context, Sym app, Sym lower)
{
    return explaining(context, &context->findings->causes->by_model, map_key(app, lower));
}

void finding_follows_from(RuleContext *context, Finding *consequence, Finding *cause)
{
    (void)context;
    for (const Finding *above = cause; above; above = above->cause)
        if (above == consequence)
            return; /* would explain itself */
    consequence->cause = cause;
}

Str context_str(const RuleContext *context, Sym sym)
{
    return sym_str(&context->workspace->interner, sym);
}
