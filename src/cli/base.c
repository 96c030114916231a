#include "cli/cli.h"

#include <stdio.h>

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

/* Opens what the content's tree lists. */
static bool open_content(Migralint *migralint, const Session *session, Settings *settings,
                         Content *content, Error *err)
{
    MigralintError why = {{0}};
    uint32_t count = content->tree.count;
    const char **paths = arena_array(&settings->arena, const char *, count + 1);
    for (uint32_t i = 0; i < count; i++)
        paths[i] = content->tree.files[i].path.ptr;
    MigralintTree tree = {session->target.real_root, {paths, count}, read_file, content};
    return git_batch_open(&content->batch, session->target.real_root, err) &&
           (migralint_open_tree(migralint, &tree, &why) || error_from(err, &why));
}

static bool in_git(const Session *session, const char *option, Error *err)
{
    return session->target.in_git ||
           error_set(err, "--%s: %s is not in a git work tree", option, session->target.root);
}

bool base_check(Session *session, Settings *settings, const MigralintSelection *selection,
                Error *err)
{
    const char *ref = option_value(settings, OPTION_BASE), *dir = session->target.real_root;
    Content content = {0};
    MigralintError why = {{0}};
    Str commit;
    if (!in_git(session, "base", err) || !git_parting(dir, ref, &settings->arena, &commit, err) ||
        !git_tree(dir, commit, &settings->arena, &content.tree, err))
        return false;
    session->base = migralint_new(&session->options);
    bool ok = open_content(session->base, session, settings, &content, err) &&
              (migralint_check(session->base, selection, &why) || error_from(err, &why));
    git_batch_close(&content.batch);
    return ok;
}

bool staged_open(Session *session, Settings *settings, Error *err)
{
    return in_git(session, "staged", err) &&
           git_index(session->target.real_root, &settings->arena, &session->staged.tree, err) &&
           open_content(session->migralint, session, settings, &session->staged, err);
}
