#ifndef MIGRALINT_TESTS_WORKSPACE_OF_H
#define MIGRALINT_TESTS_WORKSPACE_OF_H

/*
 * Small projects in memory for unit tests: FILES({"path", "text"}, …) and
 * workspace_of() link them; the helpers below look things up by text.
 */

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "link/project.h"

#define FILES(...)                                                                                 \
    (const MemoryFile[]){__VA_ARGS__},                                                             \
        (uint32_t)(sizeof((const MemoryFile[]){__VA_ARGS__}) / sizeof(MemoryFile))
#define FILE_OF(path, text)                                                                        \
    {                                                                                              \
        S(path), S(text)                                                                           \
    }

/* A migration module with these dependencies and operations. */
#define MIGRATION(dependencies, operations)                                                        \
    "from django.conf import settings\nfrom django.db import migrations, models\n\n\n"             \
    "class Migration(migrations.Migration):\n"                                                     \
    "    dependencies = [" dependencies "]\n    operations = [" operations "]\n"

typedef struct TestWorkspace {
    MemoryReader memory;
    Workspace workspace;
} TestWorkspace;

static inline void workspace_sharing(TestWorkspace *test, const MemoryFile *files, uint32_t count,
                                     SharedFacts *shared)
{
    Error err;
    WorkspaceOptions options = {.root_name = S("root"), .django = 502, .shared = shared};
    test->memory = (MemoryReader){files, count};
    assert_true(workspace_open(&test->workspace, reader_memory(&test->memory), &options, &err));
}

static inline void workspace_of(TestWorkspace *test, const MemoryFile *files, uint32_t count)
{
    workspace_sharing(test, files, count, NULL);
}

static inline const Project *project_at(TestWorkspace *test, const char *root)
{
    for (uint32_t i = 0; i < test->workspace.project_count; i++)
        if (str_eq(test->workspace.projects[i].root, str(root)))
            return &test->workspace.projects[i];
    fail_msg("no project at \"%s\"", root);
    return NULL;
}

static inline const App *app_of(TestWorkspace *test, const Project *project, const char *label)
{
    Sym sym = intern(&test->workspace.interner, str(label));
    AppId id = project_app(project, sym);
    return id == APP_NONE ? NULL : &project->apps[id];
}

static inline const Migration *migration_of(TestWorkspace *test, const Project *project,
                                            const char *label, const char *name)
{
    const App *app = app_of(test, project, label);
    assert_non_null(app);
    MigrationId id = project_migration(project, (AppId)(app - project->apps),
                                       intern(&test->workspace.interner, str(name)));
    assert_int_not_equal(id, MIGRATION_NONE);
    return &project->migrations[id];
}

static inline void assert_sym(TestWorkspace *test, Sym sym, const char *text)
{
    Str got = sym_str(&test->workspace.interner, sym);
    if (!str_eq(got, str(text)))
        fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(got), text);
}

#endif
