#include "cli/changes.h"
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* File names and rule texts may hold anything; a terminal shall see text. */
static void defuse(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

void complain(const char *format, ...)
{
    char line[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    defuse(line);
    fprintf(stderr, "migralint: %s\n", line);
}

ExitCode refuse(const Error *err)
{
    complain("%s", err->text);
    return CODE_USAGE;
}

bool error_from(Error *err, const MigralintError *from)
{
    return error_set(err, "%s", from->text);
}

static ExitCode failed(const char *where)
{
    complain("cannot write to %s: %s", where, strerror(errno));
    return CODE_FAILED;
}

/* Pipes and devices cannot be replaced, only written to. */
static bool is_special(const char *path)
{
    struct stat info;
    return !stat(path, &info) && !S_ISREG(info.st_mode);
}

static ExitCode write_through(const char *path, const MigralintText *text)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0)
        return failed(path);
    bool ok = write_all(file, text->bytes, text->length);
    ok = !close(file) && ok;
    return ok ? CODE_OK : failed(path);
}

/* mkstemp() makes private files; a report is as readable as the one before or as any other. */
static void open_up(int file, const char *old)
{
    struct stat info;
    mode_t mask = umask(0);
    umask(mask);
    (void)!fchmod(file, stat(old, &info) ? 0666 & ~mask : info.st_mode & 07777);
}

bool file_replace(const char *path, const MigralintText *text)
{
    char *real = realpath(path, NULL);
    const char *target = real ? real : path;
    StrBuf name = {0};
    strbuf_printf(&name, "%s.XXXXXX", target);
    int file = mkstemp(name.ptr);
    bool ok = file >= 0;
    if (ok) {
        open_up(file, target);
        ok = write_all(file, text->bytes, text->length) && !fsync(file);
        ok = !close(file) && ok && !rename(name.ptr, target);
        if (!ok) {
            int why = errno;
            unlink(name.ptr);
            errno = why;
        }
    }
    strbuf_free(&name);
    free(real);
    return ok;
}

static ExitCode replace_file(const char *path, const MigralintText *text)
{
    return file_replace(path, text) ? CODE_OK : failed(path);
}

static bool is_standard(const char *path)
{
    return !path || !strcmp(path, "-");
}

static ExitCode write_to(const char *path, const MigralintText *text)
{
    if (!is_standard(path))
        return is_special(path) ? write_through(path, text) : replace_file(path, text);
    return write_all(STDOUT_FILENO, text->bytes, text->length) ? CODE_OK
                                                               : failed("standard output");
}

ExitCode output_write(const Settings *settings, const MigralintText *text)
{
    return write_to(option_value(settings, OPTION_OUTPUT), text);
}

static bool stated(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value;
}

static bool wants_color(const Settings *settings, const char *path)
{
    const char *when = option_value(settings, OPTION_COLOR), *terminal = getenv("TERM");
    if (strcmp(when, "auto"))
        return !strcmp(when, "always");
    return is_standard(path) && isatty(STDOUT_FILENO) && !stated("NO_COLOR") &&
           (!terminal || strcmp(terminal, "dumb"));
}

bool output_wants_color(const Settings *settings)
{
    return wants_color(settings, option_value(settings, OPTION_OUTPUT));
}

/* ---- several ---- */

/* Splits "FORMAT=FILE"; a name of which that is no part is a file's. */
static bool split_output(Settings *settings, const char *word, Output *output)
{
    Str rest = str(word), format = str_cut(&rest, '=');
    if (!rest.ptr || !choice_has(commands[settings->command].formats, format))
        return false;
    *output = (Output){.format = arena_str(&settings->arena, format).ptr, .path = rest.ptr};
    return true;
}

static const Output *output_to(const Outputs *outputs, const char *path)
{
    for (uint32_t i = 0; i < outputs->count; i++)
        if (!strcmp(outputs->items[i].path, path))
            return &outputs->items[i];
    return NULL;
}

static bool add_output(const Settings *settings, Outputs *outputs, Output output, Error *err)
{
    const char *where = is_standard(output.path) ? "standard output" : output.path;
    const Output *other = output_to(outputs, output.path);
    if (!*output.path)
        return error_set(err, "--output: %s= names no file", output.format);
    if (other)
        return error_set(err, "%s cannot get both %s and %s", where, other->format, output.format);
    output.color = wants_color(settings, output.path);
    array_push(outputs, output);
    return true;
}

bool outputs_of(Settings *settings, Outputs *outputs, Error *err)
{
    MigralintList words = option_list(settings, OPTION_OUTPUT);
    const char *plain = NULL; /* the last one wins */
    for (size_t i = 0; i < words.count; i++) {
        Output output;
        if (!split_output(settings, words.items[i], &output))
            plain = words.items[i];
        else if (!add_output(settings, outputs, output, err))
            return false;
    }
    bool asked = settings->values[OPTION_FORMAT].origin == FROM_COMMAND_LINE;
    if (!plain && !asked && output_to(outputs, "-"))
        return true;
    Output rest = {.format = format_of(settings), .path = plain ? plain : "-"};
    return add_output(settings, outputs, rest, err);
}

ExitCode outputs_write(const Outputs *outputs)
{
    ExitCode code = CODE_OK;
    for (int standard = 0; standard < 2; standard++)
        for (uint32_t i = 0; i < outputs->count; i++) {
            const Output *output = &outputs->items[i];
            if (is_standard(output->path) == standard &&
                write_to(output->path, &output->text) != CODE_OK)
                code = CODE_FAILED;
        }
    return code;
}

void outputs_free(Outputs *outputs)
{
    for (uint32_t i = 0; i < outputs->count; i++)
        migralint_text_free(&outputs->items[i].text);
    array_free(outputs);
}
