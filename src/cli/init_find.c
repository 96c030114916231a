#include "cli/init.h"

#include "git/git.h"

#include <strings.h>

/* ---- Django ---- */

static bool take_version(const Init *init, Str text, const char *from, Found *found)
{
    unsigned version = version_number(text);
    if (version < 108) /* no Django that has migrations as they are now, or no version at all */
        return false;
    found->django = arena_printf(init->arena, "%u.%u", version / 100, version % 100);
    found->django_from = from;
    return true;
}

static Str read_or_empty(const Init *init, const char *path)
{
    Str text;
    bool ok = changes_read(init->target->real_root, path, init->arena, &text, NULL) == READ_OK;
    return ok ? text : (Str){0};
}

/* What stands between double quotes behind the key of a line `key = "…"`. */
static Str quoted_value(Str line, Str key)
{
    if (!str_starts(line, key))
        return (Str){0};
    Str rest = str_sub(line, key.len, line.len);
    str_cut(&rest, '"');
    return rest.ptr ? str_cut(&rest, '"') : (Str){0};
}

/* Lock files of uv, poetry and pdm: name and version of a package on lines of their own. */
static bool django_in_lock(const Init *init, const char *path, Found *found)
{
    bool in_django = false;
    for (Str rest = read_or_empty(init, path); rest.ptr;) {
        Str line = str_cut(&rest, '\n'), name = quoted_value(line, S("name = "));
        if (name.ptr)
            in_django = str_eq(arena_lower(init->arena, name), S("django"));
        Str version = quoted_value(line, S("version = "));
        if (in_django && version.ptr)
            return take_version(init, version, path, found);
    }
    return false;
}

static Str skip(Str text, const char *bytes)
{
    while (text.len && text.ptr[0] && strchr(bytes, text.ptr[0]))
        text = str_sub(text, 1, text.len);
    return text;
}

static Str leading(Str text, const char *bytes)
{
    return str_sub(text, 0, text.len - skip(text, bytes).len);
}

static size_t count_of(Str text, char byte)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == byte;
    return count;
}

/* `Django==4.2.7` or `"django[argon2] ~= 4.2.7",`: a pin, or a release of one series. Empty for
 * anything looser. */
static Str pinned_version(Str line)
{
    Str rest = skip(line, " \t\"'");
    if (rest.len < 6 || strncasecmp(rest.ptr, "django", 6))
        return (Str){0};
    rest = str_sub(rest, 6, rest.len);
    if (str_starts(rest, S("[")))
        rest = str_sub(rest, str_find(rest, ']') + 1, rest.len);
    rest = skip(rest, " \t");
    bool pin = str_starts(rest, S("==")), series = str_starts(rest, S("~="));
    Str version = leading(skip(str_sub(rest, 2, rest.len), " \t"), "0123456789.");
    return pin || (series && count_of(version, '.') == 2) ? version : (Str){0};
}

static bool django_in_requirements(const Init *init, const char *path, Found *found)
{
    for (Str rest = read_or_empty(init, path); rest.ptr;) {
        Str version = pinned_version(str_cut(&rest, '\n'));
        if (version.len)
            return take_version(init, version, path, found);
    }
    return false;
}

static void find_django(const Init *init, const Session *session, Found *found)
{
    static const char *const locks[] = {"uv.lock", "poetry.lock", "pdm.lock"};
    static const char *const requirements[] = {"pyproject.toml", "requirements.txt",
                                               "requirements/base.txt", "requirements/common.txt",
                                               "requirements/production.txt"};
    unsigned installed = environment_django(session->options.site_packages);
    Str text = arena_printf(init->arena, "%u.%u", installed / 100, installed % 100);
    if (installed && take_version(init, text, "the environment", found))
        return;
    for (size_t i = 0; i < sizeof locks / sizeof *locks; i++)
        if (django_in_lock(init, locks[i], found))
            return;
    for (size_t i = 0; i < sizeof requirements / sizeof *requirements; i++)
        if (django_in_requirements(init, requirements[i], found))
            return;
}

/* ---- git ---- */

static Str ask_git(const Init *init, const char *const *words)
{
    StrBuf output = {0};
    Str line = {0};
    if (init->target->in_git && git_run(init->target->real_root, words, &output)) {
        Str rest = strbuf_str(&output);
        line = arena_str(init->arena, str_cut(&rest, '\n'));
    }
    strbuf_free(&output);
    return line;
}

static bool has_ref(const Init *init, const char *before, const char *branch)
{
    const char *ref = arena_printf(init->arena, "%s%s", before, branch).ptr;
    const char *const words[] = {"rev-parse", "--verify", "--quiet", ref, NULL};
    return ask_git(init, words).len;
}

/* The default branch of origin; else a branch that is always called so. */
static void find_branch(const Init *init, Found *found)
{
    static const char *const words[] = {"symbolic-ref", "--quiet", "refs/remotes/origin/HEAD",
                                        NULL};
    static const char *const usual[] = {"main", "master"};
    Str head = ask_git(init, words), prefix = S("refs/remotes/origin/");
    if (str_starts(head, prefix))
        found->branch = str_sub(head, prefix.len, head.len);
    for (int i = 0; i < 2 && !found->branch.len; i++)
        if (has_ref(init, prefix.ptr, usual[i]) || has_ref(init, "refs/heads/", usual[i]))
            found->branch = str(usual[i]);
    if (found->branch.len && !git_is_plain(found->branch))
        found->branch = (Str){0};
    found->on_origin =
        found->branch.len && has_ref(init, prefix.ptr, arena_str(init->arena, found->branch).ptr);
}

/* By the files of each, and where there are both or none by where origin is. */
static void find_ci(const Init *init, Found *found)
{
    static const char *const words[] = {"config", "--get", "remote.origin.url", NULL};
    const char *root = init->target->real_root;
    Str url = ask_git(init, words);
    bool github = path_exists(path_join(init->arena, root, ".github"));
    bool gitlab = path_exists(path_join(init->arena, root, ".gitlab-ci.yml"));
    if (github == gitlab) {
        bool neither = !github;
        gitlab = str_contains(url, S("gitlab"));
        github = !gitlab && (!neither || str_contains(url, S("github")));
    }
    found->github = github;
    found->gitlab = gitlab;
}

/* ---- check ---- */

/* As `migralint check` of the directory has it. */
static bool find_by_check(const Init *init, const char *const *argument, Found *found, Error *err)
{
    Settings settings = {.command = COMMAND_check, .started = now_seconds()};
    Session session = {0};
    MigralintError why = {{0}};
    if (argument)
        array_push(&settings.arguments, *argument);
    bool ok = session_open(&session, &settings, err);
    if (ok)
        find_django(init, &session, found);
    ok = ok && baseline_find(&session, &settings, err) && baseline_load(&session, err);
    if (ok) {
        MigralintSelection selection = selection_of(&settings, &session);
        selection.baseline = session.baseline;
        ok = migralint_check(session.migralint, &selection, &why) || error_from(err, &why);
    }
    if (ok)
        found->errors = migralint_counts(session.migralint).errors;
    session_close(&session);
    settings_free(&settings);
    return ok;
}

bool init_find(Settings *settings, const Target *target, Found *found, Error *err)
{
    Init init = {.arena = &settings->arena, .target = target};
    *found = (Found){.below_top = target->in_git && strcmp(target->top, target->real_root) != 0};
    if (!configuration_find(settings, target, &found->configured, err) ||
        !find_by_check(&init, settings->arguments.count ? settings->arguments.items : NULL, found,
                       err))
        return false;
    find_branch(&init, found);
    find_ci(&init, found);
    return true;
}
