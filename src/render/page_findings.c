#include "render/page.h"

#include "report/sources.h"

typedef struct Writer {
    const Page *page;
    uint32_t project, first_node;
    Sources sources;
    json_t *findings, *rules;
} Writer;

static void set_place(Writer *writer, json_t *object, Place place, Location location)
{
    enum { GUTTER = 5 };
    StrBuf excerpt = {0};
    json_object_set_new(object, "path", page_text(place.path));
    if (place.span.end) {
        json_object_set_new(object, "line", json_integer(location.line));
        json_object_set_new(object, "column", json_integer(location.column));
    }
    excerpt_add(&excerpt, &writer->sources, place, location, GUTTER, false, STYLE_NONE);
    if (excerpt.len)
        json_object_set_new(object, "excerpt", json_text(strbuf_str(&excerpt)));
    strbuf_free(&excerpt);
}

/* Of several lines: each is made visible by itself. */
static json_t *lines_of_text(Str text)
{
    json_t *lines = json_array();
    while (text.ptr)
        json_array_append_new(lines, page_text(str_cut(&text, '\n')));
    return lines;
}

static json_t *notes_of(Writer *writer, const Finding *finding)
{
    json_t *notes = json_array();
    for (uint32_t i = 0; i < finding->note_count; i++) {
        const Note *note = &finding->notes[i];
        json_t *object = json_object();
        json_object_set_new(object, "text", lines_of_text(note->text));
        if (note->place.path.len)
            set_place(writer, object, note->place, note->location);
        json_array_append_new(notes, object);
    }
    return notes;
}

/* In the whole picture; UINT32_MAX: it is about no migration, or about one that is not shown. */
static uint32_t node_of(const Writer *writer, const Finding *finding)
{
    const PictureSource *source = &writer->page->sources[writer->project];
    const Interner *in = &source->workspace->interner;
    if (!finding->migration.len || !source->analysis)
        return UINT32_MAX;
    NodeId node = graph_node(source->analysis->state->graph, intern_find(in, finding->app),
                             intern_find(in, finding->migration));
    return node == NODE_NONE ? UINT32_MAX
                             : picture_node_of(&writer->page->whole[writer->project], node);
}

static bool has_app(const Picture *whole, Str label)
{
    for (uint32_t i = 0; i < whole->cluster_count; i++)
        if (str_eq(whole->clusters[i].label, label))
            return true;
    return false;
}

/* A page about a part of the graph has the findings of that part. */
static bool is_shown(const Writer *writer, const Finding *finding)
{
    const Picture *whole = &writer->page->whole[writer->project];
    if (!whole->left_out || node_of(writer, finding) != UINT32_MAX)
        return true;
    return !finding->migration.len && has_app(whole, finding->app);
}

static void add_rule(Writer *writer, const Rule *rule)
{
    json_t *object = json_object(), *code = page_text(rule->code);
    json_object_set_new(object, "name", page_text(rule->name));
    json_object_set_new(object, "summary", page_text(rule->summary));
    json_object_set_new(writer->rules, json_string_value(code), object);
    json_decref(code);
}

static void add_finding(Writer *writer, const Finding *finding, json_int_t cause)
{
    json_t *object = json_object();
    uint32_t node = node_of(writer, finding);
    json_object_set_new(object, "project", json_integer(writer->project));
    json_object_set_new(object, "code", page_text(finding->rule->code));
    json_object_set_new(object, "severity", json_string(severity_name(finding->severity)));
    json_object_set_new(object, "app", page_text(finding->app));
    json_object_set_new(object, "node",
                        node == UINT32_MAX ? json_null() : json_integer(writer->first_node + node));
    json_object_set_new(object, "cause", cause < 0 ? json_null() : json_integer(cause));
    json_object_set_new(object, "message", page_text(finding->message));
    set_place(writer, object, finding->place, finding->location);
    json_object_set_new(object, "notes", notes_of(writer, finding));
    json_object_set_new(object, "help", lines_of_text(finding->help));
    json_array_append_new(writer->findings, object);
    add_rule(writer, finding->rule);
}

static void add_findings(Writer *writer)
{
    const PictureSource *source = &writer->page->sources[writer->project];
    for (uint32_t i = 0; i < source->findings->count; i++) {
        const Finding *finding = source->findings->items[i];
        if (!str_eq(finding->project, source->project->root) || !is_shown(writer, finding))
            continue;
        json_int_t cause = (json_int_t)json_array_size(writer->findings);
        add_finding(writer, finding, -1);
        for (uint32_t c = 0; c < finding->consequence_count; c++)
            add_finding(writer, finding->consequences[c], cause);
    }
}

void page_add_findings(const Page *page, const uint32_t *first_node, json_t *document)
{
    json_t *findings = json_array(), *rules = json_object();
    for (uint32_t p = 0; p < page->pictures.count; p++) {
        Writer writer = {page,          p,
                         first_node[p], {.reader = &page->sources[p].workspace->reader},
                         findings,      rules};
        add_findings(&writer);
        sources_free(&writer.sources);
    }
    json_object_set_new(document, "findings", findings);
    json_object_set_new(document, "rules", rules);
}
