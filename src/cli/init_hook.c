#include "cli/init.h"

/* An entry of .pre-commit-config.yaml, written as the entries are that stand there. */

typedef struct Hook {
    Str rev, id, branch; /* branch: of migralint-base */
} Hook;

/* Columns, as numbers of spaces before. */
typedef struct Style {
    uint32_t dash, key, hook_dash, hook_key;
} Style;
static const Style plain_style = {0, 2, 2, 4};

static void add_spaces(StrBuf *out, uint32_t count)
{
    while (count--)
        strbuf_byte(out, ' ');
}

static void add_dash(StrBuf *out, uint32_t dash, uint32_t key)
{
    add_spaces(out, dash);
    strbuf_byte(out, '-');
    add_spaces(out, key - dash - 1);
}

static Str entry_text(Arena *arena, const Hook *hook, Style style)
{
    StrBuf out = {0};
    add_dash(&out, style.dash, style.key);
    strbuf_add(&out, S("repo: " INIT_URL "\n"));
    add_spaces(&out, style.key);
    strbuf_printf(&out, "rev: %.*s\n", STR_ARG(hook->rev));
    add_spaces(&out, style.key);
    strbuf_add(&out, S("hooks:\n"));
    add_dash(&out, style.hook_dash, style.hook_key);
    strbuf_printf(&out, "id: %.*s\n", STR_ARG(hook->id));
    if (hook->branch.len) {
        add_spaces(&out, style.hook_key);
        strbuf_printf(&out, "args: [%.*s]\n", STR_ARG(hook->branch));
    }
    Str text = arena_str(arena, strbuf_str(&out));
    strbuf_free(&out);
    return text;
}

static Str file_text(Arena *arena, const Hook *hook)
{
    Str entry = entry_text(arena, hook, plain_style);
    return arena_printf(arena, "repos:\n%.*s", STR_ARG(entry));
}

/* ---- the file as it is ---- */

static bool is_ours(const YamlNode *entry)
{
    const YamlNode *repo = yaml_get(entry, "repo"), *hooks = yaml_get(entry, "hooks");
    if (str_eq(edit_text_of(repo), S(INIT_URL)))
        return true;
    for (uint32_t i = 0; hooks && hooks->kind == YAML_SEQUENCE && i < hooks->count; i++) {
        if (str_starts(edit_text_of(yaml_get(hooks->u.items[i], "id")), S("migralint")))
            return true;
    }
    return false;
}

static const YamlNode *our_entry(const YamlNode *repos)
{
    for (uint32_t i = 0; repos && repos->kind == YAML_SEQUENCE && i < repos->count; i++)
        if (is_ours(repos->u.items[i]))
            return repos->u.items[i];
    return NULL;
}

/* Of the first entry that is somebody else's. */
static Style style_of(Str text, const YamlNode *repos)
{
    for (uint32_t i = 0; i < repos->count; i++) {
        const YamlNode *entry = repos->u.items[i], *hooks = yaml_get(entry, "hooks");
        if (is_ours(entry) || entry->column <= repos->column)
            continue;
        Style style = {repos->column - 1, entry->column - 1, entry->column - 1, entry->column + 1};
        if (edit_is_block(text, hooks) && hooks->column >= entry->column) {
            style.hook_dash = hooks->column - 1;
            style.hook_key = hooks->u.items[0]->column - 1;
        }
        return style;
    }
    return plain_style;
}

/* Whether the file puts an empty line before its entries. */
static bool is_airy(Str text, const YamlNode *repos)
{
    if (repos->count < 2)
        return false;
    uint32_t line = repos->u.items[repos->count - 1]->line;
    for (uint32_t at = 1; text.ptr; at++) {
        Str here = str_cut(&text, '\n');
        if (at + 1 == line)
            return !here.len || str_eq(here, S("\r"));
    }
    return false;
}

static bool parse(const Init *init, Str text, Yaml *out, Error *err)
{
    return yaml_parse_foreign(out, S(".pre-commit-config.yaml"), text, init->arena, err);
}

static const YamlNode *only_item(const YamlNode *list)
{
    return list && list->kind == YAML_SEQUENCE && list->count == 1 ? list->u.items[0] : NULL;
}

static Hook hook_of(const YamlNode *entry)
{
    const YamlNode *made = only_item(yaml_get(entry, "hooks"));
    return (Hook){edit_text_of(yaml_get(entry, "rev")), edit_text_of(yaml_get(made, "id")),
                  edit_text_of(only_item(yaml_get(made, "args")))};
}

static bool says(const YamlNode *entry, const Hook *hook)
{
    Hook now = hook_of(entry);
    return str_eq(now.rev, hook->rev) && str_eq(now.id, hook->id) &&
           str_eq(now.branch, hook->branch);
}

static void take_back(const Init *init, Piece *piece, const YamlNode *root)
{
    const YamlNode *repos = yaml_get(root, "repos"), *entry = our_entry(repos);
    Hook hook = hook_of(entry);
    Yaml then;
    Str after;
    if (!entry) {
        piece_done(piece, S("there is no entry of migralint"));
        return;
    }
    if (str_eq(piece->before, file_text(init->arena, &hook))) {
        piece_whole(init, piece, piece->before);
        return;
    }
    Str text = entry_text(init->arena, &hook, style_of(piece->before, repos));
    if (!edit_cut(init->arena, piece->before, text, &after)) {
        piece_by_hand(piece, S("the entry of migralint is not as `init` wrote it"));
        return;
    }
    bool sound = parse(init, after, &then, NULL) && edit_lacks(root, entry, NULL, then.root);
    piece_changes(piece, after, sound);
}

static void append(const Init *init, Piece *piece, const YamlNode *root, const Hook *hook)
{
    const YamlNode *repos = yaml_get(root, "repos");
    Yaml then;
    if (our_entry(repos)) {
        piece_done(piece, S("has an entry of migralint"));
        return;
    }
    if (!edit_is_block(piece->before, repos)) {
        piece_by_hand(piece, S("`repos` is no list of entries with dashes"));
        return;
    }
    Str text = entry_text(init->arena, hook, style_of(piece->before, repos));
    Str after = edit_insert(init->arena, piece->before, edit_end_of(piece->before, root, "repos"),
                            text, is_airy(piece->before, repos));
    bool sound = parse(init, after, &then, NULL) &&
                 says(our_entry(yaml_get(then.root, "repos")), hook) &&
                 edit_lacks(then.root, our_entry(yaml_get(then.root, "repos")), NULL, root);
    piece_changes(piece, after, sound);
}

/* ---- the piece ---- */

void init_hook(const Init *init, Piece *piece)
{
    const Found *found = &init->found;
    bool base = found->errors && found->on_origin;
    Hook hook = {S("v" MIGRALINT_VERSION), base ? S("migralint-base") : S("migralint"), {0}};
    Yaml now;
    Error why = {{0}};
    if (base)
        hook.branch = arena_printf(init->arena, "origin/%.*s", STR_ARG(found->branch));
    piece->path = ".pre-commit-config.yaml";
    piece->what = base ? arena_printf(init->arena, "the hook of what a branch adds to %.*s",
                                      STR_ARG(hook.branch))
                       : S("the hook");
    piece->paste = entry_text(init->arena, &hook, plain_style);
    if (!init->target->in_git || found->below_top) {
        piece->verdict = PIECE_IS_NOT;
        piece->why = found->below_top ? S("belongs to the top of the git work tree: `init` there")
                                      : S("pre-commit needs git");
        return;
    }
    if (!piece_read(init, piece))
        return;
    if (!piece->before.ptr)
        piece_whole(init, piece, file_text(init->arena, &hook));
    else if (!parse(init, piece->before, &now, &why))
        piece_by_hand(piece, arena_str(init->arena, str(why.text)));
    else if (init->undo)
        take_back(init, piece, now.root);
    else
        append(init, piece, now.root, &hook);
}
