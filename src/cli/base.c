#include "cli/cli.h"

#include "git/objects.h"

#include <stdio.h>

typedef struct Content {
    GitTree tree;
    GitBatch batch;
} Content;

static MigralintRead read_file(void *context, size_t file, size_t limit, MigralintText *out,
                               MigralintError *err)
{
    Content *content = context;
    Arena arena = {0};
    Str bytes = {0};
    Error why = {{0}};
    ReadResult result = git_batch_read(&content->batch, content->tree.files[file].object, limit,
                                       &arena, &bytes, &why);
    StrBuf buffer = {out->bytes, out->length, out->capacity};
    strbuf_add(&buffer, bytes);
    *out = (MigralintText){buffer.ptr, buffer.len, buffer.capacity};
    snprintf(err->text, sizeof err->text, "%s", why.text);
    arena_free(&arena);
    return result == READ_OK          ? MIGRALINT_READ
           : result == READ_TOO_LARGE ? MIGRALINT_TOO_LARGE
                                      : MIGRALINT_UNREADABLE;
}

static bool check_tree(Session *session, Content *content, const char *const *paths,
                       const MigralintSelection *selection, Error *err)
{
    MigralintError why = {{0}};
    MigralintTree tree = {
        session->target.real_root, {paths, content->tree.count}, read_file, content};
    session->base = migralint_new(&session->options);
    return (migralint_open_tree(session->base, &tree, &why) &&
            migralint_check(session->base, selection, &why)) ||
           error_from(err, &why);
}

bool base_check(Session *session, Settings *settings, const MigralintSelection *selection,
                Error *err)
{
    const char *ref = option_value(settings, OPTION_BASE), *dir = session->target.real_root;
    Content content = {0};
    Str commit;
    if (!session->target.in_git)
        return error_set(err, "--base: %s is not in a git work tree", session->target.root);
    if (!git_parting(dir, ref, &settings->arena, &commit, err) ||
        !git_tree(dir, commit, &settings->arena, &content.tree, err) ||
        !git_batch_open(&content.batch, dir, err))
        return false;
    const char **paths = arena_array(&settings->arena, const char *, content.tree.count + 1);
    for (uint32_t i = 0; i < content.tree.count; i++)
        paths[i] = content.tree.files[i].path.ptr;
    bool ok = check_tree(session, &content, paths, selection, err);
    git_batch_close(&content.batch);
    return ok;
}
