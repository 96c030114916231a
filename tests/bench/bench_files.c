/*
 * What cannot be beaten: reading the files, or reading and parsing them, and
 * nothing else. Usage: bench_files read|parse < list-of-paths. Prints the
 * number of files and bytes, so that a run that read nothing shows.
 */

#include "base/reader.h"
#include "source/syntax.h"

#include <stdio.h>

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

int main(int argc, char **argv)
{
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
