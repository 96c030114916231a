/* Build tool: writes files as C string literals, one line of text per line of
 * C, so that the result can be read when something looks wrong.
 *
 *   embed DIRECTORY LIST NAME OUTPUT     (LIST: paths relative to DIRECTORY, one a line;
 *                                         NAME: of the array of EmbeddedFiles)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_or_exit(const char *path, const char *mode)
{
    FILE *file = fopen(path, mode);
    if (!file) {
        perror(path);
        exit(1);
    }
    return file;
}

static void write_byte(FILE *out, int c)
{
    if (c == '\n')
        fputs("\\n\"\n\"", out);
    else if (c == '"' || c == '\\' || c == '?')
        fprintf(out, "\\%c", c);
    else if (c < ' ' || c > '~')
        fprintf(out, "\\%03o", (unsigned)c);
    else
        fputc(c, out);
}

static void write_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++)
        write_byte(out, (unsigned char)*text);
    fputc('"', out);
}

static void write_contents(FILE *out, const char *directory, const char *name, size_t index)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", directory, name) >= (int)sizeof path) {
        fprintf(stderr, "embed: path too long: %s\n", name);
        exit(1);
    }
    FILE *in = open_or_exit(path, "rb");
    fprintf(out, "static const unsigned char file_%zu[] =\n\"", index);
    for (int c; (c = getc(in)) != EOF;)
        write_byte(out, c);
    fputs("\";\n\n", out);
    if (ferror(in)) {
        perror(path);
        exit(1);
    }
    fclose(in);
}

/* Reads the next name of the list, without its newline. */
static int next_name(FILE *list, char *name, int size)
{
    while (fgets(name, size, list)) {
        name[strcspn(name, "\n")] = '\0';
        if (*name)
            return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    char name[4096];
    size_t count = 0;
    if (argc != 5) {
        fputs("usage: embed DIRECTORY LIST NAME OUTPUT\n", stderr);
        return 2;
    }
    FILE *list = open_or_exit(argv[2], "r");
    FILE *out = open_or_exit(argv[4], "w");
    fputs("/* Made by cmake/embed.c. */\n#include \"base/embedded.h\"\n\n", out);
    while (next_name(list, name, sizeof name))
        write_contents(out, argv[1], name, count++);
    rewind(list);
    fprintf(out, "const EmbeddedFile %s[] = {\n", argv[3]);
    for (size_t i = 0; next_name(list, name, sizeof name); i++) {
        fputs("    {", out);
        write_string(out, name);
        fprintf(out, ", file_%zu, sizeof file_%zu - 1},\n", i, i);
    }
    fprintf(out, "    {0, 0, 0}\n};\nconst size_t %s_count = %zu;\n", argv[3], count);
    fclose(list);
    if (fclose(out) != 0) {
        perror(argv[4]);
        return 1;
    }
    return 0;
}
