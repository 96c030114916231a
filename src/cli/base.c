#include "cli/cli.h"

#include <stdio.h>

static const TreeFile *find_file(const FileTree *tree, Str path)
{
    uint32_t low = 0, high = tree->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (str_cmp(tree->files[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < tree->count && str_eq(tree->files[low].path, path) ? &tree->files[low] : NULL;
}

/* Most files of a commit lie on disk as they are in it, where they are read faster. */
static bool is_on_disk(const Session *session, const TreeFile *file)
{
    const TreeFile *here = session->on_disk ? find_file(&session->ours.tree, file->path) : NULL;
    return !file->id.len || (here && str_eq(here->id, file->id));
}

static ReadResult read_bytes(const Content *content, size_t file, size_t limit, Arena *arena,
                             Str *bytes, Error *err)
{
    Session *session = content->session;
    const TreeFile *at = &content->tree.files[file];
    DiskReader disk = {session->target.real_root};
    Reader reader = reader_disk(&disk);
    if (is_on_disk(session, at))
        return reader.read(reader.self, at->path, limit, arena, bytes, err);
    if (!session->batch.answers && !git_batch_open(&session->batch, session->target.real_root, err))
        return READ_FAILED;
    return git_batch_read(&session->batch, at->id, limit, arena, bytes, err);
}

static MigralintRead read_file(void *context, size_t file, size_t limit, MigralintText *out,
                               MigralintError *err)
{
    Arena arena = {0};
    Str bytes = {0};
    Error why = {{0}};
    ReadResult result = read_bytes(context, file, limit, &arena, &bytes, &why);
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
static bool open_content(Migralint *migralint, Session *session, Settings *settings,
                         Content *content, Error *err)
{
    MigralintError why = {{0}};
    uint32_t count = content->tree.count;
    const char **paths = arena_array(&settings->arena, const char *, count + 1);
    for (uint32_t i = 0; i < count; i++)
        paths[i] = content->tree.files[i].path.ptr;
    MigralintTree tree = {session->target.real_root, {paths, count}, read_file, content};
    content->session = session;
    return migralint_open_tree(migralint, &tree, &why) || error_from(err, &why);
}

static bool in_git(const Session *session, const char *option, Error *err)
{
    return session->target.in_git ||
           error_set(err, "--%s: %s is not in a git work tree", option, session->target.root);
}

bool staged_open(Session *session, Settings *settings, Error *err)
{
    return in_git(session, "staged", err) &&
           git_index(session->target.real_root, &settings->arena, &session->ours.tree, err) &&
           open_content(session->migralint, session, settings, &session->ours, err);
}

/* ---- merges -------------------------------------------------------------- */

static bool same_bytes(Session *session, const TreeFile *on_disk, const TreeFile *blob)
{
    enum { LARGEST = 16 << 20 };
    Arena arena = {0};
    Error err = {{0}};
    FileTree trees[] = {{(TreeFile *)on_disk, 1}, {(TreeFile *)blob, 1}};
    Str bytes[2];
    bool same = true;
    for (int i = 0; i < 2 && same; i++) {
        Content content = {trees[i], session};
        same = read_bytes(&content, 0, LARGEST, &arena, &bytes[i], &err) == READ_OK;
    }
    same = same && str_eq(bytes[0], bytes[1]);
    arena_free(&arena);
    return same;
}

/* Where the other side changed a file, it matters whether the one on disk only looks changed. */
static void settle_ids(Session *session, const OtherBranch *branch)
{
    for (uint32_t i = 0; i < session->ours.tree.count; i++) {
        TreeFile *file = &session->ours.tree.files[i];
        const TreeFile *old = file->id.len ? NULL : find_file(&branch->fork.tree, file->path);
        const TreeFile *new = file->id.len ? NULL : find_file(&branch->theirs.tree, file->path);
        if (!file->id.len && (!old || !new || !str_eq(old->id, new->id))) {
            if (old && same_bytes(session, file, old))
                file->id = old->id;
            else if (new &&same_bytes(session, file, new))
                file->id = new->id;
        }
    }
}

static FileTree merged_tree(const OtherBranch *branch, const FileTree *ours, Arena *arena)
{
    MergedTree merged = merge_trees(&branch->fork.tree, ours, &branch->theirs.tree, arena);
    FileTree tree = {arena_array(arena, TreeFile, merged.count + 1), merged.count};
    for (uint32_t i = 0; i < merged.count; i++) {
        MergedFile from = merged.files[i];
        tree.files[i] = (from.theirs ? &branch->theirs.tree : ours)->files[from.index];
    }
    return tree;
}

static bool open_version(Session *session, Settings *settings, Content *content, Migralint **out,
                         Error *err)
{
    *out = migralint_new(&session->tree_options);
    return open_content(*out, session, settings, content, err);
}

static bool open_merge(Session *session, Settings *settings, OtherBranch *branch, Error *err)
{
    settle_ids(session, branch);
    branch->merged.tree = merged_tree(branch, &session->ours.tree, &settings->arena);
    return open_version(session, settings, &branch->theirs, &branch->handles.theirs, err) &&
           open_version(session, settings, &branch->merged, &branch->handles.merged, err);
}

static bool open_branch(Session *session, Settings *settings, const char *ref, OtherBranch *branch,
                        Error *err)
{
    const char *dir = session->target.real_root;
    Str tip, fork;
    branch->handles.name = ref;
    if (!git_parting(dir, ref, &settings->arena, &tip, &fork, err) ||
        !git_tree(dir, fork, &settings->arena, &branch->fork.tree, err) ||
        !open_version(session, settings, &branch->fork, &branch->handles.fork, err))
        return false;
    return str_eq(tip, fork) || (git_tree(dir, tip, &settings->arena, &branch->theirs.tree, err) &&
                                 open_merge(session, settings, branch, err));
}

static bool open_all(Session *session, Settings *settings, Error *err)
{
    session->on_disk = !option_on(settings, OPTION_STAGED);
    if (session->on_disk &&
        !git_work_tree(session->target.real_root, &settings->arena, &session->ours.tree, err))
        return false;
    const char *base = option_value(settings, OPTION_BASE);
    MigralintList against = option_list(settings, OPTION_AGAINST);
    session->branches = arena_array(&settings->arena, OtherBranch, against.count + 1);
    if (base) {
        session->branches[0].handles.base = true;
        session->branch_count = 1;
        if (!open_branch(session, settings, base, &session->branches[0], err))
            return false;
    }
    for (size_t i = 0; i < against.count; i++) {
        OtherBranch *branch = &session->branches[session->branch_count++];
        if (!open_branch(session, settings, against.items[i], branch, err))
            return false;
    }
    return true;
}

bool branches_open(Session *session, Settings *settings, MigralintSelection *selection, Error *err)
{
    bool base = option_on(settings, OPTION_BASE);
    MigralintError why = {{0}};
    if (!base && !option_on(settings, OPTION_AGAINST))
        return true;
    if (!in_git(session, base ? "base" : "against", err) || !open_all(session, settings, err))
        return false;
    Migralint *known = base ? session->branches[0].handles.fork : NULL;
    if (known && !migralint_check(known, selection, &why))
        return error_from(err, &why);
    session->handles = arena_array(&settings->arena, MigralintBranch, session->branch_count);
    for (size_t i = 0; i < session->branch_count; i++)
        session->handles[i] = session->branches[i].handles;
    selection->known = known;
    selection->branches = session->handles;
    selection->branch_count = session->branch_count;
    return true;
}

void branches_close(Session *session)
{
    for (size_t i = 0; i < session->branch_count; i++) {
        migralint_free(session->branches[i].handles.fork);
        migralint_free(session->branches[i].handles.theirs);
        migralint_free(session->branches[i].handles.merged);
    }
}
