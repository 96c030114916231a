#include "render/page.h"

#include "report/state_lines.h"
#include "report/visible.h"

#include <stdlib.h>

/*
 * The models after each migration, told as what changes: a model is its lines ("title" and
 * "CharField(max_length=20)"), and a migration cuts some out and puts others in their place. The
 * page plays that back in the order of the plan. Lines are told once and meant by their number.
 * What migrations have done that are not shown is told before the next that is.
 */

enum { MOST_LINES = 4000000 }; /* that are looked at: far above what real projects have */

typedef struct Track {
    Sym *lines; /* what the page has so far; on the heap */
    uint32_t count;
    Sym name;
} Track;

typedef struct Writer {
    const State *state;
    const Picture *whole;
    uint32_t first_node;
    json_t *models, *nodes;
    Interner *lines;
    Sym *last;   /* of them */
    Map tracked; /* ModelId → index in tracks */
    Array(Track) tracks;
    uint32_t first_model;  /* index in `models` of the first track */
    Array(ModelId) missed; /* touched by what is not shown since the last that is; each once */
    Map is_missed;
    uint64_t *looked_at;
} Writer;

typedef Array(Sym) Lines;

static Str text_of(const Writer *writer, Sym sym)
{
    return sym_str(writer->state->graph->interner, sym);
}

/* Label and text in one, with a newline between them, which neither has. */
static void begin(const Writer *writer, StrBuf *text, const char *before, Sym name)
{
    strbuf_clear(text);
    strbuf_add(text, str(before));
    visible_add(text, text_of(writer, name));
    strbuf_byte(text, '\n');
}

static Sym number_of(const Writer *writer, const StrBuf *text)
{
    Sym line = intern(writer->lines, strbuf_str(text));
    *writer->last = line > *writer->last ? line : *writer->last;
    return line;
}

static void add_indexes(const Writer *writer, const char *what, const StateIndex *indexes,
                        uint32_t count, Arena *scratch, StrBuf *text, Lines *out)
{
    for (uint32_t i = 0; i < count; i++) {
        begin(writer, text, what, indexes[i].name);
        class_text_add(writer->state, indexes[i].class_path, text);
        arguments_text_add(writer->state,
                           state_index_arguments(writer->state, &indexes[i], scratch), text);
        array_push(out, number_of(writer, text));
    }
}

static void lines_of_model(const Writer *writer, const ModelState *model, Arena *scratch,
                           Lines *out)
{
    StrBuf text = {0};
    for (uint32_t i = 0; i < model->field_count; i++) {
        const StateField *field = &model->fields[i];
        begin(writer, &text, "", field->name);
        class_text_add(writer->state, field->class_path, &text);
        arguments_text_add(writer->state, state_field_arguments(writer->state, field, scratch),
                           &text);
        array_push(out, number_of(writer, &text));
    }
    for (uint32_t i = 0; i < model->option_count; i++) {
        begin(writer, &text, "Meta.", model->options[i].name);
        option_text_add(writer->state, &model->options[i], &text);
        array_push(out, number_of(writer, &text));
    }
    add_indexes(writer, "index ", model->indexes, model->index_count, scratch, &text, out);
    add_indexes(writer, "constraint ", model->constraints, model->constraint_count, scratch, &text,
                out);
    strbuf_free(&text);
}

static Track *track_of(Writer *writer, ModelId model, uint32_t *index)
{
    *index = map_get(&writer->tracked, model, UINT32_MAX);
    if (*index == UINT32_MAX) {
        *index = writer->tracks.count;
        map_set(&writer->tracked, model, *index);
        array_push(&writer->tracks, (Track){0});
        Sym app = state_model_app(writer->state, model);
        json_array_append_new(writer->models, page_text(text_of(writer, app)));
    }
    return &writer->tracks.items[*index];
}

static bool is_alive(const Writer *writer, ModelId model, StateAt at, Sym name)
{
    Sym lower = state_lowered(writer->state, name);
    Sym app = state_model_app(writer->state, model);
    return lower && state_model(writer->state, app, lower, at, NULL) == model;
}

/* [model, name or null when it is gone, first line, how many are cut out, lines put in …] */
static json_t *splice(Writer *writer, Track *track, uint32_t index, Sym name, const Lines *now)
{
    uint32_t same = 0, tail = 0;
    uint32_t least = track->count < now->count ? track->count : now->count;
    while (same < least && track->lines[same] == now->items[same])
        same++;
    while (tail < least - same &&
           track->lines[track->count - 1 - tail] == now->items[now->count - 1 - tail])
        tail++;
    if (name == track->name && same == now->count && same == track->count)
        return NULL;
    json_t *list = json_array();
    json_array_append_new(list, json_integer(writer->first_model + index));
    json_array_append_new(list, name ? page_text(text_of(writer, name)) : json_null());
    json_array_append_new(list, json_integer(same));
    json_array_append_new(list, json_integer(track->count - same - tail));
    for (uint32_t i = same; i < now->count - tail; i++)
        json_array_append_new(list, json_integer(now->items[i] - 1));
    return list;
}

static json_t *change_of(Writer *writer, StateAt at, ModelId model)
{
    uint32_t index;
    Track *track = track_of(writer, model, &index);
    Sym name = state_model_name(writer->state, model, at);
    Lines now = {0};
    if (name && is_alive(writer, model, at, name)) {
        Arena scratch = {0};
        lines_of_model(writer, state_model_at(writer->state, model, at, &scratch), &scratch, &now);
        arena_free(&scratch);
    } else {
        name = SYM_NONE;
    }
    *writer->looked_at += now.count + track->count;
    json_t *change = splice(writer, track, index, name, &now);
    free(track->lines);
    *track = (Track){now.items, now.count, name};
    return change;
}

static json_t *node_object(const Writer *writer, NodeId node)
{
    uint32_t index = picture_node_of(writer->whole, node);
    if (index == UINT32_MAX || writer->whole->nodes[index].kind != PICTURE_MIGRATION)
        return NULL;
    return json_array_get(writer->nodes, writer->first_node + index);
}

/* Events of one migration stand side by side. */
static uint32_t changes_of(Writer *writer, uint32_t from, json_t *object)
{
    const State *state = writer->state;
    NodeId node = state->events[from].node;
    json_t *changes = json_array();
    Map seen = {0};
    uint32_t at = from;
    for (; at < state->event_count && state->events[at].node == node; at++) {
        ModelId model = state->events[at].model;
        if (model == MODEL_NONE || map_has(&seen, model) || *writer->looked_at > MOST_LINES)
            continue;
        map_set(&seen, model, 1);
        json_t *change = change_of(writer, state_after(state, node), model);
        if (change)
            json_array_append_new(changes, change);
    }
    map_free(&seen);
    if (json_array_size(changes))
        json_object_set(object, "models", changes);
    json_decref(changes);
    return at;
}

static bool has_cluster(const Picture *whole, Str label)
{
    for (uint32_t i = 0; i < whole->cluster_count; i++)
        if (!whole->clusters[i].external && str_eq(whole->clusters[i].label, label))
            return true;
    return false;
}

static void miss(Writer *writer, ModelId model)
{
    if (model == MODEL_NONE || map_has(&writer->is_missed, model) ||
        !has_cluster(writer->whole, text_of(writer, state_model_app(writer->state, model))))
        return;
    map_set(&writer->is_missed, model, 1);
    array_push(&writer->missed, model);
}

/* What there is before the node, as far as the page does not know it yet. */
static void catch_up(Writer *writer, NodeId node, json_t *object)
{
    json_t *changes = json_array();
    for (uint32_t i = 0; i < writer->missed.count && *writer->looked_at <= MOST_LINES; i++) {
        json_t *change =
            change_of(writer, state_before(writer->state, node, 0), writer->missed.items[i]);
        if (change)
            json_array_append_new(changes, change);
    }
    if (json_array_size(changes))
        json_object_set(object, "before", changes);
    json_decref(changes);
    writer->missed.count = 0;
    map_free(&writer->is_missed);
}

static void add_project(Writer *writer)
{
    const State *state = writer->state;
    for (uint32_t at = 0; at < state->event_count;) {
        NodeId node = state->events[at].node;
        json_t *object = node_object(writer, node);
        if (object) {
            catch_up(writer, node, object);
            at = changes_of(writer, at, object);
        } else {
            miss(writer, state->events[at++].model);
        }
    }
    array_free(&writer->missed);
    map_free(&writer->is_missed);
    for (uint32_t i = 0; i < writer->tracks.count; i++)
        free(writer->tracks.items[i].lines);
    array_free(&writer->tracks);
    map_free(&writer->tracked);
}

void page_add_models(const Page *page, const uint32_t *first_node, json_t *document, json_t *nodes)
{
    json_t *models = json_array(), *texts = json_array();
    Interner lines = {0};
    Sym last = SYM_NONE;
    uint64_t looked_at = 0;
    for (uint32_t p = 0; p < page->pictures.count; p++) {
        if (!page->sources[p].analysis)
            continue;
        Writer writer = {.state = page->sources[p].analysis->state,
                         .whole = &page->whole[p],
                         .first_node = first_node[p],
                         .models = models,
                         .nodes = nodes,
                         .lines = &lines,
                         .last = &last,
                         .first_model = (uint32_t)json_array_size(models),
                         .looked_at = &looked_at};
        add_project(&writer);
    }
    for (Sym line = 1; line <= last; line++)
        json_array_append_new(texts, json_text(sym_str(&lines, line)));
    json_object_set_new(document, "models", models);
    json_object_set_new(document, "lines", texts);
    json_object_set_new(document, "models_cut", json_boolean(looked_at > MOST_LINES));
    interner_free(&lines);
}
