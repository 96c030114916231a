#include "cli/init.h"

/* A workflow of its own for GitHub, an include for GitLab. */

#define WORKFLOW ".github/workflows/migralint.yml"
#define TEMPLATE_BEFORE "https://raw.githubusercontent.com/migralint/migralint/v"
#define TEMPLATE_BEHIND "/templates/gitlab.yml"

/* ---- GitHub ---- */

static Str workflow_text(Arena *arena, Str version, Str branch)
{
    Str push = {0};
    if (branch.len)
        push = arena_printf(arena, "  push:\n    branches: [\"%.*s\"]\n", STR_ARG(branch));
    return arena_printf(arena,
                        "# Checks the migrations: " INIT_URL "\n"
                        "name: migralint\n"
                        "on:\n"
                        "  pull_request:\n"
                        "%.*s"
                        "permissions:\n"
                        "  contents: read\n"
                        "jobs:\n"
                        "  migralint:\n"
                        "    runs-on: ubuntu-latest\n"
                        "    steps:\n"
                        "    - uses: actions/checkout@v6\n"
                        "    - uses: migralint/migralint@v%.*s\n",
                        STR_ARG(push), STR_ARG(version));
}

static const YamlNode *item_of(const YamlNode *list, uint32_t index)
{
    return list && list->kind == YAML_SEQUENCE && index < list->count ? list->u.items[index] : NULL;
}

/* The workflow with the version and the branch that stand in it. */
static Str workflow_again(const Init *init, Str text)
{
    Yaml now;
    if (!yaml_parse_foreign(&now, S(WORKFLOW), text, init->arena, NULL))
        return (Str){0};
    const YamlNode *push = yaml_get(yaml_get(now.root, "on"), "push");
    const YamlNode *job = yaml_get(yaml_get(now.root, "jobs"), "migralint");
    Str uses = edit_text_of(yaml_get(item_of(yaml_get(job, "steps"), 1), "uses"));
    Str branch = edit_text_of(item_of(yaml_get(push, "branches"), 0));
    return workflow_text(init->arena, str_tail(uses, 'v'), branch);
}

/* A workflow that speaks of migralint already. */
static bool find_workflow(const Init *init, const char **path)
{
    static const char dir[] = ".github/workflows";
    DiskReader disk = {init->target->real_root};
    Reader reader = reader_disk(&disk);
    DirEntries entries = {0};
    if (!reader.list(reader.self, str(dir), init->arena, &entries, NULL))
        return false;
    for (uint32_t i = 0; i < entries.count; i++) {
        Str text;
        *path = path_join(init->arena, dir, entries.items[i].name.ptr);
        if (changes_read(init->target->real_root, *path, init->arena, &text, NULL) == READ_OK &&
            str_contains(text, S("migralint")))
            return true;
    }
    return false;
}

static void for_github(const Init *init, Piece *piece)
{
    const Found *found = &init->found;
    Str branch = found->errors ? (Str){0} : found->branch;
    const char *there;
    piece->path = WORKFLOW;
    piece->what = found->errors ? S("a workflow: what pull requests add")
                                : S("a workflow: what pull requests add, and all of the branch "
                                    "they are merged into");
    piece->paste = workflow_text(init->arena, S(MIGRALINT_VERSION), branch);
    if (!init->undo && find_workflow(init, &there)) {
        piece->path = there;
        piece_done(piece, S("runs migralint"));
        return;
    }
    if (!piece_read(init, piece))
        return;
    if (init->undo)
        piece->paste = workflow_again(init, piece->before);
    piece_whole(init, piece, piece->paste);
}

/* ---- GitLab ---- */

static bool has_stage(const YamlNode *root, Str *instead)
{
    const YamlNode *stages = yaml_get(root, "stages");
    bool found = !stages || stages->kind != YAML_SEQUENCE || !stages->count;
    for (uint32_t i = 0; !found && i < stages->count; i++)
        found = str_eq(edit_text_of(stages->u.items[i]), S("test"));
    *instead = found ? (Str){0} : edit_text_of(stages->u.items[0]);
    return found;
}

/* What is to be different from the template: a stage that there is, and the kind of pipelines that
 * the project has. Of a project with errors the default branch would fail at once. */
static Str own_keys(Arena *arena, Str stage, bool merge_requests, bool whole)
{
    const char *branches = whole ? "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"
                                 : "$CI_COMMIT_BRANCH && $CI_COMMIT_BRANCH != $CI_DEFAULT_BRANCH";
    StrBuf out = {0};
    if (stage.len || merge_requests || !whole)
        strbuf_add(&out, S("migralint:\n"));
    if (stage.len)
        strbuf_printf(&out, "  stage: %.*s\n", STR_ARG(stage));
    if (merge_requests || !whole)
        strbuf_add(&out, S("  rules:\n"));
    if (merge_requests)
        strbuf_add(&out, S("  - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n"));
    if (merge_requests ? whole : !whole)
        strbuf_printf(&out, "  - if: %s\n", branches);
    Str text = arena_str(arena, strbuf_str(&out));
    strbuf_free(&out);
    return text;
}

static Str include_text(Arena *arena, Str version, uint32_t indentation)
{
    return arena_printf(arena, "%*s- remote: " TEMPLATE_BEFORE "%.*s" TEMPLATE_BEHIND "\n",
                        (int)indentation, "", STR_ARG(version));
}

static bool parse(const Init *init, Str text, Yaml *out, Error *err)
{
    return yaml_parse_foreign(out, S(".gitlab-ci.yml"), text, init->arena, err);
}

/* The version of our template where it is included. */
static Str included(const YamlNode *include, const YamlNode **item)
{
    for (uint32_t i = 0; item_of(include, i); i++) {
        Str url = edit_text_of(yaml_get(item_of(include, i), "remote"));
        if (str_starts(url, S(TEMPLATE_BEFORE)) && str_ends(url, S(TEMPLATE_BEHIND))) {
            *item = item_of(include, i);
            return str_sub(url, sizeof TEMPLATE_BEFORE - 1, url.len - (sizeof TEMPLATE_BEHIND - 1));
        }
    }
    return (Str){0};
}

static bool is_there(Str text, const YamlNode *root)
{
    return yaml_get(root, "migralint") || str_contains(text, S("migralint/migralint/"));
}

typedef struct Pipeline {
    Str stage;
    bool merge_requests;
} Pipeline;

static Pipeline pipeline_of(Str text, const YamlNode *root)
{
    Pipeline pipeline = {{0},
                         str_contains(text, S("merge_request_event")) ||
                             str_contains(text, S("CI_MERGE_REQUEST_IID")) ||
                             str_contains(text, S("MergeRequest-Pipelines"))};
    has_stage(root, &pipeline.stage);
    return pipeline;
}

/* All of it as one block at the end. */
static Str whole_text(Arena *arena, Str version, Str own)
{
    return arena_printf(arena, "include:\n%.*s%.*s", STR_ARG(include_text(arena, version, 0)),
                        STR_ARG(own));
}

static void include_it(const Init *init, Piece *piece, const YamlNode *root)
{
    const YamlNode *include = yaml_get(root, "include"), *item = NULL;
    Pipeline pipeline = pipeline_of(piece->before, root);
    Str own = own_keys(init->arena, pipeline.stage, pipeline.merge_requests, !init->found.errors);
    Str version = S(MIGRALINT_VERSION), before = piece->before, after;
    Yaml then;
    piece->paste = whole_text(init->arena, version, own);
    if (is_there(before, root)) {
        piece_done(piece, S("has a job of migralint"));
        return;
    }
    if (include && (own.len || !edit_is_block(before, include))) {
        piece_by_hand(piece, S("it has an `include` of another form"));
        return;
    }
    if (include)
        after = edit_insert(init->arena, before, edit_end_of(before, root, "include"),
                            include_text(init->arena, version, include->column - 1), false);
    else
        after = edit_insert(init->arena, before, before.len, piece->paste, before.len);
    bool sound = parse(init, after, &then, NULL) &&
                 included(yaml_get(then.root, "include"), &item).len &&
                 edit_lacks(then.root, item, yaml_get(then.root, "migralint"), root);
    piece_changes(piece, after, sound);
}

static void exclude_it(const Init *init, Piece *piece, const YamlNode *root)
{
    const YamlNode *include = yaml_get(root, "include"), *item = NULL;
    Str version = included(include, &item), after = {0};
    Yaml then;
    if (!is_there(piece->before, root)) {
        piece_done(piece, S("has no job of migralint"));
        return;
    }
    /* The longest first: one begins as another does. */
    static const int ways[] = {7, 3, 1, 5, 6, 2, 0, 4};
    bool found = false;
    for (int i = 0; version.len && i < 8 && !found; i++) {
        Pipeline pipeline = pipeline_of(piece->before, root);
        Str stage = ways[i] & 1 ? pipeline.stage : (Str){0};
        Str own = own_keys(init->arena, stage, ways[i] & 2, ways[i] & 4);
        Str text = whole_text(init->arena, version, own);
        found = edit_cut(init->arena, piece->before, text, &after);
    }
    if (!found && version.len && include->count > 1)
        found = edit_cut(init->arena, piece->before,
                         include_text(init->arena, version, include->column - 1), &after);
    if (!found) {
        piece_by_hand(piece, S("the job of migralint is not as `init` wrote it"));
        return;
    }
    bool sound = parse(init, after, &then, NULL) &&
                 edit_lacks(root, item, yaml_get(root, "migralint"), then.root);
    piece_changes(piece, after, sound);
}

static void for_gitlab(const Init *init, Piece *piece)
{
    Yaml now;
    Error why = {{0}};
    piece->path = ".gitlab-ci.yml";
    piece->what = S("an include of the job");
    Str own = own_keys(init->arena, (Str){0}, false, !init->found.errors);
    piece->paste = whole_text(init->arena, S(MIGRALINT_VERSION), own);
    if (!piece_read(init, piece))
        return;
    if (!piece->before.ptr || str_eq(piece->before, piece->paste))
        piece_whole(init, piece, piece->paste);
    else if (!parse(init, piece->before, &now, &why))
        piece_by_hand(piece, arena_str(init->arena, str(why.text)));
    else if (now.root && now.root->kind != YAML_MAPPING)
        piece_by_hand(piece, S("it is no mapping"));
    else
        (init->undo ? exclude_it : include_it)(init, piece, now.root);
}

void init_job(const Init *init, Piece *piece)
{
    const Found *found = &init->found;
    piece->path = found->gitlab ? ".gitlab-ci.yml" : WORKFLOW;
    if (found->below_top || (!found->github && !found->gitlab)) {
        piece->verdict = PIECE_IS_NOT;
        piece->path = "CI";
        piece->why = found->below_top ? S("belongs to the top of the git work tree: `init` there")
                                      : S("neither GitHub nor GitLab is to be seen here; " INIT_URL
                                          "/blob/main/docs/ci.md tells what a job looks like");
    } else {
        (found->gitlab ? for_gitlab : for_github)(init, piece);
    }
}
