#include "report/baseline.h"

#include "report/json_util.h"
#include "report/visible.h"
#include "rules/checks.h"

#include <stdlib.h>

static int by_entry(const void *a, const void *b)
{
    const BaselineRow *left = a, *right = b;
    int order = baseline_order(&left->entry, &right->entry);
    return order ? order : (left->fate > right->fate) - (left->fate < right->fate);
}

static void add_row(BaselineRows *rows, BaselineEntry entry, const BaselineEntry *was, Fate fate)
{
    array_push(&rows->list, (BaselineRow){entry, was, fate});
    rows->counts[fate]++;
}

static void add_finding(BaselineRows *rows, const Finding *finding, Str prefix)
{
    add_row(rows, baseline_entry(finding, prefix, &rows->arena), NULL, FATE_ADDED);
}

/* What is said about the baseline itself is never part of it. */
static bool may_be_added(const Finding *finding)
{
    return finding->rule->check != check_stale_baseline_entry;
}

static void add_new(BaselineRows *rows, const Findings *findings, Str prefix, bool add)
{
    for (uint32_t i = 0; i < findings->count; i++) {
        const Finding *finding = findings->items[i];
        if (!may_be_added(finding))
            continue;
        if (!add) {
            rows->left_out += 1 + finding->consequence_count;
            continue;
        }
        add_finding(rows, finding, prefix);
        for (uint32_t c = 0; c < finding->consequence_count; c++)
            add_finding(rows, finding->consequences[c], prefix);
    }
}

static void sort_rows(BaselineRows *rows)
{
    if (rows->list.count)
        qsort(rows->list.items, rows->list.count, sizeof *rows->list.items, by_entry);
}

void baseline_record(BaselineRows *rows, const Findings *findings, Str prefix)
{
    add_new(rows, findings, prefix, true);
    sort_rows(rows);
}

/* Two that only trade places in a file are written in another order, not changed. */
static bool is_moved(const BaselineEntry *was, const BaselineEntry *now)
{
    return !str_eq(was->fingerprint, now->fingerprint) || !str_eq(was->path, now->path) ||
           was->line != now->line || !str_eq(was->message, now->message) ||
           !str_eq(was->source, now->source) || !str_eq(was->migration, now->migration);
}

void baseline_shrink(BaselineRows *rows, const Findings *findings, const Baseline *baseline,
                     bool renew, bool add)
{
    for (uint32_t i = 0; i < baseline->count; i++) {
        const BaselineEntry *was = &baseline->entries[i];
        const Finding *finding = findings->taken ? findings->taken[i] : NULL;
        if (findings->stale && findings->stale[i]) {
            add_row(rows, *was, NULL, FATE_DROPPED);
        } else if (finding && renew) {
            BaselineEntry now = baseline_entry(finding, baseline->prefix, &rows->arena);
            add_row(rows, now, was, is_moved(was, &now) ? FATE_MOVED : FATE_KEPT);
        } else {
            add_row(rows, *was, NULL, FATE_KEPT);
        }
    }
    add_new(rows, findings, baseline->prefix, add);
    sort_rows(rows);
}

void baseline_rows_free(BaselineRows *rows)
{
    array_free(&rows->list);
    arena_free(&rows->arena);
}

/* ---- the file ---- */

static json_t *entry_object(const BaselineEntry *entry)
{
    json_t *object = json_object();
    json_object_set_new(object, "code", json_text(entry->code));
    json_object_set_new(object, "app", json_text_or_null(entry->app));
    json_object_set_new(object, "migration", json_text_or_null(entry->migration));
    json_object_set_new(object, "path", json_text(entry->path));
    json_object_set_new(object, "line", json_integer(entry->line));
    json_object_set_new(object, "message", json_text(entry->message));
    json_object_set_new(object, "source", json_text(entry->source));
    json_object_set_new(object, "fingerprint", json_text(entry->fingerprint));
    return object;
}

void baseline_json(const BaselineRows *rows, const Workspace *workspace, StrBuf *out)
{
    const WorkspaceOptions *options = &workspace->options;
    const char *before = "";
    strbuf_printf(out,
                  "{\n  \"version\": 1,\n  \"kind\": \"migralint-baseline\",\n"
                  "  \"django\": \"%u.%u\",\n  \"installed_apps\": %s,\n  \"findings\": [",
                  options->django / 100, options->django % 100,
                  options->site_package_count ? "true" : "false");
    for (uint32_t i = 0; i < rows->list.count; i++) {
        if (rows->list.items[i].fate == FATE_DROPPED)
            continue;
        strbuf_printf(out, "%s\n    ", before);
        json_line(entry_object(&rows->list.items[i].entry), out);
        before = ",";
    }
    strbuf_add(out, *before ? S("\n  ]\n}\n") : S("]\n}\n"));
}

/* ---- what changes ---- */

static void add_place(const BaselineEntry *entry, StrBuf *out)
{
    visible_add(out, entry->path);
    strbuf_printf(out, ":%u", entry->line);
}

void baseline_preview(const BaselineRows *rows, StrBuf *out)
{
    static const char marks[FATES] = {' ', '~', '+', '-'};
    for (uint32_t i = 0; i < rows->list.count; i++) {
        const BaselineRow *row = &rows->list.items[i];
        if (row->fate == FATE_KEPT)
            continue;
        strbuf_printf(out, "%c ", marks[row->fate]);
        add_place(&row->entry, out);
        strbuf_byte(out, ' ');
        visible_add(out, row->entry.code);
        strbuf_add(out, S(": "));
        visible_add(out, row->entry.message);
        if (row->was) {
            strbuf_add(out, S(" (was "));
            add_place(row->was, out);
            strbuf_byte(out, ')');
        }
        strbuf_byte(out, '\n');
    }
}
