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

static bool write_all(int file, const char *bytes, size_t size)
{
    while (size) {
        ssize_t done = write(file, bytes, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        bytes += done;
        size -= (size_t)done;
    }
    return true;
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

/* mkstemp() makes private files; a report is as readable as any other. */
static void open_up(int file)
{
    mode_t mask = umask(0);
    umask(mask);
    (void)!fchmod(file, 0666 & ~mask);
}

/* A reader sees the old file or the whole new one. A link keeps its place. */
static ExitCode replace_file(const char *path, const MigralintText *text)
{
    char *target = realpath(path, NULL);
    StrBuf name = {0};
    strbuf_printf(&name, "%s.XXXXXX", target ? target : path);
    int file = mkstemp(name.ptr);
    bool ok = file >= 0;
    if (ok) {
        open_up(file);
        ok = write_all(file, text->bytes, text->length);
        ok = !close(file) && ok && !rename(name.ptr, target ? target : path);
        if (!ok) {
            int why = errno;
            unlink(name.ptr);
            errno = why;
        }
    }
    ExitCode code = ok ? CODE_OK : failed(path);
    strbuf_free(&name);
    free(target);
    return code;
}

ExitCode output_write(const Settings *settings, const MigralintText *text)
{
    const char *path = option_value(settings, OPTION_OUTPUT);
    if (path && strcmp(path, "-"))
        return is_special(path) ? write_through(path, text) : replace_file(path, text);
    return write_all(STDOUT_FILENO, text->bytes, text->length) ? CODE_OK
                                                               : failed("standard output");
}

static bool stated(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value;
}

bool output_wants_color(const Settings *settings)
{
    const char *when = option_value(settings, OPTION_COLOR);
    const char *path = option_value(settings, OPTION_OUTPUT), *terminal = getenv("TERM");
    if (strcmp(when, "auto"))
        return !strcmp(when, "always");
    return (!path || !strcmp(path, "-")) && isatty(STDOUT_FILENO) && !stated("NO_COLOR") &&
           (!terminal || strcmp(terminal, "dumb"));
}
