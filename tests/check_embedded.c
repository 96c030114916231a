/* Compares the embedded files with the directories they were made from.
 *
 *   check_embedded RULES_DIR LIST PAGE_DIR LIST      (LIST: relative paths, one a line)
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

static int compare_all(const char *directory, const char *list_path, const EmbeddedFile *files,
                       size_t count)
{
    char line[4096];
    size_t i = 0;
    int failures = 0;
    FILE *list = fopen(list_path, "r");
    if (!list)
        return fail(list_path, "cannot be opened");
    while (fgets(line, sizeof line, list)) {
        line[strcspn(line, "\n")] = '\0';
        if (!*line)
            continue;
        if (i >= count || strcmp(files[i].path, line) != 0) {
            failures += fail(line, "is not embedded in its place");
            break;
        }
        failures += compare(directory, &files[i++]);
    }
    fclose(list);
    if (i != count || files[i].path)
        failures += fail(directory, "has more entries embedded than the list");
    printf("%zu embedded files compared\n", i);
    return failures;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return fail("check_embedded", "needs RULES_DIR, its LIST, PAGE_DIR and its LIST");
    int failures = compare_all(argv[1], argv[2], embedded_files, embedded_files_count) +
                   compare_all(argv[3], argv[4], embedded_page, embedded_page_count);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
