/* Compares the embedded files with the directory they were made from.
 *
 *   check_embedded RULES_DIR LIST      (LIST: relative paths, one a line)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"

static int fail(const char *path, const char *what)
{
    fprintf(stderr, "%s: %s\n", path, what);
    return 1;
}

static int compare(const char *directory, const EmbeddedFile *file)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, file->path);
    FILE *in = fopen(path, "rb");
    if (!in)
        return fail(path, "cannot be opened");
    size_t i = 0;
    int c;
    while ((c = getc(in)) != EOF && i < file->len && file->bytes[i] == c)
        i++;
    fclose(in);
    if (c != EOF || i != file->len)
        return fail(path, "differs from its embedded copy");
    return file->bytes[file->len] == '\0' ? 0 : fail(path, "has no NUL after it");
}

int main(int argc, char **argv)
{
    char line[4096];
    size_t i = 0;
    int failures = 0;
    FILE *list = argc == 3 ? fopen(argv[2], "r") : NULL;
    if (!list)
        return fail("check_embedded", "needs RULES_DIR and a readable LIST");
    while (fgets(line, sizeof line, list)) {
        line[strcspn(line, "\n")] = '\0';
        if (!*line)
            continue;
        if (i >= embedded_files_count || strcmp(embedded_files[i].path, line) != 0) {
            failures += fail(line, "is not embedded in its place");
            break;
        }
        failures += compare(argv[1], &embedded_files[i++]);
    }
    fclose(list);
    if (i != embedded_files_count || embedded_files[i].path)
        failures += fail("embedded_files", "has more entries than the list");
    printf("%zu embedded files compared\n", i);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
