#include "report/select.h"
#include "report/visible.h"

enum { COLUMNS = 7 };
static const char *const titles[COLUMNS] = {"app",  "package", "migrations", "numbers",
                                            "gaps", "leaves",  "notes"};

typedef struct Row {
    Str cells[COLUMNS];
} Row;

static Str joined_leaves(const Graph *graph, Sym app, Arena *arena)
{
    StrBuf text = {0};
    Nodes leaves = graph_leaves(graph, app, arena);
    for (uint32_t i = 0; i < leaves.count; i++) {
        if (i)
            strbuf_add(&text, S(", "));
        strbuf_add(&text, sym_str(graph->interner, graph->nodes[leaves.items[i]].name));
    }
    Str kept = arena_str(arena, strbuf_str(&text));
    strbuf_free(&text);
    return kept;
}

static Str package_note(const App *app)
{
    switch (app->package) {
    case PACKAGE_NONE:
        return S("no migrations package: unmigrated");
    case PACKAGE_NAMESPACE:
        return S("no __init__.py: Django ignores the package");
    case PACKAGE_DISABLED:
        return S("switched off by MIGRATION_MODULES");
    case PACKAGE_MIGRATED:
        break;
    }
    return app->migration_count ? (Str){0} : S("empty package");
}

static void add_note(StrBuf *notes, Str text)
{
    if (text.len && notes->len)
        strbuf_add(notes, S("; "));
    strbuf_add(notes, text);
}

static Str notes_of(const View *view, const App *app, Arena *arena)
{
    StrBuf notes = {0};
    add_note(&notes, package_note(app));
    if (app->declared_label != SYM_NONE && app->declared_label != app->label)
        add_note(&notes,
                 arena_printf(arena, "its AppConfig says `%.*s`",
                              STR_ARG(sym_str(&view->workspace->interner, app->declared_label))));
    if (app->installed_known && !app->installed)
        add_note(&notes, S("not in INSTALLED_APPS"));
    Str kept = arena_str(arena, strbuf_str(&notes));
    strbuf_free(&notes);
    return kept;
}

static Row row_of(const View *view, const Project *project, const Graph *graph, const App *app,
                  Arena *arena)
{
    Numbers numbers = app_numbers(view->workspace, project, app, arena);
    return (Row){{sym_str(&view->workspace->interner, app->label),
                  app->package == PACKAGE_NONE ? S("-") : app->package_path,
                  arena_printf(arena, "%u", app->migration_count), numbers.present, numbers.gaps,
                  joined_leaves(graph, app->label, arena), notes_of(view, app, arena)}};
}

/* A column in which no app has anything is not there. */
static void measure(const Row *rows, uint32_t count, size_t widths[COLUMNS])
{
    for (int c = 0; c < COLUMNS; c++) {
        size_t widest = 0;
        for (uint32_t r = 1; r < count; r++)
            if (visible_width(rows[r].cells[c]) > widest)
                widest = visible_width(rows[r].cells[c]);
        size_t title = strlen(titles[c]);
        widths[c] = !widest ? 0 : widest < title ? title : widest;
    }
}

static void write_table(const Row *rows, uint32_t count, StrBuf *out)
{
    size_t widths[COLUMNS];
    measure(rows, count, widths);
    for (uint32_t r = 0; r < count; r++) {
        for (int c = 0; c < COLUMNS; c++) {
            if (!widths[c])
                continue;
            strbuf_add(out, S("  "));
            visible_pad(out, rows[r].cells[c], widths[c]);
        }
        while (out->len && out->ptr[out->len - 1] == ' ')
            out->ptr[--out->len] = '\0';
        strbuf_byte(out, '\n');
    }
}

static void add_setting(const View *view, const char *name, const Setting *setting, StrBuf *out)
{
    if (setting->contradictory)
        strbuf_printf(out, "  %s: (settings files disagree)\n", name);
    if (!setting->value.module || setting->value.id == VALUE_ABSENT)
        return;
    const Value *value = value_at(&setting->value.module->values, setting->value.id);
    strbuf_printf(out, "  %s: ", name);
    if (value->kind == VALUE_STRING)
        visible_add(out, sym_str(&view->workspace->interner, value->u.text));
    else
        strbuf_add(out, S("(cannot be read without running Python)"));
    strbuf_byte(out, '\n');
}

static void add_list(const char *name, const Str *items, uint32_t count, StrBuf *out)
{
    if (!count)
        return;
    strbuf_printf(out, "  %s: ", name);
    for (uint32_t i = 0; i < count; i++) {
        strbuf_add(out, i ? S(", ") : S(""));
        visible_add(out, items[i]);
    }
    strbuf_byte(out, '\n');
}

static void add_settings(const View *view, const Settings *settings, StrBuf *out)
{
    add_list("settings", settings->paths, settings->path_count, out);
    add_setting(view, "AUTH_USER_MODEL", &settings->auth_user_model, out);
    add_setting(view, "DEFAULT_AUTO_FIELD", &settings->default_auto_field, out);
    add_list("databases", settings->engines, settings->engine_count, out);
}

static void write_project(const View *view, uint32_t p, StrBuf *out)
{
    Arena scratch = {0};
    const Project *project = &view->workspace->projects[p];
    Array(Row) rows = {0};
    Row head;
    for (int c = 0; c < COLUMNS; c++)
        head.cells[c] = str(titles[c]);
    array_push(&rows, head);
    for (uint32_t a = 0; a < project->app_count; a++)
        if (project->apps[a].origin == APP_OWN)
            array_push(&rows, row_of(view, project, &view->graphs[p], &project->apps[a], &scratch));
    strbuf_add(out, S("project "));
    visible_add(out, project->root.len ? project->root : S("."));
    strbuf_byte(out, '\n');
    add_settings(view, &project->settings, out);
    strbuf_byte(out, '\n');
    if (rows.count > 1)
        write_table(rows.items, rows.count, out);
    array_free(&rows);
    arena_free(&scratch);
}

void status_text(const View *view, StrBuf *out)
{
    for (uint32_t p = 0; p < view->workspace->project_count; p++) {
        if (p)
            strbuf_byte(out, '\n');
        write_project(view, p, out);
    }
    if (!view->workspace->project_count)
        strbuf_add(out, S("No Django project found.\n"));
}
