#include "handle.h"

#include "render/render.h"
#include "report/select.h"

#include <assert.h>

/* Glue only: pictures behind the public face. */

static bool read_collapse(const char *text, Collapse *out, Error *why)
{
    static const char *const names[] = {[COLLAPSE_AUTO] = "auto",
                                        [COLLAPSE_NOTHING] = "none",
                                        [COLLAPSE_RUNS] = "runs",
                                        [COLLAPSE_SEGMENTS] = "segments"};
    for (int i = 0; i <= COLLAPSE_SEGMENTS; i++)
        if (!text || !strcmp(names[i], text)) {
            *out = (Collapse)i;
            return true;
        }
    return error_set(why, "`%s` is no way to collapse a graph", text);
}

/* "app.name", the name or its beginning, or "app" alone where that is enough. */
static bool read_key(const Migralint *migralint, const char *text, bool app_is_enough, Str *app,
                     Str *name, Error *why)
{
    Str whole = str(text ? text : "");
    size_t dot = str_find(whole, '.');
    *app = str_sub(whole, 0, dot);
    *name = str_sub(whole, dot + 1, whole.len);
    if (text && (!app->len || (!name->len && (!app_is_enough || dot < whole.len))))
        return error_set(why, "`%s` is not of the form app.name", text);
    return !name->len ||
           name_complete(migralint->graphs, migralint->workspace.project_count, *app, name, why);
}

static bool read_options(const Migralint *migralint, const MigralintPicture *from, Arena *arena,
                         PictureOptions *to, Error *why)
{
    *to = (PictureOptions){.apps = strs_of(from->apps, arena),
                           .app_count = (uint32_t)from->apps.count,
                           .depth = from->depth,
                           .by_app = from->by_app,
                           .problems = from->problems,
                           .externals = from->externals};
    return read_collapse(from->collapse, &to->collapse, why) &&
           read_key(migralint, from->focus, true, &to->focus_app, &to->focus_name, why) &&
           read_key(migralint, from->since, false, &to->since_app, &to->since_name, why);
}

static uint32_t count_pictures(const Migralint *migralint, const Comparisons *comparisons)
{
    return comparisons ? comparisons->count : migralint->workspace.project_count;
}

/* One picture for each project that has what is asked for; an error only if none has. */
static bool make_pictures(Migralint *migralint, const Comparisons *comparisons,
                          const PictureOptions *options, Arena *arena, Pictures *out,
                          PictureSource *sources, Error *why)
{
    const Workspace *workspace = &migralint->workspace;
    const Analysis *analyses = handle_analyses(migralint);
    uint32_t count = count_pictures(migralint, comparisons);
    Picture *pictures = arena_array(arena, Picture, count + 1);
    bool any = !count;
    *out = (Pictures){
        .items = pictures,
        .interner = &workspace->interner,
        .note = comparisons ? "No migration is added, changed or removed." : NULL,
    };
    for (uint32_t p = 0; p < count; p++) {
        const Comparison *comparison = comparisons ? &comparisons->items[p] : NULL;
        bool gone = p >= workspace->project_count;
        PictureSource source = {workspace,
                                gone ? comparison->now.graph->project : &workspace->projects[p],
                                gone ? NULL : &analyses[p], &migralint->findings, comparison};
        Error here = {{0}};
        bool made = picture_make(&source, options, arena, &pictures[out->count], &here);
        any |= made;
        sources[out->count] = source;
        if (made)
            out->count += pictures[out->count].node_count > 0;
        else
            *why = here;
    }
    return any;
}

static bool draw(const Pictures *pictures, const char *format, const MigralintPicture *options,
                 StrBuf *out, Error *why)
{
    TextStyle style = {options->color, options->ascii};
    if (!strcmp(format, "dot"))
        return render_dot(pictures, out, why);
    if (!strcmp(format, "svg") || !strcmp(format, "png") || !strcmp(format, "pdf"))
        return render_layout(pictures, format, out, why);
    if (!strcmp(format, "mermaid"))
        return render_mermaid(pictures, out, why);
    if (!strcmp(format, "text"))
        return render_text(pictures, &style, out, why);
    return error_set(why, "there is no format `%s` here", format);
}

/* The page knows every migration, however few nodes the picture has. */
static bool write_page(Migralint *migralint, const Comparisons *comparisons,
                       const PictureOptions *options, Arena *arena, StrBuf *out, Error *why)
{
    uint32_t count = count_pictures(migralint, comparisons);
    PictureSource *sources = arena_array(arena, PictureSource, count + 1);
    PictureOptions each = *options;
    each.collapse = COLLAPSE_NOTHING;
    each.by_app = false;
    Pictures drawn, whole;
    if (!make_pictures(migralint, comparisons, options, arena, &drawn, sources, why) ||
        !make_pictures(migralint, comparisons, &each, arena, &whole, sources, why))
        return false;
    drawn.in_page = true;
    Page page = {drawn, whole.items, sources, MIGRALINT_VERSION};
    render_html(&page, out);
    return true;
}

static bool draw_picture(Migralint *migralint, const Comparisons *comparisons,
                         const PictureOptions *options, const char *format,
                         const MigralintPicture *picture, Arena *arena, StrBuf *out, Error *why)
{
    Pictures pictures;
    PictureSource *sources =
        arena_array(arena, PictureSource, count_pictures(migralint, comparisons) + 1);
    if (!make_pictures(migralint, comparisons, options, arena, &pictures, sources, why))
        return false;
    pictures.legend = picture->legend;
    return draw(&pictures, format, picture, out, why);
}

bool handle_chart_changes(Migralint *migralint, Migralint *base, size_t most, StrBuf *out)
{
    Arena arena = {0};
    Error why = {{0}};
    const Comparisons *comparisons = handle_compare(migralint, base, &arena);
    PictureSource *sources =
        arena_array(&arena, PictureSource, count_pictures(migralint, comparisons) + 1);
    bool fits = false;
    for (int by_app = 0; by_app < 2 && !fits; by_app++) {
        PictureOptions options = {.by_app = by_app};
        Pictures pictures;
        strbuf_clear(out);
        fits = make_pictures(migralint, comparisons, &options, &arena, &pictures, sources, &why) &&
               (!pictures.count || render_mermaid(&pictures, out, &why)) && out->len <= most;
    }
    arena_free(&arena);
    return fits;
}

static void write_json(Migralint *migralint, const Comparisons *comparisons, MigralintList apps,
                       Arena *arena, StrBuf *out)
{
    View view = {&migralint->workspace, migralint->graphs, strs_of(apps, arena),
                 (uint32_t)apps.count, comparisons};
    graph_json(&view, out);
}

bool migralint_write_graph(Migralint *migralint, const char *format,
                           const MigralintPicture *picture, MigralintText *out, MigralintError *err)
{
    assert(migralint->graphs);
    MigralintSelection everything = {0};
    PictureOptions options;
    Arena scratch = {0};
    Error why = {{0}};
    StrBuf buffer = {out->bytes, out->length, out->capacity};
    bool json = !strcmp(format, "json"), html = !strcmp(format, "html");
    if (!json && !migralint->checked && !migralint_check(migralint, &everything, err))
        return false;
    const Comparisons *comparisons = handle_compare(migralint, picture->base, &scratch);
    if (json)
        write_json(migralint, comparisons, picture->apps, &scratch, &buffer);
    bool ok = json || read_options(migralint, picture, &scratch, &options, &why);
    if (ok && html)
        ok = write_page(migralint, comparisons, &options, &scratch, &buffer, &why);
    else if (ok && !json)
        ok = draw_picture(migralint, comparisons, &options, format, picture, &scratch, &buffer,
                          &why);
    *out = (MigralintText){buffer.ptr, buffer.len, buffer.capacity};
    arena_free(&scratch);
    return ok || handle_fail(err, &why);
}
