/*
 * What cannot be beaten: reading the files, or reading and parsing them, and
 * nothing else. Usage: bench_files read|parse < list-of-paths. Prints the
 * number of files and bytes, so that a run that read nothing shows.
 *
 * bench_files list DIRECTORY: the files that a check of it parses.
 *
 * bench_files run COMMAND…: runs it with its output thrown away and prints its
 * exit code, seconds of processor time and peak memory in kB. Processor time,
 * since nothing here waits, and other programs on the machine do not count. A
 * process inherits the peak of what starts it, so this has to be something
 * small.
 */

#include "handle.h"
#include "link/link.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const size_t LARGEST = (size_t)64 << 20;

static bool one(SyntaxParser *parser, const char *path, size_t *bytes)
{
    DiskReader disk = {""};
    Reader reader = reader_disk(&disk);
    Arena scratch = {0};
    Str text = {0};
    bool ok = reader.read(reader.self, str(path + 1), LARGEST, &scratch, &text, NULL) == READ_OK;
    if (ok && parser) {
        Syntax syntax = syntax_parse(parser, text);
        syntax_free(&syntax);
    }
    *bytes += text.len;
    arena_free(&scratch);
    return ok;
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static int run(char **command)
{
    pid_t child = fork();
    if (!child) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        execvp(command[0], command);
        _exit(127);
    }
    int status = 0;
    struct rusage usage = {0};
    if (child < 0 || wait4(child, &status, 0, &usage) < 0)
        return 1;
    printf("%d %f %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
           seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss);
    return 0;
}

static int list(const char *root)
{
    MigralintOptions options = {0};
    MigralintSelection selection = {0};
    MigralintError err;
    Migralint *migralint = migralint_new(&options);
    bool ok = migralint_open(migralint, root, &err) && migralint_check(migralint, &selection, &err);
    const Loader *loader = ok ? migralint->workspace.link->loader : NULL;
    for (uint32_t i = 0; ok && i < loader->modules.count; i++) {
        const LoadedModule *loaded = &loader->modules.items[i];
        if (loaded->module && loaded->source == loader->sources.items[0])
            printf("%s/%.*s\n", root, STR_ARG(loaded->module->path));
    }
    migralint_free(migralint);
    return !ok;
}

int main(int argc, char **argv)
{
    if (argc > 2 && !strcmp(argv[1], "run"))
        return run(argv + 2);
    if (argc == 3 && !strcmp(argv[1], "list"))
        return list(argv[2]);
    bool parse = argc == 2 && !strcmp(argv[1], "parse");
    SyntaxParser parser = syntax_parser_new();
    char path[4096];
    size_t files = 0, bytes = 0;
    while (fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = '\0';
        files += one(parse ? &parser : NULL, path, &bytes);
    }
    syntax_parser_free(&parser);
    printf("%zu files, %zu bytes\n", files, bytes);
    return files ? 0 : 1;
}
